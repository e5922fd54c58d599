"""Which readers were fine-tuned to find answers, judged by whether chance would do as well."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from quizproof.probes.models.triple_readings import mean_by_layer, reading, scatter, texts, triples
from quizproof.probes.probe import Draw, Measure, probe

if TYPE_CHECKING:
    from quizproof.probes.bench import Bench
    from quizproof.probes.methods.token_separation import Passage
    from quizproof.probes.models.language_models import Reading


@probe(
    "reading.fine_tuning",
    roles=("readers", "triples"),
    tolerance=1e-6,
    measures=(
        Measure(
            "chance_{item}",
            "probability",
            0,
            1,
            "that spans of the contexts drawn at random are set apart as far or, where there is a "
            "head, answer as much",
            each="readers",
        ),
        Measure(
            "apart_{item}",
            "distance ∕ distance",
            0,
            math.inf,
            "of the answer's words from the context's middle, against that of the other words, "
            "in the last layers",
            each="readers",
        ),
    ),
)
def reading_fine_tuning(bench: Bench, *, readers: list[int], last: int = 3) -> Iterator[Draw]:
    """How likely chance would find the answers of all triples as well as each reader does.

    Of the hidden states, "as well" is spans of the answers' lengths that the layers set as far
    apart: in the mean of the ``last`` layers, less at the embedding output, so that a word which
    is unlike the others from the start does not count as set apart. Of a head, it is as many exact
    matches of spans of any length. Where both can be
    looked at, either will do, and the smaller probability is doubled for having looked twice
    (Bonferroni): three questions are few, and a reader that learned a little sets the answers
    apart before its head picks them.
    """
    values: dict[str, float] = {}
    series: dict[str, tuple[float, ...]] = {}
    scatters = []
    for reader in readers:
        chance, ratios = _looked_at(bench, reader, last)
        values[f"chance_{reader}"] = chance
        values[f"apart_{reader}"] = float(np.mean(ratios[-last:]))
        series[f"distance of the answer against the other words, reader {reader}"] = ratios
        first = reading(bench, reader, 1)
        end = len(first.hidden_states) - 1
        groups = texts(first, _passage(first, triples(bench)[0].answer).answer)
        scatters.append(scatter(f"reader {reader}, triple 1, layer {end}", first, end, groups))
    yield Draw(values, series=series, series_start=0, scatters=tuple(scatters))


def _looked_at(bench: Bench, reader: int, last: int) -> tuple[float, tuple[float, ...]]:
    """Chance's probability, and by layer how far the answers stand apart, mean of the triples."""
    from quizproof.probes.methods.answer_span import lead, spans
    from quizproof.probes.methods.chance import at_least_as_many, sum_as_small
    from quizproof.probes.methods.token_separation import (
        answer_rank,
        apart,
        distances,
    )

    hits, chances, ranks, ratios = [], [], [], []
    for number, asked in enumerate(triples(bench), 1):
        read = reading(bench, reader, number)
        places = _passage(read, asked.answer)
        found = distances(read.hidden_states, places)
        ratios.append(apart(found, places).tolist())
        chances.append(1 / spans(read.tokens))
        ranks.append(answer_rank(found[-last:].mean(dim=0) - found[0], places))
        if read.ends is not None:
            hits.append(lead(read.ends, read.tokens, asked.answer) > 0)
    chance = sum_as_small(ranks)
    if len(hits) == len(chances):
        chance = min(1.0, 2 * min(chance, at_least_as_many(sum(hits), chances)))
    return chance, mean_by_layer(ratios, reader)


def _passage(read: Reading, answer: str) -> Passage:
    from quizproof.probes.methods.token_separation import passage

    return passage(read.tokens, answer)
