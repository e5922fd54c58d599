"""Word and measure of its vectors that a reference matrix was made with."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

from quizproof.probes.parameters import Names
from quizproof.probes.probe import Draw, Matrix, Measure, probe
from quizproof.probes.units import LAYER
from quizproof.questions.problems import QuizproofError
from quizproof.questions.spec import Text

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from quizproof.probes import CausalLM, Encoder, MaskedLM, MatrixPart, Sentences
    from quizproof.probes.bench import Bench

_UNIT = Text(en="colour scale", zh_hant="色階")


@probe(
    "embedding.reference_matrix",
    finding=Text(
        en=(
            "The colours of each word’s matrix differ from the reference matrix by at most these "
            "shares of the colour scale, at the nearest layer. By cosine similarity: "
            "{cosine_{item}}. By Euclidean distance: {euclidean_{item}}. The nearest matrix of all "
            "is that of layer {layer}."
        ),
        zh_hant=(
            "在最接近的一層，各字詞的矩陣與參考矩陣的顏色至多相差（以色階的比例計）：餘弦相似度："
            "{cosine_{item}}；歐氏距離：{euclidean_{item}}。所有矩陣中最接近的在第 {layer} 層。"
        ),
    ),
    measures=(
        Measure(
            "cosine_{item}",
            _UNIT,
            0,
            1,
            Text(
                en=(
                    "largest difference from the reference of the word's cosine similarities, at "
                    "the layer where it is least"
                ),
                zh_hant="該字詞的餘弦相似度與參考矩陣的最大差異，取差異最小的一層",
            ),
            each="words",
        ),
        Measure(
            "euclidean_{item}",
            _UNIT,
            0,
            1,
            Text(
                en=(
                    "largest difference from the reference of the word's Euclidean distances, at "
                    "the layer where it is least"
                ),
                zh_hant="該字詞的歐氏距離與參考矩陣的最大差異，取差異最小的一層",
            ),
            each="words",
        ),
        Measure(
            "printed",
            _UNIT,
            0,
            1,
            Text(
                en="change of a colour that the rounding of the printed reference can make",
                zh_hant="參考矩陣印出的位數所能造成的色階差異",
            ),
        ),
        Measure(
            "layer",
            LAYER,
            0,
            math.inf,
            Text(
                en="layer of the matrix that is nearest to the reference",
                zh_hant="最接近參考矩陣者所在的層",
            ),
        ),
    ),
    tolerance=1e-3,
    example="""
    kind: single
    points: 1
    about: model
    prompt: Was the matrix made by cosine similarity or by Euclidean distance?
    probe:
      name: embedding.reference_matrix
      with: {model: chinese, reference: reference_matrix, words: [蘋]}
    options:
      a: {text: By cosine similarity, rule: cosine_蘋 < euclidean_蘋}
      b: {text: By Euclidean distance, rule: euclidean_蘋 < cosine_蘋}
    expected: [a]
    """,
)
def reference_matrix(
    bench: Bench,
    *,
    model: MaskedLM | CausalLM | Encoder,
    sentences: Sentences,
    reference: MatrixPart,
    words: Names,
) -> Iterator[Draw]:
    """The difference of the pack's reference matrix from that of each measure of each word.

    A matrix has a row and a column for each of the pack's sentences, in their order, and in each
    cell how alike the vectors of the word after a layer are in the two: after which one, nobody
    says, so all are tried, from the embedding output on. The difference is that of the colours, off
    the diagonal, were both drawn from their least to their largest value: the unit of a measure
    does not count, nor which end of the scale is which, so that 1 − cosine similarity is as good as
    cosine similarity.
    """
    from quizproof.probes.methods.embedding_similarity import (
        cosine_similarity,
        euclidean_distance,
        pairwise,
    )
    from quizproof.probes.methods.matrix_colours import colour_difference, colour_rounding
    from quizproof.probes.models.word_vectors import word_vectors

    texts, shown = _texts_and_values(sentences, reference)
    values: dict[str, float | str] = {"printed": colour_rounding(shown, reference.printed)}
    matrices = [_drawn(Text(en="reference", zh_hant="參考矩陣"), shown, texts)]
    nearest = []
    for word in words:
        vectors = word_vectors(model, texts, word)
        for name, title, metric in (
            ("cosine", Text(en="cosine similarity", zh_hant="餘弦相似度"), cosine_similarity),
            (
                "euclidean",
                Text(en="Euclidean distance", zh_hant="歐氏距離"),
                euclidean_distance,
            ),
        ):
            layers = pairwise(metric, vectors)
            off, layer = min((colour_difference(shown, m), k) for k, m in enumerate(layers))
            values[f"{name}_{word}"] = off
            nearest.append((off, layer))
            said = Text(
                en=f"{title.en} of {word}, layer {layer}",
                zh_hant=f"「{word}」的{title.zh_hant}，第 {layer} 層",
            )
            matrices.append(_drawn(said, layers[layer], texts))
    values["layer"] = float(min(nearest)[1])
    yield Draw(values, matrices=tuple(matrices))


def _texts_and_values(
    sentences: Sentences, reference: MatrixPart
) -> tuple[tuple[str, ...], NDArray[np.float64]]:
    """The sentences, and the matrix of them. Raises QuizproofError."""
    texts = tuple(one.text for one in sentences.sentences)
    if len(reference.values) != len(texts):
        raise QuizproofError(
            f"the reference matrix has {len(reference.values)} rows, but there are {len(texts)} "
            "sentences; it takes a row for each"
        )
    if len(texts) < 3:
        raise QuizproofError(f"{len(texts)} sentences make no picture; give three at least")
    return texts, reference.values


def _drawn(title: Text, values: NDArray[np.float64], texts: tuple[str, ...]) -> Matrix:
    return Matrix(
        title,
        values.astype("float32"),
        rows=texts,
        columns=texts,
        row_name=Text(en="sentence", zh_hant="句子"),
        column_name=Text(en="sentence", zh_hant="句子"),
    )
