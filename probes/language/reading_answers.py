"""Questions that a reader answers wrongly, by its head or by what its hidden states set apart."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from quizproof.probes.models.triple_readings import (
    reading,
    scatter,
    scatter_title,
    texts,
    triple,
)
from quizproof.probes.parameters import Counts
from quizproof.probes.probe import Draw, Measure, Unsure, category, probe
from quizproof.questions.spec import Text

if TYPE_CHECKING:
    from quizproof.probes import Reader, Triples
    from quizproof.probes.bench import Bench

HEAD, STATES = "question answering head", "hidden states"


@probe(
    "reading.answers",
    finding=Text(
        en=(
            "The right answer leads over the best other one by so much, question by question: "
            "{lead_{item}}. Below 0, the other one is ahead. The answer was read from this: "
            "{evidence}."
        ),
        zh_hant=(
            "正確答案對最佳之其他答案的領先（題號：領先）是 {lead_{item}}。小於 0 表示落後。得知答"
            "案的依據：{evidence}。"
        ),
    ),
    tolerance=1e-4,
    measures=(
        category(
            "evidence",
            (HEAD, STATES),
            Text(
                en=(
                    "source of the answer: the question-answering head, or the hidden states alone"
                ),
                zh_hant="由何者得知答案：問答輸出層，或只有 hidden states",
            ),
        ),
        Measure(
            "lead_{item}",
            Text(
                en="(answer − best other) ∕ (answer + best other)",
                zh_hant="（答案 − 最佳的其他）∕（答案 + 最佳的其他）",
            ),
            -1,
            1,
            Text(
                en=(
                    "lead of the right answer over the best other one, by the head's probability "
                    "or, without a head, by how far its word stands apart in the last layer; above "
                    "0 where the question is answered right"
                ),
                zh_hant=(
                    "正確答案對最佳之其他答案的領先：輸出層所給的機率，或（沒有輸出層時）最後一層中"
                    "答案的字與文章其他字分離的程度；答對時大於 0"
                ),
            ),
            each="questions",
        ),
    ),
    example="""
    kind: single
    points: 1
    about: model
    prompt: Does the model answer question 1 rightly?
    probe: {name: reading.answers, with: {reader: reader_1, questions: [1]}}
    options:
      a: {text: It does, rule: lead_1 > 0}
      b: {text: It does not, rule: lead_1 < 0}
    expected: [a]
    """,
)
def reading_answers(
    bench: Bench, *, reader: Reader, triples: Triples, questions: Counts
) -> Iterator[Draw]:
    """Lead of the right answer to each of ``questions``, from 1, over any other.

    With a head: the best span that is the answer against the best that is not. With hidden states
    alone: the answer's word that stands apart most, against the context's other words. What those
    say is not what a head would: a lead tells it where at most one in a hundred of readers'
    heads said otherwise of a lead as large, and is unsure by as much (the readers are in no pack:
    ``methods/reader_calibration.py``).
    """
    from quizproof.probes.methods.answer_span import lead
    from quizproof.probes.methods.reader_calibration import calibration
    from quizproof.probes.methods.token_separation import answer_lead, distances, passage

    known = calibration()
    leads, scatters, within = {}, [], {}
    for number in questions:
        read = reading(bench, reader, triples, number)
        answer = triple(triples, number).answer
        places = passage(read.tokens, answer)
        if read.ends is None:
            found = answer_lead(distances(read.hidden_states[-1:], places)[0], places)
            within[f"lead_{number}"] = (found - known.right_above, found - known.wrong_below)
        else:
            found = lead(read.ends, read.tokens, answer)
        leads[f"lead_{number}"] = found
        last = len(read.hidden_states) - 1
        title = scatter_title(reader.name, number, last)
        scatters.append(scatter(title, read, last, texts(read, places.answer)))
    yield Draw(
        {"evidence": STATES if within else HEAD, **leads},
        scatters=tuple(scatters),
        unsure=Unsure(within, _by_states(within)) if within else None,
    )


def _by_states(within: dict[str, tuple[float, float]]) -> Text:
    """Return the line that says which questions the hidden states leave open."""
    numbers = [name.rpartition("_")[2] for name, (low, high) in within.items() if low <= 0 <= high]
    en, zh_hant = ", ".join(numbers), "、".join(numbers)
    return Text(
        en=f"without its head, hidden states do not tell the answer to question {en}",
        zh_hant=f"沒有問答 head，隱藏狀態無法判定第 {zh_hant} 題的答案",
    )
