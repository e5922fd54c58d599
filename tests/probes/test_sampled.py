"""A probe that draws anew for some values of a parameter is exact for all others."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from pathlib import Path

import numpy as np
import pytest

from quizproof.probes.bench import Bench
from quizproof.probes.declaration import DECLARED, Draw, Measure, Probe, probe
from quizproof.probes.engine.collect import collect
from quizproof.probes.engine.evidence.record import Evidence
from quizproof.probes.sampled import Sampled
from quizproof.probes.strangers import _data, probes_of
from quizproof.probes.testing import world
from quizproof.questions.lint import lint_quiz
from quizproof.questions.spec import Question

QUESTION = """\
kind: single
points: 1
about: method
estimate: mean
prompt: Is x large?
probe: {{name: tested.by_method, with: {{method: {method}}}}}
options:
  a: {{text: "Yes", rule: x > 0.4}}
  b: {{text: "No", rule: x <= 0.4}}
expected: [a]
"""


@pytest.fixture
def by_method() -> Iterator[Probe]:
    @probe(
        "tested.by_method",
        measures=(Measure("x", "share", 0, 1, "drawn"),),
        stochastic=Sampled("method", ("random",)),
        tolerance=1e-6,
        example=QUESTION,
    )
    def run(bench: Bench, *, method: str = "random") -> Iterator[Draw]:
        if method != "random":
            yield Draw({"x": 0.5})
            return
        for k in count():
            yield Draw({"x": float(np.random.default_rng(bench.draw_seed(k)).uniform(0.3, 0.9))})

    yield DECLARED["tested.by_method"]
    del DECLARED["tested.by_method"]


def evidence(folder: Path, declared: Probe, method: str) -> Evidence:
    return collect(question(folder, declared, method), declared, world(), error=0.01, draws=1)


def question(folder: Path, declared: Probe, method: str) -> Question:
    (folder / "quiz.yaml").write_text("id: mine\ntitle: Mine\nquestions: [q01]\n")
    (folder / "q01.yaml").write_text(QUESTION.format(method=method), encoding="utf-8")
    [linted] = lint_quiz(folder, {declared.name: declared}).questions
    assert linted.question is not None
    return linted.question


def test_one_draw_where_it_is_exact_and_many_where_it_is_not(
    tmp_path: Path, by_method: Probe
) -> None:
    assert len(evidence(tmp_path, by_method, "fixed").draws) == 1
    assert len(evidence(tmp_path, by_method, "random").draws) > 5


def test_a_default_says_it_too(by_method: Probe) -> None:
    assert by_method.draws_anew({})
    assert not by_method.draws_anew({"method": "fixed"})


def test_a_declaration_of_others_tells_it(by_method: Probe) -> None:
    [told] = probes_of([_data(by_method)])
    assert told.stochastic == by_method.stochastic
    assert told.example == by_method.example
