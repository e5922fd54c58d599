"""Counts and shares of students on a page; on one for everyone, of five students at least."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from quizproof.reports.numbers import number

LEAST = 5  # students of the smallest group that is told


@dataclass(frozen=True)
class Saying:
    """How a page says counts and shares of students.

    On an anonymous one all of them are rounded to ``LEAST`` students, so that no small group
    follows from the others by subtraction; none and few, and all and nearly all, are the same.
    """

    anonymous: bool

    def everyone(self, count: int) -> str:
        """The size of a class, which is no group of it."""
        return f"< {LEAST}" if self.anonymous and count < LEAST else number(count)

    def count(self, count: int, of: int) -> str:
        """``count`` of ``of`` students."""
        if not self.anonymous:
            return number(count)
        if count < LEAST:
            return f"< {LEAST}"
        if of - count < LEAST:
            return f"> {max(0, of - LEAST)}"
        return f"≈ {number(_rounded(count))}"

    def percent(self, share: float, of: int) -> str:
        """The share that ``of`` students have on average, in percent."""
        if math.isnan(share) or (self.anonymous and of < LEAST):
            return "–"
        if not self.anonymous:
            return number(round(100 * share))
        if share * of < LEAST:
            return f"< {math.ceil(100 * LEAST / of)}"
        if (1 - share) * of < LEAST:
            return f"> {math.floor(100 - 100 * LEAST / of)}"
        return f"≈ {number(round(100 * _rounded(share * of) / of))}"

    def drawn(self, share: float, of: int) -> float:
        """The length of a bar for the same, from 0 to 1."""
        if math.isnan(share) or (self.anonymous and of < LEAST):
            return 0.0
        if not self.anonymous:
            return share
        least = min(0.5, LEAST / of)
        return min(1 - least, max(least, _rounded(share * of) / of))


def _rounded(students: float) -> int:
    return LEAST * round(students / LEAST)


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
