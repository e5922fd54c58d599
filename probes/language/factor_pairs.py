"""Pairs of Chinese sentences in which one thing about the character 果 differs, and no other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

if TYPE_CHECKING:
    import numpy as np

    from quizproof.probes.models.tokens import Tokens

CHARACTER: Final = "果"
FACTORS: Final = ("meaning", "length", "position", "occurrences")
_COMMA: Final = "，"

Pair: TypeAlias = tuple[str, str]


@dataclass(frozen=True)
class _Clauses:
    """Clauses that the pairs are made of: 果 once in each of the first two, at the same place."""

    fruit: str
    company: str  # as long as ``fruit``
    aside: str  # about people, without 果


def factor_pairs(rng: np.random.Generator) -> Iterator[Mapping[str, Pair]]:
    """For ever: a pair for each factor, written by the grammar of the Chinese sentences.

    - meaning: 蘋果 is a fruit, or a company; 果 at the same place, as many characters.
    - length: a clause about people follows, or does not.
    - position: that clause follows, or goes before; the characters are the same.
    - occurrences: a character of that clause is another 果, or is not.

    A comma parts the clauses, and 果 never ends its own, so that its neighbours differ in meaning
    alone.
    """
    for clauses in _clauses(rng):
        whole = clauses.fruit + _COMMA + clauses.aside
        letters = [k for k, letter in enumerate(clauses.aside) if letter != _COMMA]
        spot = letters[int(rng.integers(len(letters)))]
        again = clauses.aside[:spot] + CHARACTER + clauses.aside[spot + 1 :]
        yield {
            "meaning": (clauses.fruit, clauses.company),
            "length": (clauses.fruit, whole),
            "position": (whole, clauses.aside + _COMMA + clauses.fruit),
            "occurrences": (whole, clauses.fruit + _COMMA + again),
        }


def differing(one: Tokens, other: Tokens) -> set[str]:
    """Return which of the factors other than meaning differ between two sentences, in tokens.

    Raises TokenError.
    """
    places = one.find(CHARACTER), other.find(CHARACTER)
    times = (
        tokens.ids.count(tokens.ids[k]) for tokens, k in zip((one, other), places, strict=True)
    )
    sides = {
        "length": (len(one), len(other)),
        "position": places,
        "occurrences": tuple(times),
    }
    return {factor for factor, (first, second) in sides.items() if first != second}


def _clauses(rng: np.random.Generator) -> Iterator[_Clauses]:
    from quizproof.probes.language.grammar.chinese import Sense, write

    waiting: dict[tuple[Sense, int, int], list[str]] = defaultdict(list)
    others: dict[Sense, Sense] = {"fruit": "company", "company": "fruit"}
    while True:
        for sense, other in others.items():
            text = write(rng, sense, apple=True).text
            place = text.find(CHARACTER)
            if text.count(CHARACTER) > 1:
                continue
            matching = waiting[other, len(text), place]
            if not matching:
                waiting[sense, len(text), place].append(text)
                continue
            match = matching.pop()
            fruit, company = (text, match) if sense == "fruit" else (match, text)
            yield _Clauses(fruit, company, write(rng, "neither").text)
