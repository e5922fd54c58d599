"""Confidence sequences: their error is kept, exactly where draws hold or do not."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizproof.probes.engine.confidence import ConfidenceSequence
from tests.probes.engine.lattice import ever_shown, needed


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
        sequence.extend(rng.beta(mean * 3, (1 - mean) * 3, size=150).tolist())
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


@given(st.floats(1e-6, 0.999))
def test_one_draw_decides_nothing(error: float) -> None:
    sequence = ConfidenceSequence(0, 1, error, threshold=0.5)
    sequence.add(1.0)
    assert sequence.side == 0


def capital(holds: int, fails: int) -> Fraction:
    """What was started with one of, of which a third is bet whole on draws that hold."""
    bets = [Fraction(2 * k + 1, 32) for k in range(16)]
    even = sum((1 + f) ** holds * (1 - f) ** fails for f in bets) / Fraction(16)
    return Fraction(2, 3) * even + Fraction(1, 3) * (2**holds if fails == 0 else 0)


def test_the_capital_is_a_martingale_that_starts_with_one() -> None:
    """At a share of one half no draw changes what is to be expected of it: Ville's inequality."""
    assert capital(0, 0) == 1
    for holds in range(12):
        for fails in range(12):
            expected = (capital(holds + 1, fails) + capital(holds, fails + 1)) / 2
            assert capital(holds, fails) == expected


@pytest.mark.parametrize("error", [0.01, 0.005, 0.09, 0.00125])
def test_a_side_is_shown_just_where_the_capital_reaches_two_over_the_error(error: float) -> None:
    bar = 2 / Fraction(error)
    for fails, holds in enumerate(needed(error, 60)[:-1]):
        assert capital(holds - 1, fails) < bar <= capital(holds, fails)


@pytest.mark.parametrize(
    ("error", "most", "chance"),
    [
        (0.01, 8, 0.0),
        (0.01, 9, 2 / 2**9),
        (0.01, 40, 0.005399118992500007),
        (0.01, 200, 0.0069196938358025844),
        (0.005, 40, 0.0026634342211764306),
        (0.005, 200, 0.0034369548962907984),
    ],
)
def test_how_often_a_share_of_one_half_is_ever_said_to_be_another(
    error: float, most: int, chance: float
) -> None:
    """Looked at after every draw: the whole distribution, not a sample of it."""
    up, down = ever_shown(error, 0.5, most)
    assert up == pytest.approx(down, abs=1e-12)
    assert up + down == pytest.approx(chance, abs=1e-6)
    assert up + down <= error


@pytest.mark.parametrize("share", [0.05, 0.2, 0.35, 0.45, 0.499])
def test_a_smaller_share_is_said_to_be_above_one_half_in_proportion_at_most(share: float) -> None:
    """2p times as often as one half is: a lemma of the error that exclusive options share."""
    assert ever_shown(0.01, share, 100)[0] <= 2 * share * ever_shown(0.01, 0.5, 100)[0]


def capital_at(mean: Fraction, draws: list[Fraction]) -> Fraction:
    """What was started with one of becomes where ``mean`` is bet to be too small."""
    bets = [Fraction(2 * k + 1, 32) for k in range(16)]
    won = [math.prod(1 + bet * (draw / mean - 1) for draw in draws) for bet in [*bets, Fraction(1)]]
    return Fraction(2, 3) * sum(won[:-1], Fraction(0)) / 16 + Fraction(1, 3) * won[-1]


@pytest.mark.parametrize(
    "drawn", [[1.0] * 9, [0.75, 1.0] * 6, [1.0] * 20 + [0.0], [0.25, 0.5] * 20]
)
@pytest.mark.parametrize(("error", "of_interval"), [(0.01, None), (0.05, None), (0.01, 0.001)])
def test_an_interval_ends_where_the_capital_reaches_two_over_its_error(
    drawn: list[float], error: float, of_interval: float | None
) -> None:
    """Exactly, with a threshold so near an end that it has no say."""
    bar = 2 / Fraction(of_interval or error)
    for mirrored in (False, True):
        draws = [1 - draw if mirrored else draw for draw in drawn]
        threshold = 1 - 1e-9 if mirrored else 1e-9
        sequence = ConfidenceSequence(0, 1, error, threshold, of_interval)
        sequence.extend(draws)
        end = 1 - sequence.interval[1] if mirrored else sequence.interval[0]
        at, step = Fraction(end), Fraction(1, 10**6)
        exact = [Fraction(draw) for draw in drawn]
        assert capital_at(at - step, exact) >= bar > capital_at(at + step, exact)


def test_draws_that_all_agree_show_their_share_soon() -> None:
    assert [needed(error, 20)[0] for error in (0.01, 0.005, 0.0025, 0.00125)] == [9, 10, 11, 12]


def test_what_may_be_shown_is_what_draws_can_show() -> None:
    for drawn in ([], [1.0] * 5, [1.0] * 6 + [0.0], [0.0, 0.0, 1.0]):
        for side, draw in ((1, 1.0), (-1, 0.0)):
            for more in range(25):
                sequence, after = (ConfidenceSequence(0, 1, 0.01, threshold=0.5) for _ in range(2))
                sequence.extend(drawn)
                after.extend([*drawn, *[draw] * more])
                assert sequence.may_show(more, side) == (after.side == side)
    known = ConfidenceSequence(0, 1, 0.01, threshold=0.5)
    known.extend([1.0] * 9)
    assert known.may_show(0)
    assert known.may_show(0, 1)
    assert not known.may_show(1000, -1)


def test_an_interval_with_a_smaller_error_of_its_own_is_wider_and_keeps_to_the_side() -> None:
    one = ConfidenceSequence(0, 1, 0.01, threshold=0.5)
    other = ConfidenceSequence(0, 1, 0.01, threshold=0.5, interval_error=0.001)
    for sequence in (one, other):
        sequence.extend([1.0] * 9)
    assert one.side == other.side == 1
    assert other.interval[0] == 0.5 <= one.interval[0]
    for sequence in (one, other):
        sequence.extend(([1.0] * 9 + [0.0]) * 10)
    assert other.interval[0] < one.interval[0] < one.interval[1] < other.interval[1]


@pytest.mark.parametrize(("low", "high"), [(0, 1), (1, 2), (-2, -1), (0, float("inf"))])
def test_a_threshold_outside_the_range_is_refused(low: float, high: float) -> None:
    with pytest.raises(ValueError, match="range"):
        ConfidenceSequence(low, high, 0.05)


def test_a_draw_outside_the_range_is_refused() -> None:
    with pytest.raises(ValueError, match="outside"):
        ConfidenceSequence(-1, 1, 0.05).add(1.5)
