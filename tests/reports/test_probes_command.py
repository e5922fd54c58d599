"""What can be asked is listed and explained, and what is to be pasted is right in form."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from quizproof.probes.catalogue import catalogue
from quizproof.questions.lint import lint_quiz
from quizproof.questions.quiz import bundled_quiz, load_quiz
from quizproof.reports.cli import main
from quizproof.reports.probes import question_to_paste


def test_every_probe_is_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["probes"]) == 0
    said = capsys.readouterr().out
    assert all(f"{name} " in said for name in catalogue())


@pytest.mark.parametrize("name", sorted(catalogue()))
def test_a_probe_is_explained_and_its_question_lints(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["probes", name]) == 0
    said = capsys.readouterr().out
    probe = catalogue()[name]
    assert all(measure.name in said for measure in probe.measured)
    (tmp_path / "quiz.yaml").write_text("id: mine\ntitle: Mine\nquestions: [q01]\n")
    (tmp_path / "q01.yaml").write_text(question_to_paste(probe), encoding="utf-8")
    problems = lint_quiz(tmp_path, catalogue()).problems
    assert not [str(problem) for problem in problems]


def test_a_misspelt_name_is_told_the_nearest(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["probes", "filter.regoins"]) == 2
    assert "did you mean filter.regions" in capsys.readouterr().err


def test_no_torch_is_imported() -> None:
    script = (
        "import sys; from quizproof.reports.cli import main; main(['probes']); "
        "sys.exit('torch' in sys.modules)"
    )
    run = subprocess.run([sys.executable, "-c", script], stdout=subprocess.DEVNULL, check=False)
    assert run.returncode == 0


def test_a_copy_is_the_same_quiz_and_its_own(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    copied = tmp_path / "mine"
    assert main(["copy", "hw09", str(copied)]) == 0
    assert load_quiz(copied) == load_quiz(bundled_quiz("hw09"))
    assert main(["copy", "hw09", str(copied)]) == 2
    assert "is not empty" in capsys.readouterr().err
