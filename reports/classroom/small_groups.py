"""Counts, shares and averages of students on a page; on one for everyone, none is exact.

Of two exact pages, one with a student more, the difference would be that student.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from quizproof.reports.numbers import number

LEAST = 5  # students of the smallest group that is told
STEP = 5  # percent of the points to which averages are rounded
_ROUNDING = 1e-9  # of shares, which are no whole numbers of students


@dataclass(frozen=True)
class Saying:
    """How a page says what is known of students.

    On an anonymous one all counts and shares are rounded to ``LEAST`` students, that of the class
    itself too, so that no small group follows from the others by subtraction; none and few, and
    all and nearly all, are the same. Averages are rounded to ``STEP`` percent of the points, and
    correlations to a tenth.
    """

    anonymous: bool

    def everyone(self, count: int) -> str:
        """The size of a class, or the number of students to whom a question was put."""
        if not self.anonymous:
            return number(count)
        return f"< {LEAST}" if count < LEAST else f"≈ {number(_rounded(count))}"

    def count(self, count: int, of: int) -> str:
        """``count`` of ``of`` students."""
        if not self.anonymous:
            return number(count)
        if count < LEAST:
            return f"< {LEAST}"
        if of - count < LEAST:
            return f"> {max(0, _floored(of) - LEAST)}"
        return f"≈ {number(_rounded(count))}"

    def percent(self, share: float, of: int) -> str:
        """The share that ``of`` students have on average, in percent."""
        if math.isnan(share) or self.is_too_small(of):
            return "–"
        if not self.anonymous:
            return number(round(100 * share))
        if share * of < LEAST - _ROUNDING:
            return f"< {math.ceil(100 * LEAST / _floored(of))}"
        if (1 - share) * of < LEAST - _ROUNDING:
            return f"> {math.floor(100 - 100 * LEAST / _floored(of))}"
        return f"≈ {number(round(100 * _rounded(share * of) / _rounded(of)))}"

    def drawn(self, share: float, of: int) -> float:
        """The length of a bar for the same, from 0 to 1."""
        if math.isnan(share) or self.is_too_small(of):
            return 0.0
        if not self.anonymous:
            return share
        least = min(0.5, LEAST / _floored(of))
        return min(1 - least, max(least, _rounded(share * of) / _rounded(of)))

    def is_too_small(self, of: int) -> bool:
        """Tell whether every share of so few students would be none and all at once."""
        return self.anonymous and of < 2 * LEAST

    def points(self, value: float, possible: float) -> str:
        """An average of the points that students have, or their deviation."""
        if not self.anonymous:
            return f"{value:.2f}"
        return f"≈ {round(100 * coarse(value / possible))} %" if possible > 0 else "–"

    def correlation(self, value: float) -> str:
        """A coefficient between -1 and 1, with its sign."""
        if math.isnan(value):
            return "–"
        # what is rounded to nothing has no sign
        return f"{self.rounded(value) + 0.0:+.{self._places}f}".replace("-", "−")

    def rounded(self, coefficient: float) -> float:
        """A coefficient, no finer than it is said."""
        return round(coefficient, self._places)

    @property
    def _places(self) -> int:
        return 1 if self.anonymous else 2


def coarse(share: float) -> float:
    """An average share of the points, as an anonymous page says it."""
    return STEP * round(100 * share / STEP) / 100


def rounded_counts(counts: Sequence[int]) -> list[int]:
    """``counts`` of students as an anonymous page has them: to ``LEAST``, and some stay some."""
    return [max(LEAST, _rounded(count)) if count else 0 for count in counts]


def _rounded(students: float) -> int:
    return LEAST * round(students / LEAST)


def _floored(students: int) -> int:
    """The size of a group by which a bound is told, so that the bound is true of it."""
    return max(LEAST, LEAST * (students // LEAST))


def merged(counts: Sequence[int]) -> list[tuple[int, int]]:
    """Runs of neighbours, as start and end, each with ``LEAST`` or none at all as far as can be.

    >>> merged([0, 0, 3, 1, 4, 9, 0, 2])
    [(0, 2), (2, 5), (5, 8)]
    """
    runs: list[tuple[int, int]] = []
    start = 0
    for at in range(len(counts)):
        inside = sum(counts[start : at + 1])
        following = counts[at + 1] if at + 1 < len(counts) else 1
        if inside >= LEAST or (inside == 0 and following > 0):
            runs.append((start, at + 1))
            start = at + 1
    while start < len(counts) and runs and 0 < sum(counts[start:]) < LEAST:
        start = runs.pop()[0]
    if start < len(counts):
        runs.append((start, len(counts)))
    return runs
