"""What the causal model is trained on: sentences that follow one another, and texts that repeat.

What comes next in a sentence is learned from sentences. What comes next in a text that repeats is
learned from the text itself: look back for what is here, and say what followed (Olsson et al.,
*In-context Learning and Induction Heads*, 2022). Words in no order leave no other way.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

import numpy as np
import torch
from torch import Tensor

from quizproof.probes.embedded.language.vocabulary import POSITIONS
from quizproof.probes.language.grammar.sentences import Sentence

_WORDS: Final = (3, 16)  # in a list that repeats: its length is drawn, from the first to the last
_KINDS: Final = 4  # of rows, all alike: two of sentences, one of a sentence again, one of lists


def rows(
    tokenizer: Any, sentences: Sequence[Sentence], count: int, rng: np.random.Generator
) -> Iterator[Tensor]:
    """Batches for ever of ``count`` rows of POSITIONS tokens, each from a text's first on."""
    spaced = [_ids(tokenizer, f" {sentence.text}") for sentence in sentences]
    plain = [_ids(tokenizer, sentence.text) for sentence in sentences]
    words = [_ids(tokenizer, f" {word}") for word in list_words(sentences)]

    def running(again: bool) -> list[int]:
        chosen = rng.integers(len(plain), size=POSITIONS)
        if again:  # every sentence stands twice
            chosen = chosen.repeat(2)
        row = list(plain[chosen[0]])
        for number in chosen[1:]:
            if len(row) >= POSITIONS:
                return row[:POSITIONS]
            # the same text goes on, or another one begins
            begins = not again and rng.random() < 0.3
            row += [tokenizer.eos_token_id, *plain[number]] if begins else spaced[number]
        return row[:POSITIONS]

    while True:
        batch = []
        for _ in range(count):
            kind = rng.integers(_KINDS)
            batch.append(running(kind == 2) if kind < 3 else repeated(words, rng)[0])
        yield torch.tensor(batch)


def repeated(words: Sequence[Sequence[int]], rng: np.random.Generator) -> tuple[list[int], int]:
    """POSITIONS tokens: a list of ``words`` in no order, again and again; and how long it is."""
    length = int(rng.integers(_WORDS[0], _WORDS[1] + 1))
    chosen = rng.choice(len(words), size=length, replace=False)
    once = [token for number in chosen for token in words[number]]
    return (once * (POSITIONS // len(once) + 1))[:POSITIONS], len(once)


def list_words(sentences: Sequence[Sentence]) -> list[str]:
    """The words of ``sentences`` that are no punctuation, sorted."""
    return sorted({word for sentence in sentences for word in sentence.words if word.isalpha()})


def _ids(tokenizer: Any, text: str) -> list[int]:
    found: list[int] = tokenizer(text)["input_ids"]
    return found
