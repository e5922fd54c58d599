"""Answers checked in a notebook: in a real kernel, and as a browser shows what comes of it."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

from quizproof.questions.problems import QuizproofError
from quizproof.reports.notebook import check
from tests.reports.answered import quiz
from tests.reports.parsed import parsed

ANSWERS = {"q01": "b", "q02": "a", "q05": ["a", "c"], "q06": {1: "0.9", 2: 0.5}, "q99": "a"}


def run(*cells: str) -> list[list[dict[str, Any]]]:
    """The outputs of each of ``cells``, run in a kernel of its own."""
    new: Any = nbformat.v4  # without types
    notebook = new.new_notebook(cells=[new.new_code_cell(cell) for cell in cells])
    NotebookClient(notebook, timeout=120, kernel_name="python3").execute()
    return [cell.outputs for cell in notebook.cells]


def test_a_kernel_measures_and_shows_it(
    tmp_path: Path, planted_site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(planted_site), *sys.path]))
    asked = quiz(tmp_path / "quiz")
    [shown], [printed] = (
        [o for o in cell if o["output_type"] == "execute_result" or o.get("name") == "stdout"]
        for cell in run(
            "from quizproof.reports.notebook import check\n"
            f"found = check({str(asked)!r}, {ANSWERS!r}, pack={str(asked / 'pack')!r})\nfound",
            "print(found)",
        )
    )
    assert shown["data"]["text/plain"] == (
        "<planted, checked: 1 of 3 points, settled by measuring; 1 of 1 point on a stand-in; "
        "3 points not answered>"
    )
    table = parsed(shown["data"]["text/html"])
    rows = [row.text() for row in table.one("tbody").all("tr")]
    assert rows[0] == "q01 ✗ differs 0 / 1 b a"
    assert rows[1] == "q02 ≈ agrees with the stand-in 1 / 1 a"
    assert len(rows) == 4
    assert "q03 q04 q07" in table.text()
    assert "there is no question 'q99'" in table.text()
    assert "q05  ✓ agrees" in printed["text"]


@pytest.mark.usefixtures("planted_site")
def test_what_is_shown_restyles_nothing(tmp_path: Path) -> None:
    asked = quiz(tmp_path / "quiz")
    found = check(str(asked), ANSWERS, pack=asked / "pack", language="zh-Hant")
    table = parsed(found._repr_html_())
    assert not list(table.all("style"))
    assert not list(table.all("script"))
    assert not any("id" in element.attributes for element in table.all())
    assert "與替代模型相符" in table.text("zh-Hant")
    frame = table.one("iframe")
    assert frame.attributes["sandbox"] == ""
    assert frame.attributes["srcdoc"].startswith("<!doctype html>")
    assert found.marks["q01"] == "differs"
    assert found.save(tmp_path / "out").read_text(encoding="utf-8").startswith("<!doctype html>")


def test_what_it_is_asked_for_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(QuizproofError, match="there is no policy 'kind'"):
        check("hw09", {}, policy="kind")
    with pytest.raises(QuizproofError, match=r"no quiz\.yaml here"):
        check(str(tmp_path), {})
    assert repr(check("hw09", {})) == "<hw09, checked: 10 points not answered>"
