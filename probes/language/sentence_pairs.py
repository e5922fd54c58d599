"""Pairs of Chinese sentences in which a word means the same, and little else is the same."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from quizproof.questions.problems import QuizproofError

if TYPE_CHECKING:
    import numpy as np

Pair = tuple[str, str]


def same_meaning(
    rng: np.random.Generator, word: str, count: int, but: Collection[str] = ()
) -> list[Pair]:
    """``count`` pairs of sentences about fruit and about the company by turns.

    ``word``, a part of 蘋果, stands once in each, and no sentence occurs twice, nor any of ``but``.
    Raises QuizproofError for another word.
    """
    from quizproof.probes.language.grammar.chinese import APPLE, Sense, write

    if not word or word not in APPLE:
        raise QuizproofError(
            f"sentences in which {word!r} is known to mean the same are written of no word but "
            f"{APPLE}; ask for it, or for one of its characters"
        )
    senses: tuple[Sense, Sense] = ("fruit", "company")
    written = set(but)
    pairs: list[Pair] = []
    while len(pairs) < count:
        pair: list[str] = []
        while len(pair) < 2:
            text = write(rng, senses[len(pairs) % 2], apple=True).text
            if text.count(word) == 1 and text not in written:
                written.add(text)
                pair.append(text)
        pairs.append((pair[0], pair[1]))
    return pairs
