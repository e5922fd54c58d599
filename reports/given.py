"""Values that a program gives for a command's options, held to what the command line takes."""

from __future__ import annotations

from enum import StrEnum
from typing import TypeVar

from quizproof.questions.problems import QuizproofError

SEED = 16  # of all draws, where no other is named
SEEDS = 2**63  # a seed is below
_Named = TypeVar("_Named", bound=StrEnum)


def seed_of(seed: int) -> int:
    """``seed``. Raises QuizproofError for a number that is none."""
    if not 0 <= seed < SEEDS:
        raise QuizproofError(f"{seed} is no seed; take a whole number from 0")
    return seed


def one_of(words: type[_Named], given: str) -> _Named:
    """The one of ``words`` that is ``given``. Raises QuizproofError where none is."""
    if given not in list(words):
        what = words.__name__.lower()
        raise QuizproofError(f"there is no {what} {given!r}; take one of {', '.join(words)}")
    return words(given)
