"""Matching questions as other systems write them."""

from __future__ import annotations

from pathlib import Path

from quizproof.questions.exchange.exchanged import Exchanged
from quizproof.questions.exchange.forms import read_quizzes
from quizproof.questions.spec import Matching
from tests.questions.exchange.qti_items import condition, equal, item, label, response, written


def canvas(path: Path, *lists: tuple[str, str, list[str]], right: dict[str, str]) -> Exchanged:
    responses = "".join(response(ident, labels, name=left) for ident, left, labels in lists)
    conditions = "".join(condition(equal(v, ident), "50", "Add") for ident, v in right.items())
    asked = item("matching_question", "Which?", responses, conditions)
    (quiz,) = read_quizzes(written(path / "quiz.xml", asked))
    return quiz


def test_of_canvas_with_the_same_idents_in_each_list(tmp_path: Path) -> None:
    labels = [label("11", "A cat"), label("12", "A dog"), label("13", "A fish")]
    quiz = canvas(
        tmp_path,
        ("response_7811", "It purrs", labels),
        ("response_7812", "It barks", labels),
        right={"response_7811": "11", "response_7812": "12"},
    )
    (question,) = quiz.questions
    assert isinstance(question, Matching)
    assert {c: t.en for c, t in question.choices.items()} == {
        "a": "A cat",
        "b": "A dog",
        "c": "A fish",
    }
    assert [(p, i.text.en, i.expected) for p, i in question.items.items()] == [
        ("1", "It purrs", "a"),
        ("2", "It barks", "b"),
    ]
    assert quiz.notes == ()


def test_of_new_quizzes_with_idents_of_its_own_in_each_list(tmp_path: Path) -> None:
    quiz = canvas(
        tmp_path,
        ("response_x", "It purrs", [label("p", "A cat"), label("q", "A dog")]),
        ("response_y", "It barks", [label("r", "A dog"), label("s", "A cat")]),
        right={"response_x": "p", "response_y": "r"},
    )
    (question,) = quiz.questions
    assert isinstance(question, Matching)
    assert [item.expected for item in question.items.values()] == ["a", "b"]


def test_of_moodle_with_answers_to_nothing(tmp_path: Path) -> None:
    pairs = [("<p>It purrs</p>", "A cat"), ("It barks", "A dog"), ("", "A fish"), ("Miau", "A cat")]
    inner = "".join(
        f"<subquestion format='html'><text><![CDATA[{left}]]></text>"
        f"<answer><text>{right}</text></answer></subquestion>"
        for left, right in pairs
    )
    (tmp_path / "m.xml").write_text(
        "<quiz><question type='matching'><questiontext format='html'><text>Which?</text>"
        f"</questiontext>{inner}</question></quiz>",
        encoding="utf-8",
    )
    (quiz,) = read_quizzes(tmp_path / "m.xml")
    (question,) = quiz.questions
    assert isinstance(question, Matching)
    assert [text.en for text in question.choices.values()] == ["A cat", "A dog", "A fish"]
    assert [(i.text.en, i.expected) for i in question.items.values()] == [
        ("It purrs", "a"),
        ("It barks", "b"),
        ("Miau", "a"),
    ]


def test_what_matches_nothing_is_left_out(tmp_path: Path) -> None:
    (tmp_path / "m.xml").write_text(
        "<quiz><question type='matching'><questiontext format='html'><text>Which?</text>"
        "</questiontext></question><question type='truefalse'><questiontext format='html'>"
        "<text>Q</text></questiontext><answer fraction='100'><text>t</text></answer>"
        "<answer fraction='0'><text>f</text></answer></question></quiz>",
        encoding="utf-8",
    )
    (quiz,) = read_quizzes(tmp_path / "m.xml")
    assert len(quiz.questions) == 1
    assert "it has nothing to match" in quiz.notes[0]
