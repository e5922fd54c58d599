"""When drawing stops, and that the same evidence is judged alike."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from quizproof.probes.bench import Bench
from quizproof.probes.evidence.record import from_bytes, to_bytes
from quizproof.probes.measure import ProbeError, collect, judged
from quizproof.probes.probe import Draw, Measure, Probe, Unsure
from quizproof.questions.spec import Question, Text
from tests.planted import planted_pack
from tests.reports.runs import choice

MEASURES = (Measure("x", "share", 0, 1, "planted"),)


def alternating(bench: Bench) -> Iterator[Draw]:
    """Draws that no number of decides: half of them above one half, half below."""
    while True:
        yield Draw({"x": 0.1})
        yield Draw({"x": 0.9})


PROBE = Probe("planted.alternating", (), True, 0.0, MEASURES, alternating)


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(planted_pack(tmp_path, [np.zeros((8, 8, 3), np.float32)], []), 16)


def question(estimate: str, most: int) -> Question:
    made = choice(rules=("x > 0.5", "x < 0.5"), probe={"name": PROBE.name})
    return made.model_copy(update={"max_draws": most, "estimate": estimate})


@pytest.mark.parametrize("estimate", ["mean", "share"])
def test_drawing_stops_where_what_is_left_could_decide_nothing(bench: Bench, estimate: str) -> None:
    asked = question(estimate, 40)
    evidence = collect(asked, PROBE, bench)
    measured = judged(asked, PROBE, evidence)
    assert measured is not None
    assert {finding.holds for finding in measured.findings.values()} == {None}
    assert measured.draws == len(evidence.values) < 40
    assert measured.draws + measured.left == 40
    # any more of them, made for another reason, are as if they had not been made
    more = collect(asked, PROBE, bench, draws=40)
    assert len(more.values) == 40
    again = judged(asked, PROBE, more)
    assert again is not None
    assert replace(again, forward=0, seconds=0) == replace(measured, forward=0, seconds=0)


def test_more_draws_that_are_allowed_are_made(bench: Bench) -> None:
    evidence = collect(question("share", 40), PROBE, bench)
    assert judged(question("share", 400), PROBE, evidence) is None
    more = collect(question("share", 400), PROBE, bench)
    assert len(more.values) > len(evidence.values)


WHY = Text(en="two of three say so", zh_hant="三個之中的兩個")


def unsure(value: float, low: float, high: float, *, stochastic: bool = False) -> Probe:
    draw = Draw({"x": value}, unsure=Unsure({"x": (low, high)}, WHY))
    return Probe(PROBE.name, (), stochastic, 0.01, MEASURES, lambda bench: iter([draw]))


def test_what_a_draw_is_unsure_of_is_judged_again_from_its_evidence(bench: Bench) -> None:
    probe, asked = unsure(0.6, 0.3, 0.7), question("mean", 1)
    measured = judged(asked, probe, from_bytes(to_bytes(collect(asked, probe, bench))))
    assert measured is not None
    assert {finding.holds for finding in measured.findings.values()} == {None}
    assert measured.doubt == WHY
    x = measured.measurements["x"]
    assert (x.value, x.low, x.high) == pytest.approx((0.6, 0.29, 0.71))


@pytest.mark.parametrize(
    "probe",
    [
        unsure(0.6, 0.7, 0.8),
        unsure(0.6, 0.5, float("inf")),
        unsure(0.6, 0.5, 0.7, stochastic=True),
        replace(
            PROBE,
            stochastic=False,
            run=lambda bench: iter([Draw({"x": 0.5}, unsure=Unsure({"y": (0, 1)}, WHY))]),
        ),
    ],
    ids=["elsewhere", "without end", "a draw of many", "of nothing measured"],
)
def test_bounds_that_are_none_are_the_probes_fault(bench: Bench, probe: Probe) -> None:
    with pytest.raises(ProbeError):
        collect(question("mean", 1), probe, bench)
