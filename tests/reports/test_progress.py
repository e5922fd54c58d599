from __future__ import annotations

import contextlib
import io
import subprocess
import sys

import pytest

from quizproof.probes.engine.results import State
from quizproof.reports.progress import Bar, Lines, Progress, progress
from tests.reports.runs import HOSTILE, choice, result


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def _terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    for name in ("NO_COLOR", "FORCE_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE"):
        monkeypatch.delenv(name, raising=False)


def play(display: Progress) -> None:
    with display:
        display.start(2)
        for number, name in enumerate(("q01", "q02"), 1):
            display.question(name, number)
            display.doing("loading torch")
            for draws in (1, 2):
                display.draws(draws)
            display.passes(1234)
            display.finished(result(State.CONTRADICTED, choice(name), reason="measured d\nnot c"))


def test_a_line_for_each_question_in_a_pipe() -> None:
    stream = io.StringIO()
    play(progress(stream=stream))
    assert stream.getvalue().splitlines() == [
        "q01: contradicted: measured d not c",
        "q02: contradicted: measured d not c",
    ]


def test_what_takes_long_is_told_once_it_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    now = iter([0.0, 0.0, 30.0])
    monkeypatch.setattr("quizproof.reports.progress.time.monotonic", lambda: next(now))
    stream = io.StringIO()
    lines = Lines(stream)
    lines.question("q12", 12, most=11)
    lines.draws(1)
    assert stream.getvalue() == "q12: 11 draws at most, some 5 min more\n"
    lines.draws(2)  # is not told again
    assert stream.getvalue().count("\n") == 1


def test_a_bar_says_what_is_done_before_the_first_draw() -> None:
    terminal = Terminal()
    with progress(stream=terminal) as display:
        assert isinstance(display, Bar)
        display.start(2)
        display.question("q01", 1)
        display.doing("loading torch\x1b[2J")
        display._live.refresh()
    said = terminal.getvalue()
    assert "loading torch" in said
    assert "torch\x1b[2J" not in said


def test_lines_are_short_and_move_no_cursor() -> None:
    stream = io.StringIO()
    Lines(stream).finished(result(reason=f"\x1b[2J\r{HOSTILE}" + "long " * 100))
    [line] = stream.getvalue().splitlines()
    assert len(line) < 130
    assert line.endswith("…")
    assert line.isprintable()


def test_a_live_bar_on_a_terminal() -> None:
    terminal = Terminal()
    display = progress(stream=terminal)
    assert isinstance(display, Bar)
    play(display)
    shown = terminal.getvalue()
    assert "q02" in shown
    assert "2 draws" in shown
    assert "1,234 passes" in shown
    assert "2/2" in shown
    assert "contradicted" not in shown


def test_the_bar_leaves_the_cursor_shown_after_an_error() -> None:
    terminal = Terminal()
    display = progress(stream=terminal)
    with contextlib.suppress(KeyboardInterrupt), display:
        display.start(2)
        display.question("q01", 1)
        raise KeyboardInterrupt
    hide, show = "\x1b[?25l", "\x1b[?25h"
    assert terminal.getvalue().rindex(show) > terminal.getvalue().rindex(hide)


def test_a_dumb_terminal_gets_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "dumb")
    assert isinstance(progress(stream=Terminal()), Lines)


def test_silence_when_asked(capsys: pytest.CaptureFixture[str]) -> None:
    terminal = Terminal()
    play(progress(quiet=True, stream=terminal))
    assert terminal.getvalue() == ""
    assert capsys.readouterr() == ("", "")


def test_lines_go_to_standard_error(capsys: pytest.CaptureFixture[str]) -> None:
    play(progress())
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 2


def test_rich_is_loaded_for_a_bar_alone() -> None:
    code = (
        "import sys; from quizproof.reports.progress import progress; progress().start(1);"
        "sys.exit('rich' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)
