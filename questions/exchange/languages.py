"""Two languages in a form that has room for one: which are written, and how they are told apart.

The prompt holds both, each marked as what it is. In one line (an option, a title) they stand one
after the other with a wide slash between them. A blank may stand in a prompt once only, so in the
second language it is named in wide brackets.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from quizproof.questions.exchange.exchanged import NotHeldError
from quizproof.questions.exchange.html_text import Note, Words, html_of, words_of
from quizproof.questions.spec import (
    Blanks,
    DropDowns,
    MultipleChoice,
    Question,
    SingleChoice,
    Text,
)

Written: TypeAlias = Literal["both", "en", "zh-Hant"]

BETWEEN = " ／ "


@dataclass(frozen=True)
class Marking:
    """The HTML by which a form marks the language of a part of a prompt."""

    tag: str
    en: str
    zh_hant: str


BY_LANG = Marking("p", ' lang="en"', ' lang="zh-Hant"')
# what Moodle's multi-language filter shows a reader only their own of
MULTILANG = Marking("span", ' lang="en" class="multilang"', ' lang="zh_tw" class="multilang"')


def in_language(question: Question, language: Written) -> Question:
    """``question`` with its texts in one language only, or as it is."""
    if language == "both":
        return question

    def one(text: Text) -> Text:
        return title_in(text, language)

    changed: dict[str, object] = {"prompt": one(question.prompt)}
    if isinstance(question, SingleChoice | MultipleChoice):
        changed["options"] = {
            name: option.model_copy(update={"text": one(option.text)})
            for name, option in question.options.items()
        }
    if isinstance(question, DropDowns):
        changed["parts"] = {
            part: down.model_copy(
                update={
                    "options": {
                        name: option.model_copy(update={"text": one(option.text)})
                        for name, option in down.options.items()
                    }
                }
            )
            for part, down in question.parts.items()
        }
    return question.model_copy(update=changed)


def title_in(text: Text, language: Written) -> Text:
    """``text`` in one language only, or as it is."""
    return text if language == "both" else same(text.en if language == "en" else text.zh_hant)


def same(text: str) -> Text:
    """A text of which there is one language only. Raises NotHeldError where it is empty."""
    if not text:
        raise NotHeldError("a text of it is empty")
    return Text(en=text, zh_hant=text)


def is_bilingual(question: Question) -> bool:
    """Tell whether any text of ``question`` differs between the languages."""
    return any(text.en != text.zh_hant for text in _texts(question))


def prompt_html(question: Question, marking: Marking) -> str:
    """The prompt in the language or languages it is in."""
    if not is_bilingual(question):
        return html_of(question.prompt.en)
    second = _widened(question.prompt.zh_hant, parts_of(question))
    return html_of(question.prompt.en, marking.tag, marking.en) + html_of(
        second, marking.tag, marking.zh_hant
    )


def line_html(text: Text) -> str:
    """An option, where it may be HTML."""
    if text.en == text.zh_hant:
        return html_of(text.en)
    return html_of(text.en, MULTILANG.tag, MULTILANG.en) + html_of(
        text.zh_hant, MULTILANG.tag, MULTILANG.zh_hant
    )


def in_one_line(text: Text) -> str:
    """An option or a title."""
    return text.en if text.en == text.zh_hant else f"{text.en}{BETWEEN}{text.zh_hant}"


def parts_of(question: Question) -> Collection[str]:
    """The names of the blanks or lists in its prompt."""
    if isinstance(question, Blanks):
        return question.blanks.keys()
    return question.parts.keys() if isinstance(question, DropDowns) else ()


def read_prompt(html: str, parts: Collection[str], note: Note) -> tuple[Text, bool]:
    """Read what ``prompt_html`` wrote, and whether in two languages. Raises NotHeldError."""
    words = words_of(html, note)
    if words.marked:
        words = replace(words, zh_hant=_narrowed(words.zh_hant, parts))
    return _text(words), words.marked


def read_line_html(html: str, note: Note) -> Text:
    """Read what ``line_html`` wrote. Raises NotHeldError where it is empty."""
    return _text(words_of(html, note))


def read_line(line: str, *, bilingual: bool) -> Text:
    """Read what ``in_one_line`` wrote. Raises NotHeldError where it is empty."""
    en, between, zh_hant = line.partition(BETWEEN)
    if bilingual and between and en and zh_hant and BETWEEN not in zh_hant:
        return Text(en=en, zh_hant=zh_hant)
    return same(line)


def _text(words: Words) -> Text:
    if not words.en or not words.zh_hant:
        raise NotHeldError("a text of it is empty")
    return Text(en=words.en, zh_hant=words.zh_hant)


def _texts(question: Question) -> list[Text]:
    texts = [question.prompt]
    if isinstance(question, SingleChoice | MultipleChoice):
        texts += [option.text for option in question.options.values()]
    if isinstance(question, DropDowns):
        for down in question.parts.values():
            texts += [option.text for option in down.options.values()]
    return texts


def _widened(text: str, parts: Collection[str]) -> str:
    return re.sub(r"\[([a-z0-9]{1,8})\]", lambda m: _wide(m[1]) if m[1] in parts else m[0], text)


def _narrowed(text: str, parts: Collection[str]) -> str:
    return re.sub(r"［([a-z0-9]{1,8})］", lambda m: f"[{m[1]}]" if m[1] in parts else m[0], text)


def _wide(part: str) -> str:
    return f"［{part}］"
