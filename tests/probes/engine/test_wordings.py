"""What the same draws say under a question's other wording."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from quizproof.probes.bench import Bench
from quizproof.probes.engine.collect import collect
from quizproof.probes.engine.measured import Measured, agree, judged
from quizproof.probes.engine.verdict import answers_by_wording
from quizproof.probes.probe import Draw, Measure, Probe
from quizproof.questions.spec import Question, Text, Wordings
from tests.planted import planted_pack
from tests.reports.runs import choice

MEASURES = (Measure("x", "share", 0, 1, "planted"),)
OTHERWISE = {"a": "x < 0.5", "b": "x > 0.5"}


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(planted_pack(tmp_path, [np.zeros((8, 8, 3), np.float32)], []), 16)


def exact(x: float) -> Probe:
    return Probe("planted", False, 0.01, MEASURES, lambda bench: iter([Draw({"x": x})]))


def drawn(x: float) -> Probe:
    def draws(bench: Bench) -> Iterator[Draw]:
        rng = np.random.default_rng(0)
        while True:
            yield Draw({"x": x + rng.uniform(-0.1, 0.1)})

    return Probe("planted", True, 0.0, MEASURES, draws)


def question(otherwise: dict[str, str] = OTHERWISE, estimate: str = "mean") -> Question:
    made = choice(rules=("x > 0.5", "x < 0.5"), probe={"name": "planted"})
    what = Text(en="which is so, which is not", zh_hant="是，否")
    wordings = Wordings(what=what, taken="zh-Hant", otherwise=otherwise)
    return made.model_copy(update={"wordings": wordings, "estimate": estimate})


def look(asked: Question, probe: Probe, bench: Bench) -> Measured:
    found = judged(asked, probe, collect(asked, probe, bench))
    assert found is not None
    return found


@pytest.mark.parametrize("probe", [exact(0.8), drawn(0.8)], ids=["exact", "drawn"])
@pytest.mark.parametrize("estimate", ["mean", "share"])
def test_the_same_draws_answer_both(probe: Probe, estimate: str, bench: Bench) -> None:
    asked = question(estimate=estimate)
    found = look(asked, probe, bench)
    assert answers_by_wording(asked, found) == {"zh-Hant": ("a",), "en": ("b",)}
    margin = found.findings["a"].margin[1]
    assert found.otherwise["a"].margin[1] == pytest.approx(-margin)


def test_what_is_open_is_open_under_that_wording_alone(bench: Bench) -> None:
    asked = question({"a": "x > 0.795", "b": "x < 0.5"})
    found = look(asked, exact(0.8), bench)
    assert answers_by_wording(asked, found) == {"zh-Hant": ("a",), "en": None}


def test_an_option_without_another_rule_keeps_its_own(bench: Bench) -> None:
    asked = question({"b": "x > 0.5"})
    found = look(asked, exact(0.8), bench)
    assert answers_by_wording(asked, found) == {"zh-Hant": ("a",), "en": ("a", "b")}


def test_models_that_differ_leave_the_other_wording_open_too(bench: Bench) -> None:
    asked = question()
    high, low = (look(asked, exact(x), bench) for x in (0.8, 0.2))
    assert answers_by_wording(asked, agree(asked, [high, high]))["en"] == ("b",)
    assert answers_by_wording(asked, agree(asked, [high, low]))["en"] is None


def test_a_question_with_one_wording_has_no_answers_by_wording(bench: Bench) -> None:
    asked = question().model_copy(update={"wordings": None})
    found = look(asked, exact(0.8), bench)
    assert found.otherwise == {}
    assert answers_by_wording(asked, found) == {}
