"""Answer of a reader with a question-answering head, and whether it is right.

The head gives every token a logit as the answer's first and one as its last; the answer is the span
of the context with the largest sum (Devlin et al. 2019, section 4.2). It is right if it is the same
text after normalising as SQuAD does (Rajpurkar et al. 2016): case, punctuation, articles and spaces
make no difference.
"""

from __future__ import annotations

import math
import re
import string
from collections.abc import Sequence

import torch
from torch import Tensor

from quizproof.probes.models.tokens import Tokens

_ARTICLES = re.compile(r"\b(a|an|the)\b")
_LEAST_GAIN = -20.0
_PUNCTUATION = str.maketrans("", "", string.punctuation)


def normalised(text: str) -> str:
    """``text`` as SQuAD compares it; one that is nothing but articles and signs stays itself."""
    bare = _ARTICLES.sub(" ", text.lower().translate(_PUNCTUATION))
    return " ".join(bare.split()) or text.strip().lower()


def span_scores(ends: Tensor, tokens: Tokens) -> Tensor:
    """Sum of logits of every span, (C, C) over the C tokens of the context, first × last.

    ``ends`` is (2, T). A span that ends before it starts has −∞.
    """
    places = _context(tokens)
    first, last = ends[:, places].double()
    scores: Tensor = first[:, None] + last[None, :]
    scores[~torch.ones_like(scores).bool().triu()] = -math.inf
    return scores


def best_span(ends: Tensor, tokens: Tokens) -> str:
    """The characters of the context that the head answers."""
    scores = span_scores(ends, tokens)
    first, last = divmod(int(scores.argmax()), len(scores))
    return _text(tokens, _context(tokens), first, last)


def spans(tokens: Tokens) -> int:
    """Number of spans of the context that the head chooses from."""
    count = len(_context(tokens))
    return count * (count + 1) // 2


def lead(ends: Tensor, tokens: Tokens, answer: str) -> float:
    """Lead of the best right span over the best wrong one: > 0 where the answer is right.

    (right − wrong) ∕ (right + wrong) of their probabilities, in [−1, 1]; −1 where no span is
    right, 1 where none is wrong.
    """
    scores = span_scores(ends, tokens)
    right = _right_spans(tokens, answer)
    if not right:
        return -1.0
    rows, columns = zip(*right, strict=True)
    best = float(scores[rows, columns].max())
    scores[rows, columns] = -math.inf
    return math.tanh((best - float(scores.max())) / 2)


def gain(ends: Tensor, tokens: Tokens, answer: str) -> float:
    """Return how much likelier the head finds the right spans than a random draw from the context.

    The natural logarithm of the ratio: 0 for a head that knows nothing, the logarithm of their
    number where it knows the answer; −20 at least.
    """
    scores = span_scores(ends, tokens)
    right = _right_spans(tokens, answer)
    if not right:
        return _LEAST_GAIN
    rows, columns = zip(*right, strict=True)
    shares = scores.flatten().log_softmax(dim=0).view_as(scores)
    found = float(shares[rows, columns].logsumexp(dim=0)) + math.log(spans(tokens) / len(right))
    return max(found, _LEAST_GAIN)


def _right_spans(tokens: Tokens, answer: str) -> list[tuple[int, int]]:
    places = _context(tokens)
    wanted = normalised(answer)
    found = []
    for first in range(len(places)):
        for last in range(first, len(places)):
            text = normalised(_text(tokens, places, first, last))
            if text == wanted:
                found.append((first, last))
            elif len(text) > len(wanted) + len(" the "):  # it only grows from here
                break
    return found


def _context(tokens: Tokens) -> list[int]:
    return [place for place, text in enumerate(tokens.texts) if text == 1]


def _text(tokens: Tokens, places: Sequence[int], first: int, last: int) -> str:
    assert tokens.pair is not None
    return tokens.pair[tokens.spans[places[first]][0] : tokens.spans[places[last]][1]]
