"""Similarity of a word's vectors in two sentences, layer by layer, and which way that goes."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

from quizproof.probes.parameters import Indices, Name, Names, Times
from quizproof.probes.probe import Draw, Measure, probe
from quizproof.probes.units import LAYER
from quizproof.questions.spec import Text

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from quizproof.probes import CausalLM, Encoder, MaskedLM
    from quizproof.probes.bench import Bench

_METRICS = {
    "cosine": Text(en="cosine similarity", zh_hant="餘弦相似度"),
    "euclidean": Text(en="−(Euclidean distance)", zh_hant="−（歐氏距離）"),
}
_RELATIVE = Text(
    en="as a multiple of the largest change between two layers where the word means the same",
    zh_hant="以意義相同之句對的最大相鄰變化為 1",
)
_UNIT = Text(en="steps of pairs that mean the same", zh_hant="意義相同之句對的最大相鄰變化")


def _measures(metric: str, similarity: Text) -> tuple[Measure, ...]:
    english, chinese = similarity.en, similarity.zh_hant
    ways = {
        "rise": Text(
            en=f"longest rise of {english} from any layer to a later one, {_RELATIVE.en}",
            zh_hant=f"{chinese}從任一層到其後某層的最大上升，{_RELATIVE.zh_hant}",
        ),
        "fall": Text(
            en=f"longest fall of {english} from any layer to a later one, {_RELATIVE.en}",
            zh_hant=f"{chinese}從任一層到其後某層的最大下降，{_RELATIVE.zh_hant}",
        ),
        "valley": Text(
            en=f"longest fall of {english} that a rise as long follows, {_RELATIVE.en}",
            zh_hant=f"{chinese}先降後升之中，較短一段的最大值，{_RELATIVE.zh_hant}",
        ),
        "peak": Text(
            en=f"longest rise of {english} that a fall as long follows, {_RELATIVE.en}",
            zh_hant=f"{chinese}先升後降之中，較短一段的最大值，{_RELATIVE.zh_hant}",
        ),
    }
    return (
        *(
            Measure(f"{way}_{metric}_{{item}}", _UNIT, 0, math.inf, meaning, each="first_layers")
            for way, meaning in ways.items()
        ),
        Measure(
            f"step_{metric}_{{item}}",
            similarity,
            0,
            math.inf,
            Text(
                en=(
                    f"largest change of {english} from a layer to the next in the pairs of "
                    "sentences "
                    "in which the word means the same"
                ),
                zh_hant=f"該字詞意義相同的各對句子中，{chinese}相鄰兩層間的最大變化",
            ),
            each="first_layers",
        ),
    )


@probe(
    "embedding.similarity_by_layer",
    finding=Text(
        en=(
            "The similarity of {word} in the two sentences was followed from the layer before each "
            "colon on. Cosine similarity rises by at most {rise_cosine_{item}}. It falls by at "
            "most {fall_cosine_{item}}. Similarity by Euclidean distance rises by at most "
            "{rise_euclidean_{item}}. It falls by at most {fall_euclidean_{item}}. The unit is the "
            "largest step between two layers where the word means the same, so that only more than "
            "1 counts."
        ),
        zh_hant=(
            "自冒號前的層起，追蹤「{word}」在兩個句子中的相似度。餘弦相似度至多上升 "
            "{rise_cosine_{item}}，至多下降 {fall_cosine_{item}}。以歐氏距離衡量的相似度至多上升 "
            "{rise_euclidean_{item}}，至多下降 {fall_euclidean_{item}}。以意義相同時相鄰兩層間的最"
            "大變化為單位，因此大於 1 才算數。"
        ),
    ),
    measures=tuple(m for metric in _METRICS.items() for m in _measures(*metric)),
    tolerance=1e-3,
    example="""
    kind: single
    points: 1
    about: model
    prompt: From layer 0 on, how does the similarity of 蘋 in the two sentences go?
    probe:
      name: embedding.similarity_by_layer
      with:
        model: chinese
        word: 蘋
        sentences: [今天買了蘋果手機, 蘋果的股價又跌了]
        first_layers: [0]
        pairs: 100
    thresholds:
      pairs: {from: the largest of a hundred is what one in a hundred exceeds}
    options:
      a: {text: It falls, rule: fall_cosine_0 > 1 and rise_cosine_0 <= 1}
      b: {text: It rises, rule: rise_cosine_0 > 1 and fall_cosine_0 <= 1}
    expected: [b]
    """,
)
def similarity_by_layer(
    bench: Bench,
    *,
    model: MaskedLM | CausalLM | Encoder,
    word: Name,
    sentences: Names,
    first_layers: Indices,
    pairs: Times | None = None,
    alike: Names | None = None,
) -> Iterator[Draw]:
    """Measure how far ``word``'s similarity in two sentences rises and falls, last layer aside.

    From each of ``first_layers`` on; similarity is the cosine similarity, and minus the Euclidean
    distance. What counts as far is what similarity does from one layer to the next where there is
    nothing to tell: the largest such change, over the same layers, of pairs of sentences in which
    the word means the same: each two that follow one another in ``alike``, or ``pairs`` of them
    about fruit, or about the company, which the grammar of the Chinese sentences writes.
    """
    import numpy as np

    from quizproof.probes.language.sentence_pairs import same_meaning
    from quizproof.probes.methods.trend import FLAT, largest_step, legs
    from quizproof.probes.models.word_vectors import word_vectors
    from quizproof.questions.problems import QuizproofError

    if len(sentences) != 2:
        raise QuizproofError(f"{len(sentences)} sentences, but a similarity is of two; name two")
    if (pairs is None) == (alike is None):
        raise QuizproofError("say either pairs, which are written, or alike, which has them")
    if alike is not None and len(alike) % 2:
        raise QuizproofError(f"{len(alike)} sentences in alike make no pairs; name two for each")
    _refuse_depth(model.layers, model.description, first_layers)
    asked = word_vectors(model, sentences, word)
    if alike is None:
        assert pairs is not None
        rng = np.random.default_rng(bench.fixed_seed)
        alike = [text for pair in same_meaning(rng, word, pairs, sentences) for text in pair]
    vectors = np.concatenate([asked, word_vectors(model, alike, word)], axis=1)[:-1]
    values: dict[str, float | str] = {}
    series = {}
    for metric in _METRICS:
        found, *nulls = _similarities(metric, vectors)
        series[metric] = tuple(found.tolist())
        for first in first_layers:
            step = largest_step([null[first:] for null in nulls])
            least = max(step, FLAT * float(np.abs(found).max())) or 1.0  # all alike: legs of 0
            for way, length in vars(legs(found[first:].tolist())).items():
                values[f"{way}_{metric}_{first}"] = length / least
            values[f"step_{metric}_{first}"] = step
    yield Draw(values, series=series, captions=_METRICS, series_start=0, series_name=LAYER)


def _similarities(metric: str, vectors: NDArray[np.float64]) -> NDArray[np.float64]:
    """Of each of P pairs of neighbours among vectors (L, 2P, D): (P, L)."""
    from quizproof.probes.methods.embedding_similarity import cosine_similarity, euclidean_distance

    one, other = vectors[:, ::2].swapaxes(0, 1), vectors[:, 1::2].swapaxes(0, 1)
    if metric == "cosine":
        return cosine_similarity(one, other)
    return -euclidean_distance(one, other)


def _refuse_depth(layers: int, description: str, first_layers: list[int]) -> None:
    from quizproof.probes.models.language_models import LanguageModelError

    first = max(first_layers, default=0)
    if layers - first < 2 or min(first_layers, default=-1) < 0:
        raise LanguageModelError(
            f"{description} has {layers} layers, too few for a trend from layer {first} without "
            "the last; take a deeper model"
        )
