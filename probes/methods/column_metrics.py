"""Metrics of a column of numbers, and of two that belong together row by row."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

from quizproof.probes.methods.predictions import require_shared

if TYPE_CHECKING:
    from quizproof.probes import Table

Numbers: TypeAlias = NDArray[np.float64]


def accuracy(table: Table, column: str, against: str) -> float:
    """The share of rows in which two columns are equal: as numbers, or else as text.

    Raises QuizproofError where they share no value.
    """
    one, other = table.column(column), table.column(against)
    if not (isinstance(one, np.ndarray) and isinstance(other, np.ndarray)):
        one, other = (np.array(table.texts(name), object) for name in (column, against))
    require_shared(one, other, column, against)
    return float(np.mean(one == other))


def _pearson(one: Numbers, other: Numbers) -> float:
    one, other = one - one.mean(), other - other.mean()
    spread = float(np.sqrt((one @ one) * (other @ other)))
    return min(1.0, max(-1.0, float(one @ other) / spread)) if spread else math.nan


def _spearman(one: Numbers, other: Numbers) -> float:
    from scipy.stats import rankdata

    return _pearson(rankdata(one), rankdata(other))


OF_ONE: dict[str, Callable[[Numbers], float]] = {
    "mean": lambda one: float(np.mean(one)),
    "median": lambda one: float(np.median(one)),
    "standard_deviation": lambda one: float(np.std(one)),
    "minimum": lambda one: float(np.min(one)),
    "maximum": lambda one: float(np.max(one)),
}
OF_TWO: dict[str, Callable[[Numbers, Numbers], float]] = {
    "pearson": _pearson,
    "spearman": _spearman,
    "mean_absolute_error": lambda one, other: float(np.mean(np.abs(one - other))),
    "root_mean_square_error": lambda one, other: float(np.sqrt(np.mean((one - other) ** 2))),
}
