"""The bundled quiz ``language-models`` on the embedded pack: every key stands."""

from __future__ import annotations

import json
from pathlib import Path

from quizproof.reports.cli import main


def test_every_question_is_confirmed(tmp_path: Path) -> None:
    told = tmp_path / "told.json"
    assert main(["verify", "language-models", "--store", "none", "--json", str(told)]) == 0
    found = json.loads(told.read_text(encoding="utf-8"))
    assert {question["state"] for question in found["questions"]} == {"confirmed"}
    # a model that learned nothing does not copy
    [copying] = [question for question in found["questions"] if question["id"] == "q14"]
    assert copying["random_weights"]["same"] == 0
