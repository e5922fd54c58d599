"""A comparison with a baseline as JUnit XML: a question is a test case."""

from __future__ import annotations

from quizproof.probes.engine.drift import Drift
from quizproof.probes.engine.results import State
from quizproof.reports.junit import Case, CaseOutcome, junit_suite
from quizproof.reports.watch.regression import Compared, Regression


def regress_junit(regression: Regression) -> str:
    """One test suite: what flipped fails; what else is not the same is skipped, and says so.

    A question whose measuring failed is an error.
    """
    cases = [
        Case(
            name=each.id,
            seconds=each.now.seconds if each.now else 0,
            outcome=_outcome(each),
            type=str(each.drift),
            message=f"{each.drift}: {each.why.en}",
        )
        for each in regression.compared
    ]
    seconds = sum(result.seconds for result in regression.run.results)
    return junit_suite(f"quizproof regress {regression.run.quiz.id}", cases, seconds)


def _outcome(each: Compared) -> CaseOutcome:
    if each.drift is Drift.FLIPPED:
        return "failure"
    if each.now is not None and each.now.state is State.FAILED:
        return "error"
    return "passed" if each.drift is Drift.SAME else "skipped"
