"""Blanks and lists within a prompt, as Canvas's classic and New Quizzes write them in QTI 1.2.

New Quizzes call both *fill in blanks*: what is a list shows in the ``answer_type`` of its choices.
They write a blank's right answer where classic quizzes have its name; the prompt has another.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import unescape
from xml.etree.ElementTree import Element

from quizproof.questions.exchange.exchanged import ABOUT, NotHeldError
from quizproof.questions.exchange.html_text import Note
from quizproof.questions.exchange.languages import read_prompt
from quizproof.questions.exchange.naming import part_names
from quizproof.questions.exchange.qti_conditions import (
    differ,
    is_partly,
    right_of_list,
    worth_of_blanks,
)
from quizproof.questions.exchange.qti_texts import line_of, options_of, prompt_html, renamed
from quizproof.questions.spec import (
    Blanks,
    DropDown,
    DropDowns,
    NumberBlank,
    Question,
    Text,
    TextBlank,
)

MAX_BLANKS = 100
MAX_LABELS = 5_000
MAX_PROMPT = 2_000_000  # with the pictures in it
_LISTS = frozenset(["dropdown", "wordbank"])
_WHOLE = frozenset(["", "equivalence", "textequivalence", "textinchoices"])
_LOOSE = {
    "textcontainsanswer": "whatever contains it",
    "textcloseenough": "what is close enough to it",
    "textregex": "what a regular expression fits",
}


@dataclass(frozen=True)
class _Blank:
    response: str  # the ident that conditions name
    labels: Sequence[Element]

    @property
    def is_list(self) -> bool:
        return bool(self.labels) and self.labels[0].get("answer_type", "").lower() in _LISTS

    @property
    def algorithm(self) -> str:
        return self.labels[0].get("scoring_algorithm", "").lower() if self.labels else ""


def blanks_or_lists(item: Element, points: float, note: Note) -> Question:
    """A question of blanks to fill in, or of lists where all of its blanks are."""
    blanks = _blanks(item, prompt_html(item))
    are_lists = {blank.is_list for blank in blanks.values()}
    if are_lists == {True}:
        return lists(item, points, note)
    if True in are_lists:
        raise NotHeldError(
            "it has blanks and lists, of which a question here has one kind; make two of it"
        )
    if differ(worth_of_blanks(item).values()):
        note("its blanks are worth different points there; here each is worth the same")
    words = {
        name: [line_of(label, note) for label in blank.labels] for name, blank in blanks.items()
    }
    names, prompt = _named(item, words, note)
    filled: dict[str, TextBlank | NumberBlank] = {
        names[name]: TextBlank(expected=_key(item, blank, words[name], names[name], note))
        for name, blank in blanks.items()
    }
    return Blanks(kind="blanks", points=points, about=ABOUT, prompt=prompt, blanks=filled)


def lists(item: Element, points: float, note: Note) -> Question:
    """A question of lists to choose from."""
    blanks = _blanks(item, prompt_html(item))
    if differ(worth_of_blanks(item).values()):
        note("its lists are worth different points there; here each is worth the same")
    words = {
        name: [line_of(label, note) for label in blank.labels] for name, blank in blanks.items()
    }
    names, prompt = _named(item, words, note)
    parts = {}
    for name, blank in blanks.items():
        letters, options = options_of(_bank(blank, blanks, note), note, prompt.languages)
        right = right_of_list(item, blank.response, letters, f"list {names[name]}", note)
        parts[names[name]] = DropDown(options=options, expected=right)
    return DropDowns(kind="dropdowns", points=points, about=ABOUT, prompt=prompt, parts=parts)


def _blanks(item: Element, prompt: str) -> dict[str, _Blank]:
    """The blanks by the names that the prompt has for them."""
    found: dict[str, _Blank] = {}
    shown = unescape(prompt)
    responses = list(item.iter("response_lid"))
    labels = sum(1 for _ in item.iter("response_label"))
    if len(responses) > MAX_BLANKS or labels > MAX_LABELS or len(shown) > MAX_PROMPT:
        raise NotHeldError(f"more than a question has: {len(responses)} blanks, {labels} answers")
    for response in responses:
        ident = response.get("ident", "")
        called = (response.findtext("material/mattext") or "").strip()
        own = ident.removeprefix("response_")
        names = [name for name in (own, called) if name and f"[{name}]" in shown]
        name = (names or [called or own])[0]
        if name in found:
            raise NotHeldError(f"two blanks are called {name[:40]}; give each a name of its own")
        found[name] = _Blank(ident, tuple(response.iter("response_label")))
    if not found:
        raise NotHeldError("it has no blanks")
    return found


def _named(
    item: Element, words: Mapping[str, Sequence[str]], note: Note
) -> tuple[dict[str, str], Text]:
    """Names for the blanks that tell nothing, and the prompt with them."""
    names = part_names(list(words), [word for those in words.values() for word in those])
    if changed := [f"{old[:40]} is {new}" for old, new in names.items() if old != new]:
        note(f"its blanks are called otherwise: {', '.join(changed)}")
    return names, read_prompt(renamed(prompt_html(item), names), names.values(), note)


def _key(
    item: Element, blank: _Blank, words: Sequence[str], name: str, note: Note
) -> list[str] | None:
    """The words that are right in a blank; None where a list of words does not say it."""
    key = list(dict.fromkeys(filter(None, words)))
    if blank.algorithm not in _WHOLE:
        loose = _LOOSE.get(blank.algorithm, f"what '{blank.algorithm[:40]}' takes")
        note(
            f"no key for blank {name}: beside '{', '.join(key)[:60]}' {loose} is right there; "
            "write each word that is right as 'expected'"
        )
        return None
    if is_partly(item, blank.response):
        note(
            f"no key for blank {name}: some of its answers give a part of the points there; "
            "write 'expected'"
        )
        return None
    return key or None


def _bank(blank: _Blank, blanks: Mapping[str, _Blank], note: Note) -> Sequence[Element]:
    """The choices of a list: of a bank of words, those of all the blanks that share it."""
    if not blank.labels or blank.labels[0].get("answer_type", "").lower() != "wordbank":
        return blank.labels
    own = {line_of(label, note) for label in blank.labels}
    others = {
        line_of(label, note): label
        for other in blanks.values()
        for label in other.labels
        if label.get("answer_type", "").lower() == "wordbank"
    }
    return [*blank.labels, *(label for text, label in others.items() if text not in own)]
