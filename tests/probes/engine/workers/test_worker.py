"""Probes that misbehave cost their own question; measured in real processes."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path

import pytest

from quizproof.probes.engine.events import Began, Finished, Passed
from quizproof.probes.engine.results import QuestionResult, State
from quizproof.probes.engine.workers.here import Here
from tests.planned import plan
from tests.planted_probes import write_quiz


def measured(
    folder: Path, probes: Mapping[str, str], patience: float = 60, memory: int | None = None
) -> Iterator[QuestionResult]:
    """Results of a quiz with a question per probe, each with its expected answer."""
    write_quiz(folder, **probes)
    with closing(Here(1, memory, patience)) as workers:
        for event in workers.events(plan(folder, pack=folder / "pack")):
            if isinstance(event, Finished):
                yield event.result


def test_probes_that_misbehave_cost_their_own_question(planted_site: Path, tmp_path: Path) -> None:
    expected = {
        "good": State.STAND_IN_AGREES,
        "raises": State.FAILED,
        "nan": State.FAILED,
        "outside": State.FAILED,
        "nothing": State.FAILED,
        "other": State.FAILED,
        "dies": State.FAILED,
        "classifier": State.MISSING,
        "random": State.STAND_IN_AGREES,
        "unknown": State.FAILED,
    }
    names = list(expected)
    found = list(measured(tmp_path / "quiz", dict.fromkeys(names, "a")))
    assert {name: r.state for name, r in zip(names, found, strict=True)} == expected
    reasons = {name: result.reason.en for name, result in zip(names, found, strict=True)}
    assert "RuntimeError: a fault of two lines (planted_probes.py:" in reasons["raises"]
    assert "x is nan" in reasons["nan"]
    assert "outside its range [0, 1]" in reasons["outside"]
    assert "gave no draw" in reasons["nothing"]
    assert "did not measure x" in reasons["other"]
    assert "exit code 3" in reasons["dies"]
    assert "has no classifier" in reasons["classifier"]
    assert "no probe is called planted.unknown" in reasons["unknown"]
    assert all("\n" not in reason for reason in reasons.values())
    random = found[names.index("random")]
    assert random.confidence == 0.99
    assert random.measurement is not None
    assert 5 < random.measurement.draws < 60


def test_a_probe_that_never_ends_is_stopped(planted_site: Path, tmp_path: Path) -> None:
    hangs, good = measured(tmp_path / "quiz", {"hangs": "a", "good": "b"}, patience=8)
    assert hangs.state is State.FAILED
    assert "no draw and no pass of a model for 8 s, after 0 draws and 0 passes" in hangs.reason.en
    assert "--patience" in hangs.reason.en
    assert good.state is State.STAND_IN_DIFFERS


def test_patience_is_with_what_makes_passes(planted_site: Path, tmp_path: Path) -> None:
    """One that makes them is let go on for longer than that without a draw, one that made them is
    not: it is told how far it came."""
    write_quiz(tmp_path / "quiz", passes="a", passes_and_spins="a", good="a")
    said: dict[str, list[int]] = {}
    results: list[QuestionResult] = []
    with closing(Here(1, patience=8)) as workers:
        for event in workers.events(plan(tmp_path / "quiz", pack=tmp_path / "quiz" / "pack")):
            match event:
                case Began(task):
                    said[task.linted.id] = []
                case Passed(made):
                    said[list(said)[-1]].append(made)
                case Finished(result):
                    results.append(result)
    passes, spins, good = results
    assert passes.state is State.STAND_IN_AGREES, passes.reason.en
    assert spins.state is State.FAILED
    assert "for 8 s, after 0 draws and 2,234 passes" in spins.reason.en
    assert good.state is State.STAND_IN_AGREES
    assert said["q01"] == sorted(set(said["q01"]))
    assert said["q01"][-1] >= 10
    assert said["q02"] == [2234]
    assert said["q03"] == []


def test_the_same_seed_gives_the_same(planted_site: Path, tmp_path: Path) -> None:
    [one] = measured(tmp_path / "quiz", {"random": "a"})
    [other] = measured(tmp_path / "quiz", {"random": "a"})
    assert one.measurement is not None
    assert other.measurement is not None
    assert one.measurement.findings == other.measurement.findings
    assert one.measurement.measurements == other.measurement.measurements


@pytest.mark.skipif(sys.platform != "linux", reason="the system limits no process's memory")
@pytest.mark.parametrize("eater", ["eats", "eats_at_once"])
def test_a_probe_that_eats_memory_costs_its_own_question(
    planted_site: Path, tmp_path: Path, eater: str
) -> None:
    before, eats, after = measured(
        tmp_path / "quiz", {"random": "a", eater: "a", "good": "a"}, memory=1 << 30
    )
    assert eats.state is State.FAILED
    assert "more memory than the 1 GiB it may take" in eats.reason.en
    assert {before.state, after.state} == {State.STAND_IN_AGREES}


def test_a_worker_that_is_killed_costs_time_alone(planted_site: Path, tmp_path: Path) -> None:
    once, good = measured(tmp_path / "quiz", {"dies_once": "a", "good": "a"})
    assert once.state is State.STAND_IN_AGREES
    assert good.state is State.STAND_IN_AGREES
    assert (planted_site / "died").exists()


def test_what_a_probe_prints_is_no_answer(planted_site: Path, tmp_path: Path) -> None:
    prints, good = measured(tmp_path / "quiz", {"prints": "a", "good": "a"})
    assert prints.state is State.STAND_IN_AGREES
    assert good.state is State.STAND_IN_AGREES


def test_workers_end_with_the_process_that_started_them(planted_site: Path, tmp_path: Path) -> None:
    write_quiz(tmp_path / "quiz", hangs="a")
    script = (
        "import sys; from quizproof.reports.cli import main; "
        "main(['verify', 'quiz', '--pack', 'quiz/pack', '--store', 'none'])"
    )
    path = os.pathsep.join([str(planted_site), *filter(None, sys.path)])
    parent = subprocess.Popen(
        [sys.executable, "-c", script], cwd=tmp_path, env={**os.environ, "PYTHONPATH": path}
    )
    children = Path(f"/proc/{parent.pid}/task/{parent.pid}/children")
    if not children.exists():
        parent.kill()
        pytest.skip("the system does not tell whose child a process is")
    deadline = time.monotonic() + 60
    found: list[str] = []
    while not found and time.monotonic() < deadline:
        time.sleep(0.05)
        found = [
            child
            for task in Path(f"/proc/{parent.pid}/task").iterdir()
            for child in (task / "children").read_text().split()
        ]
    parent.kill()
    parent.wait()
    assert found
    while Path(f"/proc/{found[0]}").exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not Path(f"/proc/{found[0]}").exists()


def test_a_file_that_changes_while_it_is_read_costs_the_questions_about_it(
    planted_site: Path, tmp_path: Path
) -> None:
    sees, looks, good = measured(
        tmp_path / "quiz", {"sees_a_change": "a", "looks": "a", "good": "a"}
    )
    assert (sees.state, looks.state) == (State.FAILED, State.FAILED)
    assert "was changed while it was being read" in sees.reason.en
    assert "the manifest names" in looks.reason.en
    assert good.state is State.STAND_IN_AGREES
