"""In which layers of a reader the question draws near the part of the context that answers it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from quizproof.probes.models.triple_readings import mean_by_layer, reading, scatter, texts, triples
from quizproof.probes.probe import Draw, Measure, Scatter, probe
from quizproof.questions.problems import QuizproofError

if TYPE_CHECKING:
    from quizproof.probes.bench import Bench
    from quizproof.probes.methods.token_separation import Passage
    from quizproof.probes.models.language_models import Reading

_UNIT = "cosine similarity"


@probe(
    "reading.stages",
    roles=("readers", "triples"),
    tolerance=1e-4,
    measures=(
        Measure(
            "gap_at_{item}",
            _UNIT,
            -2,
            2,
            "of the question with the relevant part of the context, less that with the rest, "
            "at the stage's last layer",
            each="stages",
        ),
        Measure(
            "rise_to_{item}",
            _UNIT,
            -4,
            4,
            "by which the stage's layers widen that gap",
            each="stages",
        ),
    ),
)
def reading_stages(bench: Bench, *, reader: int, stages: list[int]) -> Iterator[Draw]:
    """Mean over all triples. ``stages`` holds the last layer of each, from 1; the first stage
    starts from the embedding output, each other where the one before it ends."""
    from quizproof.probes.methods.token_separation import passage, question_gap

    count = len(triples(bench))
    gaps: list[list[float]] = []
    scatters: tuple[Scatter, ...] = ()
    for number in range(1, count + 1):
        read = reading(bench, reader, number)
        places = passage(read.tokens, triples(bench)[number - 1].answer)
        _refuse_other_depth(len(read.hidden_states) - 1, reader, stages)
        gaps.append(question_gap(read.hidden_states, places).tolist())
        if number == 1:
            scatters = _scatters(read, places, reader, stages)
    gap = mean_by_layer(gaps, reader)
    starts = [0, *stages]
    yield Draw(
        {f"gap_at_{end}": gap[end] for end in stages}
        | {
            f"rise_to_{end}": gap[end] - gap[start]
            for start, end in zip(starts, stages, strict=False)
        },
        series={"gap between the relevant part and the rest": gap}
        | {f"the same, triple {number}": tuple(one) for number, one in enumerate(gaps, 1)},
        series_start=0,
        scatters=scatters,
    )


def _scatters(
    read: Reading, places: Passage, reader: int, stages: list[int]
) -> tuple[Scatter, ...]:
    shown = texts(read, places.answer)
    groups = {
        "question": shown["question"],
        "relevant part": [p for p in places.relevant if p not in places.answer],
        "context": [place for place in shown["context"] if place not in places.relevant],
        "answer": shown["answer"],
    }
    return tuple(
        scatter(f"reader {reader}, triple 1, layer {layer}", read, layer, groups)
        for layer in stages
    )


def _refuse_other_depth(layers: int, reader: int, stages: list[int]) -> None:
    if stages != sorted(set(stages)) or not stages or stages[0] < 1 or stages[-1] != layers:
        raise QuizproofError(
            f"reader {reader} has {layers} layers, which the stages that end with "
            f"{', '.join(map(str, stages))} do not divide; ask for stages that do"
        )
