"""A comparison with a baseline as JUnit XML: a question is a test case."""

from __future__ import annotations

from xml.etree import ElementTree

from quizproof.probes.engine.drift import Drift
from quizproof.probes.engine.results import State
from quizproof.questions.problems import one_line
from quizproof.reports.watch.regression import Compared, Regression


def regress_junit(regression: Regression) -> str:
    """One test suite: what flipped fails; what moved or was not compared is skipped, and says so.

    A question whose measuring failed is an error.
    """
    kinds = [_kind(each) for each in regression.compared]
    suite = ElementTree.Element(
        "testsuite",
        name=f"quizproof regress {regression.run.quiz.id}",
        tests=str(len(kinds)),
        failures=str(kinds.count("failure")),
        errors=str(kinds.count("error")),
        skipped=str(kinds.count("skipped")),
        time=f"{sum(result.seconds for result in regression.run.results):.3f}",
    )
    for each, kind in zip(regression.compared, kinds, strict=True):
        case = ElementTree.SubElement(
            suite,
            "testcase",
            classname=f"quizproof.regress.{regression.run.quiz.id}",
            name=each.id,
            time=f"{each.now.seconds if each.now else 0:.3f}",
        )
        if kind:
            message = one_line(f"{each.drift}: {each.why.en}")
            told = ElementTree.SubElement(case, kind, message=message)
            if kind != "skipped":
                told.set("type", str(each.drift))
    ElementTree.indent(suite)
    return ElementTree.tostring(suite, encoding="unicode", xml_declaration=True) + "\n"


def _kind(each: Compared) -> str:
    if each.drift is Drift.FLIPPED:
        return "failure"
    if each.now is not None and each.now.state is State.FAILED:
        return "error"
    return "" if each.drift is Drift.SAME else "skipped"
