"""How alike an encoder takes a text and several others to be."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

from quizproof.probes.parameters import Name, Texts
from quizproof.probes.probe import Draw, Matrix, Measure, probe
from quizproof.probes.units import COSINE
from quizproof.questions.spec import Text

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from quizproof.probes import Encoder
    from quizproof.probes.bench import Bench

_LENGTH = Text(en="unit of the vectors", zh_hant="向量的單位")
_SQUARED = Text(en="unit of the vectors, squared", zh_hant="向量單位的平方")


@probe(
    "sentence.similarities",
    finding=Text(
        en=(
            "The text's vector has these cosine similarities with those of the others: "
            "{similarity_{item}}. 1 is the same direction, 0 none in common."
        ),
        zh_hant=(
            "該文字的向量與其他各段文字的餘弦相似度：{similarity_{item}}。1 為方向相同，"
            "0 為毫無共同。"
        ),
    ),
    tolerance=1e-5,
    measures=(
        Measure(
            "similarity_{item}",
            COSINE,
            -1,
            1,
            Text(
                en="cosine similarity of the two texts' vectors",
                zh_hant="兩段文字向量的餘弦相似度",
            ),
            each="others",
        ),
        Measure(
            "product_{item}",
            _SQUARED,
            -math.inf,
            math.inf,
            Text(
                en=(
                    "dot product of the two texts' vectors, of length 1 only where they are "
                    "normalised"
                ),
                zh_hant="兩段文字向量的內積；有 normalize 時向量長度才為 1",
            ),
            each="others",
        ),
        Measure(
            "distance_{item}",
            _LENGTH,
            0,
            math.inf,
            Text(
                en=(
                    "Euclidean distance of the two texts' vectors, of length 1 only where they "
                    "are normalised"
                ),
                zh_hant="兩段文字向量的歐氏距離；有 normalize 時向量長度才為 1",
            ),
            each="others",
        ),
        Measure(
            "product_agrees",
            Text(en="share of pairs", zh_hant="成對的比例"),
            0,
            1,
            Text(
                en=(
                    "share of the pairs of other texts that the dot product puts in the order of "
                    "the cosine"
                ),
                zh_hant="其他文字兩兩比較時，內積與餘弦排序相同的比例",
            ),
        ),
        Measure(
            "distance_agrees",
            Text(en="share of pairs", zh_hant="成對的比例"),
            0,
            1,
            Text(
                en=(
                    "share of the pairs of other texts that the distance puts in the order of the "
                    "cosine"
                ),
                zh_hant="其他文字兩兩比較時，歐氏距離與餘弦排序相同的比例",
            ),
        ),
    ),
    example="""
    kind: single
    points: 1
    about: model
    prompt: Which is nearer to "A cat sleeps on the sofa."?
    probe:
      name: sentence.similarities
      with:
        text: A cat sleeps on the sofa.
        others: {negated: A cat does not sleep on the sofa., other: The market fell again.}
    options:
      a: {text: "A cat does not sleep on the sofa.", rule: similarity_negated > similarity_other}
      b: {text: "The market fell again.", rule: similarity_other > similarity_negated}
    expected: [a]
    """,
)
def sentence_similarities(
    bench: Bench,
    *,
    model: Encoder,
    text: Name,
    others: Texts,
    normalised: bool = False,
    cut: bool = False,
) -> Iterator[Draw]:
    """Similarity of the vector that ``model`` gives ``text`` to those of ``others``.

    The ``others`` have names of your own. Cosine similarity is that of Reimers & Gurevych 2019
    (arXiv 1908.10084); dot products and distances are of the model's own vectors: of length 1 where
    its files or the pack say that it normalises, else pooled states as they are, and with
    ``normalised`` of length 1 in any case. With ``cut``, a text beyond the model's limit is cut off
    there, as sentence-transformers does; without, it is an error.
    """
    from quizproof.probes.methods.embedding_similarity import (
        cosine_similarity,
        euclidean_distance,
        pairwise,
        unit_vectors,
    )

    every = model.embeddings([text, *others.values()], cut=cut).double().numpy()
    if normalised:
        every = unit_vectors(every)
    first, rest = every[0], every[1:]
    cosines, products = cosine_similarity(first, rest), rest @ first
    distances = euclidean_distance(first, rest)
    found = {"similarity": cosines, "product": products, "distance": distances}
    yield Draw(
        {
            **{
                f"{n}_{o}": float(v)
                for n, each in found.items()
                for o, v in zip(others, each, strict=True)
            },
            "product_agrees": order_agrees(cosines, products),
            "distance_agrees": order_agrees(cosines, -distances),
        },
        matrices=(
            Matrix(
                Text(en="cosine similarity of all texts", zh_hant="所有文字兩兩的餘弦相似度"),
                pairwise(cosine_similarity, every).astype("float32"),
                rows=("text", *others),
                columns=("text", *others),
                row_name=Text(en="text", zh_hant="文字"),
                column_name=Text(en="text", zh_hant="文字"),
            ),
        ),
    )


def order_agrees(one: NDArray[np.float64], other: NDArray[np.float64]) -> float:
    """The share of pairs of places that both numbers put in one order; 1 where there is no pair."""
    import numpy as np

    rows, columns = np.triu_indices(len(one), k=1)
    if not len(rows):
        return 1.0
    signs = [np.sign(each[rows] - each[columns]) for each in (one, other)]
    return float((signs[0] == signs[1]).mean())
