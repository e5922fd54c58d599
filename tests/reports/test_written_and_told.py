"""What a command writes and tells: whole files, and lines that nothing from outside moves."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import yaml

from tests.planted_probes import write_quiz
from tests.reports.test_cli import RUN, run, verify


@pytest.mark.skipif(sys.platform == "win32", reason="no such signals there")
def test_a_second_interrupt_ends_at_once_and_loses_nothing_that_was_kept(
    planted_site: Path, tmp_path: Path
) -> None:
    quiz, store, found = (
        write_quiz(tmp_path / "quiz", good="a", hangs="a"),
        tmp_path / "s",
        "r.json",
    )
    older = tmp_path / found
    older.write_text("older", encoding="utf-8")
    options = ["--pack", quiz / "pack", "--store", store, "--json", older, "--workers", "1"]
    # what is to be written of it takes for ever
    slow = RUN[2].replace(
        "sys.exit",
        "import time; from quizproof.reports import outputs; "
        "outputs.Outputs.write = lambda *given: time.sleep(60); sys.exit",
    )
    process = subprocess.Popen(
        [*RUN[:2], slow, "verify", str(quiz), *map(str, options)],
        env={**os.environ, "PYTHONPATH": str(planted_site)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    assert process.stderr is not None
    for line in process.stderr:
        if b"q01" in line:
            break
    process.send_signal(signal.SIGINT)
    time.sleep(2)
    began = time.monotonic()
    process.send_signal(signal.SIGINT)
    _, error = process.communicate(timeout=30)
    assert process.returncode == 130
    assert b"Traceback" not in error
    assert time.monotonic() - began < 5
    assert older.read_text(encoding="utf-8") == "older"
    assert run("evidence", "verify", "--store", store) == 0
    [kept] = store.rglob("*.evidence")
    assert kept.stat().st_size


@pytest.mark.skipif(sys.platform == "win32", reason="no such limits there")
@pytest.mark.parametrize("option", ["--json", "--junit", "--report", "--evidence"])
def test_what_does_not_fit_is_one_line_and_leaves_the_older_file(
    option: str, planted_site: Path, tmp_path: Path
) -> None:
    quiz, out = write_quiz(tmp_path / "quiz", good="a", random="a"), tmp_path / "out"
    arguments: list[str | Path] = [
        "verify",
        quiz,
        "--pack",
        quiz / "pack",
        "--store",
        tmp_path / "store",
        option,
        out,
    ]
    assert run(*arguments) == 0
    file = out / "index.html" if option == "--report" else out
    older = file.read_bytes()
    ran = subprocess.run(
        [*RUN, *map(str, arguments)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(planted_site), *sys.path])},
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (200, 200)),
    )
    assert ran.returncode == 2
    lines = [line for line in ran.stderr.splitlines() if line.startswith(str(out))]
    assert lines == [f"{file}: File too large; free some space, or name another place"]
    assert "Traceback" not in ran.stderr
    assert file.read_bytes() == older
    assert not list(tmp_path.rglob(".*"))


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no such device there")
def test_one_output_that_does_not_fit_stops_no_other_and_no_verdict(
    planted_site: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    quiz, report, evidence = write_quiz(tmp_path / "quiz", good="a"), tmp_path / "r", tmp_path / "e"
    full = "/dev/full: No space left on device; free some space, or name another place"
    outputs: list[str | Path] = ["--junit", "/dev/full", "--evidence", evidence]
    outputs += ["--report", report, "--json", tmp_path / "json"]
    assert verify(quiz, "--store", tmp_path / "store", *outputs) == 2
    said = capsys.readouterr()
    assert "1 stand-in agrees" in said.out
    for path in (tmp_path / "json", evidence, report / "index.html"):
        assert path.stat().st_size
        assert str(path) in said.out
    told = [line for line in said.err.splitlines() if "No space" in line]
    assert told == [full]

    (tmp_path / "class.csv").write_text("student,q01\nAda,a\n", encoding="utf-8")
    grades: list[str | Path] = [
        "grade",
        quiz,
        tmp_path / "class.csv",
        "-o",
        "/dev/full",
        "--json",
        tmp_path / "c",
    ]
    assert run(*grades, "--store", tmp_path / "store") == 2
    said = capsys.readouterr()
    assert full in said.err.splitlines()
    assert (tmp_path / "c").stat().st_size


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no such device there")
def test_output_that_does_not_arrive_is_one_line() -> None:
    with Path("/dev/full").open("wb") as full:
        ran = subprocess.run([*RUN, "lint", "hw09"], stdout=full, stderr=subprocess.PIPE)
    assert ran.returncode == 2
    assert ran.stderr.decode() == (
        "output: No space left on device; free some space, or name another place\n"
    )


MOVING = "\x00\x07\x08\x1b\x7f\x85\x9b\u061c\u200e\u200f\u2028\u2029\u202a\u202e\u2066\u2069"


def test_names_from_outside_move_no_terminal_and_forge_no_line(
    planted_site: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    quiz = write_quiz(tmp_path / "quiz", good="z", random="a")
    manifest = quiz / "pack" / "pack.yaml"
    content = yaml.safe_load(manifest.read_text(encoding="utf-8"))
    forged = f"x{MOVING[1:]}\nconfirmed q02"
    content |= {"name": forged, "held_out": [{"about": forged, "right": 0.5, "count": 2}]}
    manifest.write_text(yaml.safe_dump(content), encoding="utf-8")
    junit, base, store = tmp_path / "j.xml", tmp_path / "b.json", tmp_path / "store"
    verify(quiz, "--junit", junit, "--store", store)
    run("pack", "show", quiz / "pack")
    run("pack", "check", quiz / "pack")
    run("lint", quiz)
    run("evidence", "ls", "--store", store)
    run("baseline", quiz, "--pack", quiz / "pack", "-o", base)
    markdown = tmp_path / "m.md"
    run("regress", quiz, "--baseline", base, "--pack", quiz / "pack", "--markdown", markdown)
    run("verify", quiz, "--pack", quiz / "pack", "--pack", quiz / "pack", "--store", store)
    said = capsys.readouterr()
    told = [said.out, said.err, junit.read_text("utf-8"), markdown.read_text("utf-8")]
    assert "confirmed q02" in said.out
    for text in told:
        assert not set(MOVING) & set(text)
        assert not any(line.startswith("confirmed") for line in text.splitlines())
