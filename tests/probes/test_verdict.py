from __future__ import annotations

import math
from dataclasses import replace

import pytest

from quizproof.probes.judge import Finding
from quizproof.probes.measure import Measured, Measurement, agree
from quizproof.probes.results import State
from quizproof.probes.verdict import measured_answer, verdict
from quizproof.questions.problems import Problem
from quizproof.questions.spec import (
    Blanks,
    DropDown,
    DropDowns,
    MultipleChoice,
    NumberBlank,
    Option,
    Question,
    SingleChoice,
    Text,
    TextBlank,
    expected_answer,
)

TEXT = Text(en="words", zh_hant="字")
OPTIONS = {name: Option(text=TEXT, rule="x > 0") for name in "abc"}


def single(expected: list[str] | None = None) -> Question:
    return SingleChoice(
        kind="single", points=1, about="method", prompt=TEXT, options=OPTIONS, expected=expected
    )


def multiple(expected: list[str], choose: int | None = None) -> Question:
    return MultipleChoice(
        kind="multiple",
        choose=choose,
        points=1,
        about="method",
        prompt=TEXT,
        options=OPTIONS,
        expected=expected,
    )


def measured(**holds: bool | None) -> Measured:
    sign = {True: 1.0, False: -1.0, None: 0.1}
    findings = {o: Finding(h, (sign[h] - 0.2, sign[h], sign[h] + 0.2)) for o, h in holds.items()}
    return Measured(findings, {"w": Measurement("him", None, None, "")}, 20, None)


@pytest.mark.parametrize(
    ("question", "holds", "settles", "state", "answer"),
    [
        (single(["a"]), {"a": True, "b": False, "c": False}, True, "confirmed", ("a",)),
        (single(["a"]), {"a": False, "b": True, "c": False}, True, "contradicted", ("b",)),
        (single(["a"]), {"a": True, "b": False, "c": False}, False, "stand-in agrees", ("a",)),
        (single(["a"]), {"a": False, "b": True, "c": False}, False, "stand-in differs", ("b",)),
        (single(["a"]), {"a": True, "b": True, "c": False}, True, "undecided", None),
        (single(["a"]), {"a": False, "b": False, "c": False}, True, "undecided", None),
        (single(["a"]), {"a": True, "b": None, "c": False}, True, "undecided", None),
        (multiple(["a", "b"]), {"a": True, "b": True, "c": False}, True, "confirmed", ("a", "b")),
        (multiple(["a", "b"]), {"a": True, "b": False, "c": False}, True, "contradicted", ("a",)),
        (multiple(["a", "b"], 2), {"a": True, "b": False, "c": False}, True, "undecided", None),
        (multiple([]), {"a": False, "b": False, "c": False}, True, "confirmed", ()),
    ],
)
def test_states(
    question: Question,
    holds: dict[str, bool | None],
    settles: bool,
    state: str,
    answer: tuple[str, ...] | None,
) -> None:
    found, said, reason = verdict(question, measured(**holds), settles=settles, key=())
    assert (found, said) == (state, answer)
    assert reason.en != reason.zh_hant


def test_an_invalid_key_is_named_and_what_was_measured_is_kept() -> None:
    problem = Problem("q.yaml", 1, 1, "choose 2, but 1 expected", "expect 2")
    found, said, reason = verdict(
        single(["a"]), measured(a=True, b=False, c=False), settles=True, key=[problem]
    )
    assert (found, said) == (State.KEY_INVALID, ("a",))
    assert reason.en == "choose 2, but 1 expected: expect 2"


def why_open(found: Measured) -> str:
    answer, reason = measured_answer(single(), found)
    assert answer is None
    assert reason is not None
    return reason.en


def test_reasons_of_what_is_open() -> None:
    assert why_open(measured(a=True, b=True, c=False)) == (
        "options a, b hold, where 1 was to be chosen"
    )
    assert why_open(measured(a=False, b=False, c=False)) == (
        "no option holds, where 1 was to be chosen"
    )
    assert why_open(measured(a=None, b=None, c=False)) == "option a, b still open after 20 draws"
    given_up = replace(measured(a=None, b=True, c=False), left=5)
    assert why_open(given_up) == (
        "option a still open after 20 draws; the 5 left could not decide that"
    )
    doubt = Text(en="no variance", zh_hant="沒有變異")
    assert why_open(replace(measured(a=None, b=None, c=None), doubt=doubt)) == "no variance"


def blanks(word: list[str] | None, number: float | None) -> Question:
    return Blanks(
        kind="blanks",
        points=1,
        about="method",
        prompt=TEXT,
        blanks={
            "1": TextBlank(measure="w", expected=word),
            "2": NumberBlank(measure="f", tolerance=0.01, expected_number=number),
        },
    )


@pytest.mark.parametrize(
    ("holds", "state"), [((True, True), "confirmed"), ((True, False), "contradicted")]
)
def test_blanks_say_what_was_measured(holds: tuple[bool, bool], state: str) -> None:
    found = {"1": Finding(holds[0], (0, 0, 0)), "2": Finding(holds[1], (0, 0, 0))}
    numbers = {"w": Measurement("him", None, None, ""), "f": Measurement(0.73, 0.7, 0.8, "")}
    question = blanks(["him"], 0.73)
    assert expected_answer(question) == ("him", 0.73)
    assert verdict(question, Measured(found, numbers, 1, None), settles=True, key=())[:2] == (
        state,
        ("him", 0.73),
    )
    assert expected_answer(blanks(None, 0.73)) is None
    assert expected_answer(blanks(["him"], None)) is None


def test_drop_downs_take_one_choice_a_part() -> None:
    part = DropDown(options=OPTIONS, expected="a")
    question = DropDowns(
        kind="dropdowns", points=1, about="method", prompt=TEXT, parts={"1": part, "2": part}
    )
    holds: dict[str, bool | None] = dict.fromkeys(["1b", "1c", "2b", "2c"], False)
    found = measured(**holds, **{"1a": True, "2a": True})
    assert verdict(question, found, settles=True, key=())[:2] == ("confirmed", ("1a", "2a"))
    found = measured(**{**holds, "2b": True}, **{"1a": True, "2a": True})
    assert verdict(question, found, settles=True, key=())[2].en == (
        "in part 2, options a, b hold, where 1 was to be chosen"
    )


def test_models_that_differ_leave_an_option_open() -> None:
    one, other = measured(a=True, b=False, c=False), measured(a=False, b=True, c=False)
    both = agree(single(), [one, other])
    assert {o: f.holds for o, f in both.findings.items()} == {"a": None, "b": None, "c": False}
    assert both.doubt is not None
    assert both.doubt.en == "the models differ on option a, b"
    assert agree(single(), [one, one]).findings == one.findings
    assert agree(single(), [one, one]).draws == 40


def test_agreement_reports_the_model_nearest_to_changing_its_mind() -> None:
    near = Measured({"a": Finding(True, (0.0, 0.1, 0.2))}, {}, 1, None)
    far = Measured({"a": Finding(True, (0.8, 0.9, math.inf))}, {}, 1, None)
    assert agree(single(), [far, near]).findings["a"] == Finding(True, (0.0, 0.1, 0.2))
