"""How alike a word's vectors in two sentences are, layer by layer, and which way that goes."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

from quizproof.probes.probe import Draw, Measure, probe

if TYPE_CHECKING:
    from quizproof.probes.bench import Bench

_METRICS = {"cosine": "cosine similarity", "euclidean": "−(Euclidean distance)"}


def _measures(metric: str, similarity: str) -> tuple[Measure, ...]:
    return (
        Measure(
            f"first_{metric}",
            "longer leg",
            -1,
            1,
            f"change of {similarity} from the first layer to where its trend turns",
        ),
        Measure(
            f"second_{metric}",
            "longer leg",
            -1,
            1,
            f"change of {similarity} from where its trend turns to the last layer",
        ),
        Measure(
            f"turn_{metric}",
            "layer",
            0,
            math.inf,
            f"at which the trend of {similarity} turns; an end where it does not",
        ),
        Measure(
            f"explained_{metric}",
            "share of variance",
            0,
            1,
            f"of {similarity} over the layers that its trend explains",
        ),
    )


@probe(
    "embedding.similarity_by_layer",
    roles=("chinese",),
    measures=tuple(m for metric in _METRICS.items() for m in _measures(*metric)),
    tolerance=1e-3,
)
def similarity_by_layer(
    bench: Bench, *, word: str, sentences: list[str], first_layer: int = 0
) -> Iterator[Draw]:
    """The trend of the similarity of ``word`` in two sentences, from ``first_layer`` up.

    The last layer is left out. Similarity is the cosine similarity, and minus the Euclidean
    distance. Its trend is the nearest series with one turn at most (unimodal regression), and what
    is measured of it are its two legs, relative to the longer one.
    """
    from quizproof.probes.methods.embedding_similarity import cosine_similarity, euclidean_distance
    from quizproof.probes.methods.trend import trend
    from quizproof.probes.models.language_models import LanguageModelError
    from quizproof.probes.models.word_vectors import word_vectors
    from quizproof.questions.problems import QuizproofError

    if len(sentences) != 2:
        raise QuizproofError(f"{len(sentences)} sentences, but a similarity is of two; name two")
    model = bench.language("chinese")
    if model.layers - first_layer < 3 or first_layer < 0:
        raise LanguageModelError(
            f"{model.description} has {model.layers} layers, too few for a trend from layer "
            f"{first_layer} without the last; take a deeper model"
        )
    one, other = word_vectors(model, sentences, word)[first_layer:-1].transpose(1, 0, 2)
    values: dict[str, float | str] = {}
    series = {}
    for metric, similarities in (
        ("cosine", cosine_similarity(one, other)),
        ("euclidean", -euclidean_distance(one, other)),
    ):
        found = trend(similarities.tolist())
        values[f"first_{metric}"] = found.first
        values[f"second_{metric}"] = found.second
        values[f"turn_{metric}"] = float(found.turn + first_layer)
        values[f"explained_{metric}"] = found.explained
        series[_METRICS[metric]] = tuple(similarities.tolist())
        series[f"trend of {_METRICS[metric]}"] = found.fit
    yield Draw(values, series=series, series_start=first_layer)
