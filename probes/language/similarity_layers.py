"""Similarity of a word in one text to one in another, or of two texts, after each layer."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

from quizproof.probes.parameters import Indices, Name
from quizproof.probes.probe import Draw, Measure, probe
from quizproof.probes.units import COSINE, LAYER
from quizproof.questions.spec import Text

if TYPE_CHECKING:
    from quizproof.probes import CausalLM, Encoder, MaskedLM
    from quizproof.probes.bench import Bench

_CAPTIONS = {
    "cosine": Text(en="cosine similarity", zh_hant="餘弦相似度"),
    "distance": Text(en="Euclidean distance", zh_hant="歐氏距離"),
}


@probe(
    "similarity.layers",
    finding=Text(
        en=(
            "After the layer before each colon, where 0 is the embedding output, the cosine "
            "similarity is {cosine_{item}}. It is the largest after layer {highest_layer}, and "
            "the smallest after layer {lowest_layer}."
        ),
        zh_hant=(
            "冒號前的層之後（0 為 embedding output），餘弦相似度為 {cosine_{item}}。"
            "最大的是第 {highest_layer} 層之後，最小的是第 {lowest_layer} 層之後。"
        ),
    ),
    tolerance=1e-4,
    measures=(
        Measure(
            "cosine_{item}",
            COSINE,
            -1,
            1,
            Text(
                en="cosine similarity of the two vectors after the layer",
                zh_hant="該層之後兩個向量的餘弦相似度",
            ),
            each="layers",
        ),
        Measure(
            "distance_{item}",
            Text(en="unit of the vectors", zh_hant="向量的單位"),
            0,
            math.inf,
            Text(
                en="Euclidean distance of the two vectors after the layer",
                zh_hant="該層之後兩個向量的歐氏距離",
            ),
            each="layers",
        ),
        Measure(
            "highest_layer",
            LAYER,
            0,
            math.inf,
            Text(
                en="layer after which the two vectors are the most alike",
                zh_hant="兩個向量最相似的是哪一層之後",
            ),
        ),
        Measure(
            "lowest_layer",
            LAYER,
            0,
            math.inf,
            Text(
                en="layer after which the two vectors are the least alike",
                zh_hant="兩個向量最不相似的是哪一層之後",
            ),
        ),
    ),
    example="""
    kind: single
    points: 1
    about: model
    prompt: Is "saw" more alike in two sentences after the last layer than after the first?
    probe:
      name: similarity.layers
      with:
        model: english
        one: The nurse saw her.
        other: The young lawyer saw the mother.
        word: saw
        layers: [1, 12]
    options:
      a: {text: After the last, rule: cosine_12 > cosine_1}
      b: {text: After the first, rule: cosine_1 > cosine_12}
    expected: [a]
    """,
)
def similarity_layers(
    bench: Bench,
    *,
    model: MaskedLM | CausalLM | Encoder,
    one: Name,
    other: Name,
    layers: Indices,
    word: Name | None = None,
    other_word: Name | None = None,
) -> Iterator[Draw]:
    """Similarity of the hidden states of ``word`` in ``one`` and ``other``, after each layer.

    Layer 0 is the embedding output. ``other_word`` is the word in ``other`` where it is another.
    Without a word, it is the mean of all tokens' states, special ones among them. The cosine
    similarity of a word in two contexts is Ethayarajh's (2019, arXiv 1909.00512).
    """
    import numpy as np

    from quizproof.probes.methods.embedding_similarity import cosine_similarity, euclidean_distance
    from quizproof.probes.methods.layer_similarity import vectors

    refuse_layers(model, layers)
    first = vectors(model, one, word)
    second = vectors(model, other, word if other_word is None else other_word)
    cosines, distances = cosine_similarity(first, second), euclidean_distance(first, second)
    yield Draw(
        {
            **{f"cosine_{layer}": float(cosines[layer]) for layer in layers},
            **{f"distance_{layer}": float(distances[layer]) for layer in layers},
            "highest_layer": int(np.argmax(cosines)),
            "lowest_layer": int(np.argmin(cosines)),
        },
        series={"cosine": tuple(cosines.tolist()), "distance": tuple(distances.tolist())},
        captions=_CAPTIONS,
        series_start=0,
    )


def refuse_layers(model: MaskedLM | CausalLM | Encoder, layers: list[int]) -> None:
    """Raises QuizproofError for a layer that the model does not have; 0 is the embedding output."""
    from quizproof.questions.problems import QuizproofError

    if (most := max(layers)) > model.layers:
        raise QuizproofError(
            f"{model.description} has {model.layers} layers, and no layer {most}; "
            "0 is the embedding output"
        )
