from __future__ import annotations

from itertools import combinations, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizproof.probes.methods.trend import largest_step, legs

RISING = [0.0, 1, 2, 4, 5, 7]
SERIES = st.lists(st.integers(-9, 9).map(float), min_size=2, max_size=9)


def _legs_by_definition(series: list[float]) -> tuple[float, float, float, float]:
    pairs = [(a, b) for a, b in combinations(range(len(series)), 2)]
    rise = max([series[b] - series[a] for a, b in pairs] + [0.0])
    fall = max([series[a] - series[b] for a, b in pairs] + [0.0])
    threes = list(combinations(range(len(series)), 3))
    valley = [min(series[a] - series[b], series[c] - series[b]) for a, b, c in threes]
    peak = [min(series[b] - series[a], series[b] - series[c]) for a, b, c in threes]
    return rise, fall, max([*valley, 0.0]), max([*peak, 0.0])


@given(SERIES)
def test_legs_are_what_all_pairs_and_threes_of_places_give(series: list[float]) -> None:
    assert tuple(vars(legs(series)).values()) == _legs_by_definition(series)


@given(SERIES)
def test_a_series_upside_down_or_backwards_has_the_legs_of_the_other_way(
    series: list[float],
) -> None:
    found, turned = legs(series), legs([-value for value in series])
    assert (turned.rise, turned.valley) == (found.fall, found.peak)
    back = legs(series[::-1])
    assert (back.rise, back.valley, back.peak) == (found.fall, found.valley, found.peak)


def test_what_the_legs_say_is_the_sequence_of_those_that_count() -> None:
    for ways, series in (
        ("+", RISING),
        ("-", RISING[::-1]),
        ("-+", [6.0, 3, 1, 1, 4]),
        ("+-", [1.0, 4, 6, 5, 2]),
        ("", [0.0, 0.5, 0.2, 0.9, 0.4]),
        ("many", [0.0, 3, 0, 3]),
        ("many", [3.0, 0, 3, 0, 3]),
        ("+", [0.0, 3, 2.5, 6]),  # it turns back by less than counts
    ):
        assert _said(series, 1.0) == ways


def _said(series: list[float], size: float) -> str:
    found = legs(series)
    if found.valley > size or found.peak > size:
        return (
            "many"
            if min(found.valley, found.peak) > size
            else "-+"
            if found.valley > size
            else "+-"
        )
    return ("+" if found.rise > size else "") + ("-" if found.fall > size else "")


@given(SERIES, st.integers(0, 6))
def test_a_series_is_said_to_go_one_way_alone(series: list[float], size: int) -> None:
    """No series rises and falls and yet neither peaks nor dips, so the four exclude each other."""
    assert _said(series, size) in {"", "+", "-", "-+", "+-", "many"}


def test_the_largest_step() -> None:
    assert largest_step([[0, 1, 3], [5, 5, 4]]) == 2
    assert largest_step([[0, 1, 1], [5, 5, 1]]) == 4
    assert all(largest_step([pair]) == 1 for pair in pairwise([0, 1, 2]))


@pytest.mark.parametrize("values", [[], [1.0], [1.0, float("nan")]])
def test_what_has_no_trend_is_refused(values: list[float]) -> None:
    with pytest.raises(ValueError, match="two finite values"):
        legs(values)
