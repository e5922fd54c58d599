"""What draws that hold or do not can come to: (draws, holds) is a lattice, walked exactly."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np

from quizproof.probes.engine.confidence import ConfidenceSequence


@cache
def needed(error: float, most: int) -> tuple[int, ...]:
    """By how many draws did not hold: so many have to, for the share to be surely above one half.

    The last of them is the first that is more than ``most`` draws in all.
    """
    found: list[int] = []
    while not found or len(found) - 1 + found[-1] <= most:
        sequence = ConfidenceSequence(0, 1, error, threshold=0.5)
        against, holds = len(found), 0
        for _ in range(against):  # in turns, so that nothing is shown before the end
            sequence.extend((1.0, 0.0))
            holds += 1
            assert sequence.side == 0
        while sequence.side == 0 and against + holds <= most:
            sequence.add(1.0)
            holds += 1
        found.append(holds)
    return tuple(found)


def ever_shown(error: float, share: float, most: int) -> tuple[float, float]:
    """The probabilities that within ``most`` draws a share is said to be above, and below, half."""
    bar = needed(error, most)
    alive = {0: 1.0}  # by how many held
    up = down = 0.0
    for draws in range(1, most + 1):
        after: dict[int, float] = {}
        for holds, mass in alive.items():
            for more, chance in ((1, share), (0, 1 - share)):
                after[holds + more] = after.get(holds + more, 0.0) + mass * chance
        alive = {}
        for holds, mass in after.items():
            fails = draws - holds
            if _reaches(bar, holds, fails):
                up += mass
            elif _reaches(bar, fails, holds):
                down += mass
            else:
                alive[holds] = mass
    return up, down


def wrong_of_group(error: float, shares: Sequence[float], most: int) -> float:
    """The probability that anything wrong is ever said of two options of which at most one holds.

    ``shares``: of draws in which the first holds, and the second; in the rest neither does.
    """
    bar = needed(error, most)
    wrong = 0.0
    chances = (*shares, 1 - sum(shares))
    alive = np.zeros((most + 1, most + 1))
    alive[0, 0] = 1.0
    for draws in range(1, most + 1):
        after = chances[2] * alive
        after[1:, :] += chances[0] * alive[:-1, :]
        after[:, 1:] += chances[1] * alive[:, :-1]
        for counts in zip(*np.nonzero(after), strict=True):
            if any(
                (share <= 0.5 and _reaches(bar, holds, draws - holds))
                or (share >= 0.5 and _reaches(bar, draws - holds, holds))
                for share, holds in zip(shares, counts, strict=True)
            ):
                wrong += float(after[counts])
                after[counts] = 0.0
        alive = after
    return wrong


def _reaches(bar: Sequence[int], holds: int, fails: int) -> bool:
    return fails < len(bar) and holds >= bar[fails]
