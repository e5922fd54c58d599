"""An accepted contradiction as every form of telling has it: contradicted, and no failure."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from xml.etree import ElementTree

import pytest

from quizproof.probes.engine.acceptance import acceptance
from quizproof.probes.engine.results import QuestionResult, State
from quizproof.questions.question import Accepted
from quizproof.reports.cli import main
from quizproof.reports.exit_codes import exit_code
from quizproof.reports.html import render_html
from quizproof.reports.json_report import json_report
from quizproof.reports.junit import junit_xml
from quizproof.reports.summary import summary_text
from tests.planted_probes import write_quiz
from tests.reports.runs import choice, result, run

KEPT = Accepted(measured=["b"], reason="as handed out", by="the <b>course", until=date(2027, 1, 31))
SAID = "accepted by the <b>course until 2027-01-31: as handed out"


def contradicted(measured: str) -> QuestionResult:
    question = choice().model_copy(update={"accepted": KEPT})
    state = State.CONTRADICTED
    found = acceptance(question, state, (measured,), date(2027, 1, 1))
    return result(state, question, measured=(measured,), accepted=found)


@pytest.mark.parametrize(("measured", "holds"), [("b", True), ("c", False)])
def test_it_is_told_everywhere_and_fails_only_where_it_lapsed(measured: str, holds: bool) -> None:
    made = run(contradicted(measured), asked=1)
    for strict in (False, True):
        assert exit_code(made, broken=False, strict=strict) == (0 if holds else 1)
    assert made.summary["contradicted"] == 1
    assert made.summary["confirmed"] == 0
    text = summary_text(made, ())
    assert ("correct the key" in text) is not holds
    said = SAID if holds else "its acceptance lapsed: what was accepted is b, not this"
    assert said in text
    [question] = json.loads(json_report(made))["questions"]
    assert question["state"] == "contradicted"
    assert question["accepted"]["holds"] is holds
    assert question["accepted"]["why"] == said
    assert question["accepted"]["until"] == "2027-01-31"
    suite = ElementTree.fromstring(junit_xml(made))
    assert suite.get("failures") == ("0" if holds else "1")
    assert suite.get("skipped") == ("1" if holds else "0")
    [told] = suite.findall("testcase/*")
    assert said in str(told.get("message"))
    page = render_html(made)
    assert said.replace("<", "&lt;").replace(">", "&gt;") in page


def test_one_that_is_accepted_excuses_no_other() -> None:
    other = result(State.CONTRADICTED, choice("q02"), key_at="quiz/q02.yaml:7")
    kept = replace(contradicted("b"), key_at="quiz/q01.yaml:7")
    made = run(kept, other, asked=2)
    assert exit_code(made, broken=False, strict=False) == 1
    assert "correct the key: quiz/q02.yaml:7\n" in summary_text(made, ())


def test_from_the_file_to_the_exit_code(
    planted_site: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    quiz = write_quiz(tmp_path / "quiz", good="b")
    path = quiz / "q01.yaml"
    text = path.read_text(encoding="utf-8").replace("about: model", "about: method")
    verify = ["verify", str(quiz), "--store", str(tmp_path / "store"), "--strict"]
    path.write_text(text, encoding="utf-8")
    assert main(verify) == 1
    kept = "accepted: {measured: [a], reason: as handed out, by: the course, until: 9999-12-31}\n"
    for until, code in (("9999-12-31", 0), ("2020-01-01", 1)):
        changed = kept.replace("9999-12-31", until)
        path.write_text(text + changed, encoding="utf-8")
        assert main(verify) == code
    assert "its acceptance lapsed: on 2020-01-01" in capsys.readouterr().out


def test_a_comparison_with_a_baseline_says_it(
    planted_site: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    quiz = write_quiz(tmp_path / "quiz", good="b")
    path = quiz / "q01.yaml"
    text = path.read_text(encoding="utf-8").replace("about: model", "about: method")
    kept = "accepted: {measured: [a], reason: as handed out, by: the course, until: 9999-12-31}\n"
    path.write_text(text + kept, encoding="utf-8")
    store, file = ("--store", str(tmp_path / "store")), tmp_path / "baseline.json"
    assert main(["baseline", str(quiz), "-o", str(file), *store]) == 0
    made = ("--json", str(tmp_path / "r.json"), "--baseline", str(file))
    capsys.readouterr()
    assert main(["regress", str(quiz), *made, *store]) == 0
    said = "nothing moved; accepted by the course until 9999-12-31: as handed out"
    assert f"q01: {said}" in capsys.readouterr().out
    [question] = json.loads((tmp_path / "r.json").read_text(encoding="utf-8"))["questions"]
    assert (question["drift"], question["reason"]) == ("same", said)
