"""The axes of a comparison's margins."""

from __future__ import annotations

import math
from typing import Any

from quizproof.probes.engine.drift import Standing
from quizproof.probes.engine.judge import Finding
from quizproof.probes.engine.measured import Measurement
from quizproof.probes.engine.results import QuestionResult, State
from quizproof.reports.watch.margin_axis import MarginAxis, margin_axes
from tests.reports.runs import blanks, choice, measured, result

MEASURED = {
    "x": Measurement(0.6, 0.5, 0.7, "share of pixels"),
    "y": Measurement(0.4, 0.3, 0.5, "share of pixels"),
    "n": Measurement(40.0, 40.0, 40.0, "layers"),
}


def asked(*rules: str, **more: Any) -> QuestionResult:
    question = choice(rules=rules)
    return result(question=question, measurement=measured(measurements=MEASURED), **more)


def run(*models: dict[str, float]) -> Standing:
    """A run in which each option has this margin on each of ``models``."""
    return Standing([{o: Finding(True, (m, m, m)) for o, m in model.items()} for model in models])


def test_what_has_one_unit_has_one_axis_over_options_models_and_runs() -> None:
    now = asked("x > y", "n > 3", "y > 0.5")
    then_ = run({"a": 0.1, "b": 37.0, "c": -0.1}, {"a": 0.3, "b": 1.0, "c": 0.0})
    axes = margin_axes(now, (then_, run({"a": 0.2, "b": 30.0, "c": -0.9})))
    pixels = MarginAxis(reach=0.9, unit="share of pixels", share=False)
    assert axes == {
        "a": pixels,
        "b": MarginAxis(reach=37.0, unit="layers", share=False),
        "c": pixels,
    }


def test_shares_of_draws_have_the_whole_axis() -> None:
    axes = margin_axes(result(question=choice(estimate="share")), (run({"a": 0.1, "b": -0.2}),))
    assert axes["a"] == axes["b"] == MarginAxis(reach=0.5, unit="", share=True)


def test_a_rule_of_several_units_has_an_axis_without_one() -> None:
    now = asked("x > 0.5 and n > 3", "n < 3 or y < 0.1", confidence=None)
    axes = margin_axes(now, (run({"a": 0.1, "b": -7.0}),))
    assert axes["a"] == MarginAxis(reach=0.1, unit="", share=False)
    assert axes["b"] == MarginAxis(reach=7.0, unit="", share=False)


def test_categories_have_no_numbers() -> None:
    axes = margin_axes(asked("x > y"), (run({"a": math.inf}), run({"a": -math.inf})))
    assert not axes["a"].numbers


def test_a_blank_has_the_unit_of_what_fills_it() -> None:
    fall = {"fall": Measurement(0.7, 0.7, 0.7, "share")}
    now = result(State.CONFIRMED, blanks(), measurement=measured(measurements=fall))
    assert margin_axes(now, (run({"2": 0.01}),))["2"].unit == "share"
