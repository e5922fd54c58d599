"""A question of items to be put in order, from its file to its points."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizproof.questions.answer_texts import response_of
from quizproof.questions.asking import template
from quizproof.questions.quiz import load_quiz, read_question
from quizproof.questions.responses import Response, ResponseError, parse_response, written
from quizproof.questions.scoring import Policy, key_answer, points
from quizproof.questions.spec import Ordering, expected_answer
from quizproof.questions.without_key import has_key, without_key
from tests.questions.test_lint import linted

ORDERING = """kind: ordering
points: 0.6
about: model
prompt: From the least to the most?
probe:
  name: filter.regions
  with: {picture: 6, layer: cnn.0, filter: 0, regions: [food, plate, background]}
items:
  a: {text: The food, measure: density_food}
  b: {text: The plate, measure: density_plate}
  c: {text: "All, the rest", measure: density_background}
expected: [c, a, b]
"""


def ordering(folder: Path, text: str = ORDERING) -> Ordering:
    assert linted(folder, text).broken == ()
    question, _ = read_question(folder, "q01")
    assert isinstance(question, Ordering)
    return question


def test_its_answer_and_its_rules(tmp_path: Path) -> None:
    question = ordering(tmp_path)
    assert linted(tmp_path, ORDERING).key == ()
    assert expected_answer(question) == ("c", "a", "b")
    assert question.parts["ab"].options["a"].rule == "density_food < density_plate"
    assert {pair: down.expected for pair, down in question.parts.items()} == {
        "ab": "a",
        "ac": "c",
        "bc": "c",
    }
    turned = ordering(tmp_path, ORDERING + "by: decreasing\n")
    assert turned.parts["ab"].options["a"].rule == "density_food > density_plate"


@pytest.mark.parametrize(
    ("old", "new", "said", "line"),
    [
        (", measure: density_plate", "", "item b measures nothing", 10),
        ("density_plate", "density_plat", "item b reads 'density_plat'", 10),
        ("density_plate", "density_food", "a and b are ranked by the same number", 10),
        ("measure: density_plate", "measure: x < 1", "string should match", 10),
    ],
)
def test_what_keeps_it_from_being_measured(
    tmp_path: Path, old: str, new: str, said: str, line: int
) -> None:
    [problem] = linted(tmp_path, ORDERING.replace(old, new)).broken
    assert said in problem.what
    assert problem.line == line


def test_where_its_direction_and_quotes_belong(tmp_path: Path) -> None:
    wrong = ORDERING.replace("density_food}", "density_food, by: decreasing}")
    [problem] = linted(tmp_path, wrong).broken
    assert problem.mend == "move it: it belongs to the question, beside items"
    [problem] = linted(tmp_path, ORDERING.replace("The plate", "1")).broken
    assert problem.mend == "put it in quotes"


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("expected: [c, a]", "c, a is no order of the items"),
        ("expected: [c, a, a]", "c, a, a is no order of the items"),
        ("expected: []", "nothing is no order of the items"),
        ("", "the question expects nothing"),
    ],
)
def test_its_key(tmp_path: Path, key: str, said: str) -> None:
    text = ORDERING.replace("expected: [c, a, b]", key)
    [problem] = linted(tmp_path, text).key
    assert problem.what == said
    assert key_answer(ordering(tmp_path, text)) is None


def test_without_its_key(tmp_path: Path) -> None:
    question = ordering(tmp_path)
    assert has_key(question)
    data = without_key(question.model_dump(by_alias=True, exclude_defaults=True))
    assert not has_key(Ordering.model_validate(data))


@pytest.mark.parametrize("cell", ["c,a,b", "c a b", "CAB", ["c", "a", "b"], "c > a > b", "c→a→b"])
def test_an_order_is_written_in_letters(tmp_path: Path, cell: object) -> None:
    question = ordering(tmp_path)
    if cell in ("c > a > b", "c→a→b"):
        with pytest.raises(ResponseError, match="is no order of them; write all of a, b, c"):
            parse_response(question, cell)
        return
    response = parse_response(question, cell)
    assert response == Response(filled={"1": "c", "2": "a", "3": "b"})
    assert written(question, response) == "c,a,b"


@pytest.mark.parametrize("cell", ["c,a", "c,a,a", "a,b,c,d", {"1": "c"}, "1"])
def test_what_is_no_order(tmp_path: Path, cell: object) -> None:
    with pytest.raises(ResponseError):
        parse_response(ordering(tmp_path), cell)


def test_an_empty_answer(tmp_path: Path) -> None:
    question = ordering(tmp_path)
    key = key_answer(question)
    assert key is not None
    assert parse_response(question, "").empty
    assert points(question, key, Response()) == 0


@given(st.permutations("abc"), st.sampled_from(list(Policy)))
def test_points_are_for_places(order: list[str], policy: Policy) -> None:
    question = Ordering.model_validate(
        {
            "kind": "ordering",
            "points": 0.6,
            "about": "method",
            "prompt": "?",
            "items": {i: {"text": i} for i in "abc"},
            "expected": list("cab"),
        }
    )
    key = key_answer(question)
    assert key is not None
    right = sum(one == other for one, other in zip(order, "cab", strict=True))
    share = Fraction(right, 3) if policy is not Policy.ALL_OR_NOTHING else Fraction(right // 3)
    response = parse_response(question, order)
    assert points(question, key, response, policy) == Fraction("0.6") * share


def test_an_order_in_words(tmp_path: Path) -> None:
    question = ordering(tmp_path)
    found = response_of(question, "All\\, the rest,The food,The plate")
    assert found == Response(filled={"1": "c", "2": "a", "3": "b"})
    with pytest.raises(ResponseError, match="no order of its items"):
        response_of(question, "The food,The plate")


def test_it_is_asked_with_its_items(tmp_path: Path) -> None:
    ordering(tmp_path)
    quiz = load_quiz(tmp_path)
    asked = template(quiz.id, quiz.title, quiz.questions, ["en"]).splitlines()
    for line in ("#   c)  All, the rest", "# put all of them in order, as a,b,c", "q01:"):
        assert line in asked
