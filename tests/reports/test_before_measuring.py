"""What cannot be written, or is no seed, is said before anything is measured for it."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from quizproof.questions.problems import QuizproofError
from quizproof.questions.scoring import Policy
from quizproof.reports.cli import main
from quizproof.reports.commands.points import POLICIES
from quizproof.reports.output_paths import check_outputs
from tests.planted_probes import write_quiz

# each is run where there are a file called "file" and a folder called "folder"
OUTPUTS = [
    ("verify {quiz} --report file", "file is a file; name a folder"),
    ("verify {quiz} --report file/deep", "file is a file; name a folder"),
    ("verify {quiz} --report taken", "index.html is a folder, where the page belongs"),
    ("verify {quiz} --json no/run.json", "no is no folder; make it first"),
    ("verify {quiz} --json folder", "folder is a folder; name a file in it"),
    ("verify {quiz} --evidence no/e", "no is no folder; make it first"),
    ("verify {quiz} --json same --junit same", "same is asked for twice"),
    ("check {quiz} answers.yaml --report file", "file is a file; name a folder"),
    ("check {quiz} answers.yaml --json folder", "folder is a folder; name a file in it"),
    ("baseline {quiz} -o folder", "folder is a folder; name a file in it"),
    ("regress {quiz} --baseline b --report file", "file is a file; name a folder"),
    ("regress {quiz} --baseline b --markdown no/m", "no is no folder; make it first"),
    ("grade {quiz} class.csv -o g --report file", "file is a file; name a folder"),
    ("grade {quiz} class.csv -o g --gradescope file", "file is a file; name a folder"),
    ("export {quiz} --for-students -o file", "file is there already and is not empty"),
    ("export {quiz} --for-students -o file/deep", "file is a file; name a folder"),
    ("export {quiz} --format canvas -o no/quiz.zip", "no is no folder; make it first"),
    ("import quiz.zip -o file", "file is there already and is not empty"),
    ("import quiz.zip -o no/deep", "no is no folder; make it first"),
]


@pytest.fixture
def quiz(tmp_path: Path, planted_site: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A quiz whose one probe leaves a file when it is run; the test stands beside it."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").touch()
    (tmp_path / "taken" / "index.html").mkdir(parents=True)
    (tmp_path / "answers.yaml").write_text("q01: a\n")
    (tmp_path / "class.csv").write_text("student,q01\nAda,a\n")
    return write_quiz(tmp_path / "quiz", good="a")


@pytest.mark.parametrize(("command", "said"), OUTPUTS)
def test_what_cannot_be_written(
    command: str,
    said: str,
    quiz: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def measured(*_: object) -> None:
        pytest.fail("it was measured first")

    monkeypatch.setattr("quizproof.reports.measuring.spread", measured)
    assert main(command.format(quiz=quiz).split()) == 2
    *before, last = capsys.readouterr().err.splitlines()
    assert said in last
    assert not any("q01" in line for line in before)


def test_what_may_not_be_written_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As the system says it; who runs as its administrator may write anywhere."""
    check_outputs([tmp_path / "new"], [tmp_path / "deep" / "deeper"])
    monkeypatch.setattr("os.access", lambda path, _: path != tmp_path)
    for asked in ({"files": [tmp_path / "new"]}, {"folders": [tmp_path / "deep" / "deeper"]}):
        with pytest.raises(QuizproofError, match="may not be written to; name another place"):
            check_outputs(**asked)
    (tmp_path / "old").touch()
    with pytest.raises(QuizproofError, match="may not be written to"):
        check_outputs([tmp_path / "old", None])  # what is new is written beside what is old


@pytest.mark.parametrize("seed", ["-5", "1.5", "x", str(2**63)])
@pytest.mark.parametrize(
    "command", ["verify q", "check q a", "baseline q -o b", "regress q --baseline b"]
)
def test_no_seed(command: str, seed: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as exited:
        main([*command.split(), f"--seed={seed}"])
    assert exited.value.code == 2
    assert f"'{seed}' is no whole number from 0" in capsys.readouterr().err


def test_every_policy_can_be_asked_for() -> None:
    assert list(POLICIES) == list(Policy)


@pytest.mark.parametrize(("pack", "column"), [("nowhere", 7), ("../folder", 7)])
def test_lint_looks_for_the_quiz_s_pack(
    pack: str, column: int, quiz: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with (quiz / "quiz.yaml").open("a") as head:
        head.write(f"pack: {pack}\n")
    assert main(["lint", str(quiz)]) == 2
    said = capsys.readouterr().out
    assert re.search(rf"quiz\.yaml:4:{column}: no pack\.yaml in .*{re.escape(pack)}; name a", said)
    for command in ("verify", "baseline -o b"):  # nothing else is measured in silence
        assert main([*command.split(), str(quiz)]) == 2
        assert "no pack.yaml here" in capsys.readouterr().err
    assert main(["verify", str(quiz), "--pack", str(quiz / "pack"), "--store", "none"]) == 2
    assert "1 stand-in agrees" in capsys.readouterr().out


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes there")
def test_a_pipe_that_nobody_reads_is_refused(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with pytest.raises(QuizproofError, match="a pipe that nobody reads; name a file"):
        check_outputs([pipe])
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    check_outputs([pipe])
    os.close(reader)
