"""Several languages in a form that has room for one: which are written, and what tells them apart.

The prompt holds them all, each marked as what it is. In one line (an option, a title) they stand
one after the other with a wide slash between them. A blank may stand in a prompt once only, so in
all but the first language it is named in wide brackets.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import TypeAlias

from quizproof.questions.exchange.exchanged import NotHeldError
from quizproof.questions.exchange.html_text import Note, Words, html_of, words_of
from quizproof.questions.fields import PART
from quizproof.questions.languages import languages_of, placed_texts
from quizproof.questions.spec import (
    Blanks,
    DropDowns,
    Matching,
    MultipleChoice,
    Ordering,
    Question,
    SingleChoice,
    Text,
)

ALL = "all"
BETWEEN = " ／ "

# Words and their language, as the HTML by which a form marks it
Marking: TypeAlias = Callable[[str, str], str]


def by_lang(words: str, language: str) -> str:
    return html_of(words, "p", f' lang="{language}"')


def multilang(words: str, language: str) -> str:
    """What Moodle's multi-language filter shows a reader only their own of."""
    code = "zh_tw" if language == "zh-Hant" else language.lower().replace("-", "_")
    return html_of(words, "span", f' lang="{code}" class="multilang"')


def in_language(question: Question, language: str) -> Question:
    """``question`` with its texts in one language only, or as it is."""
    if language == ALL:
        return question

    def one(text: Text) -> Text:
        return text_in(text, language)

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
    if isinstance(question, Matching):
        changed["choices"] = {name: one(text) for name, text in question.choices.items()}
        changed["items"] = {
            part: item.model_copy(update={"text": one(item.text)})
            for part, item in question.items.items()
        }
    if isinstance(question, Ordering):
        changed["items"] = {
            name: item.model_copy(update={"text": one(item.text)})
            for name, item in question.items.items()
        }
    return question.model_copy(update=changed)


def text_in(text: Text, language: str) -> Text:
    """``text`` in one language only, which needs no name then, or as it is."""
    return text if language == ALL else Text(text.in_(language))


def written_languages(questions: Iterable[Question]) -> tuple[str, ...]:
    """The languages that are told apart where ``questions`` are written.

    Several in which nothing is said differently are none.
    """
    languages: dict[str, None] = {}
    for question in questions:
        found = languages_of(question)
        if len(found) == 1 or any(_differs(text, found) for _, text in placed_texts(question)):
            languages |= dict.fromkeys(found)
    return tuple(languages)


def prompt_html(question: Question, marking: Marking) -> str:
    """The prompt in the language or languages it is in."""
    languages = written_languages([question])
    if not languages:
        return html_of(question.prompt.en)
    first, *others = languages
    parts = parts_of(question)
    return marking(question.prompt.in_(first), first) + "".join(
        marking(_widened(question.prompt.in_(language), parts), language) for language in others
    )


def line_html(text: Text, languages: Sequence[str]) -> str:
    """An option, where it may be HTML."""
    if not _differs(text, languages):
        return html_of(_single(text, languages))
    return "".join(multilang(text.in_(language), language) for language in languages)


def in_one_line(text: Text, languages: Sequence[str]) -> str:
    """An option or a title."""
    if not _differs(text, languages):
        return _single(text, languages)
    return BETWEEN.join(text.in_(language) for language in languages)


def parts_of(question: Question) -> Collection[str]:
    """The names of the blanks or lists in its prompt."""
    if isinstance(question, Blanks):
        return question.blanks.keys()
    return question.parts.keys() if isinstance(question, DropDowns) else ()


def names_part(question: Question, part: str) -> bool:
    """Tell whether the prompt, in the language that is written first, names ``part``."""
    return f"[{part}]" in _single(question.prompt, written_languages([question]))


def read_prompt(html: str, parts: Collection[str], note: Note) -> Text:
    """Read what ``prompt_html`` wrote. Raises NotHeldError where it is empty."""
    words = words_of(html, note)
    if isinstance(words, str):
        return _text(words)
    first = next(iter(words))
    return _text({tag: w if tag == first else _narrowed(w, parts) for tag, w in words.items()})


def read_line_html(html: str, note: Note, languages: Sequence[str]) -> Text:
    """Read what ``line_html`` wrote. Raises NotHeldError where it is empty."""
    words = words_of(html, note)
    if isinstance(words, str) and len(languages) == 1:
        words = {languages[0]: words}
    return _text(words)


def read_line(line: str, languages: Sequence[str]) -> Text:
    """Read what ``in_one_line`` wrote. Raises NotHeldError where it is empty."""
    pieces = line.split(BETWEEN) if len(languages) > 1 else [line]
    if len(pieces) == len(languages) and all(pieces):
        return _text(dict(zip(languages, pieces, strict=True)))
    return _text(line)


def one_line_of(html: str, note: Note) -> str:
    """The words of HTML where there is to be one line, as ``in_one_line`` writes it."""
    words = words_of(html, note)
    return words if isinstance(words, str) else BETWEEN.join(words.values())


def _text(words: Words) -> Text:
    if not words or (isinstance(words, dict) and not all(words.values())):
        raise NotHeldError("a text of it is empty")
    return Text(words)


def _differs(text: Text, languages: Sequence[str]) -> bool:
    return len({text.in_(language) for language in languages}) > 1


def _single(text: Text, languages: Sequence[str]) -> str:
    return text.in_(languages[0]) if languages else text.en


def _widened(text: str, parts: Collection[str]) -> str:
    return re.sub(rf"\[({PART})\]", lambda m: _wide(m[1]) if m[1] in parts else m[0], text)


def _narrowed(text: str, parts: Collection[str]) -> str:
    return re.sub(rf"［({PART})］", lambda m: f"[{m[1]}]" if m[1] in parts else m[0], text)


def _wide(part: str) -> str:
    return f"［{part}］"
