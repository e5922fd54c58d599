"""When drawing stops, that no key has a say in it, and that the same evidence is judged alike."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from quizproof.probes.bench import Bench
from quizproof.probes.engine.collect import ProbeError, collect
from quizproof.probes.engine.evidence.record import from_bytes, to_bytes
from quizproof.probes.engine.measured import judged
from quizproof.probes.engine.verdict import measured_answer
from quizproof.probes.probe import Draw, Map, Measure, Probe, Unsure, category
from quizproof.questions.spec import Blanks, Question, Text
from tests.planted import planted_pack
from tests.reports.runs import choice

MEASURES = (Measure("x", "share", 0, 1, "planted"),)


def alternating(bench: Bench) -> Iterator[Draw]:
    """Draws that no number of decides: half of them above one half, half below."""
    while True:
        yield Draw({"x": 0.1})
        yield Draw({"x": 0.9})


PROBE = Probe("planted.alternating", True, 0.0, MEASURES, alternating)


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
    assert measured.draws == len(evidence.draws) < 40
    assert measured.draws + measured.left == 40
    # any more of them, made for another reason, are as if they had not been made
    more = collect(asked, PROBE, bench, draws=40)
    assert len(more.draws) == 40
    again = judged(asked, PROBE, more)
    assert again is not None
    assert replace(again, forward=0, seconds=0) == replace(measured, forward=0, seconds=0)


def test_more_draws_that_are_allowed_are_made(bench: Bench) -> None:
    evidence = collect(question("share", 40), PROBE, bench)
    assert judged(question("share", 400), PROBE, evidence) is None
    more = collect(question("share", 400), PROBE, bench)
    assert len(more.draws) > len(evidence.draws)


@pytest.mark.parametrize(("side", "kept"), [(4, [1, 1, 1, 0]), (1001, [1, 0, 0, 0])])
def test_the_maps_of_the_first_draws_are_kept_unless_they_are_large(
    bench: Bench, side: int, kept: list[int]
) -> None:
    shown = (Map("seen", np.zeros((side, side), np.float32)),)

    def seen(bench: Bench) -> Iterator[Draw]:
        while True:
            yield Draw({"x": 0.9}, shown)

    probe = replace(PROBE, run=seen)
    asked = question("share", 40)
    evidence = collect(asked, probe, bench)
    assert [len(draw.maps) for draw in evidence.draws[:4]] == kept
    measured = judged(asked, probe, evidence)
    assert measured is not None
    assert len(measured.shown_later) == sum(kept) - 1


WHY = Text(en="two of three say so", zh_hant="三個之中的兩個")


def unsure(value: float, low: float, high: float, *, stochastic: bool = False) -> Probe:
    draw = Draw({"x": value}, unsure=Unsure({"x": (low, high)}, WHY))
    return Probe(PROBE.name, stochastic, 0.01, MEASURES, lambda bench: iter([draw]))


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


def whole(answers: str) -> Probe:
    """Draws of which each says one of "a" and "b"; the last of ``answers`` for ever."""

    def run(bench: Bench) -> Iterator[Draw]:
        for k in range(10**6):
            said = answers[min(k, len(answers) - 1)]
            yield Draw({"x": (0.9 if said == "a" else 0.1) + 1e-6 * (k % 1000)})

    return Probe("planted.whole", True, 0.0, MEASURES, run)


@pytest.mark.parametrize(
    ("answers", "draws", "holds", "more"),
    [
        ("a", 9, (True, False), False),
        ("ab", 2, (None, None), True),  # one that dissents, and twelve draws cannot decide it
        ("aaaab", 5, (None, None), True),
    ],
)
def test_whole_draws_are_few_where_nothing_else_is_said(
    bench: Bench, answers: str, draws: int, holds: tuple[bool | None, ...], more: bool
) -> None:
    asked = question("share", 1).model_copy(update={"max_draws": None})
    assert asked.most_draws == 12
    assert question("mean", 1).model_copy(update={"max_draws": None}).most_draws == 200
    evidence = collect(asked, whole(answers), bench)
    measured = judged(asked, whole(answers), evidence)
    assert measured is not None
    assert measured.draws == draws
    assert tuple(finding.holds for finding in measured.findings.values()) == holds
    assert measured.more_could_decide is more


def test_a_first_draw_that_the_others_contradict_ends_it(bench: Bench) -> None:
    asked = question("share", 60)
    measured = judged(asked, whole("ab"), collect(asked, whole("ab"), bench))
    assert measured is not None
    # the share is decided, against the first draw: more draws, however many, could change nothing
    assert measured.draws < 20
    assert {finding.holds for finding in measured.findings.values()} == {None}
    assert not measured.more_could_decide
    assert measured.doubt is not None
    assert measured.doubt.en.startswith("the first draw, the course's own setting, says a; ")


WORDS = Probe(
    "planted.words",
    True,
    0.0,
    (Measure("x", "share", 0, 1, "planted"), category("w", ("him", "her"), "planted")),
    lambda bench: (
        Draw({"x": 0.4 + 0.02 * (k % 11), "w": "her" if k % 7 == 3 else "him"})
        for k in range(10**6)
    ),
)


def blanks(word: list[str] | None, number: float | None, tolerance: Any = 0.1) -> Question:
    """x is 0.5 ± 0.1 in its draws, and w is "him" in six of seven."""
    return Blanks.model_validate(
        {
            "kind": "blanks",
            "points": 1,
            "about": "model",
            "prompt": {"en": "[1] [2]", "zh-Hant": "[1] [2]"},
            "probe": {"name": "planted.words"},
            "blanks": {
                "1": {"measure": "w", "expected": word},
                "2": {"measure": "x", "expected_number": number, "tolerance": tolerance},
            },
        }
    )


KEYS: list[tuple[list[str] | None, float | None, Any, bool | None, bool | None]] = [
    (["him"], 0.5, 0.1, True, True),
    (["her"], 0.9, 0.1, False, False),
    (["her", "him"], 0.55, 0.05, True, None),  # at the edge of its tolerance
    (["it"], 7.0, 0.1, False, False),  # what can never be
    (["him"], None, {"range": [0.2, 0.3]}, True, False),
    (["him"], 0.5, {"relative": 0.4}, True, True),
    (None, None, 0.1, None, None),
]


@pytest.mark.parametrize(("word", "number", "tolerance", "first", "second"), KEYS)
def test_how_often_blanks_are_drawn_says_nothing_of_their_key(
    bench: Bench,
    word: list[str] | None,
    number: float | None,
    tolerance: Any,
    first: bool | None,
    second: bool | None,
) -> None:
    asked = blanks(word, number, tolerance)
    evidence = collect(asked, WORDS, bench)
    assert len(evidence.draws) == 200
    assert evidence.draws == collect(blanks(["him"], 0.5), WORDS, bench).draws
    measured = judged(asked, WORDS, evidence)
    assert measured is not None
    assert measured.draws == 200
    assert [measured.findings[p].holds if p in measured.findings else None for p in "12"] == [
        first,
        second,
    ]
    assert measured_answer(asked, measured) == (
        None if None in (first, second) and word else ("him", measured.measurements["x"].value)
    )


def test_blanks_whose_draws_never_vary_are_left_open(bench: Bench) -> None:
    same = replace(WORDS, run=lambda bench: (Draw({"x": 0.5, "w": "him"}) for _ in range(10**6)))
    for key in (blanks(["him"], 0.5), blanks(["her"], 0.9), blanks(None, None)):
        evidence = collect(key, same, bench)
        assert len(evidence.draws) == 8
        measured = judged(key, same, evidence)
        assert measured is not None
        assert {finding.holds for finding in measured.findings.values()} <= {None}


@pytest.mark.parametrize(
    ("given", "kept"), [(1 + 1e-15, 1), (-1e-9, 0), (np.float64(1) + 1e-7, 1), (0.25, 0.25)]
)
def test_what_rounding_put_outside_a_range_is_at_its_end(
    bench: Bench, given: float, kept: float
) -> None:
    def rounded(bench: Bench) -> Iterator[Draw]:
        yield Draw(
            {"x": given},
            unsure=Unsure({"x": (given, 1.0)} if given < 1 else {}, Text(en="planted")),
        )

    probe = Probe("planted.rounded", False, 0.0, MEASURES, rounded)
    [draw] = collect(question("mean", 1), probe, bench).draws
    assert draw.values["x"] == kept


@pytest.mark.parametrize("given", [1 + 1e-5, -1e-5, float("inf"), float("nan"), 2])
def test_more_than_rounding_is_an_error(bench: Bench, given: float) -> None:
    probe = Probe("planted.wide", False, 0.0, MEASURES, lambda bench: iter([Draw({"x": given})]))
    with pytest.raises(ProbeError, match=r"outside its range|not a finite number"):
        collect(question("mean", 1), probe, bench)
