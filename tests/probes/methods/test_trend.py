from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from quizproof.probes.methods.trend import FLAT, trend

RISING = [0.0, 1, 2, 4, 5, 7]


def _rising(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """The isotonic regression by its max–min formula (Robertson, Wright & Dykstra 1988, 1.4)."""
    places = range(len(values))
    return np.array(
        [
            max(
                min(values[low : high + 1].mean() for high in places[place:])
                for low in places[: place + 1]
            )
            for place in places
        ]
    )


def test_a_series_with_one_turn_at_most_is_its_own_fit() -> None:
    for series, legs, turn in (
        (RISING, {(0, 1), (1, 0)}, {0, 5}),
        (RISING[::-1], {(0, -1), (-1, 0)}, {0, 5}),
        ([4.0, 2, 0, 1, 3, 6], {(-4 / 6, 1)}, {2}),
        ([0.0, 3, 8, 8, 7, 6], {(1, -0.25)}, {2}),
    ):
        found = trend(series)
        assert found.fit == pytest.approx(series)
        assert found.explained == pytest.approx(1)
        assert (found.first, found.second) in legs
        assert found.turn in turn


def test_a_wobble_is_smoothed_away() -> None:
    found = trend([0.0, 1, 3, 2, 4, 5])
    assert sorted((found.first, found.second)) == [0, 1]
    assert found.fit == pytest.approx([0, 1, 2.5, 2.5, 4, 5])
    assert 0.9 < found.explained < 1


def test_a_zigzag_is_hardly_explained() -> None:
    assert trend([0.0, 1] * 8).explained < 0.3


@pytest.mark.parametrize("size", [0.0, 1.0, -3000.0])
def test_a_flat_series_has_no_trend(size: float) -> None:
    noise = np.random.default_rng(0).uniform(-0.4, 0.4, 12) * FLAT
    found = trend((size * (1 + noise)).tolist())
    assert (found.first, found.second, found.explained) == (0, 0, 0)


@pytest.mark.parametrize("series", [[], [1.0, 2.0], [1.0, np.nan, 2.0], [0.0, np.inf, 1.0]])
def test_no_series_is_refused(series: list[float]) -> None:
    with pytest.raises(ValueError, match="three finite values"):
        trend(series)


# thousandths, so that neither noise nor ties of rounding are among them
_SERIES = st.lists(st.integers(-1000, 1000).map(float), min_size=3, max_size=12)


@given(_SERIES)
def test_the_fit_has_one_turn_and_none_of_one_turn_is_nearer(series: list[float]) -> None:
    found = trend(series)
    steps = np.sign(np.diff(np.round(found.fit, 9)))
    signs = [int(sign) for sign in steps if sign]
    assert sum(a != b for a, b in pairwise(signs)) <= 1
    values = np.array(series)
    if np.ptp(values) == 0:
        return
    mine = float(np.sum((values - found.fit) ** 2))
    for place in range(len(series) + 1):
        for up in (1, -1):
            rivals = [
                sign * _rising(sign * part)
                for part, sign in ((values[:place], up), (values[place:], -up))
            ]
            assert mine <= np.sum((values - np.concatenate(rivals)) ** 2) + 1e-6
    assert found.explained == pytest.approx(1 - mine / np.sum((values - values.mean()) ** 2))


@given(_SERIES, st.floats(0.1, 10), st.floats(-5, 5))
def test_scale_and_direction(series: list[float], scale: float, shift: float) -> None:
    found = trend(series)
    negative = trend([-value for value in series])
    assert negative.explained == pytest.approx(found.explained)
    moved = trend([value * scale + shift for value in series])
    assert moved.explained == pytest.approx(found.explained, abs=1e-6)
