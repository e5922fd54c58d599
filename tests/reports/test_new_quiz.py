"""`quizproof new` makes a quiz that is judged as it says, and whose probe passes its test."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

from quizproof.probes import trust as trusting
from quizproof.questions.yaml_file import read_document
from quizproof.reports.cli import main
from quizproof.reports.new_quiz import SUBJECTS


@pytest.fixture(autouse=True)
def _nobody_s_trust(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trusting, "trusted_file", lambda: tmp_path / "config" / "trusted.json")
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("about", SUBJECTS)
def test_it_verifies(about: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["new", "My Quiz", "--about", about]) == 0
    assert "is trusted, since it was made here" in capsys.readouterr().out
    assert main(["lint", "My Quiz"]) == 0
    assert capsys.readouterr() == ("my-quiz: 2 questions, nothing to complain of\n", "")
    assert main(["verify", "My Quiz", "--json", "run.json"]) == 1
    told = json.loads((tmp_path / "run.json").read_text("utf-8"))
    assert [q["state"] for q in told["questions"]] == ["confirmed", "contradicted"]
    [to_do] = [line for line in capsys.readouterr().out.splitlines() if "correct the key" in line]
    file, line = to_do.partition("key: ")[2].rsplit(":", 1)
    mended = (tmp_path / file).read_text("utf-8").splitlines()
    assert mended[int(line) - 1].startswith("expected: ")
    assert "is wrong on purpose" in mended[int(line) - 2]


@pytest.mark.parametrize("about", SUBJECTS)
def test_its_probe_passes_its_test(about: str, tmp_path: Path) -> None:
    assert main(["new", "quiz", "--about", about]) == 0
    run = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_probes.py"]
    ran = subprocess.run(
        run, cwd=tmp_path / "quiz", capture_output=True, text=True, env=os.environ.copy()
    )
    assert ran.returncode == 0, ran.stdout


def test_the_schemas_fit_the_files(tmp_path: Path) -> None:
    assert main(["new", "quiz"]) == 0
    quiz = tmp_path / "quiz"
    settings = json.loads((quiz / ".vscode" / "settings.json").read_text("utf-8"))
    seen = []
    for schema, patterns in settings["yaml.schemas"].items():
        validator = jsonschema.Draft202012Validator(json.loads((quiz / schema).read_text("utf-8")))
        for path in [p for pattern in patterns for p in quiz.glob(pattern)]:
            assert list(validator.iter_errors(read_document(path).data)) == []
            seen.append(path.name)
    assert sorted(seen) == ["q01.yaml", "q02.yaml", "quiz.yaml"]
    for name in ("quiz", "q01"):
        first = (quiz / f"{name}.yaml").read_text("utf-8").splitlines()[0]
        assert (quiz / first.rpartition("$schema=")[2]).is_file()


@pytest.mark.parametrize("there", ["file", "full folder"])
def test_nothing_is_written_over(
    there: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "quiz").touch() if there == "file" else (tmp_path / "quiz" / "x").mkdir(
        parents=True
    )
    assert main(["new", "quiz"]) == 2
    assert "quiz is there already and is not empty; name a new folder" in capsys.readouterr().err
    assert not (tmp_path / "config").exists()


def test_no_torch_is_imported() -> None:
    code = (
        "import sys\nfrom quizproof.reports.cli import main\nmain(sys.argv[1:])\n"
        "sys.exit('torch' in sys.modules or 'transformers' in sys.modules)"
    )
    subprocess.run(
        [sys.executable, "-c", code, "new", "quiz"],
        check=True,
        env={**os.environ, "XDG_CONFIG_HOME": str(Path.cwd() / "config")},
    )


def test_a_file_that_is_not_there_is_noted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["new", "quiz", "--about", "table"]) == 0
    (tmp_path / "quiz" / "losses.csv").unlink()
    capsys.readouterr()
    assert main(["lint", "quiz"]) == 0
    said = capsys.readouterr().out
    assert said.count("note: file losses.csv is neither beside the quiz nor in a pack") == 2
    assert "quiz/q01.yaml:6:" in said
