"""Training examples of the models, as token numbers, and batches of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from quizproof.probes.embedded.language.puzzles import Puzzle
from quizproof.probes.language.grammar.sentences import Sentence

_POOL: Final = 32  # batches are cut out of this many, sorted by length, to pad little


@dataclass(frozen=True)
class Example:
    """One input of a model. ``start`` and ``end`` are an answer's first and last token, or 0."""

    tokens: tuple[int, ...]
    segments: tuple[int, ...]
    pronouns: frozenset[int] = frozenset()
    start: int = 0
    end: int = 0


@dataclass(frozen=True)
class Batch:
    """Examples padded to one length: int64 (batch, length), the mask 0 on padding."""

    tokens: Tensor
    segments: Tensor
    mask: Tensor
    pronouns: Tensor
    start: Tensor
    end: Tensor


def of_sentences(tokenizer: Any, sentences: Sequence[Sentence]) -> list[Example]:
    """[CLS] sentence [SEP], with the places of its linked pronouns."""
    encoded = tokenizer([sentence.text for sentence in sentences], return_offsets_mapping=True)
    examples = []
    for k, sentence in enumerate(sentences):
        tokens = tuple(encoded["input_ids"][k])
        begins = {begin: at for at, (begin, end) in enumerate(encoded["offset_mapping"][k]) if end}
        places = frozenset(begins[at] for at in pronoun_offsets(sentence))
        examples.append(Example(tokens=tokens, segments=(0,) * len(tokens), pronouns=places))
    return examples


def pronoun_offsets(sentence: Sentence) -> list[int]:
    """The first character of each linked pronoun in the sentence's text, in their order."""
    begins, at = [], 0
    for word in sentence.words:
        at = sentence.text.index(word, at)
        begins.append(at)
        at += len(word)
    return [begins[link.pronoun] for link in sentence.links]


def of_puzzles(tokenizer: Any, puzzles: Sequence[Puzzle]) -> list[Example]:
    """[CLS] question [SEP] context [SEP], with the answer's tokens."""
    encoded = tokenizer(
        [puzzle.question for puzzle in puzzles], [puzzle.context for puzzle in puzzles]
    )
    examples = []
    for k, puzzle in enumerate(puzzles):
        start = encoded.char_to_token(k, puzzle.start, sequence_index=1)
        end = encoded.char_to_token(k, puzzle.start + len(puzzle.answer) - 1, sequence_index=1)
        examples.append(
            Example(
                tuple(encoded["input_ids"][k]),
                tuple(encoded["token_type_ids"][k]),
                start=start,
                end=end,
            )
        )
    return examples


def padded(examples: Sequence[Example], pad: int) -> Batch:
    """The examples as one batch; ``pad`` is the number of [PAD]."""
    size = (len(examples), max(len(example.tokens) for example in examples))
    tokens = np.full(size, pad)
    segments, mask, pronouns = (np.zeros(size, dtype=np.int64) for _ in range(3))
    for row, example in enumerate(examples):
        length = len(example.tokens)
        tokens[row, :length] = example.tokens
        segments[row, :length] = example.segments
        mask[row, :length] = 1
        pronouns[row, list(example.pronouns)] = 1
    ends = np.array([[example.start, example.end] for example in examples])
    return Batch(*map(torch.from_numpy, (tokens, segments, mask, pronouns, ends[:, 0], ends[:, 1])))


def batches(
    examples: Sequence[Example], size: int, pad: int, rng: np.random.Generator
) -> Iterator[Batch]:
    """Batches for ever, in a new order each time round; each batch of about one length."""
    lengths: NDArray[np.int64] = np.array([len(example.tokens) for example in examples])
    while True:
        order = rng.permutation(len(examples))
        for begin in range(0, len(order), size * _POOL):
            pool = order[begin : begin + size * _POOL]
            pool = pool[np.argsort(lengths[pool], kind="stable")]
            cuts = [pool[at : at + size] for at in range(0, len(pool), size)]
            for k in rng.permutation(len(cuts)):
                yield padded([examples[number] for number in cuts[k]], pad)
