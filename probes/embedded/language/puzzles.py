"""Reading puzzles: a few facts, a question about one of them, and the words that answer it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from quizproof.probes.embedded.language import english_lexicon as words
from quizproof.probes.embedded.language.english_grammar import join, person, place, thing
from quizproof.probes.language.grammar.sentences import held_out, one_of

Asked = Literal["who", "what", "where"]
ASKED: Final[tuple[Asked, ...]] = ("who", "what", "where")


@dataclass(frozen=True)
class Puzzle:
    """``answer`` is the span of ``context`` that starts at its character ``start``."""

    context: str
    question: str
    answer: str
    start: int


@dataclass(frozen=True)
class _Fact:
    who: str
    done: str
    what: str
    where: tuple[str, str]

    @property
    def text(self) -> str:
        sentence = join((self.who, words.DONE_TO_THINGS[self.done], self.what, *self.where, "."))
        return sentence[0].upper() + sentence[1:]


def _facts(rng: np.random.Generator, count: int) -> list[_Fact]:
    """Facts that share no person, thing or place, so that each question has one answer."""
    facts: list[_Fact] = []
    taken: set[str] = set()
    while len(facts) < count:
        who, what = person(rng, singular=True), thing(rng)
        preposition, *where = (part.partition("/")[0] for part in place(rng).split())
        heads = {who.words[who.head], what.words[what.head], where[-1]}
        if taken & heads:
            continue
        taken |= heads
        done = one_of(rng, list(words.DONE_TO_THINGS))
        facts.append(_Fact(join(who.words), done, join(what.words), (preposition, " ".join(where))))
    return facts


def write_puzzle(rng: np.random.Generator, asked: Asked | None = None) -> Puzzle:
    """Two or three facts and a question: who did it, what it was done to, or where."""
    facts = _facts(rng, int(rng.integers(2, 4)))
    drawn: Asked = one_of(rng, ASKED)
    asked = asked or drawn
    about = int(rng.integers(len(facts)))
    fact = facts[about]
    the_thing = "the " + fact.what.partition(" ")[2]
    preposition, where = fact.where
    question, answer = {
        "who": (f"Who {words.DONE_TO_THINGS[fact.done]} {the_thing}?", fact.who),
        "what": (f"What did {fact.who} {fact.done} {preposition} {where}?", fact.what),
        "where": (f"Where did {fact.who} {fact.done} {the_thing}?", where),
    }[asked]
    before = " ".join(other.text for other in facts[:about])
    skipped = len(before) + 1 if before else 0
    if asked == "who":
        answer = fact.text[: len(answer)]
    context = " ".join(other.text for other in facts)
    offset = fact.text.rindex(answer) if asked == "where" else fact.text.index(answer)
    return Puzzle(context, question, answer, skipped + offset)


def distinct_puzzles(seed: int, unseen: bool, asked: Asked | None = None) -> Iterator[Puzzle]:
    """Puzzles without repeats: the trained-on ones, or with ``unseen`` the held-out ones."""
    rng = np.random.default_rng(seed)
    written: set[str] = set()
    while True:
        puzzle = write_puzzle(rng, asked)
        text = f"{puzzle.context} {puzzle.question}"
        if held_out(text) is unseen and text not in written:
            written.add(text)
            yield puzzle
