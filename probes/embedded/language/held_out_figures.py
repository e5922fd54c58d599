"""Accuracy of the models on sentences and puzzles that they were never trained on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import torch
from torch import Tensor

from quizproof.probes.embedded.language.examples import (
    Example,
    of_puzzles,
    of_sentences,
    padded,
    pronoun_offsets,
)
from quizproof.probes.embedded.language.puzzles import Puzzle
from quizproof.probes.language.grammar.sentences import Sentence

_BATCH: Final = 128
_LONGEST_ANSWER: Final = 8


def masked_accuracy(
    model: Any, tokenizer: Any, sentences: Sequence[Sentence], seed: int
) -> dict[str, float]:
    """One token of each sentence is masked: how often the likeliest token is the one there.

    ``baseline`` is the share that the commonest token of these sentences alone would get right.
    """
    rng = np.random.default_rng(seed)
    examples = of_sentences(tokenizer, sentences)
    places = [int(rng.integers(1, len(example.tokens) - 1)) for example in examples]
    found = likeliest(model, tokenizer, examples, places)
    there = [example.tokens[place] for example, place in zip(examples, places, strict=True)]
    counted = Counter(token for example in examples for token in example.tokens[1:-1])
    [(commonest, _)] = counted.most_common(1)
    return {
        "count": len(there),
        "accuracy": _share([a == b for a, b in zip(found, there, strict=True)]),
        "baseline": _share([token == commonest for token in there]),
    }


def pronoun_accuracy(model: Any, tokenizer: Any, sentences: Sequence[Sentence]) -> dict[str, float]:
    """Every pronoun is masked in turn: how often the likeliest token is that pronoun.

    ``settled_count`` is of those whose referent leaves no choice of pronoun; no model can get
    the others right more often than a coin. ``baseline`` is the share of the settled ones that
    the commonest pronoun would get right.
    """
    linked = [sentence for sentence in sentences if sentence.links]
    asked, places, settled = [], [], []
    for sentence, example in zip(linked, of_sentences(tokenizer, linked), strict=True):
        offsets = pronoun_offsets(sentence)
        ranked = dict(zip(sorted(offsets), sorted(example.pronouns), strict=True))
        for link, offset in zip(sentence.links, offsets, strict=True):
            asked.append(example)
            places.append(ranked[offset])
            settled.append(link.settled)
    found = likeliest(model, tokenizer, asked, places)
    there = [example.tokens[place] for example, place in zip(asked, places, strict=True)]
    right = [a == b for a, b in zip(found, there, strict=True)]
    of_settled = [token for token, sure in zip(there, settled, strict=True) if sure]
    return {
        "count": len(there),
        "accuracy": _share(right),
        "settled_count": len(of_settled),
        "settled_accuracy": _share([yes for yes, sure in zip(right, settled, strict=True) if sure]),
        "baseline": Counter(of_settled).most_common(1)[0][1] / len(of_settled),
    }


def likeliest(
    model: Any, tokenizer: Any, examples: Sequence[Example], places: Sequence[int]
) -> list[int]:
    """For each example the likeliest token at its place, which is masked."""
    found: list[int] = []
    for begin in range(0, len(examples), _BATCH):
        batch = padded(examples[begin : begin + _BATCH], tokenizer.pad_token_id)
        rows = torch.arange(len(batch.tokens))
        columns = torch.tensor(places[begin : begin + _BATCH])
        shown = batch.tokens.clone()
        shown[rows, columns] = tokenizer.mask_token_id
        with torch.inference_mode():
            output = model(shown, attention_mask=batch.mask, token_type_ids=batch.segments)
        found += output.logits[rows, columns].argmax(dim=1).tolist()
    return found


def answers(model: Any, tokenizer: Any, puzzles: Sequence[Puzzle]) -> list[str]:
    """Return a reader's answers: the span of the context with the highest start + end logit."""
    found = []
    for begin in range(0, len(puzzles), _BATCH):
        some = puzzles[begin : begin + _BATCH]
        batch = padded(of_puzzles(tokenizer, some), tokenizer.pad_token_id)
        with torch.inference_mode():
            output = model(batch.tokens, attention_mask=batch.mask, token_type_ids=batch.segments)
        for row, puzzle in enumerate(some):
            inside = batch.segments[row].bool() & (batch.tokens[row] != tokenizer.sep_token_id)
            first, last = _best_span(output.start_logits[row], output.end_logits[row], inside)
            spans = tokenizer(
                puzzle.question, puzzle.context, return_offsets_mapping=True
            ).offset_mapping
            found.append(puzzle.context[spans[first][0] : spans[last][1]])
    return found


def _best_span(start: Tensor, end: Tensor, inside: Tensor) -> tuple[int, int]:
    both = start[:, None] + end[None, :]
    allowed = (inside[:, None] & inside[None, :]).triu().tril(_LONGEST_ANSWER - 1)
    best = int(both.masked_fill(~allowed, -torch.inf).argmax())
    return best // len(start), best % len(start)


def exact_match(model: Any, tokenizer: Any, puzzles: Sequence[Puzzle]) -> float:
    """The share of puzzles answered with exactly the right words."""
    given = answers(model, tokenizer, puzzles)
    return _share([a == puzzle.answer for a, puzzle in zip(given, puzzles, strict=True)])


def _share(right: Sequence[bool]) -> float:
    return sum(right) / len(right)
