"""Statistics of a test's items, as teachers know them.

- Difficulty: the mean share of an item's points, from 0 (nobody) to 1 (everybody).
- Discrimination of an item: the correlation of its points with the points of the rest, the
  corrected item-total correlation (Henrysson 1963, Psychometrika 28, 211-218). Corrected, since an
  item correlates with a total that it is part of whatever it measures.
- Discrimination of an option: the point-biserial correlation of having chosen it with the points of
  the rest (Lord & Novick 1968, Statistical Theories of Mental Test Scores, ch. 15). It is above 0
  for the right option and below for a distractor that does its work (Haladyna 2004, Developing and
  Validating Multiple-Choice Test Items, ch. 9).
- The upper and the lower group are the 27 % with the most and the least points of the rest (Kelley
  1939, Journal of Educational Psychology 30, 17-24).
- Fifths: an item's mean share in each fifth of the students, from the least points of the rest to
  the most; of an item that tells students apart it rises.
- Reliability: Cronbach's alpha (Cronbach 1951, Psychometrika 16, 297-334).

NaN in stands for "was not put to this student", NaN out for "not defined": nobody answered,
everybody did the same, or too few did anything.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

GROUP = 0.27
FIFTHS = 5
LEAST = 3  # students below which nothing is said of how they differ


@dataclass(frozen=True)
class OptionStatistics:
    """Statistics of an option among those to whom its question was put."""

    count: int
    share: float  # of those to whom the question was put
    upper: float  # the same of the upper group
    lower: float
    discrimination: float  # -1 to 1
    noise: float  # its standard error where there is no correlation: 1/√(n − 1)

    @property
    def draws_the_good(self) -> bool:
        """True where it draws those who do well in the rest, by more than two standard errors."""
        return self.discrimination > 2 * self.noise


@dataclass(frozen=True)
class ItemStatistics:
    """An item over a class."""

    put_to: int  # students
    difficulty: float  # 0 to 1
    discrimination: float  # -1 to 1


def shares_of_rest(points: Floats, worth: Floats) -> Floats:
    """For each student and item, the share of the other items' points that they have.

    ``points`` is (students, items) with NaN where an item was not put; ``worth`` (items,). NaN
    where nothing else was put.
    """
    put = np.isfinite(points)
    had = np.where(put, points, 0.0)
    possible = put * worth
    rest_had = had.sum(axis=1, keepdims=True) - had
    rest_possible = possible.sum(axis=1, keepdims=True) - possible
    with np.errstate(invalid="ignore", divide="ignore"):
        # a difference of sums is not quite 0 where it should be
        return np.where(rest_possible > 1e-9, rest_had / rest_possible, np.nan)


def item_statistics(points: Floats, worth: float, rest: Floats) -> ItemStatistics:
    """Of one item: ``points`` and the shares of the ``rest``, each (students,)."""
    put = np.isfinite(points)
    if not put.any():
        return ItemStatistics(0, math.nan, math.nan)
    difficulty = float(points[put].mean() / worth) if worth > 0 else math.nan
    return ItemStatistics(int(put.sum()), difficulty, correlation(points, rest))


def option_statistics(chosen: Bools, put: Bools, rest: Floats) -> OptionStatistics:
    """Of one option: who ``chosen`` it, of those to whom its question was ``put``, (students,)."""
    among = chosen[put]
    if not len(among):
        return OptionStatistics(0, *(math.nan,) * 5)
    values = np.where(put, chosen.astype(np.float64), np.nan)
    both = put & np.isfinite(rest)
    lower, upper = _groups(rest[both])
    known = chosen[both]
    count = int(both.sum())
    return OptionStatistics(
        count=int(among.sum()),
        share=float(among.mean()),
        upper=float(known[upper].mean()) if upper.any() else math.nan,
        lower=float(known[lower].mean()) if lower.any() else math.nan,
        discrimination=correlation(values, rest),
        noise=1 / math.sqrt(count - 1) if count >= LEAST else math.nan,
    )


def fifths(points: Floats, worth: float, rest: Floats) -> tuple[float, ...]:
    """The mean share of an item's ``points`` in each fifth of the students, by their ``rest``.

    Students who have the same of the rest count with the mean of them all, so that it does not
    matter in which order they come. NaN for fewer than five students.
    """
    both = np.isfinite(points) & np.isfinite(rest)
    if both.sum() < FIFTHS or worth <= 0:
        return (math.nan,) * FIFTHS
    order = np.argsort(rest[both], kind="stable")
    shares, of_rest = points[both][order] / worth, rest[both][order]
    _, same = np.unique(of_rest.round(9), return_inverse=True)
    alike = np.bincount(same, shares) / np.bincount(same)
    return tuple(float(group.mean()) for group in np.array_split(alike[same], FIFTHS))


def correlation(a: Floats, b: Floats) -> float:
    """Pearson's, over where both are numbers; NaN where either is the same throughout.

    With 0 and 1 in ``a`` it is the point-biserial correlation.
    """
    both = np.isfinite(a) & np.isfinite(b)
    if both.sum() < LEAST:
        return math.nan
    # what is the same throughout differs from its mean by rounding alone
    flat = min(float(np.ptp(a[both])), float(np.ptp(b[both]))) < 1e-12
    return math.nan if flat else float(np.corrcoef(a[both], b[both])[0, 1])


def cronbach_alpha(points: Floats) -> float:
    """Over the students to whom every item was put: k/(k − 1) · (1 − Σ var(item) / var(total)).

    NaN for fewer than two items or three students, or where all have the same total.
    """
    complete = points[np.isfinite(points).all(axis=1)]
    students, items = complete.shape
    if items < 2 or students < LEAST:
        return math.nan
    total = float(complete.sum(axis=1).var(ddof=1))
    if total < 1e-12:
        return math.nan
    alone = float(complete.var(axis=0, ddof=1).sum())
    return float(items / (items - 1) * (1 - alone / total))


def _groups(rest: Floats) -> tuple[Bools, Bools]:
    """The lower and the upper group; with ties at an end, all of them are in."""
    if len(rest) < LEAST:
        return np.zeros(len(rest), dtype=bool), np.zeros(len(rest), dtype=bool)
    size = max(1, round(GROUP * len(rest)))
    in_order = np.sort(rest)
    return rest <= in_order[size - 1], rest >= in_order[-size]
