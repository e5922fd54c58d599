"""The command line as its users meet it."""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from xml.etree import ElementTree

import pytest

from quizproof.reports.cli import _parser, main
from tests.planted_language import language_folder
from tests.planted_probes import write_quiz
from tests.probes.course_folder import course_folder

RUN = [sys.executable, "-c", "import sys; from quizproof.reports.cli import main; sys.exit(main())"]


def run(*arguments: str | Path) -> int:
    return main([str(argument) for argument in arguments])


def verify(quiz: Path, *arguments: str | Path) -> int:
    return run("verify", quiz, "--pack", quiz / "pack", *arguments)


@pytest.mark.parametrize("arguments", [["--help"], ["lint", "hw09"], ["verify", "--help"]])
def test_what_runs_no_model_imports_no_torch(arguments: list[str]) -> None:
    code = (
        "import sys\nfrom quizproof.reports.cli import main\n"
        "try:\n    main(sys.argv[1:])\nexcept SystemExit:\n    pass\n"
        "heavy = {'torch', 'transformers', 'huggingface_hub', 'lime', 'skimage', 'scipy'}\n"
        "heavy &= sys.modules.keys()\n"
        "sys.exit(f'imported {heavy}' if heavy else 0)"
    )
    ran = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr


def test_every_argument_says_what_it_does() -> None:
    """In a phrase that begins with what the command does with it."""
    parsers = [_parser()]
    seen = 0
    while parsers:
        parser = parsers.pop()
        for action in parser._actions:
            if isinstance(action, argparse._SubParsersAction):
                parsers += set(action.choices.values())
                continue
            assert action.help, f"{parser.prog} {action.dest}"
            assert len(action.help.split()) > 1, f"{parser.prog} {action.dest}: {action.help}"
            seen += 1
    assert seen > 60


def test_help_names_the_commands_and_the_exit_codes(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as exited:
        run("--help")
    assert exited.value.code == 0
    said = capsys.readouterr().out
    for word in ("verify", "lint", "pack", "exit codes", "130, 143, 129"):
        assert word in said


@pytest.mark.parametrize(
    ("probes", "arguments", "code"),
    [
        ({"good": "a", "random": "b"}, [], 0),
        ({"good": "a"}, ["--strict"], 3),
        ({"classifier": "a"}, ["--strict"], 3),
        ({"raises": "a"}, [], 4),
        ({"raises": "a", "good": "z"}, [], 1),
        ({"unknown": "a", "good": "a"}, [], 2),
    ],
)
def test_exit_codes(
    planted_site: Path, tmp_path: Path, probes: dict[str, str], arguments: list[str], code: int
) -> None:
    assert verify(write_quiz(tmp_path / "quiz", **probes), *arguments) == code


def test_a_method_question_is_settled_by_any_pack(planted_site: Path, tmp_path: Path) -> None:
    quiz = write_quiz(tmp_path / "quiz", good="b")
    text = (quiz / "q01.yaml").read_text(encoding="utf-8")
    (quiz / "q01.yaml").write_text(text.replace("about: model", "about: method"), encoding="utf-8")
    assert verify(quiz) == 1
    (quiz / "q01.yaml").write_text(
        text.replace("about: model", "about: method").replace("[b]", "[a]"), encoding="utf-8"
    )
    assert verify(quiz, "--strict") == 0


def test_outputs(planted_site: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    quiz = write_quiz(tmp_path / "quiz", good="b", random="a", raises="a")
    files = [tmp_path / "report", tmp_path / "run.json", tmp_path / "run.xml"]
    assert verify(quiz, "--report", files[0], "--json", files[1], "--junit", files[2]) == 4
    said = capsys.readouterr()
    assert [line.split(":")[0] for line in said.err.splitlines() if line.startswith("q")] == [
        "q01",
        "q02",
        "q03",
    ]
    assert f"written: {files[0] / 'index.html'}" in said.out
    assert (files[0] / "index.html").read_text(encoding="utf-8").startswith("<!doctype html>")
    report = json.loads(files[1].read_text(encoding="utf-8"))
    assert [question["state"] for question in report["questions"]] == [
        "stand-in differs",
        "stand-in agrees",
        "failed",
    ]
    suite = ElementTree.parse(files[2]).getroot()
    assert {name: suite.get(name) for name in ("tests", "failures", "errors", "skipped")} == {
        "tests": "3",
        "failures": "0",
        "errors": "1",
        "skipped": "2",
    }


def test_only(planted_site: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    quiz = write_quiz(tmp_path / "quiz", good="a", random="a", raises="a")
    assert verify(quiz, "--only", "q02,q01") == 0
    assert "2 questions" in capsys.readouterr().out
    assert verify(quiz, "--only", "q9") == 2
    assert "--only names q9, not in the quiz" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["verify", "check", "baseline", "regress"])
@pytest.mark.parametrize("patience", ["0", "-1", "long", "inf", "nan"])
def test_patience_is_a_number_of_seconds(
    command: str, patience: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main([command, "hw09", "--patience", patience])
    assert ended.value.code == 2
    assert f"'{patience}' is no number of seconds" in capsys.readouterr().err


def test_a_probe_is_ended_when_patience_is(planted_site: Path, tmp_path: Path) -> None:
    quiz, found = write_quiz(tmp_path / "quiz", hangs="a", good="a"), tmp_path / "run.json"
    assert verify(quiz, "--patience", "9", "--json", found) == 4
    hangs, good = json.loads(found.read_text(encoding="utf-8"))["questions"]
    assert "no draw and no pass of a model for 9 s" in hangs["reason"]
    assert good["state"] == "stand-in agrees"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["verify", "nowhere"], "no quiz.yaml here"),
        (["verify", "hw09", "--pack", "nowhere"], "no pack.yaml here"),
        (["verify", "hw09", "--json", "nowhere/run.json"], "nowhere is no folder"),
        (["lint", "nowhere"], "no quiz.yaml here"),
        (["pack", "check", "nowhere"], "no pack.yaml here"),
        (["pack", "build", "nowhere"], "nowhere"),
    ],
)
def test_what_is_wrong_is_one_line(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 2
    error = capsys.readouterr().err
    assert said in error
    assert error.count("\n") == 1
    assert "Traceback" not in error


def test_debug_shows_the_traceback() -> None:
    ran = subprocess.run(
        [*RUN, "lint", "nowhere", "--debug"], capture_output=True, text=True, check=False
    )
    assert "Traceback" in ran.stderr


def test_lint_says_everything(
    planted_site: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    quiz = write_quiz(tmp_path / "quiz", good="z", unknown="a")
    assert run("lint", quiz) == 2
    said = capsys.readouterr()
    assert [line.split(": ")[0] for line in said.out.splitlines()] == [
        f"{quiz / 'q01.yaml'}:9:12",
        f"{quiz / 'q02.yaml'}:5:15",
    ]
    assert "the probes of 'broken' cannot be loaded (ModuleNotFoundError" in said.err
    assert run("lint", write_quiz(tmp_path / "other", good="z")) == 1
    assert run("lint", write_quiz(tmp_path / "sound", good="a")) == 0


@pytest.mark.skipif(sys.platform == "win32", reason="no such signals there")
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_a_run_that_is_told_to_end_leaves_a_report_of_what_is_done(
    planted_site: Path, tmp_path: Path, name: str
) -> None:
    number = signal.Signals[name]
    quiz = write_quiz(tmp_path / "quiz", good="a", hangs="a", random="a")
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(planted_site), *sys.path])}
    process = subprocess.Popen(
        [*RUN, "verify", quiz, "--pack", quiz / "pack", "--report", tmp_path / "report"],
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
        start_new_session=True,
        preexec_fn=lambda: signal.signal(number, signal.SIG_DFL),  # it may come ignored
    )
    assert process.stderr is not None
    for line in process.stderr:
        if line.startswith("q01"):
            break
    time.sleep(0.5)
    os.killpg(process.pid, number)  # as a terminal does: to every process of the run
    time.sleep(0.05)
    os.killpg(process.pid, number)  # as `timeout` does: twice
    out, error = process.communicate(timeout=30)
    assert process.returncode == 128 + number
    assert "interrupted: 1 of 3 questions were measured" in out
    assert "Traceback" not in error
    assert "q01" in (tmp_path / "report" / "index.html").read_text(encoding="utf-8")


def test_a_pack_of_the_hub_s_models(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("pack", "build", tmp_path) == 2
    assert run("pack", "build", tmp_path, "--hub") == 0
    text = (tmp_path / "pack.yaml").read_text(encoding="utf-8")
    assert "repo: google-bert/bert-base-cased" in text
    capsys.readouterr()
    assert run("pack", "check", tmp_path, "--quiz", "hw09") == 0  # though they are not fetched
    said = capsys.readouterr().out
    assert "hw09 settles q04 q22 q24 q28 q30" in said
    assert "hw09 q21 q23: need corpus" in said


def test_a_pack_is_built_without_what_is_damaged_and_says_how_the_rest_was_taken(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = course_folder(tmp_path / "ours")
    (folder / "food" / "2_0 (1).jpg").write_bytes(b"")
    (folder / "bert-base-chinese").mkdir()
    english = language_folder(folder / "bert-base-cased")
    (english / "tokenizer.json").unlink()
    (english / "tokenizer_config.json").write_text('{"do_lower_case": true}')
    assert run("pack", "build", folder) == 2
    told = capsys.readouterr()
    checkpoint = f"{folder / 'checkpoint.pth'}: the state dict that it has under model_state_dict"
    assert told.out.splitlines() == [f"written: {folder / 'pack.yaml'}", f"taken: {checkpoint}"]
    lines = told.err.splitlines()
    assert [any(part in line for line in lines) for part in COMPLAINTS] == [True] * 3
    assert len(lines) == 3
    assert run("pack", "check", folder) == 2
    told = capsys.readouterr()
    assert f"taken: {checkpoint}" in told.out.splitlines()
    assert [line for line in told.err.splitlines() if COMPLAINTS[2] not in line] == []
    assert run("pack", "show", folder) == 0
    shown = capsys.readouterr().out.splitlines()
    parts = [line.split(":")[0] for line in shown if line.startswith("part ")]
    assert parts == [
        "part      classifier (classifier)",
        "part      pictures (pictures)",
        "part      english (masked-lm)",
    ]


COMPLAINTS = (
    "2_0 (1).jpg: passed over",
    "bert-base-chinese: an empty folder",
    "english of ours: the tokenizer takes capitals away",
)
