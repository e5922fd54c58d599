"""On which weights a question is measured, and with which share of the error."""

from __future__ import annotations

import shutil
from collections.abc import Generator
from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from torch import nn

from quizproof.probes.bench import Bench
from quizproof.probes.catalogue import catalogue
from quizproof.probes.engine.collector import Wanted
from quizproof.probes.engine.events import Event
from quizproof.probes.engine.evidence.record import Evidence
from quizproof.probes.engine.measured import judged
from quizproof.probes.engine.plan import Task
from quizproof.probes.engine.results import QuestionResult, State
from quizproof.probes.engine.runner import Runner
from quizproof.probes.models.reading_comprehension import ModelReader
from quizproof.probes.packs.pack import EMBEDDED, Pack
from quizproof.probes.probe import Draw
from quizproof.questions.lint import LintedQuestion, lint_quiz
from quizproof.questions.quiz import bundled_quiz
from tests.planned import plan, result_of
from tests.planted import question

HW09 = bundled_quiz("hw09")
LINTED = {q.id: q for q in lint_quiz(HW09, catalogue()).questions}
ERROR = 0.01


def of_a_method() -> LintedQuestion:
    """q01, which is drawn with the classifier, as if it were about the method."""
    return replace(LINTED["q01"], question=question("q01").model_copy(update={"about": "method"}))


class Planted:
    """Gives evidence of so many draws that all agree, and keeps what was wanted.

    Of networks with random weights it says that option ``random`` holds, else ``own``.
    """

    def __init__(self, draws: int, own: str = "a", random: str = "a") -> None:
        self.draws, self.own, self.random = draws, own, random
        self.wanted: list[Wanted] = []

    def __call__(self, wanted: Wanted) -> Generator[Event, None, Evidence]:
        self.wanted.append(wanted)
        yield from ()
        return drawn(self.draws, self.own if wanted.randomized is None else self.random)


DECIDES = {"a": "green_food", "b": "red_food", "c": "green_plate", "d": "red_plate"}


def drawn(draws: int, holding: str) -> Evidence:
    """Of q01's probe: option ``holding`` holds in every draw, and no draw is like another."""
    asked, probe = question("q01"), catalogue()["lime.regions"]
    assert asked.probe is not None
    low = {n: m.low for n, m in probe.measures(asked.probe.parameters).items()}
    return Evidence(
        draws=tuple(Draw(low | {DECIDES[holding]: 0.99 - k / 1e4}) for k in range(draws)),
        forward=(0,) * draws,
        backward=(0,) * draws,
        seconds=0.0,
        model="planted",
        device="cpu",
        ended=True,
    )


def result(asked: LintedQuestion, collect: Planted) -> QuestionResult:
    return result_of(Runner(plan(HW09, error=ERROR), collect), Task(1, asked))


def enough(error: float) -> int:
    """How many draws that agree decide q01 with ``error``."""
    for draws in range(1, 13):
        found = judged(question("q01"), catalogue()["lime.regions"], drawn(draws, "a"), error=error)
        assert found is not None
        if all(finding.holds is not None for finding in found.findings.values()):
            return draws
    raise AssertionError("no number of draws decides")


def test_what_is_true_of_a_method_is_so_of_a_network_that_learned_nothing_too() -> None:
    collect = Planted(12)
    assert result(of_a_method(), collect).measured == ("a",)
    assert [wanted.randomized for wanted in collect.wanted] == [None, 0]
    assert len({wanted.key for wanted in collect.wanted}) == 2
    found = result(of_a_method(), Planted(12, "a", "b"))
    assert (found.state, found.measured) == (State.UNDECIDED, None)


def test_two_networks_share_the_error() -> None:
    """So many draws decide as are needed with half of it, and not as few as with all of it."""
    needed = enough(ERROR / 2)
    assert enough(ERROR) < needed
    for draws, decided in ((needed - 1, False), (needed, True)):
        collect = Planted(draws)
        assert (result(of_a_method(), collect).measured == ("a",)) == decided
        assert [wanted.error for wanted in collect.wanted] == [ERROR / 2] * 2


def test_a_question_about_a_model_has_the_error_alone() -> None:
    for draws, decided in ((enough(ERROR) - 1, False), (enough(ERROR), True)):
        collect = Planted(draws)
        assert (result(LINTED["q01"], collect).measured == ("a",)) == decided
        assert (collect.wanted[0].randomized, collect.wanted[0].error) == (None, ERROR)


def network(bench: Bench, role: str) -> nn.Module:
    model = bench.part(role)
    net: nn.Module = model.model.net if isinstance(model, ModelReader) else model.net
    return net


def test_random_weights_are_none_of_the_pack_s() -> None:
    benches = [Bench(Pack(EMBEDDED), 16, number) for number in (None, 0, 1)]
    for role in ("classifier", "english", "reader_1"):
        ours, *random = (dict(network(bench, role).named_parameters()) for bench in benches)
        matrices = [name for name, weights in ours.items() if weights.ndim > 1]
        assert matrices
        for name in matrices:
            values = [ours[name], *(weights[name] for weights in random)]
            assert not any(values[a].equal(values[b]) for a, b in ((0, 1), (0, 2), (1, 2))), name


@pytest.mark.parametrize(
    ("name", "without"), [("q06", "classifier"), ("q06", "pictures"), ("q22", "english")]
)
def test_what_the_pack_lacks_is_missing_and_not_open(
    name: str, without: str, tmp_path: Path
) -> None:
    folder = Path(shutil.copytree(EMBEDDED, tmp_path / "pack"))
    manifest = yaml.safe_load((folder / "pack.yaml").read_text(encoding="utf-8"))
    del manifest["parts"][without]
    (folder / "pack.yaml").write_text(yaml.safe_dump(manifest), encoding="utf-8")
    of = Runner(plan(HW09, pack=folder), Planted(1))
    found = result_of(of, Task(1, LINTED[name]))
    assert (found.state, found.measured) == (State.MISSING, None)
    assert without in found.reason.en


def test_a_picture_that_the_pack_lacks_is_missing(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(EMBEDDED, tmp_path / "pack"))
    manifest = yaml.safe_load((folder / "pack.yaml").read_text(encoding="utf-8"))
    shown = manifest["parts"]["pictures"]
    shown["pictures"] = shown["pictures"][:1]
    (folder / "pack.yaml").write_text(yaml.safe_dump(manifest), encoding="utf-8")
    found = result_of(Runner(plan(HW09, pack=folder)), Task(1, LINTED["q06"]))
    assert (found.state, found.measured) == (State.MISSING, None)
