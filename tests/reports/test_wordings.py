"""The answer under each of two wordings, as the reports show it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from quizproof.questions.quiz import bundled_quiz
from quizproof.reports import exit_codes
from quizproof.reports.cli import main


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
    asked = page[page.index('id="question-q24"') :]
    assert found["q24"]["wordings"]["what"]["zh-Hant"] in asked
    after = asked[asked.index("By the English") :]
    answer = ", ".join(found["q24"]["wordings"]["measured"]["en"])
    assert f">{answer}<" in after[: after.index("<table")]
    assert "By the English" not in page[: page.index('id="question-q24"')]


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
    assert said == "one: 1 questions, nothing to complain of"
