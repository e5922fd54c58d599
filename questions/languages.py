"""The languages of a quiz, and what they are called."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from quizproof.questions.spec import (
    DropDowns,
    Matching,
    MultipleChoice,
    Ordering,
    Question,
    SingleChoice,
)
from quizproof.questions.text import Text, all_languages, nearest

PROGRAM_LANGUAGES = ("en", "zh-Hant")  # those of the program's own words
# What a reader calls the language that they read, which no library here knows
_OWN_NAMES: Mapping[str, str] = {
    "ar": "العربية",
    "cs": "Čeština",
    "de": "Deutsch",
    "en": "English",
    "es": "Español",
    "fr": "Français",
    "he": "עברית",
    "hi": "हिन्दी",
    "it": "Italiano",
    "ja": "日本語",
    "ko": "한국어",
    "nl": "Nederlands",
    "pl": "Polski",
    "pt": "Português",
    "ru": "Русский",
    "sv": "Svenska",
    "tr": "Türkçe",
    "uk": "Українська",
    "vi": "Tiếng Việt",
    "zh-Hans": "简体中文",
    "zh-Hant": "中文",
}
_NAMES: Mapping[str, Text] = {
    "en": Text(en="English", zh_hant="英文"),
    "zh-Hant": Text(en="Chinese", zh_hant="中文"),
}


def own_name(language: str) -> str:
    """The name of ``language`` in itself; its tag where it is not known here."""
    return _OWN_NAMES.get(language, language)


def language_name(language: str) -> Text:
    """The name of ``language`` in a sentence of the program's; its tag where there is none."""
    return _NAMES.get(language, Text(language))


def placed_texts(question: Question) -> Iterator[tuple[tuple[str, ...], Text]]:
    """All that a question says to whoever answers it, and where that stands in its file."""
    yield ("prompt",), question.prompt
    if isinstance(question, SingleChoice | MultipleChoice):
        for name, option in question.options.items():
            yield ("options", name, "text"), option.text
    if isinstance(question, DropDowns):
        for part, down in question.parts.items():
            for name, option in down.options.items():
                yield ("parts", part, "options", name, "text"), option.text
    if isinstance(question, Matching):
        for name, text in question.choices.items():
            yield ("choices", name), text
        for part, item in question.items.items():
            yield ("items", part, "text"), item.text
    if isinstance(question, Ordering):
        for name, ranked in question.items.items():
            yield ("items", name, "text"), ranked.text


def languages_of(*questions: Question) -> tuple[str, ...]:
    """The languages that ``questions`` are in, in the order in which they come."""
    return all_languages(text for question in questions for _, text in placed_texts(question))


def shown_languages(
    title: Text, questions: Iterable[Question], language: str = "en"
) -> tuple[str, ...]:
    """The languages that a page about a quiz is offered in.

    Where the quiz names none, it is that of the program which is nearest to ``language``.
    """
    return quiz_languages(title, questions) or (nearest(language, PROGRAM_LANGUAGES),)


def quiz_languages(title: Text, questions: Iterable[Question]) -> tuple[str, ...]:
    """The languages that a quiz is in, those of its title first."""
    return tuple(dict.fromkeys((*title.languages, *languages_of(*questions))))
