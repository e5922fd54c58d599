"""Probes that misbehave cost their own question; measured in real processes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from quizproof.probes.probe import catalogue
from quizproof.probes.results import QuestionResult, State
from quizproof.probes.worker import Setting, Task, results
from quizproof.questions.lint import lint_quiz
from quizproof.questions.spec import SettledBy
from tests.planted_probes import write_quiz


def measured(
    folder: Path, probes: Mapping[str, str], patience: float = 60
) -> Iterator[QuestionResult]:
    """Results of a quiz with a question per probe, each with its expected answer."""
    write_quiz(folder, **probes)
    linted = lint_quiz(folder, catalogue())
    tasks = [Task(number, question) for number, question in enumerate(linted.questions, 1)]
    return results(tasks, Setting(folder / "pack", SettledBy(), 16), patience=patience)


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
    assert "no draw for 8 s" in hangs.reason.en
    assert good.state is State.STAND_IN_DIFFERS


def test_the_same_seed_gives_the_same(planted_site: Path, tmp_path: Path) -> None:
    [one] = measured(tmp_path / "quiz", {"random": "a"})
    [other] = measured(tmp_path / "quiz", {"random": "a"})
    assert one.measurement is not None
    assert other.measurement is not None
    assert one.measurement.findings == other.measurement.findings
    assert one.measurement.measurements == other.measurement.measurements
