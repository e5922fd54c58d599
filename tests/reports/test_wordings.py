"""The answer under each of two wordings, as the reports show it."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from markupsafe import escape

from quizproof.probes.engine.results import State
from quizproof.probes.engine.verdict import verdict
from quizproof.questions.quiz import bundled_quiz, load_quiz
from quizproof.questions.responses import Response
from quizproof.questions.scoring import Policy
from quizproof.questions.spec import Text, Wordings
from quizproof.reports import exit_codes
from quizproof.reports.cli import main
from quizproof.reports.student.marking import checked
from tests.reports.runs import choice, measured, result


@pytest.fixture(name="report", scope="module")
def _report(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], str]:
    folder = tmp_path_factory.mktemp("run")
    file = folder / "run.json"
    main(["verify", "hw09", "--only", "q22,q24", "--json", str(file), "--report", str(folder)])
    found = {q["id"]: q for q in json.loads(file.read_text(encoding="utf-8"))["questions"]}
    return found, (folder / "index.html").read_text(encoding="utf-8")


def test_the_json_has_the_answer_under_each_wording(
    report: tuple[dict[str, Any], str],
) -> None:
    found, _ = report
    wordings = found["q24"]["wordings"]
    assert wordings["taken"] == "zh-Hant"
    assert list(wordings["measured"]) == ["zh-Hant", "en"]
    assert wordings["measured"]["zh-Hant"] == found["q24"]["measured"]
    # every rule turns round
    assert sorted([*wordings["measured"]["zh-Hant"], *wordings["measured"]["en"]]) == list("abcde")
    assert wordings["what"].keys() == {"en", "zh-Hant"}
    assert found["q22"]["wordings"] is None


def test_the_page_shows_both(report: tuple[dict[str, Any], str]) -> None:
    found, page = report
    asked = page[page.index('id="q24"') :]
    assert found["q24"]["wordings"]["what"]["zh-Hant"] in asked
    after = asked[asked.index("By the English") :]
    answer = ", ".join(found["q24"]["wordings"]["measured"]["en"])
    assert f">{answer}<" in after[: after.index("<table")]
    assert "By the English" not in page[: page.index('id="q24"')]


def test_lint_repeats_what_the_wordings_ask_and_complains_of_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copy(bundled_quiz("hw09") / "q24.yaml", tmp_path)
    head = "id: one\ntitle: {en: One, zh-Hant: 一}\nquestions: [q24]\n"
    (tmp_path / "quiz.yaml").write_text(head, encoding="utf-8")
    assert main(["lint", str(tmp_path)]) == exit_codes.NOTHING_TO_COMPLAIN_OF
    note, said = capsys.readouterr().out.splitlines()
    assert "q24.yaml:" in note
    assert ": note: its two languages ask different things: " in note
    assert said == "one: 1 question, nothing to complain of"


@pytest.mark.parametrize(("answer", "mark"), [("a", "agrees"), ("b", "not decided")])
def test_whoever_answers_what_the_other_language_asks_is_not_wrong(answer: str, mark: str) -> None:
    asked = choice(kind="single", rules=("x > 0.5", "x < 0.5"))
    what = Text(en="which is so, which is not", zh_hant="是，否")
    turned = Wordings(what=what, taken="zh-Hant", otherwise={"a": "x < 0.5", "b": "x > 0.5"})
    question = asked.model_copy(update={"wordings": turned, "expected": None})
    found = measured({"a": (True, 1, 1, 1), "b": (False, -1, -1, -1)})
    found = replace(found, otherwise={"a": found.findings["b"], "b": found.findings["a"]})
    given = replace(result(State.CONFIRMED), question=question, measurement=found, settles=True)
    said = checked(given, Response(frozenset({answer})), Policy.ALL_OR_NOTHING)
    assert str(said.mark) == mark
    if mark == "not decided":
        assert said.why is not None
        assert said.why.en == "by the English wording, which asks something else, yours is right"
        keyed = question.model_copy(update={"expected": ["b"]})
        reason = verdict(keyed, found, settles=True, key=()).reason.en
        assert reason.startswith("measured a, expected b; by the English wording")


def test_thresholds_are_told_with_where_they_come_from_and_whether_they_are_close(
    tmp_path: Path,
) -> None:
    json_file = tmp_path / "run.json"
    main(
        [
            *("verify", "hw09", "--only", "q06,q18"),
            *("--json", str(json_file), "--report", str(tmp_path)),
        ]
    )
    page = (tmp_path / "index.html").read_text(encoding="utf-8")
    told = {q["id"]: q["thresholds"] for q in json.loads(json_file.read_text())["questions"]}
    for name in ("q06", "q18"):
        [question] = [q for q in load_quiz(bundled_quiz("hw09")).questions if q.id == name]
        assert list(told[name]) == list(question.thresholds)
        assert [n for n, t in told[name].items() if t["close"]] == question.close
        for threshold in question.thresholds.values():
            assert str(escape(threshold.source)) in page
    assert page.count("A fifth more or less of it") == sum(
        threshold["close"] for thresholds in told.values() for threshold in thresholds.values()
    )


def test_from_an_evidence_file_no_other_seed_can_be_had(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["verify", "hw09", "--from", str(tmp_path), "--seed", "17"]) == 2
    assert "--from judges draws of the file's own seed" in capsys.readouterr().err
