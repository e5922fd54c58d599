"""What was measured once is judged again without a measurement, and what changed is measured."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from quizproof.probes.draws import english
from quizproof.probes.engine.events import Finished, Notice
from quizproof.probes.engine.plan import Task
from quizproof.probes.engine.results import QuestionResult, State
from quizproof.probes.engine.runner import Runner
from quizproof.probes.engine.workers.here import Here
from quizproof.probes.engine.workers.request import Limits
from quizproof.probes.engine.workers.worker_process import WorkerProcess
from quizproof.probes.packs.pack import EMBEDDED, Pack
from quizproof.questions.lint import LintedQuestion
from quizproof.questions.quiz import bundled_quiz
from tests.planned import plan, result_of
from tests.planted import pictures_in, question
from tests.planted_probes import write_quiz


class World:
    """A quiz of planted probes, and a store; tells how often a measuring process was started."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch, **probes: str) -> None:
        self.quiz = write_quiz(folder / "quiz", **probes)
        self.place = folder / "store"
        self.notices: list[str] = []
        self.started = 0
        real = WorkerProcess.__init__

        def counted(itself: WorkerProcess, limits: Limits, *, apart: bool) -> None:
            self.started += 1
            real(itself, limits, apart=apart)

        monkeypatch.setattr(WorkerProcess, "__init__", counted)

    def verify(self, seed: int = 16) -> list[QuestionResult]:
        self.started = 0
        share = plan(self.quiz, pack=self.quiz / "pack", seed=seed, store=self.place)
        with closing(Here(1)) as workers:
            events = list(workers.events(share))
        self.notices += [event.line for event in events if isinstance(event, Notice)]
        return [event.result for event in events if isinstance(event, Finished)]

    def edit(self, name: str, old: str, new: str) -> None:
        path = self.quiz / f"{name}.yaml"
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")

    def files(self) -> list[Path]:
        return sorted(self.place.rglob("*.evidence"))


@pytest.fixture
def world(planted_site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    return World(tmp_path, monkeypatch, good="a", random="a")


def told(found: list[QuestionResult]) -> list[tuple[State, object]]:
    return [(result.state, result.measurement and result.measurement.findings) for result in found]


def test_nothing_changed_nothing_is_measured(world: World) -> None:
    first = world.verify()
    assert world.started == 1
    assert told(world.verify()) == told(first)
    assert world.started == 0


def test_a_new_rule_is_judged_from_what_is_known(world: World) -> None:
    before = world.verify()
    world.edit("q01", "rule: x > 0.5", "rule: x > 0.95")
    after = world.verify()
    assert world.started == 0
    assert before[0].measured == ("a",)
    assert after[0].measured == ()  # neither x > 0.95 nor x < 0.5
    assert after[1].measured == before[1].measured


def test_a_rule_that_needs_more_draws_has_them_drawn(world: World) -> None:
    before = world.verify()[1].measurement
    world.edit("q02", "rule: x > 0.5", "rule: x > 0.85")
    after = world.verify()[1].measurement
    assert world.started == 1
    assert before is not None
    assert after is not None
    assert after.draws > before.draws
    world.verify()
    assert world.started == 0


def test_other_parameters_another_seed_are_measured(world: World) -> None:
    world.verify()
    world.edit("q01", "name: planted.good", "name: planted.good, with: {x: 0.2}")
    assert world.verify()[0].measured == ("b",)
    assert world.started == 1
    kept = len(world.files())
    world.verify(seed=17)
    assert world.started == 1
    assert len(world.files()) > kept


def test_a_damaged_entry_is_measured_again_and_mended(world: World) -> None:
    first = world.verify()
    for path in world.files():
        path.write_bytes(path.read_bytes()[:-5])
    assert told(world.verify()) == told(first)
    assert world.started == 1
    world.verify()
    assert world.started == 0


def test_a_store_that_cannot_be_written_costs_a_line_and_no_verdict(world: World) -> None:
    world.place.write_text("a file where the folder should be")
    found = world.verify()
    assert [result.state for result in found] == [State.STAND_IN_AGREES] * 2
    assert len(world.notices) == 1
    assert "cannot be kept" in world.notices[0]


def test_what_fails_is_not_kept(
    planted_site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = World(tmp_path, monkeypatch, raises="a", nan="a", nothing="a")
    assert [result.state for result in world.verify()] == [State.FAILED] * 3
    assert not world.files()
    assert [result.state for result in world.verify()] == [State.FAILED] * 3
    assert world.started == 1


def test_a_probe_whose_code_changed_is_run_again(planted_site: Path, tmp_path: Path) -> None:
    """In processes of their own, as a user's runs are."""
    write_quiz(tmp_path / "quiz", good="a")
    script = (
        "import sys; from quizproof.reports.cli import main; "
        "code = main(['verify', 'quiz', '--pack', 'quiz/pack', '--store', 'kept']); "
        "assert 'torch' not in sys.modules; sys.exit(code)"
    )
    path = os.pathsep.join([str(planted_site), *filter(None, sys.path)])

    def run() -> str:
        done = subprocess.run(
            [sys.executable, "-c", script],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": path},
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout

    assert "stand-in agrees" in run()
    module = planted_site / "planted_probes.py"
    changed = module.read_text().replace('Draw({"x": x})', 'Draw({"x": 1 - x})')
    module.write_text(changed)
    assert "stand-in differs" in run()
    assert len(list((tmp_path / "kept").rglob("*.evidence"))) == 2


def test_what_was_measured_without_a_picture_that_counts_is_not_kept(tmp_path: Path) -> None:
    """The stream of an explanation hangs on the pictures before it: back again, they count."""
    pack, store = tmp_path / "pack", tmp_path / "kept"
    shutil.copytree(EMBEDDED, pack)
    asked = question("q02")  # of picture 1, after picture 0
    assert asked.probe is not None
    few = asked.probe.model_copy(update={"parameters": asked.probe.parameters | {"samples": 20}})
    asked = asked.model_copy(update={"probe": few, "max_draws": 1, "about": "architecture"})

    def title() -> str:
        runner = Runner(plan(bundled_quiz("hw09"), pack=pack, store=store, illustrated=False))
        measured = result_of(runner, Task(2, LintedQuestion("q02", asked))).measurement
        assert measured is not None
        return english(measured.shown.maps[0].title)

    lost = pack / pictures_in(Pack(pack)).pictures[0].file
    away = lost.rename(tmp_path / lost.name)
    assert "cannot be had" in title()
    away.rename(lost)
    assert "numpy seeded with 16" in title()
    away = lost.rename(away)
    assert "numpy seeded with 16" in title()  # it was kept, and says as much


TABLE = """
from pathlib import Path
from quizproof.probes import Draw, File, Measure, probe

SHARE = (Measure("x", "share", 0.0, 1.0, "planted"),)

@probe("table.declared", measures=SHARE)
def declared(bench, *, table: File):
    yield Draw({"x": float(bench.file(table).read_text())})

@probe("table.undeclared", measures=SHARE)
def undeclared(bench, *, path: str):
    yield Draw({"x": float(Path(path).read_text())})

@probe("table.unnamed", measures=SHARE)
def unnamed(bench, *, name: str):
    yield Draw({"x": float(bench.file(name).read_text())})

@probe("table.writes", measures=SHARE)
def writes(bench, *, table: File):
    path = bench.file(table)
    path.write_text("0.4")
    yield Draw({"x": 0.99})

@probe("table.exchanged", measures=SHARE)
def exchanged(bench, *, table: File):
    path = Path(str(bench.file(table)))
    kept = path.rename(path.with_name("kept"))
    path.write_text("0.2")
    x = float(bench.file(table).read_text())
    kept.replace(path)  # as if nothing had been there
    yield Draw({"x": x})

@probe("table.late", measures=SHARE)
def late(bench, *, table: File):
    held = bench.file(table)
    path = Path(str(held))
    kept = path.rename(path.with_name("kept"))
    path.write_text("0.2")
    x = float(open(held).read())
    kept.replace(path)
    assert held.suffix == Path(held.__fspath__()).suffix == ".txt"
    yield Draw({"x": x})
"""
QUESTION = """
kind: single
points: 1
about: model
prompt: {en: How much?, zh-Hant: 多少？}
probe: {name: %s, with: {%s}}
options:
  a: {text: {en: much, zh-Hant: 多}, rule: x > 0.5}
  b: {text: {en: little, zh-Hant: 少}, rule: x < 0.5}
expected: [a]
"""


class Files:
    """A quiz whose probes read a file, run as a user runs it: in a process of its own."""

    def __init__(self, folder: Path, site: Path) -> None:
        write_quiz(folder / "quiz", good="a")
        (folder / "temporary").mkdir()
        module = site / "planted_probes.py"
        module.write_text(module.read_text() + TABLE)
        self.quiz, self._folder = folder / "quiz", folder
        self._path = os.pathsep.join([str(site), *filter(None, sys.path)])

    def verify(self, probe: str, given: str, *more: str) -> str:
        (self.quiz / "q01.yaml").write_text(QUESTION % (probe, given), encoding="utf-8")
        done = subprocess.run(
            [
                *(sys.executable, "-m", "quizproof", "verify", "quiz"),
                *("--pack", "quiz/pack", "--store", "kept", *more),
            ],
            cwd=self._folder,
            env={
                **os.environ,
                "PYTHONPATH": self._path,
                "TMPDIR": str(self._folder / "temporary"),
            },
            capture_output=True,
            text=True,
            check=False,
        )
        return done.stdout + done.stderr


@pytest.fixture
def files(planted_site: Path, tmp_path: Path) -> Files:
    return Files(tmp_path, planted_site)


@pytest.mark.parametrize("folder", ["quiz", "quiz/pack"])
def test_a_file_that_a_probe_is_given_is_part_of_its_evidence(
    folder: str, files: Files, tmp_path: Path
) -> None:
    table = tmp_path / folder / "table.txt"
    table.write_text("0.99")
    assert "stand-in agrees" in files.verify("table.declared", "table: table.txt")
    table.write_text("0.2")
    assert "stand-in differs" in files.verify("table.declared", "table: table.txt")
    evidence = files.verify("table.declared", "table: table.txt", "--evidence", "one.evidence")
    assert "stand-in differs" in evidence
    table.unlink()
    assert "table.txt is no file of the pack, nor beside the quiz" in files.verify(
        "table.declared", "table: table.txt"
    )
    judged = subprocess.run(
        [sys.executable, "-m", "quizproof", "verify", "quiz", "--from", "one.evidence"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": files._path},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "stand-in differs" in judged.stdout


@pytest.mark.parametrize(
    ("probe", "parameter"), [("table.undeclared", "path"), ("table.unnamed", "name")]
)
def test_a_file_that_nobody_declared_costs_the_question_its_verdict(
    probe: str, parameter: str, files: Files, tmp_path: Path
) -> None:
    table = tmp_path / "quiz" / "table.txt"
    table.write_text("0.99")
    name = str(table) if parameter == "path" else table.name
    said = files.verify(probe, f"{parameter}: {name}")
    assert f"probe {probe} opened {table}" in said
    assert "name it in a parameter of type File" in said
    assert "agrees" not in said


@pytest.mark.skipif(sys.platform != "linux", reason="handles have no names there")
def test_a_file_that_was_another_one_meanwhile_is_no_evidence(files: Files, tmp_path: Path) -> None:
    """The key names the digest of what was read, though its name leads to the old one again."""
    table = tmp_path / "quiz" / "table.txt"
    table.write_text("0.99")
    said = files.verify("table.exchanged", "table: table.txt")
    assert "or a file that it is given, changed while it was measuring" in said
    assert table.read_text() == "0.99"
    assert "stand-in agrees" in files.verify("table.late", "table: table.txt")


def test_a_file_that_changes_meanwhile_costs_the_question_its_verdict(
    files: Files, tmp_path: Path
) -> None:
    (tmp_path / "quiz" / "table.txt").write_text("0.99")
    said = files.verify("table.writes", "table: table.txt")
    assert "changed while it was measuring; run it again" in said
    assert not list((tmp_path / "kept").rglob("*.evidence"))


@pytest.mark.parametrize("name", ["../table.txt", "/etc/hostname", "missing.txt"])
def test_a_file_outside_is_not_given(name: str, files: Files, tmp_path: Path) -> None:
    (tmp_path / "table.txt").write_text("0.99")
    said = files.verify("table.declared", f"table: {name}")
    assert "is no file of the pack, nor beside the quiz" in said
