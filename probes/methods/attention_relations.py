"""Tokens that a head attends to most, and how much of its attention it gives to words.

Attentions are (L, H, T, T): of each layer and head, from a token (row) to every token (column), a
row summing to 1. Heads give special tokens most of their attention where they find nothing else to
do (Clark, Khandelwal, Levy & Manning 2019, What Does BERT Look At?, arXiv 1906.04341, section 3.2),
which is why exBERT hides what goes to them, and comes from them, unless told otherwise.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from unicodedata import category

import torch
from torch import Tensor

from quizproof.probes.models.tokens import Tokens
from quizproof.questions.problems import QuizproofError, one_line

RELATIONS = ("full_stop", "previous", "same", "next", "special", "first", "delimiter")
_FULL_STOPS = (".", "。")
_TIED = 1e-6  # two shares of attention nearer than this are the same, in float32


class RelationError(QuizproofError):
    """A relation that no token of a sentence stands in, or a model without attention weights."""


def relation(name: str, tokens: Tokens) -> Tensor:
    """Return which tokens (columns) stand in relation ``name`` to each token (row): (T, T) bool.

    full_stop   the full stops; a full stop itself is not asked
    previous    the token before, where it is not a special one
    same        the token itself, and the same token elsewhere in the sentence
    next        the token after, where it is not a special one
    special     the special tokens, such as [CLS] and [SEP]
    first       the first token that is not special; it is not asked itself
    delimiter   the punctuation marks; one of them itself is not asked

    Tokens are pieces of words here. A special token is never asked: its row is empty. Raises
    RelationError for another name.
    """
    special = torch.tensor(tokens.special())
    ids = torch.tensor(tokens.ids)
    size = len(tokens)
    match name:
        case "full_stop":
            stops = torch.tensor([token in _FULL_STOPS for token in tokens.names])
            found = stops[None, :] & ~stops[:, None]
        case "previous":
            found = torch.ones(size - 1).diag(-1).bool() & ~special[None, :]
        case "same":
            found = ids[None, :] == ids[:, None]
        case "next":
            found = torch.ones(size - 1).diag(1).bool() & ~special[None, :]
        case "special":
            found = special[None, :].expand(size, size)
        case "first":
            first = (~special).cumsum(0).eq(1) & ~special
            found = first[None, :] & ~first[:, None]
        case "delimiter":
            marks = torch.tensor([_is_punctuation(tokens, place) for place in range(size)])
            found = marks[None, :] & ~marks[:, None]
        case _:
            raise RelationError(f"no relation {name!r}; they are {', '.join(RELATIONS)}")
    return found & ~special[:, None]


def without_special(attentions: Tensor, tokens: Tokens) -> Tensor:
    """Attentions with special tokens hidden: nothing goes to them, and rows sum to 1 again.

    (L, H, T, T) in double precision. A row that gave everything to special tokens is left empty.
    """
    kept = attentions.double() * ~torch.tensor(tokens.special())
    sums = kept.sum(dim=3, keepdim=True)
    return kept / sums.where(sums > 0, 1)


def attend_most(name: str, readings: Iterable[tuple[Tokens, Tensor]]) -> Tensor:
    """The share of tokens that attend most to one in relation ``name``, by head: (L, H), in [0, 1].

    Of all tokens of all sentences that have something in that relation. Special tokens are hidden,
    but for their own relation. Where a token outside the relation gets as much, the token does not
    attend to the relation most. Raises RelationError where no token has anything in it.
    """
    most, asked, texts = None, 0, []
    for tokens, attentions in readings:
        targets = relation(name, tokens)
        rows = targets.any(dim=1)
        shown = attentions.double() if name == "special" else without_special(attentions, tokens)
        inside = shown.where(targets, 0).amax(dim=3)
        outside = shown.where(~targets, 0).amax(dim=3)
        counted = ((inside - outside > _TIED) & rows).sum(dim=2)
        most = counted if most is None else most + counted
        asked += int(rows.sum())
        texts.append(one_line(tokens.text, 60))
    if most is None or not asked:
        raise RelationError(
            f"no token has a {name.replace('_', ' ')} token in “{' '.join(texts)[:60]}”; "
            "take a sentence that has"
        )
    return most.double() / asked


def attention_along(name: str, readings: Iterable[tuple[Tokens, Tensor]]) -> Tensor:
    """Attention of a token to those in relation ``name``, by head: (L, H), in [0, 1].

    The mean over all tokens that have something in that relation; special tokens are hidden as in
    ``attend_most``. Raises RelationError where no token has.
    """
    rows = []
    for tokens, attentions in readings:
        targets = relation(name, tokens)
        shown = attentions.double() if name == "special" else without_special(attentions, tokens)
        rows.append(shown.where(targets, 0).sum(dim=3)[:, :, targets.any(dim=1)])
    every = torch.cat(rows, dim=2) if rows else torch.zeros(1, 1, 0)
    if not every.shape[2]:
        raise RelationError(f"no token has a {name.replace('_', ' ')} token; take other sentences")
    return every.mean(dim=2).clamp(0, 1)


def _is_punctuation(tokens: Tokens, place: int) -> bool:
    of = tokens.texts[place]
    if of is None:
        return False
    start, end = tokens.spans[place]
    written = ((tokens.text, tokens.pair or "")[of])[start:end]
    return bool(written) and all(category(letter).startswith("P") for letter in written)


def attention_to_words(
    attentions: Tensor, source: Sequence[int], words: Sequence[Sequence[int]]
) -> Tensor:
    """From one word, the tokens at ``source``, to each of ``words``: (L, H, words), in [0, 1].

    To a word is the sum over its pieces, from a word the mean over its pieces (Clark et al.,
    section 4.1).
    """
    rows = attentions[:, :, list(source)].double().mean(dim=2)
    pieces = torch.zeros(attentions.shape[3], len(words), dtype=torch.double)
    for word, places in enumerate(words):
        pieces[list(places), word] = 1
    return (rows @ pieces).clamp(0, 1)
