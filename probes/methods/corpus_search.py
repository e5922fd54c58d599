"""Search for the words of a corpus nearest to a given embedding, and their parts of speech.

The search is exact: every embedding is compared, a block of them at a time, in double precision.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from math import comb
from typing import Literal, TypeAlias

import torch
from torch import Tensor

from quizproof.questions.problems import QuizproofError

Metric: TypeAlias = Literal["cosine", "euclidean", "inner_product"]
_BLOCK = 8192  # embeddings: 50 MB in double precision where they have 768 dimensions


class SearchError(QuizproofError):
    """A search that cannot be made: too few embeddings, or one that is no vector of numbers."""


def distances(query: Tensor, corpus: Tensor, metric: Metric, block: int = _BLOCK) -> Tensor:
    """From ``query``, (D,), to each of ``corpus``, (N, D): (N,) in double precision.

    "cosine": 1 − cos, in [0, 2]; a vector of zeros has no direction, and lies at 1 from all.
    "euclidean": |query − other|, in the embeddings' own unit. "inner_product": minus the inner
    product, in that unit squared: the longer of two embeddings of one direction is the nearer.
    Raises SearchError.
    """
    if query.ndim != 1 or corpus.ndim != 2 or len(query) != corpus.shape[1]:
        raise SearchError(
            f"embeddings of shapes {tuple(query.shape)} and {tuple(corpus.shape)} do not compare"
        )
    asked = query.double()
    found = [asked.new_empty(0)]
    for start in range(0, len(corpus), block):
        others = corpus[start : start + block].double()
        if metric == "euclidean":
            found.append((others - asked).norm(dim=1))
        elif metric == "inner_product":
            found.append(-(others @ asked))
        else:
            sizes = others.norm(dim=1) * asked.norm()
            cosines = (others @ asked) / sizes.where(sizes > 0, torch.inf)
            found.append(1 - cosines.clamp(-1, 1))
    far = torch.cat(found)
    if not far.isfinite().all():
        raise SearchError("an embedding is not finite; the model is damaged")
    return far


def nearest(
    query: Tensor, corpus: Tensor, count: int, metric: Metric, block: int = _BLOCK
) -> Tensor:
    """The rows of the ``count`` embeddings nearest to ``query``, nearest first: (count,).

    Of embeddings at the same distance the earlier in the corpus comes first. Raises SearchError.
    """
    if not 1 <= count <= len(corpus):
        raise SearchError(
            f"the corpus has {len(corpus)} embeddings, {count} are asked for; take a larger one"
        )
    return distances(query, corpus, metric, block).argsort(stable=True)[:count]


def lead(tags: Sequence[str], tag: str) -> float:
    """Share of ``tag`` among ``tags`` less that of the commonest other one, in [−1, 1].

    So ``tag`` is the commonest where this is > 0; where two share the first place none is, and
    this is 0. Raises SearchError for no tags.
    """
    if not tags:
        raise SearchError("nothing was found, so no part of speech is the commonest")
    counted = Counter(tags)
    own = counted.pop(tag, 0)
    return (own - max(counted.values(), default=0)) / len(tags)


def by_chance(found: int, drawn: int, tagged: int, size: int) -> float:
    """Probability, in [0, 1], of ``found`` or more of a part of speech among words drawn blindly.

    ``drawn`` of ``size`` words are drawn, without replacement, and ``tagged`` of all are of that
    part of speech: the upper tail of the hypergeometric distribution.
    """
    ways = sum(comb(tagged, k) * comb(size - tagged, drawn - k) for k in range(found, drawn + 1))
    return ways / comb(size, drawn)
