"""Questions of items to be put in order: as New Quizzes have them in QTI 1.2, and Moodle."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from quizproof.questions.exchange.decimals import read_number
from quizproof.questions.exchange.exchanged import ABOUT, NotHeldError
from quizproof.questions.exchange.html_text import Note
from quizproof.questions.exchange.languages import one_line_of, read_line, read_prompt
from quizproof.questions.exchange.moodle_keys import with_text
from quizproof.questions.exchange.naming import option_letters
from quizproof.questions.exchange.qti_conditions import affirmed, scoring, value
from quizproof.questions.exchange.qti_texts import options_of, prompt_html
from quizproof.questions.lists import MOST_ORDERED
from quizproof.questions.spec import Ordering, Question, Ranked, Text


def read_ordering(item: Element, points: float, note: Note) -> Question:
    """An ordering question of New Quizzes: its condition names the items in their order."""
    labels = list(item.iter("response_label"))
    if not 2 <= len(labels) <= MOST_ORDERED:
        raise _too_many(len(labels))
    prompt = read_prompt(prompt_html(item), (), note)
    letters, options = options_of(labels, note, prompt.languages)
    conditions = scoring(item)
    order = [value(equal) for c in conditions[:1] for equal in affirmed(c.variable)]
    key = None
    if len(conditions) == 1 and sorted(order) == sorted(letters):
        key = [letters[ident] for ident in order]
    elif conditions:
        note("no key: its condition is no order of its items; write 'expected'")
    return _made(points, prompt, {name: option.text for name, option in options.items()}, key)


def read_moodle_ordering(element: Element, html: str, points: float, note: Note) -> Question:
    """An ordering question of Moodle, whose answers stand in the right order."""
    prompt = read_prompt(html, (), note)
    answers = sorted(
        element.findall("answer"), key=lambda answer: read_number(answer.get("fraction", "0"))
    )
    lines = [one_line_of(answer.findtext("text") or "", note) for answer in answers]
    shown = with_text([(line, line) for line in lines], note)
    if not 2 <= len(shown) <= MOST_ORDERED:
        raise _too_many(len(shown))
    if (element.findtext("selecttype") or "ALL").strip().upper() not in ("ALL", "0"):
        note("some of its items are put to each student there; here all are")
    letters = list(option_letters([str(place) for place in range(len(shown))]).values())
    items = {
        name: read_line(line, prompt.languages) for name, line in zip(letters, shown, strict=True)
    }
    return _made(points, prompt, items, letters)


def _too_many(items: int) -> NotHeldError:
    return NotHeldError(f"{items} items to put in order; 2 to {MOST_ORDERED} can be held")


def _made(points: float, prompt: Text, items: dict[str, Text], key: list[str] | None) -> Question:
    return Ordering(
        kind="ordering",
        points=points,
        about=ABOUT,
        prompt=prompt,
        items={name: Ranked(text=text) for name, text in items.items()},
        expected=key,
    )
