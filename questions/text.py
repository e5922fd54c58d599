"""Words for people: in no named language, or in any that are named."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import ConfigDict, Field, RootModel, model_validator
from pydantic_core import PydanticCustomError

from quizproof.questions.problems import one_line

# language, script, region, variants of BCP 47, as RFC 5646 says to write them
LANGUAGE = (
    "^[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?(-([a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*$"
)
NO_LANGUAGE = ""
_IN_CHINESE_CHARACTERS_OF_OLD = ("zh-TW", "zh-HK", "zh-MO")

Language = Annotated[str, Field(pattern=LANGUAGE)]
Words = Annotated[str, Field(min_length=1)]


class Text(RootModel[Words | Annotated[dict[Language, Words], Field(min_length=1)]]):
    """Words, or the same words by language: ``My quiz``, or ``{en: My quiz, fr: Mon quiz}``."""

    model_config = ConfigDict(frozen=True, strict=True)

    if TYPE_CHECKING:

        def __init__(self, words: str | Mapping[str, str] = ..., /, **by_language: str) -> None:
            """Take the words, or the words by language; ``zh_hant`` is Python's ``zh-Hant``."""

    @model_validator(mode="before")
    @classmethod
    def _checked(cls, given: Any) -> Any:
        if isinstance(given, Mapping):
            given = {"zh-Hant" if tag == "zh_hant" else tag: w for tag, w in given.items()}
        if wrong := _wrong(given):
            raise PydanticCustomError("text", "{wrong}", {"wrong": wrong})
        return given

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages it names; none for plain words."""
        return () if isinstance(self.root, str) else tuple(self.root)

    def language_for(self, language: str) -> str:
        """The language it is shown in to a reader of ``language``; "" for plain words."""
        if isinstance(self.root, str):
            return NO_LANGUAGE
        return nearest(language, self.root)

    def in_(self, language: str) -> str:
        """The words for a reader of ``language``: else in English, else in its first language."""
        return self.root if isinstance(self.root, str) else self.root[self.language_for(language)]

    @property
    def en(self) -> str:
        """The words for whoever reads English."""
        return self.in_("en")

    @property
    def zh_hant(self) -> str:
        """The words for whoever reads Traditional Chinese, the other language of the program."""
        return self.in_("zh-Hant")

    def __hash__(self) -> int:
        return hash(self.root if isinstance(self.root, str) else frozenset(self.root.items()))


def untranslated(message: str) -> Text:
    """A message of the program, which is in English, where words by language may stand."""
    return Text(en=one_line(message) or "?")


def language_tag(name: str) -> str:
    """The tag of a language, ``name`` in any case, or as Unix has it; "" where it is none."""
    first, *others = re.split("[-_]", name)
    shape = {2: str.upper, 3: str.upper, 4: str.title}
    tag = "-".join([first.lower(), *(shape.get(len(o), str.lower)(o) for o in others)])
    return tag if re.fullmatch(LANGUAGE, tag) else ""


def nearest(language: str, those: Collection[str]) -> str:
    """The one of ``those`` languages for a reader of ``language``; there is at least one."""
    return next((tag for tag in _tried(language) if tag in those), next(iter(those)))


def spoken(language: str, those: Collection[str]) -> str | None:
    """The one of ``those`` languages that somebody who asks for ``language`` understands.

    None where there is none: English is understood by nobody who did not ask for it.
    """
    tag = language_tag(language)
    asked = [each for each in _tried(tag) if each != "en" or tag.startswith("en")] if tag else []
    return next((each for each in asked if each in those), None)


def all_languages(texts: Iterable[Text]) -> tuple[str, ...]:
    """The languages that any of ``texts`` names, in the order in which they come."""
    return tuple(dict.fromkeys(tag for text in texts for tag in text.languages))


def _tried(language: str) -> Iterator[str]:
    """``language`` and what stands in for it, the nearest first (RFC 4647, section 3.4)."""
    yield language
    if language in _IN_CHINESE_CHARACTERS_OF_OLD:
        yield "zh-Hant"
    while "-" in language:
        language = language.rpartition("-")[0]
        yield language
    yield "en"


def _wrong(given: Any) -> str:
    """Say what is wrong with ``given`` as a text; "" where nothing is."""
    if isinstance(given, Text):
        return ""
    if isinstance(given, str):
        return "" if given else "there are no words in it"
    if not isinstance(given, dict) or not given:
        return "it is neither words nor words by language, as {en: …, fr: …}"
    for tag, words in given.items():
        if not isinstance(tag, str) or not re.fullmatch(LANGUAGE, tag):
            return f"{str(tag)[:40]!r} is no language as en, fr, pt-BR and zh-Hant are"
        if not isinstance(words, str):
            return f"what it says in {tag} is no text; quote it"
        if not words:
            return f"there are no words in {tag}"
    return ""
