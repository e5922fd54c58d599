"""A run as JUnit XML, for CI systems: a question is a test case."""

from __future__ import annotations

from xml.etree import ElementTree

from quizproof.probes.engine.results import QuestionResult, Run, State
from quizproof.questions.problems import one_line

_FAILURES = {State.CONTRADICTED, State.KEY_INVALID}
_SKIPPED = {State.UNDECIDED, State.MISSING, State.STAND_IN_AGREES, State.STAND_IN_DIFFERS}


def _zero_line(result: QuestionResult) -> str:
    line = result.zero_line
    if line is None or not line.same:
        return ""
    of = len(line.answers)
    return f"; {line.same} of {of} models that learned nothing give the same answer"


def junit_xml(run: Run) -> str:
    """One test suite: contradicted and invalid keys fail, what is left open is skipped."""
    states = [result.state for result in run.results]
    suite = ElementTree.Element(
        "testsuite",
        name=f"quizproof {run.quiz.id}",
        tests=str(len(states)),
        failures=str(sum(state in _FAILURES for state in states)),
        errors=str(sum(state is State.FAILED for state in states)),
        skipped=str(sum(state in _SKIPPED for state in states)),
        time=f"{sum(result.seconds for result in run.results):.3f}",
    )
    for result in run.results:
        case = ElementTree.SubElement(
            suite,
            "testcase",
            classname=f"quizproof.{run.quiz.id}",
            name=result.question.id,
            time=f"{result.seconds:.3f}",
        )
        message = one_line(f"{result.state}: {result.reason.en}{_zero_line(result)}")
        if result.state in _FAILURES:
            ElementTree.SubElement(case, "failure", type=str(result.state), message=message)
        elif result.state is State.FAILED:
            ElementTree.SubElement(case, "error", type=str(result.state), message=message)
        elif result.state in _SKIPPED:
            ElementTree.SubElement(case, "skipped", message=message)
    ElementTree.indent(suite)
    return ElementTree.tostring(suite, encoding="unicode", xml_declaration=True) + "\n"
