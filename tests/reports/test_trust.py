"""A quiz's own probes run once their folder is trusted, and cost nothing else where it is not."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from quizproof.probes import trust as trusting
from quizproof.reports.cli import main
from tests.beside import PROBES, quiz_with_probes


@pytest.fixture(autouse=True)
def _nobody_s_trust(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trusting, "trusted_file", lambda: tmp_path / "config" / "trusted.json")
    monkeypatch.setattr(trusting, "_for_this_run", set())


def run(*arguments: str | Path) -> int:
    return main([str(argument) for argument in arguments])


def states(folder: Path, *arguments: str | Path) -> tuple[int, dict[str, str]]:
    code = run("verify", folder, "--json", folder.parent / "run.json", *arguments)
    told = json.loads((folder.parent / "run.json").read_text("utf-8"))
    return code, {question["id"]: question["state"] for question in told["questions"]}


def test_from_untrusted_to_evidence_that_needs_no_code(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    quiz = quiz_with_probes(tmp_path / "quiz")
    assert states(quiz) == (2, {"q01": "failed", "q02": "confirmed"})
    said = capsys.readouterr().out
    assert f"{quiz / 'probes.py'} is not trusted; quizproof trust {quiz}" in said
    assert run("lint", quiz) == 2

    assert run("trust", quiz) == 2  # nobody is there to be asked
    assert "is not trusted; read it, then" in capsys.readouterr().err
    assert run("trust", quiz, "--yes") == 0
    told = capsys.readouterr().out
    assert "probes: own.letters" in told
    assert f"{quiz / 'counting.py'}: 12 bytes, SHA-256 " in told

    kept = tmp_path / "evidence"
    both = {"q01": "confirmed", "q02": "confirmed"}
    assert states(quiz, "--evidence", kept, "--report", tmp_path / "report") == (0, both)
    assert "Count the letters of a word." in (tmp_path / "report" / "index.html").read_text("utf-8")

    (quiz / "counting.py").write_text("count = lambda word: 4\n", "utf-8")
    assert states(quiz)[1] == {"q01": "failed", "q02": "confirmed"}  # it asks again
    assert states(quiz, "--trust") == (1, {"q01": "contradicted", "q02": "confirmed"})

    run("export", quiz, "--for-students", "-o", tmp_path / "handout")
    assert not list((tmp_path / "handout").glob("*.py"))
    (quiz / "probes.py").write_text("raise SystemExit", "utf-8")
    assert states(quiz, "--from", kept) == (0, both)  # nothing of the folder is run
    (tmp_path / "answers.yaml").write_text("q01: b\nq02: a\n", "utf-8")
    answers = tmp_path / "answers.yaml"
    assert run("check", tmp_path / "handout", answers, "--from", kept) == 1


@pytest.mark.parametrize(
    ("probes", "said"),
    [
        (
            PROBES.replace("count(word)", "__import__('random').random()"),
            "is declared exact, and measured letters as",
        ),
        (
            PROBES.replace("yield", "import socket; socket.gethostbyname('a.org')\n    yield"),
            "asks the network",
        ),
        (
            PROBES.replace("yield", "open(__file__.replace('probes.py', 'q01.yaml')); yield"),
            "which nothing declares",
        ),
        (
            PROBES.replace("yield", "import importlib as i; i.import_module('helper_'); yield"),
            "No module named 'helper_'",
        ),
    ],
)
def test_what_it_does_when_it_measures(
    probes: str, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    quiz = quiz_with_probes(tmp_path / "quiz", probes)
    assert run("verify", quiz, "--only", "q01", "--trust") == 4
    assert said in capsys.readouterr().out


def test_a_name_that_is_installed_stays_the_installed_one_s(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    more = PROBES[PROBES.index("@probe") :].replace("own.letters", "network.layer_type")
    quiz = quiz_with_probes(tmp_path / "quiz", f"{PROBES}\n{more}")
    assert run("lint", quiz, "--trust") == 0
    line = f"{quiz / 'probes.py'} declares network.layer_type, which is installed by that name"
    assert line in capsys.readouterr().err


def test_one_that_cannot_be_imported_costs_its_own_questions(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    quiz = quiz_with_probes(tmp_path / "quiz", f"{PROBES}\nraise ValueError('mine')\n")
    assert states(quiz, "--trust") == (2, {"q01": "failed", "q02": "confirmed"})
    said = capsys.readouterr()
    assert f"{quiz / 'probes.py'} cannot be imported: ValueError: mine; mend it" in said.err


def test_no_code_comes_out_of_an_archive(tmp_path: Path) -> None:
    quiz = quiz_with_probes(tmp_path / "quiz")
    assert run("export", quiz, "--format", "canvas", "-o", tmp_path / "quiz.zip") in (0, 2)
    with zipfile.ZipFile(tmp_path / "quiz.zip", "a") as archive:
        archive.writestr("probes.py", PROBES)
    run("import", tmp_path / "quiz.zip", "-o", tmp_path / "imported")
    assert (tmp_path / "imported" / "quiz.yaml").exists()
    assert not list((tmp_path / "imported").rglob("*.py"))
