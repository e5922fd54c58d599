"""Which questions a reader answers wrongly, by its head or by what its hidden states set apart."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from quizproof.probes.models.triple_readings import reading, scatter, texts, triple
from quizproof.probes.probe import Draw, Measure, category, probe

if TYPE_CHECKING:
    from quizproof.probes.bench import Bench

HEAD, STATES = "question answering head", "hidden states"


@probe(
    "reading.answers",
    roles=("readers", "triples"),
    tolerance=1e-4,
    measures=(
        category(
            "evidence",
            (HEAD, STATES),
            "what tells the answer: the question-answering head, or the hidden states alone",
        ),
        Measure(
            "lead_{item}",
            "(answer − best other) ∕ (answer + best other)",
            -1,
            1,
            "of the probability of the head's span, or of the distance from the context's middle "
            "in the last layer: above 0 where the question is answered right",
            each="questions",
        ),
    ),
)
def reading_answers(bench: Bench, *, reader: int, questions: list[int]) -> Iterator[Draw]:
    """How far the right answer to each of ``questions``, from 1, is ahead of any other.

    With a head: the best span that is the answer against the best that is not. With hidden states
    alone: the answer's word that stands apart most, against the context's other words.
    """
    from quizproof.probes.methods.answer_span import lead
    from quizproof.probes.methods.token_separation import answer_lead, distances, passage

    leads, scatters, heads = {}, [], []
    for number in questions:
        read = reading(bench, reader, number)
        answer = triple(bench, number).answer
        places = passage(read.tokens, answer)
        heads.append(read.ends is not None)
        leads[f"lead_{number}"] = (
            answer_lead(distances(read.hidden_states[-1:], places)[0], places)
            if read.ends is None
            else lead(read.ends, read.tokens, answer)
        )
        last = len(read.hidden_states) - 1
        title = f"reader {reader}, triple {number}, layer {last}"
        scatters.append(scatter(title, read, last, texts(read, places.answer)))
    yield Draw({"evidence": HEAD if all(heads) else STATES, **leads}, scatters=tuple(scatters))
