"""Metrics of predicted labels and of scores, from scikit-learn; the calibration of scores."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from quizproof.questions.near import did_you_mean
from quizproof.questions.problems import QuizproofError, one_line

if TYPE_CHECKING:
    from quizproof.probes import Table

Labels: TypeAlias = NDArray[np.str_]
Numbers: TypeAlias = NDArray[np.float64]
Mask: TypeAlias = NDArray[np.bool_]


def labels(table: Table, *columns: str) -> list[Labels]:
    """Columns of labels as texts; 1 and 1.0 are one label where all of the columns are numbers."""
    found = [table.column(name) for name in columns]
    if all(isinstance(column, np.ndarray) for column in found):
        return [np.array([f"{number:.15g}" for number in column]) for column in found]
    return [np.array(table.texts(name)) for name in columns]


def require_shared(
    one: Sequence[object] | NDArray[Any], other: Sequence[object] | NDArray[Any], *names: str
) -> None:
    """Raise QuizproofError where no value of one column of labels is in the other."""
    if set(one).isdisjoint(other):
        here, there = (one_line(str(values[0]), 40) for values in (one, other))
        raise QuizproofError(
            f"columns {names[0]!r} and {names[1]!r} share no value (such as {here!r} and "
            f"{there!r}), so that no row can be right; name two columns of labels"
        )


def is_positive(label: Labels, positive: str) -> Mask:
    """Which of ``label`` are the class ``positive``. Raises QuizproofError where none is."""
    known = sorted(set(label.tolist()))
    if positive not in known:
        shown = ", ".join(one_line(name, 40) for name in known[:8])
        mend = did_you_mean(positive, known, f"there are {shown}")
        raise QuizproofError(f"no row is of class {one_line(positive, 80)!r}; {mend}")
    found: Mask = label == positive
    return found


def label_metrics(truth: Labels, predicted: Labels) -> Mapping[str, Callable[[], Any]]:
    """The metrics of all classes, by name; those not asked for are not computed."""
    from sklearn import metrics

    return {
        "accuracy": lambda: metrics.accuracy_score(truth, predicted),
        "balanced_accuracy": lambda: metrics.balanced_accuracy_score(truth, predicted),
        "f1_macro": lambda: metrics.f1_score(truth, predicted, average="macro", zero_division=0),
        "f1_micro": lambda: metrics.f1_score(truth, predicted, average="micro"),
    }


def class_metrics(truth: Mask, predicted: Mask) -> Mapping[str, Callable[[], Any]]:
    """The metrics of one class against all others, by name; NaN where one is 0 ∕ 0."""
    from sklearn import metrics

    return {
        "precision": lambda: metrics.precision_score(truth, predicted, zero_division=math.nan),
        "recall": lambda: metrics.recall_score(truth, predicted, zero_division=math.nan),
        "f1": lambda: metrics.f1_score(truth, predicted, zero_division=math.nan),
    }


def score_metrics(truth: Mask, score: Numbers) -> Mapping[str, Callable[[], Any]]:
    """The metrics of scores for one class, by name."""
    from sklearn import metrics

    return {
        "auc": lambda: metrics.roc_auc_score(truth, score),
        "average_precision": lambda: metrics.average_precision_score(truth, score),
        "brier": lambda: metrics.brier_score_loss(truth, probabilities(score)),
    }


def probabilities(score: Numbers) -> Numbers:
    """``score`` as it is. Raises QuizproofError where one is no probability."""
    wrong = np.flatnonzero((score < 0) | (score > 1))
    if len(wrong):
        row = int(wrong[0])
        raise QuizproofError(
            f"row {row + 1} has the score {score[row]:g}, which is no probability; "
            "ask of a column from 0 to 1"
        )
    return score


@dataclass(frozen=True)
class Bar:
    """One bin of a calibration table."""

    rows: int
    confidence: float  # the mean score, NaN where there is no row
    accuracy: float  # the share of the class


def calibration(truth: Mask, score: Numbers, bins: int) -> list[Bar]:
    """``bins`` bars of equal width; bin m has scores in ((m − 1) ∕ M, m ∕ M], the first 0 as well.

    Guo, Pleiss, Sun & Weinberger, *On Calibration of Modern Neural Networks*, ICML 2017, section 2.
    """
    place = np.clip(np.ceil(probabilities(score) * bins).astype(int) - 1, 0, bins - 1)
    found = []
    for number in range(bins):
        here = place == number
        rows = int(here.sum())
        confidence, share = (
            float(values[here].mean()) if rows else math.nan for values in (score, truth)
        )
        found.append(Bar(rows, confidence, share))
    return found


def expected_calibration_error(bars: list[Bar]) -> float:
    """The gaps between confidence and accuracy, each weighted by its rows (equation 3)."""
    whole = sum(bar.rows for bar in bars)
    return sum(abs(bar.accuracy - bar.confidence) * bar.rows / whole for bar in bars if bar.rows)
