"""Similarity of a word's vectors in two sentences, layer by layer, and which way that goes."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

from quizproof.probes.probe import Draw, Measure, probe

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from quizproof.probes.bench import Bench

_METRICS = {"cosine": "cosine similarity", "euclidean": "−(Euclidean distance)"}
_UNIT = "largest step of pairs that mean the same"


def _measures(metric: str, similarity: str) -> tuple[Measure, ...]:
    ways = {
        "rise": f"the longest rise of {similarity}, from any layer to a later one",
        "fall": f"the longest fall of {similarity}, from any layer to a later one",
        "valley": f"the longest fall of {similarity} that a rise as long follows",
        "peak": f"the longest rise of {similarity} that a fall as long follows",
    }
    return (
        *(
            Measure(f"{way}_{metric}_{{item}}", _UNIT, 0, math.inf, told, each="first_layers")
            for way, told in ways.items()
        ),
        Measure(
            f"step_{metric}_{{item}}",
            similarity,
            0,
            math.inf,
            f"the largest change of {similarity} from a layer to the next, of any pair of "
            "sentences in which the word means the same",
            each="first_layers",
        ),
    )


@probe(
    "embedding.similarity_by_layer",
    roles=("chinese",),
    measures=tuple(m for metric in _METRICS.items() for m in _measures(*metric)),
    tolerance=1e-3,
)
def similarity_by_layer(
    bench: Bench, *, word: str, sentences: list[str], first_layers: list[int], pairs: int
) -> Iterator[Draw]:
    """Measure how far ``word``'s similarity in two sentences rises and falls, last layer aside.

    From each of ``first_layers`` on; similarity is the cosine similarity, and minus the Euclidean
    distance. What counts as far is what similarity does from one layer to the next where there is
    nothing to tell: the largest such change, over the same layers, of ``pairs`` pairs of sentences
    about fruit, or about the company, which the grammar of the Chinese sentences writes. So
    nothing but a model is needed, and the meaning in each is known.
    """
    import numpy as np

    from quizproof.probes.language.sentence_pairs import same_meaning
    from quizproof.probes.methods.trend import FLAT, largest_step, legs
    from quizproof.probes.models.word_vectors import word_vectors
    from quizproof.questions.problems import QuizproofError

    if len(sentences) != 2:
        raise QuizproofError(f"{len(sentences)} sentences, but a similarity is of two; name two")
    if pairs < 1:
        raise QuizproofError(f"{pairs} pairs that mean the same show nothing; ask for one at least")
    model = bench.language("chinese")
    _refuse_depth(model.layers, model.description, first_layers)
    asked = word_vectors(model, sentences, word)
    rng = np.random.default_rng(bench.fixed_seed)
    alike = [text for pair in same_meaning(rng, word, pairs, sentences) for text in pair]
    vectors = np.concatenate([asked, word_vectors(model, alike, word)], axis=1)[:-1]
    values: dict[str, float | str] = {}
    series = {}
    for metric, similarity in _METRICS.items():
        found, *nulls = _similarities(metric, vectors)
        series[similarity] = tuple(found.tolist())
        for first in first_layers:
            step = largest_step([null[first:] for null in nulls])
            least = max(step, FLAT * float(np.abs(found).max())) or 1.0  # all alike: legs of 0
            for way, length in vars(legs(found[first:].tolist())).items():
                values[f"{way}_{metric}_{first}"] = length / least
            values[f"step_{metric}_{first}"] = step
    yield Draw(values, series=series, series_start=0)


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
