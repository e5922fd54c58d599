from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizproof.probes.confidence import ConfidenceSequence


@given(st.lists(st.floats(-2, 3), min_size=1, max_size=60))
def test_interval_holds_the_mean_and_stays_in_range(draws: list[float]) -> None:
    sequence = ConfidenceSequence(-2, 3, 0.05)
    for draw in draws:
        sequence.add(draw)
    low, high = sequence.interval
    if sequence.side == 0:
        assert low - 1e-9 <= sequence.mean <= high + 1e-9
    assert -2 - 1e-9 <= low <= high <= 3 + 1e-9


@given(st.lists(st.floats(0, 1), min_size=1, max_size=40))
def test_side_agrees_with_interval(draws: list[float]) -> None:
    sequence = ConfidenceSequence(0, 1, 0.05, threshold=0.5)
    for draw in draws:
        sequence.add(draw)
    low, high = sequence.interval
    if sequence.side > 0:
        assert low >= 0.5
    if sequence.side < 0:
        assert high <= 0.5


@pytest.mark.parametrize("mean", [0.05, 0.5, 0.8])
def test_the_interval_misses_the_mean_at_any_time_in_at_most_its_error(mean: float) -> None:
    """Looked at after every one of 150 draws, over 400 runs, with a threshold at the mean."""
    error, runs = 0.1, 400
    rng = np.random.default_rng(1)
    wrong = 0
    for _ in range(runs):
        sequence = ConfidenceSequence(0, 1, error, threshold=mean)
        for draw in rng.beta(mean * 3, (1 - mean) * 3, size=150):
            sequence.add(float(draw))
        wrong += sequence.side != 0
    # three binomial standard deviations above the bound that is promised
    assert wrong / runs <= error + 3 * (error * (1 - error) / runs) ** 0.5


def test_it_is_not_so_wide_as_to_be_useless() -> None:
    rng = np.random.default_rng(2)
    sequence = ConfidenceSequence(0, 1, 0.01, threshold=0.5)
    for draw in rng.normal(0.6, 0.05, size=200).clip(0, 1):
        sequence.add(float(draw))
    low, high = sequence.interval
    assert sequence.side == 1
    hoeffding = 2 * (np.log(2 / 0.01) / (2 * 200)) ** 0.5  # for a number of draws fixed before
    assert high - low < hoeffding / 3


def test_one_draw_decides_nothing() -> None:
    sequence = ConfidenceSequence(0, 1, 0.05, threshold=0.5)
    sequence.add(1.0)
    assert sequence.side == 0


@pytest.mark.parametrize(("low", "high"), [(0, 1), (1, 2), (-2, -1), (0, float("inf"))])
def test_a_threshold_outside_the_range_is_refused(low: float, high: float) -> None:
    with pytest.raises(ValueError, match="range"):
        ConfidenceSequence(low, high, 0.05)


def test_a_draw_outside_the_range_is_refused() -> None:
    with pytest.raises(ValueError, match="outside"):
        ConfidenceSequence(-1, 1, 0.05).add(1.5)
