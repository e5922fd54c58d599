"""Calibration: what readers with and without fine-tuning do, against which a reader is held.

The figures are of small readers on puzzles that nobody was trained on, none of them a pack's; the
file beside this one is made by ``python -m quizproof.probes.embedded.language.calibration``.
"""

from __future__ import annotations

import json
import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any, Final

FILE: Final = Path(__file__).with_suffix(".json")
_ERROR: Final = 0.01
_ENOUGH: Final = 100  # for one in a hundred to mean something


@dataclass(frozen=True)
class Scores:
    """Counts of the triples' scores in each bin, for each reader of the calibration."""

    edges: tuple[float, ...]  # rising; a score below the first is in the first bin
    tuned: tuple[tuple[int, ...], ...]  # by reader that was fine-tuned, a count for each bin
    untuned: tuple[tuple[int, ...], ...]

    def factors_of_ten(self, scores: Sequence[float]) -> float:
        """The likelihood ratio of fine-tuning by a reader's scores, one a triple, as log₁₀.

        Each kind of reader is an even mixture of those of the calibration, and a reader's triples
        are independent. Each bin has one count more than were seen (Laplace), so that what never
        happened is rare, not impossible.
        """
        bins = [bisect_right(self.edges, score) for score in scores]
        return _likelihood(self.tuned, bins) - _likelihood(self.untuned, bins)


@dataclass(frozen=True)
class Calibration:
    """The figures, and the depth of the readers that they are of."""

    layers: int
    separation: Scores  # of hidden states
    gain: Scores  # of heads
    # leads by hidden states from which on at most one head in a hundred says otherwise
    wrong_below: float
    right_above: float


@cache
def calibration() -> Calibration:
    """The shipped one."""
    return parsed(json.loads(FILE.read_text(encoding="utf-8")))


def parsed(content: Any) -> Calibration:
    """A calibration from what the file holds."""
    return Calibration(
        layers=content["layers"],
        separation=_scores(content, "separation"),
        gain=_scores(content, "gain"),
        wrong_below=content["lead"]["wrong_below"],
        right_above=content["lead"]["right_above"],
    )


def _scores(content: Any, name: str) -> Scores:
    tuned, untuned = (
        tuple(tuple(r[name]) for r in content["readers"] if (r["steps"] > 0) is kind)
        for kind in (True, False)
    )
    return Scores(tuple(content["edges"][name]), tuned, untuned)


def _likelihood(readers: Sequence[Sequence[int]], bins: Sequence[int]) -> float:
    """log₁₀ of the mean over readers."""
    each = [
        sum(math.log10((counts[k] + 1) / (sum(counts) + len(counts))) for k in bins)
        for counts in readers
    ]
    most = max(each)
    return most + math.log10(sum(10 ** (one - most) for one in each) / len(each))


def margins(leads: Sequence[float], right: Sequence[bool]) -> tuple[float, float]:
    """From which leads on, down and up, at most one head in a hundred says otherwise.

    (wrong_below, right_above), each as near 0 as it can be, of a hundred leads at least; −1 or 1
    where nothing tells.
    """
    pairs = list(zip(leads, right, strict=True))
    down = _reach([(-lead, not yes) for lead, yes in pairs if lead < 0])
    return -down, _reach([(lead, yes) for lead, yes in pairs if lead > 0])


def _reach(pairs: Sequence[tuple[float, bool]]) -> float:
    """The least size such that of those as large or larger enough are as they should be."""
    found, count, others = 1.0, 0, 0
    for size, alike in groupby(sorted(pairs, reverse=True), key=itemgetter(0)):
        for _, as_it_should in alike:
            count += 1
            others += not as_it_should
        if count >= _ENOUGH and others <= _ERROR * count:
            found = size
    return found
