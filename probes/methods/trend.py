"""Trend of a series: the legs of it that are longer than what it does for no reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

FLAT: Final = 1e-5
"""A change of this share of a series' largest size is float32 noise."""


@dataclass(frozen=True)
class Legs:
    """The longest ways that a series goes, each from 0, in its unit.

    Looked at in steps of a size δ, so that whatever turns back by no more than δ is no turn, the
    series rises where ``rise`` > δ ≥ ``fall``, falls where ``fall`` > δ ≥ ``rise``, falls and then
    rises where ``valley`` > δ ≥ ``peak``, rises and then falls where ``peak`` > δ ≥ ``valley``,
    goes nowhere where neither ``rise`` nor ``fall`` is > δ, and turns more than once where both
    ``valley`` and ``peak`` are. (A rise and a fall that are both > δ make a valley or a peak, and
    what turns twice has both.) Nothing is fitted or smoothed.
    """

    rise: float  # the largest from one place up to a later one
    fall: float
    valley: float  # the largest fall that a rise as large follows: the smaller of the two
    peak: float


def legs(values: Sequence[float]) -> Legs:
    """The legs of ``values``. Raises ValueError for fewer than two, or one that is not finite."""
    series = np.asarray(values, dtype=np.float64)
    if series.ndim != 1 or len(series) < 2 or not np.isfinite(series).all():
        raise ValueError("a trend takes two finite values at least")
    rises, falls = (
        (sign * series - np.minimum.accumulate(sign * series), _to_come(sign * series))
        for sign in (1, -1)
    )
    return Legs(
        float(rises[0].max()),
        float(falls[0].max()),
        float(np.minimum(falls[0], rises[1]).max()),
        float(np.minimum(rises[0], falls[1]).max()),
    )


def largest_step(each: Sequence[Sequence[float]]) -> float:
    """The largest change between neighbours in any of these series, each of two values or more."""
    return float(np.abs(np.diff(np.asarray(each, dtype=np.float64), axis=-1)).max())


def _to_come(series: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return how far the series still rises above each of its values."""
    found: NDArray[np.float64] = np.maximum.accumulate(series[::-1])[::-1] - series
    return found
