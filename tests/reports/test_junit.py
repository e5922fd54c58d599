from __future__ import annotations

from xml.etree import ElementTree

from quizproof.probes.engine.results import Outcome, State
from quizproof.probes.engine.zero_line import ZeroLine
from quizproof.reports.html import render_html
from quizproof.reports.junit import junit_xml
from tests.reports.parsed import parsed
from tests.reports.runs import every_state, result, run


def test_a_case_for_each_question() -> None:
    suite = ElementTree.fromstring(junit_xml(every_state()))
    outcomes = {
        case.attrib["name"]: [(told.tag, told.get("type")) for told in case] for case in suite
    }
    assert outcomes == {
        "q01": [],
        "q02": [("failure", "contradicted")],
        "q03": [("skipped", None)],
        "q04": [("skipped", None)],
        "q22": [("skipped", None)],
        "q06": [("failure", "key invalid")],
        "q29": [("skipped", None)],
        "q08": [("error", "failed")],
        "interrupted": [("error", "interrupted")],
    }
    counts = {name: suite.attrib[name] for name in ("tests", "failures", "errors", "skipped")}
    assert counts == {"tests": "9", "failures": "2", "errors": "2", "skipped": "4"}
    assert {case.attrib["classname"] for case in suite} == {"quizproof.planted"}


def test_what_models_that_learned_nothing_say_is_told_as_on_the_page() -> None:
    line = ZeroLine((("b",), ("a",), ("b",)), same=2)
    made = run(result(State.CONTRADICTED, reason="why", zero_line=line))
    [case] = ElementTree.fromstring(junit_xml(made))
    state, _, sentence = case[0].attrib["message"].partition("; ")
    assert state == "contradicted: why"
    assert sentence.startswith("2 of 3 models that learned nothing")
    assert sentence in parsed(render_html(made)).text()


def test_what_was_found_is_named_beside_the_state() -> None:
    made = run(result(State.UNDECIDED, reason="why", finding=Outcome.NONE_FITS))
    [case] = ElementTree.fromstring(junit_xml(made))
    assert case[0].attrib["message"] == "undecided (none-fits): why"
