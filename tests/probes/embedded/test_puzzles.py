"""Reading puzzles have one answer, and it stands where they say."""

from __future__ import annotations

from itertools import islice

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizproof.probes.embedded.language.puzzles import ASKED, Asked, distinct_puzzles, write_puzzle
from quizproof.probes.language.grammar.sentences import held_out


@given(st.integers(0, 2**32 - 1), st.sampled_from(ASKED))
def test_the_answer_is_the_span_that_is_named(seed: int, asked: Asked) -> None:
    puzzle = write_puzzle(np.random.default_rng(seed), asked)
    assert puzzle.context[puzzle.start :].startswith(puzzle.answer)
    assert puzzle.question.lower().startswith(asked)


@given(st.integers(0, 2**32 - 1), st.sampled_from(ASKED))
def test_the_fact_that_holds_the_answer_is_the_one_asked_about(seed: int, asked: Asked) -> None:
    """Every noun of the question stands in the sentence of the answer and in no other."""
    puzzle = write_puzzle(np.random.default_rng(seed), asked)
    facts = [f"{fact}." for fact in puzzle.context.split(".") if fact]
    ends = np.cumsum([len(fact) for fact in facts])
    about = int(np.searchsorted(ends, puzzle.start, side="right"))
    last_words = puzzle.question.removesuffix("?").split()[-1:]
    for word in last_words:
        holding = [k for k, fact in enumerate(facts) if f" {word}" in fact.replace(".", " ")]
        assert about in holding


def test_held_out_puzzles_are_apart_and_a_seed_writes_the_same() -> None:
    seen, again, unseen = (
        [f"{p.context} {p.question}" for p in islice(distinct_puzzles(4, apart), 100)]
        for apart in (False, False, True)
    )
    assert seen == again
    assert not any(held_out(text) for text in seen)
    assert all(held_out(text) for text in unseen)


@pytest.mark.parametrize("asked", ASKED)
def test_nobody_and_nothing_stands_in_two_facts(asked: Asked) -> None:
    for puzzle in islice(distinct_puzzles(5, unseen=False, asked=asked), 100):
        nouns = [fact.strip(" .").split()[-1] for fact in puzzle.context.split(".") if fact]
        assert len(set(nouns)) == len(nouns)
