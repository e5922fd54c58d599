"""A question that matches items to choices, from its file to its points."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizproof.questions.answer_texts import response_of
from quizproof.questions.asking import template
from quizproof.questions.quiz import load_quiz, read_question
from quizproof.questions.responses import Response, parse_response, written
from quizproof.questions.scoring import Policy, key_answer, points
from quizproof.questions.spec import Matching, Question, choices, expected_answer
from quizproof.questions.without_key import has_key, without_key
from quizproof.questions.wordings import other_wording
from tests.questions.test_lint import linted

MATCHING = """kind: matching
points: 0.6
about: method
prompt: Which layer is of which kind?
probe: {name: network.layer_type, with: {layer: cnn.6}}
choices: {a: A ReLU, b: A pooling layer, c: Neither}
items:
  "1":
    text: The one called cnn.6
    rules: {a: layer_type == 'ReLU', b: layer_type == 'MaxPool2d', c: layer_type == 'Linear'}
    expected: a
  "2":
    text: The other
    rules: {a: layer_type != 'ReLU', b: layer_type == 'MaxPool2d', c: layer_type == 'Conv2d'}
    expected: b
"""


def matching(folder: Path, text: str = MATCHING) -> Matching:
    assert linted(folder, text).broken == ()
    question, _ = read_question(folder, "q01")
    assert isinstance(question, Matching)
    return question


def test_it_is_lists_of_the_same_choices(tmp_path: Path) -> None:
    question = matching(tmp_path)
    assert [choice.id for choice in choices(question)] == ["1a", "1b", "1c", "2a", "2b", "2c"]
    assert choices(question)[1].rule == "layer_type == 'MaxPool2d'"
    assert expected_answer(question) == ("1a", "2b")
    found = linted(tmp_path, MATCHING)
    assert found.key == ()
    assert found.key_at.endswith("q01.yaml:11")


@pytest.mark.parametrize(
    ("old", "new", "said", "line"),
    [
        ("b: layer_type == 'MaxPool2d', c: layer_type == 'Linear'", "b: x", "option 1b", 10),
        (", c: layer_type == 'Linear'", "", "option 1c has no rule", 10),
        ("c: layer_type == 'Linear'", "c: layer_typ == 'Linear'", "reads 'layer_typ'", 10),
        ("c: layer_type == 'Linear'", "c: layer_type == 'Linea'", "'Linea' is never measured", 10),
        ("{a: layer_type != 'ReLU'", "{z: layer_type != 'ReLU'", "which is no choice", 14),
        ("{a: A ReLU, b: A pooling layer, c: Neither}", "{a: A ReLU}", "fewer than two", 6),
    ],
)
def test_what_keeps_it_from_being_measured(
    tmp_path: Path, old: str, new: str, said: str, line: int
) -> None:
    assert old in MATCHING
    found = linted(tmp_path, MATCHING.replace(old, new)).broken
    assert any(said in problem.what and problem.line == line for problem in found)


@pytest.mark.parametrize(
    ("new", "said", "line"),
    [
        ("    expected: z\n", "item 1 expects z, which is no option", 11),
        ("", "item 1 expects nothing", 9),
    ],
)
def test_its_key(tmp_path: Path, new: str, said: str, line: int) -> None:
    [problem] = linted(tmp_path, MATCHING.replace("    expected: a\n", new)).key
    assert (problem.what, problem.line) == (said, line)


def test_without_its_key(tmp_path: Path) -> None:
    question = matching(tmp_path)
    assert has_key(question)
    data = without_key(question.model_dump(by_alias=True, exclude_defaults=True))
    assert "expected" not in str(data)
    assert not has_key(Matching.model_validate(data))


@given(
    st.dictionaries(st.sampled_from("12"), st.sampled_from("abc")), st.sampled_from(list(Policy))
)
def test_points_are_those_of_lists(chosen: dict[str, str], policy: Policy) -> None:
    question = Matching.model_validate(
        {
            "kind": "matching",
            "points": 0.6,
            "about": "method",
            "prompt": "?",
            "choices": dict.fromkeys("abc", "x"),
            "items": {p: {"text": p, "expected": e} for p, e in (("1", "a"), ("2", "b"))},
        }
    )
    response = parse_response(question, chosen)
    assert response == Response(frozenset(part + option for part, option in chosen.items()))
    assert parse_response(question, written(question, response)) == response
    right = sum({"1": "a", "2": "b"}[part] == option for part, option in chosen.items())
    share = Fraction(right, 2) if policy is not Policy.ALL_OR_NOTHING else Fraction(right // 2)
    key = key_answer(question)
    assert key is not None
    assert points(question, key, response, policy) == Fraction("0.6") * share


def test_canvas_writes_pairs(tmp_path: Path) -> None:
    question: Question = matching(tmp_path)
    found = response_of(question, "The other=>A pooling layer,The one called cnn.6=>Neither")
    assert found == Response(frozenset({"2b", "1c"}))


def test_it_is_asked_with_its_items_and_choices(tmp_path: Path) -> None:
    matching(tmp_path)
    quiz = load_quiz(tmp_path)
    asked = template(quiz.id, quiz.title, quiz.questions, ["en"])
    for line in (
        "# [2] The other",
        "#   b)  A pooling layer",
        "# choose one of each list, as 1a 2a",
    ):
        assert line in asked.splitlines()
    assert '  "2":' in asked


def test_under_another_wording(tmp_path: Path) -> None:
    text = MATCHING.replace("prompt: Which", "prompt: {en: Which?, fr: Quoi?} # Which")
    wordings = "wordings: {what: each, taken: en, otherwise: {1a: layer_type == 'Linear'}}\n"
    question = matching(tmp_path, text + wordings)
    other = other_wording(question)
    assert isinstance(other, Matching)
    assert other.items["1"].rules["a"] == "layer_type == 'Linear'"
    assert other.items["2"] == question.items["2"]
    bad = wordings.replace("1a", "3a")
    assert any("which is no option" in p.what for p in linted(tmp_path, text + bad).broken)
