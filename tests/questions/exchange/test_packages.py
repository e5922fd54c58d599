"""Zips of Canvas: exports of whole courses, groups and banks, and quizzes that cannot be read."""

from __future__ import annotations

from pathlib import Path

import pytest

from quizproof.questions.exchange import qti_read
from quizproof.questions.exchange.exchanged import Exchanged, ExchangeError
from quizproof.questions.exchange.forms import read_quizzes
from tests.questions.exchange.qti_items import (
    BESIDE,
    COURSE_QTI,
    QTI,
    assessment,
    bank,
    document,
    essay,
    item,
    mammal,
    packed,
    resource,
    section,
    within,
    written,
)
from tests.questions.exchange.qti_items import condition as gives

NUMBER = item(
    "numerical_question", "Legs?", "", gives(within("8", "8", "8")), points_possible="3.0"
)
CC = assessment(
    item("", "Which is a mammal?", cc_profile="cc.essay.v0p1", points_possible=""),
    mammal(points_possible=""),
    ident="full",
)
WHOLE = assessment(mammal(points_possible="5.0"), NUMBER, ident="full")
COURSE = resource("full", COURSE_QTI, "full/assessment_qti.xml", needs="meta") + resource(
    "meta", BESIDE, "full/assessment_meta.xml", "non_cc_assessments/full.xml.qti"
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "course.imscc"


def points(quiz: Exchanged) -> list[float]:
    return [question.points for question in quiz.questions]


def test_the_whole_copy_of_a_courses_quiz_is_read(path: Path) -> None:
    files = {"full/assessment_qti.xml": CC, "non_cc_assessments/full.xml.qti": WHOLE}
    (quiz,) = read_quizzes(packed(path, COURSE, files))
    assert (quiz.id, points(quiz), quiz.notes) == ("full", [5, 3], ())


def test_where_the_whole_copy_is_missing_it_is_said(path: Path) -> None:
    (quiz,) = read_quizzes(packed(path, COURSE, {"full/assessment_qti.xml": CC}))
    assert points(quiz) == [1]
    assert "its whole copy, non_cc_assessments/full.xml.qti, is not in the zip" in quiz.notes[0]
    assert any("names no points" in note for note in quiz.notes)


def test_points_of_a_common_cartridge(tmp_path: Path) -> None:
    question = mammal(points_possible="", cc_weighting="4")
    (quiz,) = read_quizzes(written(tmp_path / "q.xml", question))
    assert points(quiz) == [4]


def test_banks_are_read_and_what_a_quiz_draws_from_them(path: Path) -> None:
    drawn = assessment(section(pick="1", points="2.5", bank="b1"), ident="drawn")
    one = mammal(points_possible="7.0")
    other = mammal("Which swims?", points_possible="7.0")
    resources = resource("drawn", QTI, "drawn/drawn.xml") + resource(
        "b1", BESIDE, "non_cc_assessments/b1.xml.qti"
    )
    files = {
        "drawn/drawn.xml": drawn,
        "non_cc_assessments/b1.xml.qti": bank(one, other, ident="b1", title="Of mammals"),
    }
    quiz, of_bank = read_quizzes(packed(path, resources, files))
    assert points(quiz) == [2.5, 2.5]
    assert "1 of its 2 questions are put to each student, for 2.5 points each" in quiz.notes[0]
    assert (of_bank.title.en, points(of_bank)) == ("Of mammals", [7, 7])


@pytest.mark.parametrize(
    "reference",
    [
        section(pick="2", points="1", bank="elsewhere"),
        "<bankentry_item sourcebank_ref='elsewhere' item_ref='i9' points_possible='2.0'/>",
    ],
)
def test_a_bank_that_is_not_there(tmp_path: Path, reference: str) -> None:
    (quiz,) = read_quizzes(written(tmp_path / "q.xml", mammal(), reference))
    assert len(quiz.questions) == 1
    assert "not taken over" in quiz.notes[0]
    assert "item bank that is not in the file" in quiz.notes[0]


def test_one_item_of_a_bank(tmp_path: Path) -> None:
    reference = "<bankentry_item sourcebank_ref='b1' item_ref='i1' points_possible='2.0'/>"
    quiz = f"<assessment ident='q'><section ident='s'>{reference}</section></assessment>"
    held = f"<objectbank ident='b1'>{mammal()}</objectbank>"
    (tmp_path / "q.xml").write_text(document(quiz + held))
    (found, _) = read_quizzes(tmp_path / "q.xml")
    assert points(found) == [2]


def test_items_without_an_assessment_around_them(tmp_path: Path) -> None:
    (tmp_path / "q.xml").write_text(document(mammal() + mammal("Which swims?")))
    (quiz,) = read_quizzes(tmp_path / "q.xml")
    assert points(quiz) == [1, 1]


def test_more_questions_than_a_quiz_has(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(qti_read, "MAX_ITEMS", 3)
    with pytest.raises(ExchangeError, match="more than 3 questions"):
        read_quizzes(written(tmp_path / "q.xml", *[mammal()] * 4))
    assert len(read_quizzes(written(tmp_path / "q.xml", *[mammal()] * 3))[0].questions) == 3


def test_a_group_gives_its_points_and_no_other_does(tmp_path: Path) -> None:
    group = section(mammal(), mammal("Which swims?"), pick="1", points="3.0")
    (quiz,) = read_quizzes(written(tmp_path / "q.xml", group, mammal("And?")))
    assert points(quiz) == [3, 3, 1]
    assert len(quiz.notes) == 1


def test_a_section_within_a_group_has_its_points(tmp_path: Path) -> None:
    inner = section(mammal(), pick="1")
    (quiz,) = read_quizzes(written(tmp_path / "q.xml", section(inner, pick="1", points="3.0")))
    assert points(quiz) == [3]


def test_a_group_that_shows_all_of_its_questions_says_nothing(tmp_path: Path) -> None:
    group = section(mammal(), mammal("Which swims?"), pick="2", points="3.0")
    (quiz,) = read_quizzes(written(tmp_path / "q.xml", group))
    assert (points(quiz), quiz.notes) == ([3, 3], ())


UNREADABLE = {
    "an essay alone": assessment(essay(), ident="b"),
    "empty": assessment(ident="b"),
    "cut short": assessment(mammal())[:-40],
    "another form": "<quiz/>",
    "entities": f"<!DOCTYPE x [<!ENTITY a 'b'>]>{assessment(mammal())}",
    "no assessment": document(""),
    "a text alone": assessment(item("text_only_question", "Read this."), ident="b"),
}


@pytest.mark.parametrize("second", UNREADABLE.values(), ids=UNREADABLE)
def test_one_quiz_that_cannot_be_read_costs_no_other(path: Path, second: str) -> None:
    resources = resource("a", QTI, "a/a.xml") + resource("b", QTI, "b/b.xml")
    files = {"a/a.xml": assessment(mammal(), ident="a"), "b/b.xml": second}
    first, unread = read_quizzes(packed(path, resources, files))
    assert (len(first.questions), first.notes) == (1, ())
    assert not unread.questions
    assert "not taken over" in unread.notes[0]
    with pytest.raises(ExchangeError):
        read_quizzes(packed(path, resource("b", QTI, "b/b.xml"), files))


@pytest.mark.parametrize("href", ["../a.xml", "gone.xml"])
def test_one_file_that_is_not_in_the_zip_costs_no_other(path: Path, href: str) -> None:
    resources = resource("a", QTI, "a/a.xml") + resource("b", QTI, href)
    first, unread = read_quizzes(packed(path, resources, {"a/a.xml": assessment(mammal())}))
    assert (len(first.questions), len(unread.questions)) == (1, 0)
