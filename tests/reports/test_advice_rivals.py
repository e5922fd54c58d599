"""Advice about a question that has more than one right option, or none."""

from __future__ import annotations

from quizproof.probes.engine.results import Outcome, State
from quizproof.reports.advice import advice
from tests.reports.runs import choice, measured, result

THREE = choice(rules=("x > 2", "x > 0", "x > 1"), expected=["a"])
FAILS, HOLDS = (False, -0.3, -0.2, -0.1), (True, 0.1, 0.2, 0.3)


def test_a_wrong_key_with_two_rivals_is_not_simply_corrected() -> None:
    two = measured({"a": FAILS, "b": HOLDS, "c": HOLDS})
    said = advice(
        result(
            State.CONTRADICTED,
            question=THREE,
            measurement=two,
            measured=None,
            finding=Outcome.RULED_OUT,
        )
    )
    assert said is not None
    assert said.en.startswith("of b, c one is to be chosen, and each holds: correct the key to one")


def test_a_wrong_key_with_one_rival_is_told_by_its_state() -> None:
    one = measured({"a": FAILS, "b": HOLDS, "c": FAILS})
    wrong = result(
        State.CONTRADICTED,
        question=THREE,
        measurement=one,
        measured=("b",),
        finding=Outcome.RULED_OUT,
    )
    assert advice(wrong) is None
