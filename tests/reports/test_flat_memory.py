"""Ten times as many packs, or draws, take no more memory."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from quizproof.probes.bench import Bench
from quizproof.probes.engine.collect import collect
from quizproof.probes.engine.events import Event, Finished
from quizproof.probes.engine.plan import Plan
from quizproof.probes.packs.pack import Pack
from quizproof.probes.probe import Draw, Map, Measure, Probe
from quizproof.reports.measuring import runs
from tests.planned import plan
from tests.planted import planted_pack
from tests.planted_probes import write_quiz
from tests.reports.runs import choice, illustration, result

NUMBERS = 100_000  # of an array that each result, or draw, has


def peak(work: Callable[[], Any]) -> int:
    """The most bytes that ``work`` had at once."""
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


class AtOnce:
    """Gives results with large pictures."""

    count = 2

    def events(self, share: Plan) -> Iterator[Event]:
        for task in share.tasks:
            shown = replace(illustration(), picture=np.zeros(NUMBERS, np.float32))
            yield Finished(result(number=task.number, illustrations=(shown,)))

    def close(self) -> None:
        return


def test_ten_times_as_many_packs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], planted_site: Path
) -> None:
    quiz = write_quiz(tmp_path / "quiz", good="a", random="a")
    one, pack = plan(quiz), Pack(quiz / "pack")

    def plans(packs: int) -> Iterator[tuple[Plan, Pack]]:
        for number in range(packs):
            yield replace(one, pack=Path(f"pack{number}")), pack

    def measured(packs: int) -> None:
        taken = 0
        for _, run in runs(plans(packs), AtOnce(), packs=packs):
            assert run.whole
            taken += 1
        assert taken == packs

    measured(1)  # what is loaded once
    assert peak(lambda: measured(60)) < 1.5 * peak(lambda: measured(6))


def test_ten_times_as_many_draws(tmp_path: Path) -> None:
    def run(bench: Bench) -> Iterator[Draw]:
        draw = 0
        while True:
            known = bench.of_draw(("planted", draw), lambda: np.ones(NUMBERS, np.float32))
            shown = Map("planted", np.zeros((100, NUMBERS // 100), np.float32))
            yield Draw({"x": float(draw % 2) * float(known[0])}, maps=(shown,))
            draw += 1

    measure = Measure("x", "share", 0, 1, "planted")
    probe = Probe("planted.undecided", True, 0.0, (measure,), run)
    question = choice(rules=("x > 0.5", "x < 0.5"), probe={"name": "planted.undecided"})
    pack = planted_pack(tmp_path, [np.zeros((8, 8, 3), np.float32)], [])

    def drawn(draws: int) -> None:
        asked = question.model_copy(update={"max_draws": draws})
        bench = Bench(pack, 16, _room=10 * 4 * NUMBERS)
        assert len(collect(asked, probe, bench, draws=draws).draws) == draws

    drawn(2)
    assert peak(lambda: drawn(300)) < 1.5 * peak(lambda: drawn(30))
