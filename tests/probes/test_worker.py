"""Probes that misbehave cost their own question; measured in real processes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from quizproof.probes.probe import catalogue
from quizproof.probes.results import QuestionResult, State
from quizproof.probes.worker import Setting, Task, results
from quizproof.questions.lint import lint_quiz
from quizproof.questions.spec import SettledBy
from tests.planted import planted_pack

PROBES = """
import math, os, time
from quizproof.probes.probe import Draw, Measure, category, probe

NUMBER = (Measure("x", "share", 0.0, 1.0, "planted"),)

@probe("planted.good", roles=(), measures=NUMBER, tolerance=1e-6)
def good(bench, *, x: float = 0.9):
    yield Draw({"x": x})

@probe("planted.random", roles=(), measures=NUMBER, stochastic=True)
def random(bench, *, x: float = 0.9):
    import numpy as np
    k = 0
    while True:
        rng = np.random.default_rng(bench.draw_seed(k))
        yield Draw({"x": float(rng.uniform(x - 0.1, x + 0.1))})
        k += 1

@probe("planted.raises", roles=(), measures=NUMBER)
def raises(bench):
    raise RuntimeError("a fault\\nof two lines")
    yield

@probe("planted.nan", roles=(), measures=NUMBER)
def nan(bench):
    yield Draw({"x": math.nan})

@probe("planted.outside", roles=(), measures=NUMBER)
def outside(bench):
    yield Draw({"x": 1.5})

@probe("planted.nothing", roles=(), measures=NUMBER)
def nothing(bench):
    return
    yield

@probe("planted.other", roles=(), measures=NUMBER)
def other(bench):
    yield Draw({"y": 0.5})

@probe("planted.hangs", roles=(), measures=NUMBER)
def hangs(bench):
    time.sleep(3600)
    yield

@probe("planted.dies", roles=(), measures=NUMBER)
def dies(bench):
    os._exit(3)
    yield

@probe("planted.classifier", roles=("classifier",), measures=NUMBER)
def classifier(bench):
    yield Draw({"x": 0.9})
"""

QUESTION = """\
kind: single
points: 1
about: model
prompt: {{en: One, zh-Hant: 一}}
probe: {{name: planted.{probe}}}
options:
  a: {{text: {{en: A, zh-Hant: 甲}}, rule: x > 0.5}}
  b: {{text: {{en: B, zh-Hant: 乙}}, rule: x < 0.5}}
expected: [{expected}]
"""


@pytest.fixture
def planted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A distribution with the planted probes, installed as any other; gives a quiz's folder."""
    site = tmp_path / "site"
    information = site / "planted_probes-1.0.dist-info"
    information.mkdir(parents=True)
    (site / "planted_probes.py").write_text(PROBES, encoding="utf-8")
    (site / "missing_dependency.py").write_text("import no_such_module", encoding="utf-8")
    (information / "METADATA").write_text("Name: planted-probes\nVersion: 1.0\n", encoding="utf-8")
    (information / "entry_points.txt").write_text(
        "[quizproof.probes]\nplanted = planted_probes\nbroken = missing_dependency\n",
        encoding="utf-8",
    )
    monkeypatch.syspath_prepend(str(site))
    folder = tmp_path / "quiz"
    folder.mkdir()
    return folder


def measured(folder: Path, patience: float = 60, **probes: str) -> Iterator[QuestionResult]:
    """Results of a quiz with a question per probe, each with its expected answer."""
    names = []
    for number, (probe, expected) in enumerate(probes.items(), 1):
        names.append(f"q{number:02d}")
        text = QUESTION.format(probe=probe, expected=expected)
        (folder / f"{names[-1]}.yaml").write_text(text, encoding="utf-8")
    head = "id: planted\ntitle: {en: Planted, zh-Hant: 種}\nquestions: [" + ", ".join(names) + "]\n"
    (folder / "quiz.yaml").write_text(head, encoding="utf-8")
    pack = planted_pack(folder / "pack", [np.zeros((8, 8, 3), np.float32)], [])
    linted = lint_quiz(folder, catalogue())
    tasks = [Task(number, question) for number, question in enumerate(linted.questions, 1)]
    return results(tasks, Setting(pack.folder, SettledBy(), 16), patience=patience)


def test_probes_that_misbehave_cost_their_own_question(planted: Path) -> None:
    names = "good raises nan outside nothing other dies classifier random unknown".split()
    found = list(measured(planted, **dict.fromkeys(names, "a")))
    states = {name: result.state for name, result in zip(names, found, strict=True)}
    assert states == {
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
    reasons = {name: result.reason for name, result in zip(names, found, strict=True)}
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


def test_a_probe_that_never_ends_is_stopped(planted: Path) -> None:
    hangs, good = measured(planted, patience=15, hangs="a", good="b")
    assert hangs.state is State.FAILED
    assert "no draw for 15 s" in hangs.reason
    assert good.state is State.STAND_IN_DIFFERS


def test_the_same_seed_gives_the_same(planted: Path) -> None:
    [one], [other] = measured(planted, random="a"), measured(planted, random="a")
    assert one.measurement is not None
    assert other.measurement is not None
    assert one.measurement.findings == other.measurement.findings
    assert one.measurement.measurements == other.measurement.measurements


def test_closing_the_results_ends_the_measuring(planted: Path) -> None:
    drawing = measured(planted, hangs="a", good="a")
    drawing.close()  # type: ignore[attr-defined]
    assert list(drawing) == []
