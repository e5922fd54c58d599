"""Quizzes out of QTI 1.2: what an assessment asks, and the key that its conditions hold."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from quizproof.questions.exchange.decimals import read_number
from quizproof.questions.exchange.exchanged import Exchanged, ExchangeError, NotHeldError, Reading
from quizproof.questions.exchange.html_text import Note
from quizproof.questions.exchange.languages import read_line, written_languages
from quizproof.questions.exchange.naming import free_id, quiz_id
from quizproof.questions.exchange.qti_kinds import KINDS
from quizproof.questions.problems import one_line
from quizproof.questions.spec import Question

_PROFILES = {
    "cc.multiple_choice.v0p1": "multiple_choice_question",
    "cc.multiple_response.v0p1": "multiple_answers_question",
    "cc.true_false.v0p1": "true_false_question",
    "cc.fib.v0p1": "short_answer_question",
}
DEFAULT_POINTS = "1"  # what Canvas takes where an item names none


def read_assessments(root: Element, name: str) -> Iterator[Exchanged]:
    """The quizzes of a document; ``name`` is its file's. Raises ExchangeError."""
    if root.tag != "questestinterop":
        raise ExchangeError(f"{name}: its root is <{root.tag}>, not QTI 1.2's <questestinterop>")
    quizzes = [*root.iter("assessment"), *root.iter("objectbank")]
    if not quizzes:
        raise ExchangeError(f"{name}: no assessment in it; export the quiz again")
    for quiz in quizzes:
        yield _assessment(quiz, name)


def _assessment(element: Element, name: str) -> Exchanged:
    reading = Reading()
    for section in element.iter("section"):
        if section.find("selection_ordering") is not None:
            reading.note("a group that a student is shown a part of: all of it is taken over")
    for place, item in enumerate(element.iter("item"), 1):
        named = item.get("title", "") or item.get("ident", "")
        at = f"item {place}{f' ({one_line(named)[:60]})' if named else ''}"
        try:
            question = _question(item, reading.notes_on(at))
        except NotHeldError as why:
            reading.note(f"{at}: not taken over: {why}")
            continue
        taken = {known.id for known in reading.questions}
        given = free_id(item.get("title", ""), taken, place)
        reading.questions.append(question.model_copy(update={"id": given}))
    if not reading.questions:
        raise ExchangeError(f"{name}: no question in it that can be read; {_first(reading.notes)}")
    title = read_line(_title(element), written_languages(reading.questions))
    return Exchanged(
        quiz_id(element.get("ident", "")), title, tuple(reading.questions), tuple(reading.notes)
    )


def _title(element: Element) -> str:
    title = element.get("title", "") or _field(element, "bank_title") or "?"
    return title.strip() or "?"


def _question(item: Element, note: Note) -> Question:
    kind = _field(item, "question_type") or _PROFILES.get(_field(item, "cc_profile"), "")
    reader = KINDS.get(kind)
    if reader is None:
        raise NotHeldError(f"no kind of question here is like {one_line(kind)[:40] or 'it'}")
    points = _points(item, note)
    for tag in ("itemfeedback", "itemproc_extension", "objectives", "rubric"):
        if item.find(f".//{tag}") is not None:
            note(f"its {tag} is left out")
    return reader(item, points, note)


def _points(item: Element, note: Note) -> float:
    text = _field(item, "points_possible")
    try:
        points = float(read_number(text or DEFAULT_POINTS))
    except ValueError as error:
        note(f"points: {error}; 1 is taken")
        return 1.0
    if points < 0:
        note("points below zero; 0 is taken")
    return max(points, 0.0)


def _field(element: Element, label: str) -> str:
    """The entry of a field in the element's own metadata."""
    for metadata in (element.find("itemmetadata/qtimetadata"), element.find("qtimetadata")):
        for field in metadata if metadata is not None else ():
            if (field.findtext("fieldlabel") or "").strip() == label:
                return (field.findtext("fieldentry") or "").strip()
    return ""


def _first(notes: list[str]) -> str:
    return notes[0] if notes else "it is empty"
