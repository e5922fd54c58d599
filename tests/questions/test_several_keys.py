"""A question with several keys, or with full credit for everyone."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from quizproof.questions.quiz import read_question
from quizproof.questions.responses import Response
from quizproof.questions.scoring import Policy, RightAnswer, key_answer, one_of, points
from quizproof.questions.spec import AnyOf, MultipleChoice, Option, Question, SingleChoice, Text
from quizproof.questions.without_key import has_key, without_key
from quizproof.questions.write_quiz import yaml_text
from tests.questions.test_lint import linted
from tests.questions.test_yaml_file import QUESTION

LETTERS = "abcde"
_keys = st.lists(st.sets(st.sampled_from(LETTERS), min_size=1), min_size=2, max_size=4)
_chosen = st.frozensets(st.sampled_from(LETTERS))
_policies = st.sampled_from(Policy)


def several(keys: list[list[str]]) -> MultipleChoice:
    return MultipleChoice(
        kind="multiple",
        points=0.6,
        about="method",
        prompt=Text("Which?"),
        options={letter: Option(text=Text(letter), rule="x > 0") for letter in LETTERS},
        expected=AnyOf(any=keys),
    )


@given(_keys, _chosen, _policies)
def test_an_answer_has_the_most_that_any_key_gives_it(
    keys: list[set[str]], chosen: frozenset[str], policy: Policy
) -> None:
    question = several([sorted(key) for key in keys])
    right = key_answer(question)
    assert right is not None
    alone = [
        points(question, RightAnswer(frozenset(key)), Response(chosen), policy) for key in keys
    ]
    got = points(question, right, Response(chosen), policy)
    assert got == max(alone)
    assert 0 <= got <= Fraction("0.6")


@given(_keys, _chosen, _policies)
def test_everyone_has_the_points_where_all_are_to(
    keys: list[set[str]], chosen: frozenset[str], policy: Policy
) -> None:
    question = several([sorted(key) for key in keys]).model_copy(update={"full_credit": "unclear"})
    right = key_answer(question)
    assert right is not None
    for response in (Response(chosen), Response(), Response(unplaced=("x",)), None):
        assert points(question, right, response, policy) == Fraction("0.6")


def test_nobody_is_right_by_a_key_that_expects_nothing() -> None:
    assert key_answer(several([["a"], []])) is None
    options = {letter: Option(text=Text(letter)) for letter in "abc"}
    single = SingleChoice(
        kind="single",
        points=1,
        about="method",
        prompt=Text("Which?"),
        options=options,
        expected=AnyOf(any=[["a"], ["b", "c"]]),
    )
    assert key_answer(single) is None


def test_one_of_several_is_each_of_them() -> None:
    a, b, c = (RightAnswer(frozenset(letter)) for letter in "abc")
    assert one_of([one_of([a, b]), c]).others == (b, c)


@given(_keys)
def test_it_is_read_back_as_it_was_written(keys: list[set[str]]) -> None:
    question = several([sorted(key) for key in keys])
    adapter: TypeAdapter[Question] = TypeAdapter(Question)
    assert adapter.validate_python(yaml.safe_load(yaml_text(question, without={"id"}))) == question


def test_a_students_quiz_tells_neither_keys_nor_full_credit() -> None:
    question = several([["a"], ["b"]]).model_copy(update={"full_credit": "b is right, too"})
    stripped = without_key(question.model_dump(by_alias=True, exclude_defaults=True))
    assert {"expected", "full_credit"}.isdisjoint(stripped)
    two = several([["a"], ["b"]])
    two = two.model_copy(update={"options": {o: two.options[o] for o in "ab"}})
    assert has_key(two)


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("{any: [[a], [b]]}", None),
        ("{any: [[a], [z]]}", "expected option z is not among the options"),
        ("{any: [[a], [a, b]]}", "choose 1, but 2 expected"),
        ("{any: [[a], [a]]}", "one key stands twice"),
        ("{any: [[a], []]}", "choose 1, but 0 expected"),
    ],
)
def test_lint_looks_at_each_key(tmp_path: Path, key: str, said: str | None) -> None:
    text = QUESTION.replace("expected: [a]", f"expected: {key}")
    assert key in text
    found = linted(tmp_path, text).key
    assert [problem.what for problem in found] == ([said] if said else [])


def test_where_everyone_has_the_points_there_need_be_no_key(tmp_path: Path) -> None:
    text = QUESTION.replace("expected: [a]", "full_credit: the prompt can be read in two ways")
    assert linted(tmp_path, text).key == ()
    question, _ = read_question(tmp_path, "q01")
    right = key_answer(question)
    assert right is not None
    assert right.everyone


def test_one_key_alone_is_no_choice_of_keys(tmp_path: Path) -> None:
    [problem] = linted(tmp_path, QUESTION.replace("expected: [a]", "expected: {any: [[b]]}")).broken
    assert "at least 2 items" in problem.what
