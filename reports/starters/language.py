"""``--about language``: words and texts."""

from __future__ import annotations

from typing import Final

from quizproof.reports.starters.starter import Starter

STARTER: Final = Starter(
    title="Words and pieces",
    probes='''\
"""Probes of this quiz's own."""

from quizproof.probes import Draw, Measure, probe


def pieces(word, vocabulary):
    """The longest pieces of ``vocabulary`` that ``word`` is made of, from its start (WordPiece)."""
    found, rest = [], word
    while rest:
        ends = range(len(rest), 0, -1)
        length = next((end for end in ends if rest[:end] in vocabulary), 1)
        found.append(rest[:length])
        rest = rest[length:]
    return found


@probe(
    "own.pieces",
    measures=(Measure("pieces_{item}", "pieces", 1, 100, "pieces of the word", each="words"),),
)
def pieces_of_words(bench, *, words: list[str], vocabulary: list[str]):
    """How many pieces of a vocabulary each of some words is made of."""
    yield Draw({f"pieces_{word}": len(pieces(word, vocabulary)) for word in words})
''',
    test='''\
"""The probe tells what it should, and each option can be the right one."""

from pathlib import Path

import probes
from quizproof.probes.testing import draws_of, options_that_hold

QUESTION = Path(__file__).parent / "q01.yaml"


def test_the_longest_piece_is_taken() -> None:
    [draw] = draws_of(probes.pieces_of_words, words=["abab"], vocabulary=["a", "ab", "aba"])
    assert draw.values == {"pieces_abab": 2}


def test_each_option_can_hold() -> None:
    assert options_that_hold(QUESTION) == {"b"}
    assert options_that_hold(QUESTION, vocabulary=["playing"]) == {"a"}
    assert options_that_hold(QUESTION, vocabulary=["p"]) == {"c"}
''',
    right="""\
kind: single
points: 1
about: method  # whatever is measured settles it
prompt: A vocabulary has the pieces play, ing and un. Of how many of them is playing made?
probe: {name: own.pieces, with: {words: [playing], vocabulary: [play, ing, un]}}
options:
  a: {text: One, rule: pieces_playing < 1.5}
  b: {text: Two, rule: pieces_playing > 1.5 and pieces_playing < 2.5}
  c: {text: More, rule: pieces_playing > 2.5}
expected: [b]
""",
    wrong="""\
kind: single
points: 1
about: method
prompt: Which of the words needs more pieces of play, ing, un and do?
probe: {name: own.pieces, with: {words: [undoing, playing], vocabulary: [play, ing, un, do]}}
options:
  a: {text: undoing, rule: pieces_undoing > pieces_playing}
  b: {text: playing, rule: pieces_playing > pieces_undoing}
# this key is wrong on purpose: quizproof verify contradicts it, and says where to mend it
expected: [b]
""",
)
