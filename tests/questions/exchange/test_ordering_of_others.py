"""Questions of items to be put in order, as other systems write them."""

from __future__ import annotations

from pathlib import Path

import pytest

from quizproof.questions.exchange.exchanged import Exchanged
from quizproof.questions.exchange.forms import read_quizzes
from quizproof.questions.spec import Ordering
from tests.questions.exchange.qti_items import choice, condition, equal, item, label, written

ITEMS = {"u1": "Second", "u2": "First", "u3": "Third"}


def new_quizzes(path: Path, conditions: str, stem: str = "") -> Exchanged:
    labels = "".join(label(ident, text) for ident, text in ITEMS.items())
    shown = (
        f'<response_lid ident="response1" rcardinality="Ordered"><render_extension>{stem}'
        f'<ims_render_object shuffle="No"><flow_label>{labels}</flow_label></ims_render_object>'
        "</render_extension></response_lid>"
    )
    asked = item("ordering_question", "" if stem else "In order?", shown, conditions)
    other = choice({"x": "A", "y": "B"}, {"x": "100"})
    (quiz,) = read_quizzes(written(path / "quiz.xml", asked, other))
    return quiz


RIGHT = condition(equal("u2") + equal("u1") + equal("u3"))


@pytest.mark.parametrize(
    "stem", ["", '<material position="top"><mattext>In order?</mattext></material>']
)
def test_of_new_quizzes(tmp_path: Path, stem: str) -> None:
    quiz = new_quizzes(tmp_path, RIGHT, stem)
    question = quiz.questions[0]
    assert isinstance(question, Ordering)
    assert question.prompt.en == "In order?"
    assert [i.text.en for i in question.items.values()] == ["Second", "First", "Third"]
    assert question.expected == ["b", "a", "c"]
    assert quiz.notes == ()


@pytest.mark.parametrize(
    "conditions",
    [
        RIGHT + RIGHT,
        condition(equal("u2") + equal("u1")),
        condition(equal("u2") + equal("u1") + equal("u1")),
    ],
)
def test_a_key_that_is_no_order_is_none(tmp_path: Path, conditions: str) -> None:
    quiz = new_quizzes(tmp_path, conditions)
    question = quiz.questions[0]
    assert isinstance(question, Ordering)
    assert question.expected is None
    assert "no key: its condition is no order of its items" in quiz.notes[0]


def moodle(path: Path, answers: list[tuple[str, str]], more: str = "") -> Exchanged:
    inner = "".join(
        f"<answer fraction='{share}' format='html'><text>{text}</text></answer>"
        for share, text in answers
    )
    (path / "m.xml").write_text(
        "<quiz><question type='ordering'><questiontext format='html'><text>In order?</text>"
        f"</questiontext>{more}{inner}</question><question type='truefalse'><questiontext "
        "format='html'><text>Q</text></questiontext><answer fraction='100'><text>t</text></answer>"
        "<answer fraction='0'><text>f</text></answer></question></quiz>",
        encoding="utf-8",
    )
    (quiz,) = read_quizzes(path / "m.xml")
    return quiz


@pytest.mark.parametrize(
    "answers",
    [
        [("2.0000000", "Second"), ("1.0000000", "First"), ("3.0000000", "Third")],
        [("0", "First"), ("0", "Second"), ("0", "Third")],
    ],
)
def test_of_moodle(tmp_path: Path, answers: list[tuple[str, str]]) -> None:
    quiz = moodle(tmp_path, answers)
    question = quiz.questions[0]
    assert isinstance(question, Ordering)
    assert [i.text.en for i in question.items.values()] == ["First", "Second", "Third"]
    assert question.expected == ["a", "b", "c"]
    assert quiz.notes == ()


def test_more_than_can_be_compared_is_left_out(tmp_path: Path) -> None:
    quiz = moodle(tmp_path, [(str(n), f"Item {n}") for n in range(9)])
    assert [question.kind for question in quiz.questions] == ["single"]
    assert "9 items to put in order; 2 to 8 can be held" in quiz.notes[0]


def test_a_part_of_the_items_is_told(tmp_path: Path) -> None:
    answers = [("1", "First"), ("2", "Second"), ("3", "Third")]
    quiz = moodle(tmp_path, answers, "<selecttype>RANDOM</selecttype>")
    assert "some of its items are put to each student" in quiz.notes[0]
