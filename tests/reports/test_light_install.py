"""What runs no model runs where nothing that would is installed; the rest says what is missing."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from quizproof.probes.measure_extra import require_measure
from quizproof.questions.problems import QuizproofError
from quizproof.reports.cli import main
from tests.planted_probes import write_quiz

ROOT = Path(__file__).parents[2]
LACKS = "pip install 'quizproof[measure]'"
# the blocked modules are those of the extra, and what they bring
BLOCKED = """
import contextlib, io, json, sys
class Blocked:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {
            "torch", "torchvision", "transformers", "tokenizers", "safetensors", "huggingface_hub",
            "captum", "lime", "skimage", "scipy", "sklearn", "matplotlib", "tqdm",
        }:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
sys.meta_path.insert(0, Blocked())
from quizproof.reports.cli import main
told = []
for command in json.loads(sys.argv[1]):
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = main(command)
    told.append([code, out.getvalue(), err.getvalue()])
print(json.dumps(told))
"""


def without_models(folder: Path, *commands: str) -> list[tuple[int, str, str]]:
    """The exit code, output and errors of each of ``commands``, run in ``folder``."""
    split = json.dumps([command.split() for command in commands])
    run = [sys.executable, "-c", BLOCKED, split]
    environment = {**os.environ, "XDG_CONFIG_HOME": str(folder / "config")}
    said = subprocess.check_output(run, cwd=folder, text=True, env=environment)
    return [(*told,) for told in json.loads(said)]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A quiz called quiz, answers, a class, and what was measured elsewhere, with models."""
    folder = tmp_path_factory.mktemp("light")
    quiz = write_quiz(folder / "quiz", good="a")
    question = quiz / "q01.yaml"
    asked = question.read_text(encoding="utf-8").replace(
        "planted.good", "network.layer_type, with: {layer: cnn.0}"
    )
    asked = asked.replace("about: model", "about: method")
    asked = asked.replace("x > 0.5", "layer_type == 'Conv2d'")
    asked = asked.replace("x < 0.5", "layer_type == 'ReLU'")
    question.write_text(asked, encoding="utf-8")
    shutil.rmtree(quiz / "pack")
    (folder / "answers.yaml").write_text("q01: a\n", encoding="utf-8")
    (folder / "class.csv").write_text("student,q01\nAda,a\n", encoding="utf-8")
    assert main(["verify", str(quiz), "--evidence", str(folder / "e")]) == 0
    return folder


def test_what_runs_no_model(folder: Path) -> None:
    for command, (code, out, err) in zip(
        commands := [
            "lint quiz",
            "probes",
            "probes lime.regions",
            "copy hw09 copied",
            "new made",
            "lint made",
            "schema made -o schemas",
            "lint copied",
            "check quiz --template",
            "check quiz answers.yaml --from e --report checked --json checked.json",
            "verify quiz --from e --report verified --json verified.json --junit verified.xml",
            "grade quiz class.csv -o graded.csv --report graded --from e",
            "grade quiz class.csv -o graded-again.csv",
            "export quiz --format canvas -o quiz.zip",
            "export quiz --format moodle -o quiz.xml",
            "export quiz --for-students -o students",
            "import quiz.zip -o imported",
            "check students answers.yaml --from e",
            "evidence ls",
        ],
        without_models(folder, *commands),
        strict=True,
    ):
        expected = 1 if command == "lint copied" else 0  # question 16 of hw09 is wrong
        assert code == expected, (command, out, err)
        assert LACKS not in err, (command, err)
    assert (folder / "verified" / "index.html").stat().st_size > 1000
    told = json.loads((folder / "verified.json").read_text(encoding="utf-8"))
    assert told["questions"][0]["state"] == "confirmed"


def test_what_runs_models_says_what_is_missing(folder: Path) -> None:
    commands = [
        "verify quiz",
        "verify quiz --pack a --pack b",
        "check quiz answers.yaml",
        "baseline quiz -o baseline.json",
        "pack check quiz",
        "pack build quiz",
    ]
    for command, (code, out, err) in zip(commands, without_models(folder, *commands), strict=True):
        assert code == 2, (command, out, err)
        assert len(err.splitlines()) == 1, (command, err)
        assert "not installed: " in err
        assert "torch, torchvision" in err
        assert LACKS in err
    assert not (folder / "baseline.json").exists()


def test_it_needs_what_the_extra_brings(monkeypatch: pytest.MonkeyPatch) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extra = [name.partition(">=")[0] for name in project["optional-dependencies"]["measure"]]
    monkeypatch.setattr("quizproof.probes.measure_extra._is_there", lambda _: False)
    with pytest.raises(QuizproofError) as raised:
        require_measure("measuring")
    lacking = str(raised.value).partition("not installed: ")[2].partition(";")[0]
    assert lacking.split(", ") == extra
    assert not set(extra) & {name.partition(">=")[0] for name in project["dependencies"]}
