"""The autograder for Gradescope, unpacked and run with nothing but what it brings."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

from quizproof.questions.quiz import bundled_quiz, load_quiz
from quizproof.questions.responses import Response, written
from quizproof.questions.spec import Blanks, expected_answer
from quizproof.reports.cli import main

RUN = (
    "import sys; from quizproof.reports.classroom.autograder import main; "
    "sys.exit(main(sys.argv[1:]))"
)
NO_TORCH = "; heavy = {'torch', 'numpy'} & sys.modules.keys(); sys.exit(9 if heavy else code)"


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("autograder")
    assert main(["export", "hw09", "-o", str(folder), "--format", "gradescope"]) == 0
    with ZipFile(folder / "hw09-autograder.zip") as package:
        package.extractall(folder / "source")
        modes = {info.filename: info.external_attr >> 16 for info in package.infolist()}
    assert all(modes[name] & 0o111 for name in ("setup.sh", "run_autograder"))
    return folder / "source"


def graded(source: Path, submission: Path, code: int = 0) -> dict[str, Any]:
    results = submission.parent / "results.json"
    command = RUN.replace("sys.exit(main(sys.argv[1:]))", "code = main(sys.argv[1:])") + NO_TORCH
    environment = {**os.environ, "PYTHONPATH": str(source)}
    arguments = ["quiz", str(submission), str(results)]
    ran = subprocess.run(
        [sys.executable, "-c", command, *arguments], cwd=source, env=environment, check=False
    )
    assert ran.returncode == code
    found: dict[str, Any] = json.loads(results.read_text(encoding="utf-8"))
    return found


def key() -> dict[str, str]:
    """Every question answered as the key has it."""
    answers = {}
    for question in load_quiz(bundled_quiz("hw09")).questions:
        expected = expected_answer(question)
        assert expected is not None
        if isinstance(question, Blanks):
            filled = {
                part: str(value) for part, value in zip(question.blanks, expected, strict=True)
            }
            response = Response(filled=filled)
        else:
            response = Response(frozenset(map(str, expected)))
        answers[question.id] = written(question, response)
    return answers


@pytest.fixture
def submission(tmp_path: Path) -> Path:
    folder = tmp_path / "submission"
    folder.mkdir()
    return folder


def test_the_key_has_all_points(source: Path, submission: Path) -> None:
    (submission / "answers.json").write_text(json.dumps(key()))
    found = graded(source, submission)
    assert found["score"] == pytest.approx(10)
    assert len(found["tests"]) == 30
    assert {test["status"] for test in found["tests"]} == {"passed"}


def test_a_wrong_answer_has_none(source: Path, submission: Path) -> None:
    (submission / "answers.yaml").write_text("q01: b\nq02: [z]\nq99: a\n")
    found = graded(source, submission)
    assert found["score"] == 0
    assert "q99" in found["output"]
    assert "q02" in found["output"]
    assert "=" not in found["tests"][0]["output"]


@pytest.mark.parametrize(
    "files",
    [{}, {"a.yaml": "q01: a", "b.csv": "q01,a"}, {"a.yaml": "q01: [a"}, {"a.json": "{"}],
)
def test_no_points_from_an_error(source: Path, submission: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (submission / name).write_text(text)
    found = graded(source, submission)
    assert (found["score"], found["tests"]) == (0, [])
    assert found["output"]
    assert str(submission) not in found["output"]


def test_no_points_when_the_program_fails(source: Path, submission: Path) -> None:
    found = graded(source, submission / "missing", code=4)
    assert found["score"] == 0
