"""Questions of other courses' kinds are asked in YAML alone: they lint clean, and are answered."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from quizproof.probes.catalogue import catalogue
from quizproof.probes.packs.manifest_file import named_file, named_folder, write_parts
from quizproof.probes.packs.pack import EMBEDDED
from quizproof.questions.lint import lint_quiz
from quizproof.reports.cli import main
from tests.planted_transformers import seq2seq_folder

QUIZ = Path(__file__).parent
WAITING = {"q11"}  # for table.permutation_importance
TABLES = {
    "predictions": "confidence,correct\n"
    + "".join(f"{0.81 + k / 100:.2f},{int(k < 6)}\n" for k in range(10))
    + "0.30,0\n0.55,1\n",
    "points": "x,y,label\n" + "".join(f"{k},{k * 7 % 40},{'ab'[k > 19]}\n" for k in range(40)),
}


@pytest.fixture(scope="module")
def answered(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The quiz's questions by id as ``verify --json`` tells them, on a pack with small parts."""
    folder = tmp_path_factory.mktemp("other_courses")
    pack = folder / "pack"
    shutil.copytree(EMBEDDED, pack)
    seq2seq_folder(pack / "t5")
    parts: dict[str, Any] = {"t5": {"kind": "seq2seq-lm", "local": named_folder(pack, "t5")}}
    for name, text in TABLES.items():
        (pack / f"{name}.csv").write_text(text, encoding="utf-8")
        said = named_file(pack, f"{name}.csv").model_dump(exclude_unset=True)
        parts[name] = {"kind": "table", **said}
    write_parts(pack, parts, [])
    told = folder / "told.json"
    main(["verify", str(QUIZ), "--pack", str(pack), "--store", "none", "--json", str(told)])
    return {question["id"]: question for question in json.loads(told.read_text())["questions"]}


def test_none_of_them_is_wrong_in_form_nor_needs_a_line_of_python() -> None:
    linted = lint_quiz(QUIZ, catalogue())
    assert not [p for p in map(str, linted.problems) if not any(name in p for name in WAITING)]
    assert not (QUIZ / "probes.py").exists()
    assert len(list(QUIZ.glob("q*.yaml"))) == 13  # quiz.yaml among them


@pytest.mark.parametrize("number", range(1, 13))
def test_each_is_answered(number: int, answered: dict[str, Any]) -> None:
    question = answered[f"q{number:02}"]
    if question["id"] in WAITING:
        pytest.skip("its probe is not there yet")
    assert question["measured"], question["reason"]
    assert question["state"] in ("confirmed", "stand-in agrees", "stand-in differs")
