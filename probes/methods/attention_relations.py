"""How much of its attention a head gives to tokens in a named relation, or to words.

Attentions are (L, H, T, T): of each layer and head, from a token (row) to every token (column), a
row summing to 1. What a head does in general is its mean over tokens, as in Clark, Khandelwal, Levy
& Manning 2019 (What Does BERT Look At?, arXiv 1906.04341), section 3.1: they call a head one for
the previous token where it gives that more than half of its attention on average.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import torch
from torch import Tensor

from quizproof.probes.models.tokens import Tokens
from quizproof.questions.problems import QuizproofError, one_line

RELATIONS = ("full_stop", "previous", "same", "next", "special")
_FULL_STOPS = (".", "。")


class RelationError(QuizproofError):
    """A relation that no token of a sentence stands in, or a model without attention weights."""


def relation(name: str, tokens: Tokens) -> Tensor:
    """Which tokens (columns) stand in relation ``name`` to each token (row): (T, T) of bool.

    full_stop   the full stops; a full stop itself is not asked
    previous    the token before, where it is not a special one
    same        the token itself, and the same token elsewhere in the sentence
    next        the token after, where it is not a special one
    special     the special tokens, such as [CLS] and [SEP]

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
        case _:
            raise RelationError(f"no relation {name!r}; they are {', '.join(RELATIONS)}")
    return found & ~special[:, None]


def attention_to(name: str, readings: Iterable[tuple[Tokens, Tensor]]) -> Tensor:
    """The share of its attention that each head gives to relation ``name``: (L, H), in [0, 1].

    Mean over all tokens of all sentences that have something in that relation. Raises
    RelationError where none has.
    """
    given, asked, texts = None, 0, []
    for tokens, attentions in readings:
        targets = relation(name, tokens)
        rows = targets.any(dim=1)
        shares = (attentions.double() * targets).sum(dim=3)[:, :, rows].sum(dim=2)
        given = shares if given is None else given + shares
        asked += int(rows.sum())
        texts.append(one_line(tokens.text)[:60])
    if given is None or not asked:
        raise RelationError(
            f"no token has a {name.replace('_', ' ')} token in “{' '.join(texts)[:60]}”; "
            "take a sentence that has"
        )
    return (given / asked).clamp(0, 1)  # a row sums to 1 but for rounding


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
