"""Answers asked for one by one on a real terminal."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from tests.reports.answered import quiz

if sys.platform == "win32":
    pytest.skip("a pseudo-terminal is POSIX's", allow_module_level=True)

import fcntl
import pty
import termios

RUN = [sys.executable, "-c", "import sys; from quizproof.reports.cli import main; sys.exit(main())"]
_PATIENCE = 60.0


class Terminal:
    """A process at a terminal, and a person who types when they have read enough."""

    def __init__(self, process: subprocess.Popen[bytes], end: int) -> None:
        self._process, self._end = process, end
        self.shown = ""
        self._until = 0

    def until(self, words: str) -> None:
        """Read on until ``words`` are shown."""
        began = time.monotonic()
        while words not in self.shown[self._until :]:
            assert time.monotonic() - began < _PATIENCE, self.shown
            assert self._read(), self.shown
        self._until = self.shown.index(words, self._until) + len(words)

    def type(self, keys: str) -> None:
        os.write(self._end, keys.encode())

    def interrupt(self) -> None:
        """Type Ctrl-C, again where it came just before the process listened."""
        began = time.monotonic()
        while self._process.poll() is None and time.monotonic() - began < _PATIENCE:
            self.type("\x03")
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(1)

    def code(self) -> int:
        """Read to the end; gives the exit code."""
        while self._read():
            pass
        return self._process.wait(_PATIENCE)

    def _read(self) -> bool:
        if not select.select([self._end], [], [], _PATIENCE)[0]:
            return False
        try:
            content = os.read(self._end, 4096)
        except OSError:  # Linux's way of saying that it is over
            return False
        self.shown += content.decode("utf-8", "replace").replace("\r\n", "\n")
        return bool(content)


def _at_the_end_of() -> None:
    """Make standard input the terminal that interrupts this process."""
    os.setsid()
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # tests run in the background ignore it
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


@contextmanager
def at_a_terminal(site: Path, *arguments: str | Path) -> Iterator[Terminal]:
    ours, theirs = pty.openpty()
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([str(site), *sys.path]),
        "TERM": "dumb",
        "LC_ALL": "zh_TW.UTF-8",
        "PYTHONUTF8": "1",
    }
    process = subprocess.Popen(
        [*RUN, "check", *map(str, arguments)],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env=environment,
        preexec_fn=_at_the_end_of,
    )
    os.close(theirs)
    try:
        yield Terminal(process, ours)
    finally:
        process.kill()
        process.wait()
        os.close(ours)


def test_questions_are_asked_until_the_person_ends(tmp_path: Path, planted_site: Path) -> None:
    asked, kept = quiz(tmp_path / "quiz"), tmp_path / "kept.yaml"
    arguments = (asked, "--pack", asked / "pack", "--language", "en", "--save", kept)
    with at_a_terminal(planted_site, *arguments) as terminal:
        terminal.until("(choose one)\n> ")
        assert "  a)  High\n" in terminal.shown
        terminal.type("z\n")
        terminal.until("no option is called 'z'; choose of a, b\n> ")
        terminal.type("a\n")
        terminal.until("2/7  q02")
        terminal.until("> ")
        terminal.type("\n")
        terminal.until("3/7  q03")
        terminal.until("> ")
        terminal.type("\x04")
        assert terminal.code() == 0
    assert "q01  ✓ agrees" in terminal.shown
    assert "not answered: q02 q03 q04 q05 q06 q07" in terminal.shown
    assert kept.read_text(encoding="utf-8") == 'q01: "a"\n'


def test_an_interrupt_ends_it(tmp_path: Path, planted_site: Path) -> None:
    asked = quiz(tmp_path / "quiz")
    with at_a_terminal(planted_site, asked, "--pack", asked / "pack") as terminal:
        terminal.until("(請選一項)\n> ")
        terminal.interrupt()
        assert terminal.code() == 130
    assert "Traceback" not in terminal.shown
