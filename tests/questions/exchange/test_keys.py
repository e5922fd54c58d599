"""A key that a question here cannot hold whole is none, and the reason is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from quizproof.questions.exchange.exchanged import Exchanged
from quizproof.questions.exchange.forms import read_quizzes
from quizproof.questions.scoring import key_answer
from quizproof.questions.spec import AnyOf, Blanks, NumberBlank, Range, SingleChoice
from tests.questions.exchange.qti_items import (
    blanks,
    choice,
    condition,
    equal,
    item,
    label,
    response,
    within,
    written,
)

AB = {"x": "Whale", "y": "Trout", "z": "Newt"}


def read(path: Path, question: str) -> Exchanged:
    (quiz,) = read_quizzes(written(path / "quiz.xml", question))
    return quiz


def moodle(path: Path, kind: str, inner: str) -> Exchanged:
    text = "<questiontext format='html'><text>Which?</text></questiontext>"
    (path / "m.xml").write_text(
        f"<quiz><question type='{kind}'>{text}{inner}</question></quiz>", encoding="utf-8"
    )
    (quiz,) = read_quizzes(path / "m.xml")
    return quiz


def answer(text: str, fraction: str, tolerance: str = "") -> str:
    within_ = f"<tolerance>{tolerance}</tolerance>" if tolerance else ""
    return f"<answer fraction='{fraction}'><text>{text}</text>{within_}</answer>"


def is_without_key(quiz: Exchanged, said: str) -> None:
    (question,) = quiz.questions
    assert key_answer(question) is None
    assert "no key" in quiz.notes[0]
    assert said in quiz.notes[0]


def several(*values: str) -> str:
    conditions = "".join(condition(within(value, value, value)) for value in values)
    return item("numerical_question", "A root?", "", conditions)


ONE_OF = "multiple_answers_question"
LISTED = [label(ident, text) for ident, text in AB.items()]


@pytest.mark.parametrize(
    ("question", "said"),
    [
        (
            item(
                "multiple_choice_question",
                "?",
                response("response1", LISTED),
                condition(equal("x") + equal("y")),
            ),
            "2 options are right (a, b)",
        ),
        (choice(AB, {"x": "10", "y": "5"}), "a gives all of the points there, b a part"),
        (choice(AB, {"x": "100", "w": "100"}), "not among those taken over"),
        (choice({**AB, "x": " "}, {"x": "100"}), "not among those taken over"),
        (several("2", "-2"), "2 different numbers are right in it (2, -2)"),
        (
            item("numerical_question", "?", "", condition(f"<or>{equal('2')}{equal('-2')}</or>")),
            "(2, -2)",
        ),
        (
            item("numerical_question", "?", "", condition(within("5", "0", "1"))),
            "2 different numbers",
        ),
        (
            item(
                "numerical_question",
                "?",
                "",
                condition(within("2", "2", "2")) + condition(within("3", "3", "3"), "50"),
            ),
            "a part of the points",
        ),
        (
            item(
                "short_answer_question",
                "?",
                "",
                condition(equal("cat")) + condition(equal("feline"), "50"),
            ),
            "feline gives a part",
        ),
        (
            item(
                ONE_OF,
                "?",
                response("response1", LISTED),
                condition(f"<or>{equal('x')}{equal('y')}</or>"),
            ),
            "other choices than one",
        ),
        (
            item(
                ONE_OF,
                "?",
                response("response1", LISTED),
                condition(f"<and>{equal('x')}</and>") + condition(f"<and>{equal('y')}</and>"),
            ),
            "other choices than one",
        ),
    ],
)
def test_of_canvas(tmp_path: Path, question: str, said: str) -> None:
    is_without_key(read(tmp_path, question), said)


@pytest.mark.parametrize(
    ("kind", "inner", "said"),
    [
        ("multichoice", answer("a", "90") + answer("b", "90"), "2 options of it are right"),
        ("multichoice", answer("a", "100") + answer("b", "50"), "b a part"),
        (
            "multichoice",
            "<single>false</single>" + answer("a", "100") + answer("b", "100"),
            "less than all of a, b",
        ),
        ("multichoice", answer(" ", "100") + answer("b", "0"), "right option is not among"),
        ("numerical", answer("2", "100", "0") + answer("-2", "100", "0"), "(2, -2)"),
        ("numerical", answer("2", "100", "0") + answer("3", "50", "1"), "a part of the points"),
        ("shortanswer", answer("cat", "100") + answer("feline", "50"), "'feline' gives a part"),
        ("shortanswer", answer("cat*", "100"), "stands for anything"),
    ],
)
def test_of_moodle(tmp_path: Path, kind: str, inner: str, said: str) -> None:
    is_without_key(moodle(tmp_path, kind, inner), said)


def test_where_one_is_to_be_chosen_any_of_several_may_be_right(tmp_path: Path) -> None:
    either = condition(f"<or>{equal('x')}{equal('y')}</or>")
    asked = response("response1", LISTED)
    for quiz in (
        read(tmp_path, choice(AB, {"x": "100", "y": "100"})),
        read(tmp_path, item("multiple_choice_question", "?", asked, either)),
        moodle(tmp_path, "multichoice", answer("a", "100") + answer("b", "100")),
    ):
        (question,) = quiz.questions
        assert isinstance(question, SingleChoice)
        assert question.expected == AnyOf(any=[["a"], ["b"]])
        assert not quiz.notes


@pytest.mark.parametrize(
    ("part", "said"),
    [
        ("{1:MC:=a~=b}", "2 options of list 1"),
        ("{1:MC:=a~%50%b}", "b a part"),
        ("{1:NM:=2:0~=-2:0}", "(2, -2)"),
    ],
)
def test_of_moodles_embedded_answers(tmp_path: Path, part: str, said: str) -> None:
    (tmp_path / "m.xml").write_text(
        "<quiz><question type='cloze'><questiontext format='html'><text>Which? "
        f"{part}</text></questiontext></question></quiz>"
    )
    (quiz,) = read_quizzes(tmp_path / "m.xml")
    is_without_key(quiz, said)


@pytest.mark.parametrize(
    ("low", "high", "blank"),
    [
        ("-0.23399999999999999", "0.766", NumberBlank(expected_number=0.266, tolerance=0.5)),
        ("-0.234", "0.766", NumberBlank(expected_number=0.266, tolerance=0.5)),
        (
            "-0.2339",
            "0.766",
            NumberBlank(expected_number=0.266, tolerance=Range(range=[-0.2339, 0.766])),
        ),
    ],
)
def test_bounds_that_were_computed_with_floats(
    tmp_path: Path, low: str, high: str, blank: NumberBlank
) -> None:
    conditions = condition(within("0.266", low, high))
    (question,) = read(tmp_path, item("numerical_question", "?", "", conditions)).questions
    assert isinstance(question, Blanks)
    assert question.blanks == {"1": blank}


@pytest.mark.parametrize(("part", "notes"), [("{1:SAC:=a}", 1), ("{1:SA:=a}", 0)])
def test_capitals_that_count_there_are_told_of(tmp_path: Path, part: str, notes: int) -> None:
    (tmp_path / "m.xml").write_text(
        "<quiz><question type='cloze'><questiontext format='html'><text>Which? "
        f"{part}</text></questiontext></question></quiz>"
    )
    (quiz,) = read_quizzes(tmp_path / "m.xml")
    assert len(quiz.notes) == notes
    assert all("upper and lower case count" in note for note in quiz.notes)


def test_the_same_number_twice_is_one(tmp_path: Path) -> None:
    (question,) = read(tmp_path, several("2", "2.0")).questions
    assert isinstance(question, Blanks)
    assert question.blanks == {"1": NumberBlank(tolerance=0.0, expected_number=2.0)}


def test_a_list_with_two_right_choices(tmp_path: Path) -> None:
    names = {"b1": [label("p", "cat"), label("q", "dog")]}
    conditions = condition(equal("p", "response_b1"), "100", "Add") + condition(
        equal("q", "response_b1"), "100", "Add"
    )
    responses = response("response_b1", names["b1"], name="b1")
    question = item("multiple_dropdowns_question", "A [b1].", responses, conditions)
    is_without_key(read(tmp_path, question), "2 choices in list b1 are right")


def test_options_without_a_text_are_left_out_with_a_line(tmp_path: Path) -> None:
    quiz = read(tmp_path, choice({**AB, "v": "", "w": " "}, {"y": "100"}))
    (question,) = quiz.questions
    assert isinstance(question, SingleChoice)
    assert [option.text.en for option in question.options.values()] == ["Whale", "Trout", "Newt"]
    assert question.expected == ["b"]
    assert "2 options without a text left out" in quiz.notes[0]


def test_moodles_options_without_a_text(tmp_path: Path) -> None:
    quiz = moodle(tmp_path, "multichoice", answer("a", "100") + answer("b", "0") + answer("", "0"))
    (question,) = quiz.questions
    assert isinstance(question, SingleChoice)
    assert (len(question.options), question.expected) == (2, ["a"])
    assert "1 option without a text left out" in quiz.notes[0]


def test_an_option_that_is_a_picture_is_none_without_a_text(tmp_path: Path) -> None:
    picture = "<response_label ident='p'><material><matimage uri='x.png'/></material>"
    responses = response("response1", [*LISTED, f"{picture}</response_label>"])
    quiz = read(tmp_path, item("multiple_choice_question", "?", responses, condition(equal("p"))))
    (question,) = quiz.questions
    assert isinstance(question, SingleChoice)
    assert (question.options["d"].text.en, question.expected) == ("(image)", ["d"])


def test_blanks_of_classic_quizzes_take_all_of_their_words(tmp_path: Path) -> None:
    question = blanks("A [b1].", {"b1": [label("p", "cat"), label("q", "dog")]}, ["p"])
    (found,) = read(tmp_path, question).questions
    assert isinstance(found, Blanks)
    assert found.model_dump()["blanks"]["b1"]["expected"] == ["cat", "dog"]
