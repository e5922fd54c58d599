"""Quizzes out of Moodle XML."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from html import escape
from typing import TypeAlias
from xml.etree.ElementTree import Element

from quizproof.questions.exchange.cloze import Part, without_parts
from quizproof.questions.exchange.decimals import around, number_blank, read_number
from quizproof.questions.exchange.exchanged import (
    ABOUT,
    Exchanged,
    ExchangeError,
    NotHeldError,
    Reading,
)
from quizproof.questions.exchange.html_text import Note
from quizproof.questions.exchange.languages import (
    one_line_of,
    read_line,
    read_line_html,
    read_prompt,
    written_languages,
)
from quizproof.questions.exchange.naming import free_id, option_letters, quiz_id
from quizproof.questions.problems import one_line
from quizproof.questions.spec import (
    Blanks,
    DropDown,
    DropDowns,
    MultipleChoice,
    NumberBlank,
    Option,
    Question,
    SingleChoice,
    TextBlank,
)

Kind: TypeAlias = Callable[[Element, Note], Question]

_PART = re.compile(r"\[\[([0-9]{1,3})\]\]")


def read_moodle(root: Element, name: str) -> Exchanged:
    """The quiz in a document whose file is called ``name``. Raises ExchangeError."""
    reading = Reading()
    ident, title = "", ""
    for place, element in enumerate(_questions(root), 1):
        if element.get("type") == "category":
            if ident:
                reading.note("several categories: their questions are taken over as one quiz")
            else:
                ident, title = _category(element)
            continue
        named = (element.findtext("name/text") or "").strip()
        at = f"question {place}{f' ({one_line(named)[:60]})' if named else ''}"
        try:
            question = _question(element, reading.notes_on(at))
        except NotHeldError as why:
            reading.note(f"{at}: not taken over: {why}")
            continue
        taken = {known.id for known in reading.questions}
        given = free_id(named, taken, len(taken) + 1)
        reading.questions.append(question.model_copy(update={"id": given}))
    if not reading.questions:
        first = reading.notes[0] if reading.notes else "it is empty"
        raise ExchangeError(f"{name}: no question in it that can be read; {first}")
    return Exchanged(
        quiz_id(ident),
        read_line(title or "?", written_languages(reading.questions)),
        tuple(reading.questions),
        tuple(reading.notes),
    )


def _questions(root: Element) -> Iterator[Element]:
    return (element for element in root if element.tag == "question")


def _category(element: Element) -> tuple[str, str]:
    path = (element.findtext("category/text") or "").strip()
    last = re.split(r"(?<!/)/(?!/)", path)[-1].replace("//", "/")
    title = one_line_of(element.findtext("info/text") or "", lambda _: None)
    return (element.findtext("idnumber") or last).strip(), title or last


def _question(element: Element, note: Note) -> Question:
    kind = element.get("type", "")
    reader = _KINDS.get(kind)
    if reader is None:
        raise NotHeldError(f"no kind of question here is like {one_line(kind)[:40] or 'it'}")
    for path in ("generalfeedback/text", "answer/feedback/text", "hint/text"):
        if any((text.text or "").strip() for text in element.findall(path)):
            note("its feedback is left out")
    try:
        return reader(element, note)
    except ValueError as error:
        raise NotHeldError(str(error)) from None


def _choices(element: Element, note: Note) -> Question:
    prompt = read_prompt(_html(element.find("questiontext")), (), note)
    answers = element.findall("answer")
    letters = list(option_letters([str(place) for place in range(len(answers))]).values())
    options = {
        letter: Option(text=read_line_html(_html(answer), note, prompt.languages))
        for letter, answer in zip(letters, answers, strict=True)
    }
    shares = [float(read_number(answer.get("fraction", "0"))) for answer in answers]
    most = max(shares, default=0.0)
    single = (element.findtext("single") or "true").strip().lower() in ("true", "1")
    if single and any(0 < share < most for share in shares):
        note("options worth a part of the points are taken as wrong")
    key = [
        letter
        for letter, share in zip(letters, shares, strict=True)
        if share > 0 and (share == most or not single)
    ]
    made = SingleChoice if single else MultipleChoice
    return made.model_validate(
        {
            "kind": "single" if single else "multiple",
            "points": _points(element, note),
            "about": ABOUT,
            "prompt": prompt,
            "options": options,
            "expected": key or None,
        }
    )


def _lists(element: Element, note: Note) -> Question:
    options = element.findall("selectoption")
    html = _html(element.find("questiontext"))
    places = [int(place) for place in _PART.findall(html)]
    if not places or not all(1 <= place <= len(options) for place in places):
        raise NotHeldError("its prompt and its options do not belong together")
    counted = iter(range(1, len(places) + 1))
    html = _PART.sub(lambda _: f"[{next(counted)}]", html)
    names = [str(number) for number in range(1, len(places) + 1)]
    prompt = read_prompt(html, names, note)
    parts = {}
    for name, place in zip(names, places, strict=True):
        group = options[place - 1].findtext("group")
        of_list = [index for index, o in enumerate(options) if o.findtext("group") == group]
        letters = option_letters([str(index) for index in of_list])
        texts = [(options[index].findtext("text") or "").strip() for index in of_list]
        parts[name] = DropDown(
            options={
                letter: Option(text=read_line(text, prompt.languages))
                for letter, text in zip(letters.values(), texts, strict=True)
            },
            expected=letters[str(place - 1)],
        )
    return DropDowns(
        kind="dropdowns", points=_points(element, note), about=ABOUT, prompt=prompt, parts=parts
    )


def _cloze(element: Element, note: Note) -> Question:
    html, found = without_parts(_html(element.find("questiontext")))
    if not found:
        raise NotHeldError("it has no blanks")
    parts = {str(place): part for place, part in enumerate(found, 1)}
    prompt = read_prompt(html, parts.keys(), note)
    points = float(sum(part.weight for part in found))
    kinds = {part.kind for part in found}
    question: Question
    if kinds == {"list"}:
        question = DropDowns(
            kind="dropdowns",
            points=points,
            about=ABOUT,
            prompt=prompt,
            parts={name: _drop_down(part, note, prompt.languages) for name, part in parts.items()},
        )
        return question
    if "list" in kinds:
        raise NotHeldError("it has blanks and lists, of which a question here has one kind")
    question = Blanks(
        kind="blanks",
        points=points,
        about=ABOUT,
        prompt=prompt,
        blanks={
            name: _filled([(a.text, a.share) for a in part.answers], part.kind == "number", note)
            for name, part in parts.items()
        },
    )
    return question


def _drop_down(part: Part, note: Note, languages: Sequence[str]) -> DropDown:
    letters = list(option_letters([str(place) for place in range(len(part.answers))]).values())
    right = [letter for letter, a in zip(letters, part.answers, strict=True) if a.share == 100]
    if len(right) > 1:
        note(f"{len(right)} right choices in a list; the first is taken")
    return DropDown(
        options={
            letter: Option(text=read_line(answer.text, languages))
            for letter, answer in zip(letters, part.answers, strict=True)
        },
        expected=right[0] if right else None,
    )


def _short_answer(element: Element, note: Note) -> Question:
    if (element.findtext("usecase") or "").strip() in ("1", "true"):
        note("upper and lower case count in it; here they do not")
    answers = [
        (answer.findtext("text") or "", float(read_number(answer.get("fraction", "0"))))
        for answer in element.findall("answer")
    ]
    return _of_one_blank(element, _filled(answers, False, note), note)


def _numerical(element: Element, note: Note) -> Question:
    if element.find("units/unit") is not None:
        note("its units are left out")
    answers = [
        (
            f"{(answer.findtext('text') or '').strip()}:{answer.findtext('tolerance') or '0'}",
            float(read_number(answer.get("fraction", "0"))),
        )
        for answer in element.findall("answer")
    ]
    return _of_one_blank(element, _filled(answers, True, note), note)


def _of_one_blank(element: Element, blank: TextBlank | NumberBlank, note: Note) -> Question:
    prompt = read_prompt(_html(element.find("questiontext")), ("1",), note)
    return Blanks(
        kind="blanks",
        points=_points(element, note),
        about=ABOUT,
        prompt=prompt,
        blanks={"1": blank},
    )


def _filled(answers: list[tuple[str, float]], number: bool, note: Note) -> TextBlank | NumberBlank:
    """A blank from its answers and the share of the points for each."""
    right = [text.strip() for text, share in answers if share == 100 and text.strip()]
    if any(0 < share < 100 for _, share in answers):
        note("answers worth a part of the points are left out")
    if number:
        if not right:
            raise NotHeldError("no number is right")
        if len(right) > 1:
            note(f"{len(right)} right numbers; the first is taken")
        exact, _, within = right[0].partition(":")
        middle = read_number(exact.replace(",", "."))
        low, high = around(middle, read_number((within or "0").replace(",", ".")).copy_abs())
        return number_blank(middle, low, high)
    if any(re.search(r"(?<!\\)\*", word) for word in right):
        note("a * that stands for anything is taken as itself")
    words = [word.replace("\\*", "*") for word in right]
    return TextBlank(expected=list(dict.fromkeys(words)) or None)


_KINDS: Mapping[str, Kind] = {
    "multichoice": _choices,
    "truefalse": _choices,
    "gapselect": _lists,
    "cloze": _cloze,
    "multianswer": _cloze,
    "shortanswer": _short_answer,
    "numerical": _numerical,
}


def _html(element: Element | None) -> str:
    """A text as HTML, whichever it is written as."""
    if element is None:
        raise NotHeldError("it has no text")
    text = element.findtext("text") or ""
    written = element.get("format", "html")
    if written == "html":
        return text
    return (text if written == "moodle_auto_format" else escape(text, quote=False)).replace(
        "\n", "<br>"
    )


def _points(element: Element, note: Note) -> float:
    points = float(read_number(element.findtext("defaultgrade") or "1"))
    if points < 0:
        note("points below zero; 0 is taken")
    return max(points, 0.0)
