from __future__ import annotations

import math

import pytest

from quizproof.reports.numbers import answer, number, points, signed, signed_points, word
from tests.reports.runs import blanks, choice, dropdowns


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0, "0"),
        (-0.0, "0"),
        (3, "3"),
        (-3, "−3"),
        (0.25, "0.25"),
        (-0.25, "−0.25"),
        (1 / 3, "0.3333"),
        (1234.5678, "1235"),
        (14_162, "14 162"),
        (1e-6, "1\u00a0×\u00a010⁻⁶"),
        (-2.5e-12, "−2.5\u00a0×\u00a010⁻¹²"),
        (1e30, "1\u00a0×\u00a010³⁰"),
        (math.inf, "∞"),
        (-math.inf, "−∞"),
        (math.nan, "?"),
    ],
)
def test_number(value: float, shown: str) -> None:
    assert number(value) == (shown.replace(" ", "\u202f") if value == 14_162 else shown)


@pytest.mark.parametrize(
    ("value", "shown"),
    [(1234.5, "1234.5"), (-1234.56, "−1234.56"), (0.3, "0.3"), (1 / 3, "0.3333"), (10, "10")],
)
def test_points_are_not_rounded_to_four_digits(value: float, shown: str) -> None:
    assert points(value) == shown
    assert signed_points(value) == ("+" if value > 0 else "") + shown


def test_signed_says_plus_as_well() -> None:
    assert [signed(v) for v in (0.5, -0.5, 0, math.inf)] == ["+0.5", "−0.5", "0", "+∞"]


def test_word_leaves_categories_alone() -> None:
    assert [word("1e-6"), word(1e-6)] == ["1e-6", "1\u00a0×\u00a010⁻⁶"]


def test_answers_of_every_kind() -> None:
    assert answer(choice(), ("a", "d")) == "a, d"
    assert answer(choice(), ()) == ""
    assert answer(choice(), None) is None
    assert answer(blanks(), ("him", 0.73)) == "[1] him, [2] 0.73"
    assert answer(dropdowns(), ("2b", "10a")) == "[10] a, [2] b"
