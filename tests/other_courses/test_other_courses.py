"""Questions of other courses' kinds are asked in YAML alone: they lint clean, and are answered."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from quizproof.probes.packs.manifest_file import named_file, named_folder, write_parts
from quizproof.probes.packs.pack import EMBEDDED
from quizproof.reports.cli import main
from tests.planted_transformers import seq2seq_folder

QUIZ = Path(__file__).parent
TABLES = {
    "predictions": "confidence,correct\n"
    + "".join(f"{0.81 + k / 100:.2f},{int(k < 6)}\n" for k in range(10))
    + "0.30,0\n0.55,1\n",
    "points": "x,y,label\n" + "".join(f"{k},{k * 7 % 40},{'ab'[k > 19]}\n" for k in range(40)),
}


@pytest.fixture(scope="module")
def quiz(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The quiz beside its pack: the embedded one's parts, two tables, a small untrained T5."""
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
    copied = folder / "quiz"
    copied.mkdir()
    for file in QUIZ.glob("q*.yaml"):
        shutil.copy(file, copied)
    with (copied / "quiz.yaml").open("a", encoding="utf-8") as head:
        head.write("pack: ../pack\n")
    return copied


@pytest.fixture(scope="module")
def answered(quiz: Path) -> dict[str, Any]:
    """The quiz's questions by id as ``verify --json`` tells them."""
    told = quiz.parent / "told.json"
    main(["verify", str(quiz), "--store", "none", "--json", str(told)])
    return {question["id"]: question for question in json.loads(told.read_text())["questions"]}


def test_none_of_them_is_wrong_in_form_nor_needs_a_line_of_python(quiz: Path) -> None:
    assert main(["lint", str(quiz)]) == 0
    assert len(list(quiz.glob("q*.yaml"))) == 13  # quiz.yaml among them
    assert not list(quiz.glob("*.py"))


@pytest.mark.parametrize("number", range(1, 13))
def test_each_is_answered_as_its_key_says(number: int, answered: dict[str, Any]) -> None:
    question = answered[f"q{number:02}"]
    assert question["state"] in ("confirmed", "stand-in agrees"), question["reason"]
