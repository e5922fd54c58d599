from __future__ import annotations

import random
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizproof.questions.responses import Response, parse_response
from quizproof.questions.scoring import (
    Policy,
    RightAnswer,
    key_answer,
    measured_answer,
    points,
    right_parts,
)
from quizproof.questions.spec import (
    LEAST_POINTS,
    Blanks,
    DropDowns,
    MultipleChoice,
    Question,
    choices,
    expected_answer,
)
from quizproof.questions.tolerance import bounds_around, key_bounds, written_number
from tests.reports.runs import blanks, choice, dropdowns

ALL, PARTIAL, PER_BLANK = Policy

subsets = st.frozensets(st.sampled_from("abcde"))
policies = st.sampled_from(list(Policy))


def several(right: frozenset[str], points: float = 0.3) -> Question:
    rules = ("x > y",) * 5
    return choice("q04", "multiple", rules, points=points).model_copy(
        update={"expected": sorted(right)}
    )


def numbered(tolerance: Any, expected: float | None = 0.3, **more: Any) -> Question:
    """A question with one blank, for a number."""
    blank = {"measure": "x", "tolerance": tolerance, "expected_number": expected, **more}
    question = blanks()
    return type(question).model_validate(
        question.model_dump(by_alias=True) | {"blanks": {"1": blank}, "points": 1}
    )


def score(question: Question, value: Any, policy: Policy = ALL) -> Fraction:
    key = key_answer(question)
    assert key is not None
    return points(question, key, parse_response(question, value), policy)


@pytest.mark.parametrize(
    ("value", "all_or_nothing", "partial"),
    [
        ("a,d", "3/10", "3/10"),
        ("a", "0", "3/20"),
        ("a,b,d", "0", "3/20"),
        ("a,b", "0", "0"),
        ("b,c,e", "0", "0"),
        ("a,b,c,d,e", "0", "0"),
        ("", "0", "0"),
    ],
)
def test_of_several_options(value: str, all_or_nothing: str, partial: str) -> None:
    question = several(frozenset("ad"))
    assert score(question, value, ALL) == Fraction(all_or_nothing)
    assert score(question, value, PARTIAL) == Fraction(partial)
    assert score(question, value, PER_BLANK) == Fraction(all_or_nothing)


@pytest.mark.parametrize("policy", Policy)
def test_of_one_option(policy: Policy) -> None:
    question = choice("q01", rules=("x > y",) * 3, expected=["b"])
    assert [score(question, value, policy) for value in ("a", "b", "")] == [0, Fraction(3, 10), 0]


@pytest.mark.parametrize(
    ("value", "share"), [("10a 2a", 1), ("10a 2b", "1/2"), ("2a", "1/2"), ("10b 2b", 0), ("", 0)]
)
def test_of_lists(value: str, share: Any) -> None:
    part = Fraction(3, 10) * Fraction(share)
    assert score(dropdowns(), value, ALL) == (part if share == 1 else 0)
    assert score(dropdowns(), value, PARTIAL) == score(dropdowns(), value, PER_BLANK) == part


def test_of_blanks_spaces_and_capitals_do_not_count() -> None:
    blank = blanks()
    question = blank.model_copy(update={"blanks": dict(list(blank.blanks.items())[:2])})  # type: ignore[union-attr]
    assert score(question, " HER ; 0.74") == Fraction(3, 10)
    assert score(question, "her; 0.75") == 0
    assert score(question, "her; 0.75", PER_BLANK) == Fraction(3, 20)
    assert score(question, "them; 0.73", PARTIAL) == Fraction(3, 20)
    assert key_answer(blanks()) is None  # blank 3 has no key


@pytest.mark.parametrize(
    ("tolerance", "expected", "right", "wrong"),
    [
        (
            0,
            0.3,
            ["0.3", ".30", "3e-1", "0,3", " +0.3 ", "０．３"],
            ["0.30000000000000004", "3", ""],
        ),
        (0.1, 0.2, ["0.3", "0.1"], ["0.3000000001", "0.0999"]),
        (0.01, -0.73, ["-0.72", "−0.74"], ["-0.719", "0.73"]),
        (0, 1234, ["1,234", "1234.0", "1234."], ["1.234", "1,23,4", "12,34"]),
        ({"relative": 0.05}, 0.6, ["0.57", "0.63"], ["0.5699", "0.6301"]),
        ({"relative": 0.1}, -3, ["-3.3", "-2.7"], ["-3.31", "2.7"]),
        ({"range": [0.7, 0.76]}, None, ["0.7", "0.76", "7e-1"], ["0.69", "0.7600001"]),
        ({"range": [-1e-5, 0]}, None, ["0", "-0.00001"], ["0.00001", "-0.000011"]),
        (1e-300, 1e300, ["1e300"], ["1.0000000000000000001e300", "1e9999", "nan", "inf"]),
    ],
)
def test_numbers_within_both_ends(
    tolerance: Any, expected: float | None, right: list[str], wrong: list[str]
) -> None:
    question = numbered(tolerance, expected)
    assert [text for text in right if score(question, text) != 1] == []
    assert [text for text in wrong if score(question, text) != 0] == []


def test_a_long_number_is_none() -> None:
    assert written_number("1" * 65) is None
    assert written_number("1_000") is None
    assert written_number("0x10") is None


def test_a_range_is_as_wide_around_what_was_measured() -> None:
    question = numbered({"range": [0.7, 0.76]}, None)
    right = measured_answer(question, (0.5,))
    assert points(question, right, parse_response(question, "0.53")) == 1
    assert points(question, right, parse_response(question, "0.531")) == 0
    assert points(question, right, parse_response(question, "0.73")) == 0


@given(
    st.floats(-1e6, 1e6),
    st.one_of(st.floats(0, 10), st.builds(dict, relative=st.floats(0, 1))),
    st.floats(-1e6, 1e6),
)
def test_the_bounds_are_those_of_rational_arithmetic(
    number: float, tolerance: Any, answer: float
) -> None:
    [blank] = numbered(tolerance, number).blanks.values()  # type: ignore[union-attr]
    bounds = key_bounds(blank)  # type: ignore[arg-type]
    assert bounds == bounds_around(blank, number)  # type: ignore[arg-type]
    assert bounds is not None
    share = tolerance["relative"] if isinstance(tolerance, dict) else tolerance
    most = Fraction(repr(share)) * (
        abs(Fraction(repr(number))) if isinstance(tolerance, dict) else 1
    )
    within = abs(Fraction(repr(answer)) - Fraction(repr(number))) <= most
    written = written_number(repr(answer))
    assert written is not None
    assert (written in bounds) is within


@given(subsets, subsets, policies, st.just(0.0) | st.floats(LEAST_POINTS, 100))
def test_points_are_from_none_to_all(
    right: frozenset[str], chosen: frozenset[str], policy: Policy, most: float
) -> None:
    question = several(right, most)
    found = points(question, RightAnswer(right), Response(chosen), policy)
    assert 0 <= found <= Fraction(repr(most))
    if chosen == right:
        assert found == Fraction(repr(most))
    elif not chosen & right:
        assert found == 0


@given(subsets, subsets, policies)
def test_a_wrong_option_more_never_raises(
    right: frozenset[str], chosen: frozenset[str], policy: Policy
) -> None:
    question = several(right)
    before = points(question, RightAnswer(right), Response(chosen), policy)
    if chosen == right == frozenset():
        assert before > 0
    for wrong in frozenset("abcde") - right - chosen:
        assert points(question, RightAnswer(right), Response(chosen | {wrong}), policy) <= before


@given(subsets, subsets, policies, st.randoms(use_true_random=False))
def test_the_letters_order_does_not_count(
    right: frozenset[str], chosen: frozenset[str], policy: Policy, shuffle: random.Random
) -> None:
    names = list("abcde")
    shuffle.shuffle(names)
    renamed = dict(zip("abcde", names, strict=True))

    def as_now(ids: frozenset[str]) -> frozenset[str]:
        return frozenset(renamed[letter] for letter in ids)

    before = points(several(right), RightAnswer(right), Response(chosen), policy)
    now = several(as_now(right))
    assert isinstance(now, MultipleChoice)
    backwards = now.model_copy(update={"options": dict(reversed(now.options.items()))})
    assert points(backwards, RightAnswer(as_now(right)), Response(as_now(chosen)), policy) == before


@pytest.mark.parametrize(
    "question",
    [
        choice("q01").model_copy(update={"expected": []}),
        choice("q01", expected=["a", "b"]),
        several(frozenset()),
        several(frozenset()).model_copy(update={"choose": 2}),
    ],
)
def test_a_key_that_fits_no_answer_or_an_empty_one_is_none(question: Question) -> None:
    assert key_answer(question) is None


@pytest.mark.parametrize("policy", Policy)
@pytest.mark.parametrize(
    "response", [Response(), Response(frozenset("b")), Response(frozenset("a"))]
)
def test_a_key_that_cannot_be_right_gives_nobody_points(policy: Policy, response: Response) -> None:
    lists = dropdowns()
    parts = {"2": lists.parts["2"].model_copy(update={"expected": "z"})}  # type: ignore[union-attr]
    for question in (
        choice("q01", expected=["z"]),
        several(frozenset("ay")),
        lists.model_copy(update={"parts": parts}),
    ):
        key = key_answer(question)
        assert key is not None
        if policy is Policy.PARTIAL_CREDIT and response.chosen & key.options:
            continue
        assert points(question, key, response, policy) == 0, (question, response)


def test_what_is_answered_where_nobody_knows_gives_nothing() -> None:
    lists = dropdowns()
    key = key_answer(lists)
    assert key is not None
    assert points(lists, key, Response(key.options, unplaced=("2a",)), PER_BLANK) == 0


@given(policies, subsets)
def test_what_could_not_be_read_is_worth_nothing(policy: Policy, right: frozenset[str]) -> None:
    assert points(several(right), RightAnswer(right), None, policy) == 0


@pytest.mark.parametrize("policy", Policy)
@pytest.mark.parametrize(
    "question", [several(frozenset("bce")), choice("q01"), dropdowns(), numbered(0.1)]
)
def test_the_key_as_the_measured_answer_gives_the_same(question: Question, policy: Policy) -> None:
    key, expected = key_answer(question), expected_answer(question)
    assert key is not None
    assert expected is not None
    measured = measured_answer(question, expected)
    assert measured == key
    ids = frozenset(choice.id for choice in choices(question) if choice.expected)
    full = Response(ids, {"1": "0.3"})
    assert points(question, key, full, policy) == Fraction(repr(question.points))
    assert points(question, key, Response(), policy) == 0


def test_where_more_hold_than_are_to_be_chosen_any_of_them_are_right() -> None:
    one, two = choice("q01", rules=["x > y"] * 4), several(frozenset("ab"))
    two = two.model_copy(update={"choose": 2})
    either = measured_answer(one, ("b", "d"))
    assert [points(one, either, Response(frozenset(o))) > 0 for o in ("b", "d", "a", "bd")] == [
        True,
        True,
        False,
        False,
    ]
    three = measured_answer(two, ("a", "b", "d"))
    full = Fraction(repr(two.points))
    shares = {"ab": 1, "bd": 1, "ac": 0, "a": 0, "abd": 0}
    for chosen, share in shares.items():
        assert points(two, three, Response(frozenset(chosen))) == share * full
    partly: dict[str, Fraction | int] = {
        "ab": 1,
        "a": Fraction(1, 2),
        "ac": 0,
        "abd": 1,
        "abc": Fraction(1, 2),
    }
    for chosen, part in partly.items():
        got = points(two, three, Response(frozenset(chosen)), Policy.PARTIAL_CREDIT)
        assert got == part * full


def test_a_list_without_a_key_leaves_all_of_them_without_one() -> None:
    lists = dropdowns()
    assert isinstance(lists, DropDowns)
    for open_ in (["2"], ["10"], ["10", "2"]):
        parts = {
            name: part.model_copy(update={"expected": None}) if name in open_ else part
            for name, part in lists.parts.items()
        }
        assert key_answer(lists.model_copy(update={"parts": parts})) is None


def test_a_single_list_is_right_or_wrong() -> None:
    lists = dropdowns()
    assert isinstance(lists, DropDowns)
    one = lists.model_copy(update={"parts": {"2": lists.parts["2"]}})
    assert [score(one, value) > 0 for value in ("2a", "2b", "")] == [True, False, False]


def test_a_measured_word_is_right_whatever_its_capitals_and_no_other_is() -> None:
    question = blanks()
    right = measured_answer(question, ("Him", 0.73, "Σ"))
    filled = Response(filled={"1": " hiM", "2": "0.73", "3": "σ"})
    assert isinstance(question, Blanks)
    assert right_parts(question, right, filled) == {"1": True, "2": True, "3": True}
    others = Response(filled={"1": "her", "2": "0.8"})
    assert right_parts(question, right, others) == {"1": False, "2": False, "3": False}
    for short in (("him",), ("him", 0.73), ("him", 0.73, "x", "y")):
        with pytest.raises(ValueError, match="zip"):
            measured_answer(question, short)


@pytest.mark.parametrize("policy", Policy)
def test_where_something_is_to_be_chosen_and_nothing_holds_an_empty_answer_is_not_right(
    policy: Policy,
) -> None:
    two = several(frozenset()).model_copy(update={"choose": 2})
    for question in (choice("q01"), two):
        for chosen in ("", "a", "ab"):
            response = Response(frozenset(chosen))
            assert points(question, measured_answer(question, ()), response, policy) == 0
    any_number = several(frozenset())
    assert points(any_number, measured_answer(any_number, ()), Response(), policy) > 0


def test_as_many_as_are_right_may_be_enough() -> None:
    question = several(frozenset("ab"))
    for chosen, full in (("ab", True), ("a", False), ("b", False), ("abc", False), ("ac", False)):
        found = points(question, RightAnswer(frozenset("ab"), 2), Response(frozenset(chosen)))
        assert (found > 0) is full
