"""Readers that were fine-tuned to find answers, told by readers of which that is known."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

from quizproof.probes.language.reading_answers import HEAD, STATES
from quizproof.probes.models.triple_readings import (
    mean_by_layer,
    reading,
    scatter,
    scatter_title,
    texts,
)
from quizproof.probes.parameters import Positive
from quizproof.probes.probe import Draw, Measure, Unsure, probe
from quizproof.probes.units import FACTORS_OF_TEN, LAYER
from quizproof.questions.problems import QuizproofError
from quizproof.questions.spec import Text

if TYPE_CHECKING:
    from quizproof.probes import Reader, Triples
    from quizproof.probes.bench import Bench


@probe(
    "reading.fine_tuning",
    finding=Text(
        en=(
            "What each model does is this many powers of ten likelier if it was fine-tuned for "
            "reading comprehension than if it was not: {tuned_{item}}. Below 0, it is likelier if "
            "it was not."
        ),
        zh_hant=(
            "各閱讀模型的表現，在「曾為閱讀理解微調」之下比在「未微調」之下更有可能的程度（10 的幾"
            "次方倍）為：{tuned_{item}}。小於 0 表示「未微調」更有可能。"
        ),
    ),
    tolerance=1e-6,
    measures=(
        Measure(
            "tuned_{item}",
            FACTORS_OF_TEN,
            -math.inf,
            math.inf,
            Text(
                en=(
                    "likelihood of what the reader does if it was fine-tuned ÷ likelihood if it "
                    "was not; either way by as much as has to be exceeded"
                ),
                zh_hant=(
                    "若微調過與若未微調，閱讀模型在各題上表現的可能性之比；加減判定所需超過的量"
                ),
            ),
            each="readers",
        ),
        Measure(
            "apart_{item}",
            Text(en="standard deviations", zh_hant="個標準差"),
            -math.inf,
            math.inf,
            Text(
                en=(
                    "separation of the answer from the other spans of the context in the last "
                    "layers, less that in the middle ones"
                ),
                zh_hant="最後幾層使答案與文章其他片段分離的程度，減去中間幾層的程度",
            ),
            each="readers",
        ),
        Measure(
            "head_{item}",
            "",
            0,
            0,
            Text(
                en=(
                    "source of the answer: the question-answering head, or the hidden states alone"
                ),
                zh_hant="由何者得知答案：問答輸出層，或只有 hidden states",
            ),
            each="readers",
            categories=(HEAD, STATES),
        ),
    ),
    example="""
    kind: single
    points: 1
    about: model
    prompt: Was model 1 fine-tuned for reading comprehension?
    probe: {name: reading.fine_tuning, with: {readers: [reader_1], odds: 99.0}}
    thresholds:
      odds: {from: a hundredth is the error that verdicts are made with}
    options:
      a: {text: It was, rule: tuned_1 > 0}
      b: {text: It was not, rule: tuned_1 < 0}
    expected: [a]
    """,
)
def reading_fine_tuning(
    bench: Bench, *, readers: list[Reader], triples: Triples, odds: Positive
) -> Iterator[Draw]:
    """Likelihood of what each reader does, were it fine-tuned, against were it not.

    What counts with a head is how much likelier it finds each answer than a random span; with
    hidden states alone, how far the last layers set the answer apart that the middle ones do not.
    How often readers with and without fine-tuning do either as well was counted, on readers
    and puzzles that are in no pack (``methods/reader_calibration.py``). A ratio of fewer than
    ``odds`` to one says neither.
    """
    import numpy as np

    from quizproof.probes.methods.answer_span import gain
    from quizproof.probes.methods.reader_calibration import calibration
    from quizproof.probes.methods.token_separation import apart, distances, passage, separation

    if not odds > 1:
        raise QuizproofError(f"odds of {odds:g} to one tell nothing; ask for more than one")
    known, sure = calibration(), math.log10(odds)
    values: dict[str, float | str] = {}
    series, captions, scatters = {}, {}, []
    for place, reader in enumerate(readers, 1):
        apart_by, gains, ratios = [], [], []
        for number, asked in enumerate(triples.triples, 1):
            read = reading(bench, reader, triples, number)
            places = passage(read.tokens, asked.answer)
            found = distances(read.hidden_states, places)
            ratios.append(apart(found, places).tolist())
            apart_by.append(separation(found, places))
            if read.ends is not None:
                gains.append(gain(read.ends, read.tokens, asked.answer))
            if number == 1:
                end = len(read.hidden_states) - 1
                shown = texts(read, places.answer)
                scatters.append(scatter(scatter_title(reader.name, 1, end), read, end, shown))
        by_head = len(gains) == len(apart_by)
        if not by_head:
            _refuse_depth(end, known.layers, reader.name)
        values[f"tuned_{place}"] = (
            known.gain.factors_of_ten(gains)
            if by_head
            else known.separation.factors_of_ten(apart_by)
        )
        values[f"apart_{place}"] = float(np.mean(apart_by))
        values[f"head_{place}"] = HEAD if by_head else STATES
        series[f"reader_{place}"] = mean_by_layer(ratios, reader.name)
        captions[f"reader_{place}"] = Text(
            en=f"distance of the answer against the other words, {reader.name}",
            zh_hant=f"答案相對於其他字的距離，{reader.name}",
        )
    found_by = [float(values[f"tuned_{place}"]) for place in range(1, len(readers) + 1)]
    yield Draw(
        values,
        series=series,
        captions=captions,
        series_start=0,
        series_name=LAYER,
        scatters=tuple(scatters),
        unsure=Unsure(
            {f"tuned_{place}": (v - sure, v + sure) for place, v in enumerate(found_by, 1)},
            _between(
                {r.name: v for r, v in zip(readers, found_by, strict=True) if abs(v) <= sure}, odds
            ),
        ),
    )


def _between(open_: dict[str, float], odds: float) -> Text:
    """Return the line that says which readers are neither."""
    said = {reader: f"{10 ** abs(value):.2g} : 1" for reader, value in open_.items()}
    en = ", ".join(
        f"{reader} ({ratio} {'for' if open_[reader] > 0 else 'against'} it)"
        for reader, ratio in said.items()
    )
    zh_hant = "、".join(
        f"{reader}（{ratio} {'支持' if open_[reader] > 0 else '反對'}）"
        for reader, ratio in said.items()
    )
    return Text(
        en=f"undecided whether fine-tuned, below {odds:g} : 1 either way: {en or '–'}",
        zh_hant=f"未達 {odds:g} : 1，無法判定是否微調過：{zh_hant or '–'}",
    )


def _refuse_depth(layers: int, calibrated: int, reader: str) -> None:
    if layers != calibrated:
        raise QuizproofError(
            f"{reader} has hidden states of {layers} layers, and those it could be held "
            f"against have {calibrated}; take one with a question-answering head"
        )
