"""Items put in order by what is measured of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from quizproof.probes.engine.judge import ExactJudge, Finding
from quizproof.probes.engine.judging import rules_of
from quizproof.probes.engine.measured import Measured, without_ties
from quizproof.probes.engine.reasons import tied
from quizproof.probes.engine.results import State
from quizproof.probes.engine.verdict import Verdict, measured_answer, verdict
from quizproof.questions.spec import Ordering, Ranked, Text

SIGN = {True: 1.0, False: -1.0, None: 0.0}


def ordering(
    expected: Sequence[str] | None, by: str = "increasing", items: str = "abc"
) -> Ordering:
    return Ordering.model_validate(
        {
            "kind": "ordering",
            "by": by,
            "points": 1,
            "about": "method",
            "prompt": "In order?",
            "items": {i: Ranked(text=Text(i), measure=f"of_{i}") for i in items},
            "expected": expected,
        }
    )


def judged(question: Ordering, values: Mapping[str, float], tolerance: float = 0.0) -> Measured:
    judge = ExactJudge(rules_of(question), tolerance)
    judge.take({f"of_{item}": value for item, value in values.items()})
    findings, ties = without_ties(question, judge.findings())
    return Measured(findings, {}, 1, tied(ties) if ties else None, models=(findings,))


def said(question: Ordering, values: Mapping[str, float], tolerance: float = 0.0) -> Verdict:
    return verdict(question, judged(question, values, tolerance), settles=True, key=[])


_values = st.fixed_dictionaries(dict.fromkeys("abc", st.integers(0, 5).map(float)))
_order = st.permutations("abc")
_by = st.sampled_from(["increasing", "decreasing"])


@given(_values, _order, _by)
def test_the_order_is_that_of_the_numbers(
    values: dict[str, float], expected: list[str], by: str
) -> None:
    assume(len(set(values.values())) == 3)
    right = tuple(sorted(values, key=values.__getitem__, reverse=by == "decreasing"))
    found = said(ordering(expected, by), values)
    assert found.measured == right
    assert found.state is (State.CONFIRMED if tuple(expected) == right else State.CONTRADICTED)


@given(_values, _order, _by, st.sampled_from([0.0, 1.5]))
def test_ties_confirm_nothing_and_contradict_only_what_another_pair_does(
    values: dict[str, float], expected: list[str], by: str, tolerance: float
) -> None:
    found = said(ordering(expected, by), values, tolerance)
    sign = 1 if by == "increasing" else -1
    steps = [
        sign * (values[later] - values[earlier])
        for place, earlier in enumerate(expected)
        for later in expected[place + 1 :]
    ]
    if any(step < -tolerance for step in steps):
        assert found.state is State.CONTRADICTED
    elif all(step > tolerance for step in steps):
        assert found.state is State.CONFIRMED
    else:
        assert found.state is State.UNDECIDED
        assert found.measured is None


def test_a_tie_is_told_by_its_items() -> None:
    found = said(ordering(["a", "b", "c"]), {"a": 1, "b": 1, "c": 2})
    assert found.reason.en == "neither of a and b comes first"


def test_what_is_open_is_told_by_its_items() -> None:
    found = said(ordering(["a", "b", "c"]), {"a": 1, "b": 1.5, "c": 3}, tolerance=1.0)
    assert found.reason.en == "which of a and b comes first is still open after 1 draw"


def test_a_key_that_is_wrong_though_the_order_is_open() -> None:
    found = said(ordering(["c", "a", "b"]), {"a": 1, "b": 1, "c": 2})
    assert found.state is State.CONTRADICTED
    assert found.reason.en == "a comes before c; b comes before c"


def test_a_circle_is_no_order() -> None:
    """Of draws, each two of three may come in one order in most, and the three in none."""
    question = ordering(["a", "b", "c"])
    first = {"aba": True, "bcb": True, "acc": True}
    holds = {o: first.get(o, False) for o in ("aba", "abb", "bcb", "bcc", "aca", "acc")}
    findings = {o: Finding(h, (SIGN[h],) * 3) for o, h in holds.items()}
    measured = Measured(findings, {}, 12, None, models=(findings,))
    assert measured_answer(question, measured) is None
    found = verdict(question, measured, settles=True, key=[])
    assert (found.state, found.measured) == (State.CONTRADICTED, None)
    assert found.reason.en == "c comes before a"


def test_without_a_key() -> None:
    found = said(ordering(None), {"a": 3, "b": 1, "c": 2})
    assert (found.state, found.measured) == (State.UNDECIDED, ("b", "c", "a"))


@given(st.sets(st.sampled_from(["aba", "abb", "aca", "acc", "bcb", "bcc"])))
def test_an_order_comes_of_each_two_items_once(first: set[str]) -> None:
    order = ordering(None).order_of(first)
    if order is not None:
        place = {item: at for at, item in enumerate(order)}
        assert {pair: min(pair, key=place.__getitem__) for pair in ("ab", "ac", "bc")} == {
            option[:2]: option[2] for option in first
        }
        assert len(first) == 3


@pytest.mark.parametrize("items", ["ab", "abcdefgh"])
def test_any_two_items_are_compared(items: str) -> None:
    question = ordering(list(items), items=items)
    assert len(question.parts) == len(items) * (len(items) - 1) // 2
    values = {item: float(at) for at, item in enumerate(items)}
    assert said(question, values).state is State.CONFIRMED
