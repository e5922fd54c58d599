"""How narrow a cone a model's hidden states are in, after each layer."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from quizproof.probes.language.similarity_layers import refuse_layers
from quizproof.probes.parameters import Indices, Name, distinct
from quizproof.probes.probe import Draw, Measure, probe
from quizproof.probes.units import COSINE, LAYER
from quizproof.questions.spec import Text

if TYPE_CHECKING:
    from quizproof.probes import CausalLM, Encoder, MaskedLM
    from quizproof.probes.bench import Bench


@probe(
    "anisotropy.layers",
    finding=Text(
        en=(
            "After the layer before each colon, where 0 is the embedding output, two vectors of "
            "different texts have on average a cosine similarity of {mean_{item}}. It is the "
            "largest after layer {highest_layer}, and the smallest after layer {lowest_layer}."
        ),
        zh_hant=(
            "冒號前的層之後（0 為 embedding output），不同文字的兩個向量平均餘弦相似度為 "
            "{mean_{item}}。最大的是第 {highest_layer} 層之後，最小的是第 {lowest_layer} 層之後。"
        ),
    ),
    tolerance=1e-4,
    measures=(
        Measure(
            "mean_{item}",
            COSINE,
            -1,
            1,
            Text(
                en=(
                    "cosine similarity of two vectors of different texts after the layer; mean of "
                    "all pairs"
                ),
                zh_hant="該層之後，不同文字的兩個向量之餘弦相似度；所有配對的平均",
            ),
            each="layers",
        ),
        Measure(
            "highest_layer",
            LAYER,
            0,
            math.inf,
            Text(
                en="layer after which the mean cosine similarity is the largest",
                zh_hant="平均餘弦相似度最大的是哪一層之後",
            ),
        ),
        Measure(
            "lowest_layer",
            LAYER,
            0,
            math.inf,
            Text(
                en="layer after which the mean cosine similarity is the smallest",
                zh_hant="平均餘弦相似度最小的是哪一層之後",
            ),
        ),
    ),
    example="""
    kind: single
    points: 1
    about: model
    prompt: Are unrelated words more alike after the last layer than after the first?
    probe:
      name: anisotropy.layers
      with:
        model: english
        texts:
        - The queen found six necklaces in the garden.
        - John danced slowly at the school.
        - The student trusted David because he was honest.
        of: tokens
        layers: [1, 12]
    options:
      a: {text: After the last, rule: mean_12 > mean_1}
      b: {text: After the first, rule: mean_1 > mean_12}
    expected: [a]
    """,
)
def anisotropy_layers(
    bench: Bench,
    *,
    model: MaskedLM | CausalLM | Encoder,
    texts: Annotated[list[Name], Field(min_length=2), distinct],
    of: Literal["tokens", "texts"],
    layers: Indices,
) -> Iterator[Draw]:
    """Mean cosine similarity of hidden states of different ``texts``, after each layer.

    Layer 0 is the embedding output. The vectors are those ``of`` all tokens but special ones, or
    ``of`` texts, each the mean of all its tokens' states as sentence-transformers pools them. A
    mean far above 0 says that all vectors lie in a narrow cone (Ethayarajh 2019, arXiv 1909.00512,
    section 4.1).
    """
    import numpy as np

    from quizproof.probes.methods.layer_similarity import mean_cosine, token_vectors, vectors

    refuse_layers(model, layers)
    if of == "texts":
        states = np.stack([vectors(model, text, None) for text in texts], axis=1)
        means = mean_cosine(states, np.arange(len(texts)))
    else:
        means = mean_cosine(*token_vectors(model, texts))
    yield Draw(
        {
            **{f"mean_{layer}": float(means[layer]) for layer in layers},
            "highest_layer": int(np.argmax(means)),
            "lowest_layer": int(np.argmin(means)),
        },
        series={"mean": tuple(means.tolist())},
        captions={"mean": Text(en="mean cosine similarity", zh_hant="平均餘弦相似度")},
        series_start=0,
    )
