"""Quizzes out of Moodle XML."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from html import escape
from typing import TypeAlias
from urllib.parse import unquote
from xml.etree.ElementTree import Element

from quizproof.questions.exchange.cloze import without_parts
from quizproof.questions.exchange.decimals import read_number
from quizproof.questions.exchange.exchanged import ABOUT, Exchanged, NotHeldError, Outcome
from quizproof.questions.exchange.html_text import Note
from quizproof.questions.exchange.languages import (
    one_line_of,
    read_line,
    read_line_html,
    read_prompt,
    written_languages,
)
from quizproof.questions.exchange.matching import read_moodle_matching
from quizproof.questions.exchange.moodle_files import files_of
from quizproof.questions.exchange.moodle_keys import (
    all_right,
    any_right,
    drop_down,
    filled,
    with_text,
)
from quizproof.questions.exchange.naming import option_letters, quiz_id
from quizproof.questions.exchange.ordering import read_moodle_ordering
from quizproof.questions.exchange.reading import Reading, label, with_topic
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

_PICTURE = re.compile(r"!\[([^\[\]\n]*)\]\(([^()\n]*)\)")  # of Markdown
_PART = re.compile(r"\[\[([0-9]{1,3})\]\]")


def read_moodle(root: Element) -> Exchanged:
    """The quiz in a document."""
    reading = Reading()
    ident, title = "", ""
    for place, element in enumerate(_questions(root), 1):
        if element.get("type") == "category":
            if ident:
                reading.tell(
                    "categories", Outcome.CHANGED, "several: their questions become one quiz"
                )
            else:
                ident, title = _category(element)
            continue
        named = (element.findtext("name/text") or "").strip()
        reading.take(
            label("question", place, named),
            named,
            len(reading.questions) + 1,
            lambda note, element=element: _question(element, note),  # type: ignore[misc]
            files_of(element),
        )
    return Exchanged(
        id=quiz_id(ident),
        title=read_line(title or "?", written_languages(reading.questions)),
        questions=tuple(reading.questions),
        rows=reading.rows,
        pictures=reading.pictures,
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
        raise NotHeldError(f"no kind of question here is like {one_line(kind, 40) or 'it'}")
    for path in ("generalfeedback/text", "answer/feedback/text", "hint/text"):
        if any((text.text or "").strip() for text in element.findall(path)):
            note("its feedback is left out")
    texts = unquote("".join(text.text or "" for text in element.iter("text")))
    for name in [file.get("name", "") for file in element.iter("file")][:100]:
        if name not in texts:  # what a text shows is told of where it stands
            note(f"a file is left out ({one_line(name, 60)})")
    tags = [text.text or "" for text in element.findall("tags/tag/text")]
    if len(tags) > 1:
        note(f"of its {len(tags)} tags the first is its topic")
    return with_topic(reader(element, note), tags[0] if tags else "")


def _choices(element: Element, note: Note) -> Question:
    prompt = read_prompt(_prompt(element), (), note)
    answers = [
        (html, float(read_number(answer.get("fraction", "0"))))
        for answer in element.findall("answer")
        for html in [_html(answer)]
    ]
    shown = with_text([(one_line_of(html, note), (html, share)) for html, share in answers], note)
    letters = list(option_letters([str(place) for place in range(len(shown))]).values())
    options = {
        letter: Option(text=read_line_html(html, note, prompt.languages))
        for letter, (html, _) in zip(letters, shown, strict=True)
    }
    shares = {letter: share for letter, (_, share) in zip(letters, shown, strict=True)}
    lost = sum(share > 0 for _, share in answers) > sum(share > 0 for share in shares.values())
    single = (element.findtext("single") or "true").strip().lower() in ("true", "1")
    key = None if lost else (any_right if single else all_right)(shares, "it", note)
    if lost:
        note("no key: a right option is not among those taken over; write 'expected'")
    made = SingleChoice if single else MultipleChoice
    return made.model_validate(
        {
            "kind": "single" if single else "multiple",
            "points": _points(element, note),
            "about": ABOUT,
            "prompt": prompt,
            "options": options,
            "expected": key,
        }
    )


def _lists(element: Element, note: Note) -> Question:
    options = element.findall("selectoption")
    html = _prompt(element)
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
        texts = [((options[index].findtext("text") or "").strip(), index) for index in of_list]
        shown = with_text([(text, (text, index)) for text, index in texts], note)
        letters = option_letters([str(index) for _, index in shown])
        if str(place - 1) not in letters:
            note(f"no key for list {name}: its right choice has no text; write 'expected'")
        parts[name] = DropDown(
            options={
                letters[str(index)]: Option(text=read_line(text, prompt.languages))
                for text, index in shown
            },
            expected=letters.get(str(place - 1)),
        )
    return DropDowns(
        kind="dropdowns", points=_points(element, note), about=ABOUT, prompt=prompt, parts=parts
    )


def _cloze(element: Element, note: Note) -> Question:
    html, found = without_parts(_prompt(element))
    if not found:
        raise NotHeldError("it has no blanks")
    parts = {str(place): part for place, part in enumerate(found, 1)}
    prompt = read_prompt(html, parts.keys(), note)
    points = float(sum(part.weight for part in found))
    if len({part.weight for part in found}) > 1:
        note("its blanks are worth different points there; here each is worth the same")
    if any(part.cased for part in found):
        note("upper and lower case count in it; here they do not")
    kinds = {part.kind for part in found}
    question: Question
    if kinds == {"list"}:
        question = DropDowns(
            kind="dropdowns",
            points=points,
            about=ABOUT,
            prompt=prompt,
            parts={
                name: drop_down(part, name, note, prompt.languages) for name, part in parts.items()
            },
        )
        return question
    if "list" in kinds:
        raise NotHeldError(
            "it has blanks and lists, of which a question here has one kind; make two of it"
        )
    question = Blanks(
        kind="blanks",
        points=points,
        about=ABOUT,
        prompt=prompt,
        blanks={
            name: filled(
                [(a.text, a.share) for a in part.answers], part.kind == "number", name, note
            )
            for name, part in parts.items()
        },
    )
    return question


def _short_answer(element: Element, note: Note) -> Question:
    if (element.findtext("usecase") or "").strip() in ("1", "true"):
        note("upper and lower case count in it; here they do not")
    answers = [
        (answer.findtext("text") or "", float(read_number(answer.get("fraction", "0"))))
        for answer in element.findall("answer")
    ]
    return _of_one_blank(element, filled(answers, False, "1", note), note)


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
    return _of_one_blank(element, filled(answers, True, "1", note), note)


def _of_one_blank(element: Element, blank: TextBlank | NumberBlank, note: Note) -> Question:
    prompt = read_prompt(_prompt(element), ("1",), note)
    return Blanks(
        kind="blanks",
        points=_points(element, note),
        about=ABOUT,
        prompt=prompt,
        blanks={"1": blank},
    )


def _matching(element: Element, note: Note) -> Question:
    return read_moodle_matching(element, _prompt(element), _points(element, note), note)


def _ordering(element: Element, note: Note) -> Question:
    return read_moodle_ordering(element, _prompt(element), _points(element, note), note)


_KINDS: Mapping[str, Kind] = {
    "ordering": _ordering,
    "matching": _matching,
    "multichoice": _choices,
    "truefalse": _choices,
    "gapselect": _lists,
    "cloze": _cloze,
    "multianswer": _cloze,
    "shortanswer": _short_answer,
    "numerical": _numerical,
}


def _prompt(element: Element) -> str:
    """The prompt as HTML, with the picture that old versions of Moodle have beside it."""
    html = _html(element.find("questiontext"))
    beside = any((element.findtext(tag) or "").strip() for tag in ("image", "image_base64"))
    return f"{html}<p><img></p>" if beside else html


def _html(element: Element | None) -> str:
    """A text as HTML, whichever it is written as."""
    if element is None:
        raise NotHeldError("it has no text")
    text = element.findtext("text") or ""
    written = element.get("format", "html")
    if written == "html":
        return text
    if written != "moodle_auto_format":
        text = escape(text, quote=False)
    if written == "markdown":
        text = _PICTURE.sub(lambda m: f'<img alt="{_bare(m[1])}" src="{_bare(m[2])}">', text)
    return text.replace("\n", "<br>")


def _bare(words: str) -> str:
    return words.replace('"', "")


def _points(element: Element, note: Note) -> float:
    points = float(read_number(element.findtext("defaultgrade") or "1"))
    if points < 0:
        note("points below zero; 0 is taken")
    return max(points, 0.0)
