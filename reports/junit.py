"""A run as JUnit XML, for CI systems: a question is a test case."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias
from xml.etree import ElementTree

from quizproof.probes.engine.results import QuestionResult, Run, State
from quizproof.questions.problems import one_line
from quizproof.reports.counting import filled
from quizproof.reports.words import WORDS

_FAILURES = {State.CONTRADICTED, State.KEY_INVALID}
_SKIPPED = {State.UNDECIDED, State.MISSING, State.STAND_IN_AGREES, State.STAND_IN_DIFFERS}

CaseOutcome: TypeAlias = Literal["passed", "failure", "error", "skipped"]


@dataclass(frozen=True, kw_only=True)
class Case:
    """A question as a CI system takes it."""

    name: str
    seconds: float
    outcome: CaseOutcome
    type: str  # of a failure or an error
    message: str


def junit_xml(run: Run) -> str:
    """One test suite: contradicted and invalid keys fail, what is left open is skipped.

    So is a contradiction that is accepted, which says so.
    """
    cases = [
        Case(
            name=result.question.id,
            seconds=result.seconds,
            outcome=_outcome(result),
            type=str(result.state),
            message=f"{_state(result)}: {result.reason.en}{_zero_line(result)}{_accepted(result)}",
        )
        for result in run.results
    ]
    if not run.whole:  # or a run that was ended looks like one that passed
        left = run.asked - len(run.results)
        cases.append(
            Case(
                name="interrupted",
                seconds=0.0,
                outcome="error",
                type="interrupted",
                message=f"{left} of {run.asked} questions were not measured",
            )
        )
    seconds = sum(result.seconds for result in run.results)
    return junit_suite(f"quizproof {run.quiz.id}", cases, seconds)


def junit_suite(name: str, cases: Sequence[Case], seconds: float) -> str:
    """A test suite as XML, ending in a newline; its cases' class is its name with dots."""
    outcomes = [case.outcome for case in cases]
    suite = ElementTree.Element(
        "testsuite",
        name=name,
        tests=str(len(cases)),
        failures=str(outcomes.count("failure")),
        errors=str(outcomes.count("error")),
        skipped=str(outcomes.count("skipped")),
        time=f"{seconds:.3f}",
    )
    for case in cases:
        element = ElementTree.SubElement(
            suite,
            "testcase",
            classname=name.replace(" ", "."),
            name=case.name,
            time=f"{case.seconds:.3f}",
        )
        if case.outcome == "passed":
            continue
        outcome = ElementTree.SubElement(element, case.outcome)
        if case.outcome != "skipped":
            outcome.set("type", case.type)
        outcome.set("message", one_line(case.message))
    ElementTree.indent(suite)
    return ElementTree.tostring(suite, encoding="unicode", xml_declaration=True) + "\n"


def _state(result: QuestionResult) -> str:
    """The state, and of what is not borne out what was found."""
    return f"{result.state} ({result.finding})" if result.finding else str(result.state)


def _outcome(result: QuestionResult) -> CaseOutcome:
    state = result.state
    if result.accepted is not None and result.accepted.holds:
        return "skipped"
    if state in _FAILURES:
        return "failure"
    if state is State.FAILED:
        return "error"
    return "skipped" if state in _SKIPPED else "passed"


def _accepted(result: QuestionResult) -> str:
    return "" if result.accepted is None else f"; {result.accepted.why.en}"


def _zero_line(result: QuestionResult) -> str:
    line = result.zero_line
    if line is None or not line.same:
        return ""
    return "; " + filled(WORDS["zero_line_same"].en, {"same": line.same, "of": len(line.answers)})
