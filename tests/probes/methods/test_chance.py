from __future__ import annotations

import math
from itertools import product

import numpy as np
import pytest

from quizproof.probes.methods.chance import at_least_as_many, sum_as_small


@pytest.mark.parametrize("chances", [[0.1, 0.5, 0.25], [0.05] * 4, [1.0, 0.0], []])
def test_hits_by_counting_every_case(chances: list[float]) -> None:
    for hits in range(len(chances) + 2):
        expected = sum(
            math.prod(p if hit else 1 - p for p, hit in zip(chances, case, strict=True))
            for case in product([False, True], repeat=len(chances))
            if sum(case) >= hits
        )
        assert at_least_as_many(hits, chances) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize(
    ("shares", "expected"),
    [
        ([0.3], 0.3),
        ([1.0], 1.0),
        ([0.2, 0.3], 0.5**2 / 2),
        ([0.9, 0.8], 1 - 0.3**2 / 2),
        ([0.1, 0.2, 0.1], 0.4**3 / 6),
        ([1.0, 1.0, 1.0], 1.0),
    ],
)
def test_small_sums_on_paper(shares: list[float], expected: float) -> None:
    assert sum_as_small(shares) == pytest.approx(expected, abs=1e-12)


def test_small_sums_by_drawing() -> None:
    drawn = np.random.default_rng(0).uniform(size=(40_000, 5)).sum(axis=1)
    for total in (1.0, 2.2, 2.5, 3.7):
        assert sum_as_small([total / 5] * 5) == pytest.approx((drawn <= total).mean(), abs=0.01)


def test_many_shares_stay_exact() -> None:
    assert sum_as_small([0.5] * 60) == pytest.approx(0.5, abs=1e-12)
    assert 0 < sum_as_small([0.01] * 60) < 1e-60
