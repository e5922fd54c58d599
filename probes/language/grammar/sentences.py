"""Sentences of which everything is known: each word's part of speech, each pronoun's referent."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeVar

import numpy as np

QUIZ_ENGLISH: Final = (
    "The students visited the professor and asked her to teach them machine learning."
)
QUIZ_CHINESE: Final = ("今天買了蘋果手機", "蘋果的股價又跌了")

TAGS: Final = frozenset(
    (
        *("ADJ", "ADP", "ADV", "AUX", "CCONJ", "DET", "NOUN"),
        *("NUM", "PART", "PRON", "PROPN", "PUNCT", "SCONJ", "VERB"),
    )
)
"""The parts of speech in use, named as Universal Dependencies names them."""

_PARTS: Final = 8
_T = TypeVar("_T")

Gender = Literal["feminine", "masculine", "neuter"]


@dataclass(frozen=True)
class Link:
    """The word at ``pronoun`` stands for the noun or name at ``referent``.

    ``settled`` is false where the noun allows another pronoun as well (a doctor is "she" or "he").
    """

    pronoun: int
    referent: int
    settled: bool


@dataclass(frozen=True)
class Sentence:
    """Words, their parts of speech, and what the personal pronouns among them stand for."""

    words: tuple[str, ...]
    tags: tuple[str, ...]
    links: tuple[Link, ...]
    text: str


@dataclass(frozen=True)
class Referent:
    """Somebody or something a sentence can come back to."""

    words: tuple[str, ...]
    tags: tuple[str, ...]
    gender: Gender
    plural: bool = False
    settled: bool = True
    """whether its noun leaves no choice of pronoun"""

    @property
    def head(self) -> int:
        """The index in ``words`` of the noun or name: its last one."""
        return max(k for k, tag in enumerate(self.tags) if tag in {"NOUN", "PROPN"})


class Draft:
    """A sentence while it is written."""

    def __init__(self) -> None:
        self._words: list[str] = []
        self._tags: list[str] = []
        self._links: list[Link] = []
        self._place: dict[Referent, int] = {}

    def put(self, tagged: str) -> Draft:
        """Adds words given as ``word/TAG word/TAG``."""
        for one in tagged.split():
            word, _, tag = one.rpartition("/")
            self._words.append(word)
            self._tags.append(tag)
        return self

    def name(self, referent: Referent) -> Draft:
        """Adds the referent's own words; pronouns after it can stand for it."""
        self._place[referent] = len(self._words) + referent.head
        self._words += referent.words
        self._tags += referent.tags
        return self

    def pronoun(self, word: str, referent: Referent) -> Draft:
        """Adds a pronoun for a referent that is already named. Raises KeyError if it is not."""
        link = Link(len(self._words), self._place[referent], referent.settled)
        self._links.append(link)
        return self.put(f"{word}/PRON")

    def finish(self, join: Callable[[tuple[str, ...]], str]) -> Sentence:
        """The sentence. Raises ValueError for a part of speech that is not in ``TAGS``."""
        if unknown := set(self._tags) - TAGS:
            raise ValueError(f"no such part of speech: {sorted(unknown)}")
        words = tuple(self._words)
        return Sentence(words, tuple(self._tags), tuple(self._links), join(words))


def one_of(rng: np.random.Generator, choices: Sequence[_T]) -> _T:
    """One of the choices, all alike."""
    return choices[int(rng.integers(len(choices)))]


def held_out(text: str) -> bool:
    """Return whether a text is never trained on, whatever the seed: one in eight, by its checksum.

    The quiz's English sentence, whose words under a mask are asked for, is one of them; its Chinese
    ones, which are read and not guessed, may be trained on.
    """
    if text == QUIZ_ENGLISH:
        return True
    return text not in QUIZ_CHINESE and zlib.crc32(text.encode()) % _PARTS == 0


def distinct(
    write: Callable[[np.random.Generator], Sentence], seed: int, unseen: bool
) -> Iterator[Sentence]:
    """Sentences without repeats: the trained-on ones, or with ``unseen`` the held-out ones."""
    rng = np.random.default_rng(seed)
    written: set[str] = set()
    while True:
        sentence = write(rng)
        if held_out(sentence.text) is unseen and sentence.text not in written:
            written.add(sentence.text)
            yield sentence
