"""What is exact is made again where it rests on code of others, and has to come out the same."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from quizproof.probes.catalogue import OWN
from quizproof.probes.declaration import DECLARED
from quizproof.probes.draws import Draw
from quizproof.probes.engine.collect import ProbeError
from quizproof.probes.engine.collector import Collector, Wanted
from tests.beside import OTHER
from tests.planned import plan

PROBE = "network.layer_type"


@pytest.fixture
def collector(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Collector:
    """A collector of a question whose built-in probe says something else each time."""
    (tmp_path / "quiz.yaml").write_text("id: t\ntitle: T\nquestions: [q01]\n", "utf-8")
    (tmp_path / "q01.yaml").write_text(OTHER, "utf-8")
    made = Collector(plan(tmp_path))
    layers = iter(["Conv2d", "ReLU"])

    def run(_: object, *, layer: str) -> Iterator[Draw]:
        yield Draw({"layer_type": next(layers)})

    run.__module__ = DECLARED[PROBE].run.__module__
    monkeypatch.setitem(DECLARED, PROBE, replace(DECLARED[PROBE], run=run))
    return made


def wanted(collector: Collector) -> Wanted:
    question = collector.plan.tasks[0].linted.question
    assert question is not None
    return Wanted(
        question=question,
        parameters={"layer": "cnn.0"},
        randomized=None,
        error=0.01,
        key="none",
        owner=OWN,
    )


def test_on_a_network_of_an_installed_package(
    collector: Collector, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "quizproof.probes.engine.collector.code_of_network", lambda pack: "callable:their:net"
    )
    with pytest.raises(ProbeError) as caught:
        collector.evidence(wanted(collector))
    assert "measured layer_type as 'Conv2d' and then as 'ReLU'" in str(caught.value)
    assert "on the network of their:net; have noise" in str(caught.value)


def test_but_not_where_all_of_the_code_is_this_program_s(collector: Collector) -> None:
    with pytest.raises(ProbeError, match="changed while"):  # since nobody asked by its key
        collector.evidence(wanted(collector))
