"""Quizzes out of QTI 1.2: what an assessment asks, and the key that its conditions hold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from quizproof.questions.exchange.decimals import read_number
from quizproof.questions.exchange.exchanged import (
    Exchanged,
    ExchangeError,
    NotHeldError,
    Outcome,
)
from quizproof.questions.exchange.html_text import Note
from quizproof.questions.exchange.languages import read_line, written_languages
from quizproof.questions.exchange.naming import quiz_id
from quizproof.questions.exchange.picture_files import Opening, no_file
from quizproof.questions.exchange.qti_kinds import KINDS
from quizproof.questions.exchange.reading import Reading, label, with_topic
from quizproof.questions.problems import one_line
from quizproof.questions.spec import Question

_PROFILES = {
    "cc.multiple_choice.v0p1": "multiple_choice_question",
    "cc.multiple_response.v0p1": "multiple_answers_question",
    "cc.true_false.v0p1": "true_false_question",
    "cc.fib.v0p1": "short_answer_question",
}
_TOLD_ELSEWHERE = frozenset(["text_only_question", "stimulus_question"])

MAX_ITEMS = 5_000


@dataclass(frozen=True)
class Banks:
    """The banks of items in a package and their items, each by its ident."""

    banks: Mapping[str, Element]
    items: Mapping[str, Element]

    @classmethod
    def of(cls, roots: Iterable[Element]) -> Banks:
        """All banks of the documents ``roots``."""
        banks = {b.get("ident", ""): b for root in roots for b in root.iter("objectbank")}
        items = {i.get("ident", ""): i for bank in banks.values() for i in bank.iter("item")}
        return cls(banks, items)


@dataclass(frozen=True)
class _Item:
    """An item where it stands, and the points that its group gives it."""

    element: Element
    points: str = ""  # "" where the item says it itself


def read_assessments(
    root: Element, name: str, banks: Banks | None = None, opening: Opening = no_file
) -> list[Exchanged]:
    """The quizzes of a document; ``name`` is its file's. Raises ExchangeError.

    ``banks`` are those of the whole package, which groups of a quiz draw from; ``opening`` finds
    the files that its texts show.
    """
    if root.tag != "questestinterop":
        raise ExchangeError(f"{name}: its root is <{root.tag}>, not QTI 1.2's <questestinterop>")
    quizzes = [*root.iter("assessment"), *root.iter("objectbank")]
    if not quizzes and root.find("item") is not None:
        quizzes = [root]
    if not quizzes:
        raise ExchangeError(f"{name}: no assessment in it; export the quiz again")
    there = Banks.of([root]) if banks is None else banks
    return [_assessment(quiz, name, there, opening) for quiz in quizzes]


def _assessment(element: Element, name: str, banks: Banks, opening: Opening) -> Exchanged:
    reading = Reading()
    for place, item in enumerate(_items(element, banks, reading), 1):
        if place > MAX_ITEMS:
            raise ExchangeError(f"{name}: more than {MAX_ITEMS} questions; split the quiz")
        title = item.element.get("title", "")
        reading.take(
            label("item", place, title or item.element.get("ident", "")),
            title,
            place,
            lambda note, item=item: _question(item, note),  # type: ignore[misc]
            opening,
        )
    title = _title(element)
    if not reading.questions and not reading.rows:
        reading.tell(title, Outcome.LEFT_OUT, "there is no question in it")
    return Exchanged(
        id=quiz_id(element.get("ident", "")),
        title=read_line(title, written_languages(reading.questions)),
        questions=tuple(reading.questions),
        rows=reading.rows,
        pictures=reading.pictures,
    )


def _items(element: Element, banks: Banks, reading: Reading, points: str = "") -> Iterator[_Item]:
    """The items of an assessment, a bank or a section, those of its groups and banks with them."""
    for child in element:
        if child.tag == "item":
            yield _Item(child, points)
        elif child.tag == "section":
            yield from _of_section(child, banks, reading, points)
        elif child.tag in ("bankentry_item", "itemref"):
            yield from _referred(child, banks, reading, points)
        elif child.tag not in ("selection_ordering", "qtimetadata"):
            yield from _items(child, banks, reading, points)


def _of_section(section: Element, banks: Banks, reading: Reading, points: str) -> Iterator[_Item]:
    """The items of a section, all of them where it is a group that shows each student some."""
    ordering = section.find("selection_ordering")
    if ordering is None:
        yield from _items(section, banks, reading, points)
        return
    points = _within(ordering, "points_per_item") or points
    found = list(_items(section, banks, reading, points))
    source = _within(ordering, "sourcebank_ref")
    named = one_line(section.get("title", ""), 60) or "of no name"
    pick = _within(ordering, "selection_number")
    if not found and source:
        if source not in banks.banks:
            reading.tell(
                f"group {named}",
                Outcome.LEFT_OUT,
                f"{pick or 'some'} of its questions are drawn from an item bank that is not in the "
                "file; export the whole course, or the bank with it",
            )
            return
        found = list(_items(banks.banks[source], Banks({}, {}), reading, points))
    if pick.isdecimal() and 0 < int(pick) < len(found):
        worth = f", for {float(points):g} points each" if _is_number(points) else ""
        reading.tell(
            f"group {named}",
            Outcome.CHANGED,
            f"{pick} of its {len(found)} questions are put to each student{worth}; all are taken "
            "over",
        )
    yield from found


def _referred(reference: Element, banks: Banks, reading: Reading, points: str) -> Iterator[_Item]:
    """The item that stands in a bank, where the quiz has only a reference to it."""
    wanted = reference.get("item_ref", "") or reference.get("linkrefid", "")
    source = reference.get("sourcebank_ref", "")
    if wanted and (item := banks.items.get(wanted)) is not None:
        yield _Item(item, reference.get("points_possible", "") or points)
        return
    reading.tell(
        f"item bank {one_line(source, 60) or 'of no name'}",
        Outcome.LEFT_OUT,
        "a question stands in an item bank that is not in the file; export the bank with it",
    )


def _is_number(text: str) -> bool:
    try:
        return read_number(text) >= 0
    except ValueError:
        return False


def _within(ordering: Element, tag: str) -> str:
    return next(((found.text or "").strip() for found in ordering.iter(tag)), "")


def _title(element: Element) -> str:
    title = element.get("title", "") or _field(element, "bank_title") or "?"
    return title.strip() or "?"


def _question(item: _Item, note: Note) -> Question:
    element = item.element
    kind = _field(element, "question_type") or _field(element, "cc_profile")
    reader = KINDS.get(_PROFILES.get(kind, kind))
    if kind in _TOLD_ELSEWHERE:
        raise NotHeldError("a text that asks nothing; put it into the prompts it belongs to")
    if reader is None:
        raise NotHeldError(f"no kind of question here is like {one_line(kind, 40) or 'it'}")
    points = _points(item, note)
    if _field(element, "case_sensitive").lower() == "true":
        note("upper and lower case count in it; here they do not")
    for tag in ("itemfeedback", "itemproc_extension", "objectives", "rubric"):
        if element.find(f".//{tag}") is not None:
            note(f"its {tag} is left out")
    return with_topic(reader(element, points, note), _field(element, "topic"))


def _points(item: _Item, note: Note) -> float:
    text = item.points or next(
        filter(None, (_field(item.element, f) for f in ("points_possible", "cc_weighting"))), ""
    )
    if not text:
        note("it names no points; 1 is taken, as Canvas does")
        return 1.0
    try:
        points = float(read_number(text))
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
