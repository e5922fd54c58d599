"""Progress of a run: a bar on a terminal, a line per question in a pipe, or nothing."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import TYPE_CHECKING, Self, TextIO

from quizproof.probes.engine.results import QuestionResult
from quizproof.questions.problems import shortened, visible

if TYPE_CHECKING:
    from rich.console import Console

_REASON = 100  # characters
_LONG = 60.0  # seconds that a person wants to know of


class Progress:
    """Takes a run's events and says nothing.

    In this order: ``start``, then for each question ``question``, ``doing`` now and then, ``draws``
    after every draw and ``passes`` now and then (how many there are by then), ``finished``.
    """

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        return

    def start(self, total: int) -> None:
        """``total`` questions are to be measured."""

    def question(self, id: str, number: int, of: str = "", most: int = 1) -> None:
        """Question ``id``, at place ``number`` of the quiz, is being measured, on pack ``of``.

        It takes at most ``most`` draws.
        """

    def doing(self, what: str) -> None:
        """``what`` is done for it before there is a draw, such as "loading torch"."""

    def draws(self, n: int) -> None:
        """``n`` draws were made for it."""

    def passes(self, n: int) -> None:
        """``n`` pictures or sentences went through a model for it."""

    def finished(self, result: QuestionResult, of: str = "") -> None:
        """It is done."""


class _Pace:
    """Pace of one question's draws: how much longer it takes, at most."""

    def __init__(self, name: str = "", most: int = 1) -> None:
        self.name, self.most = name, most
        self._began = time.monotonic()

    def left(self, draws: int) -> float:
        """Seconds until its last draw, if all are made and take as long as those so far."""
        return (time.monotonic() - self._began) / draws * max(0, self.most - draws)


class Lines(Progress):
    """One line for each question that is done."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._pace = _Pace()

    def question(self, id: str, number: int, of: str = "", most: int = 1) -> None:
        self._pace = _Pace(_name(id, of), most)

    def draws(self, n: int) -> None:
        # once, and of what takes long: a line is for good
        if n == 1 and (left := self._pace.left(n)) > _LONG:
            line = f"{self._pace.name}: {self._pace.most} draws at most, {_minutes(left)}"
            print(line, file=self._stream, flush=True)

    def finished(self, result: QuestionResult, of: str = "") -> None:
        line = f"{_name(result.question.id, of)}: {result.state}: {_one_line(result.reason.en)}"
        print(line, file=self._stream, flush=True)


class Bar(Progress):
    """A live bar: question, draws, and the time that is left at the pace so far."""

    def __init__(self, console: Console) -> None:
        from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
        from rich.progress import Progress as Live

        self._live = Live(
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[draws]}", markup=False),
            TextColumn("{task.fields[passes]}", markup=False),
            TimeRemainingColumn(),
            console=console,
            transient=True,
        )
        self._task = self._live.add_task("starting", total=None, draws="", passes="")
        self._pace = _Pace()

    def __enter__(self) -> Self:
        self._live.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._live.stop()

    def start(self, total: int) -> None:
        self._live.update(self._task, total=total)

    def question(self, id: str, number: int, of: str = "", most: int = 1) -> None:
        self._pace = _Pace(_name(id, of), most)
        self._live.update(self._task, description=self._pace.name, draws="", passes="")

    def doing(self, what: str) -> None:
        self._live.update(self._task, draws=_one_line(what))

    def draws(self, n: int) -> None:
        left = self._pace.left(n)
        more = f", {_minutes(left)}" if left > _LONG else ""
        self._live.update(self._task, draws=f"{n} draw{'s' if n > 1 else ''}{more}")

    def passes(self, n: int) -> None:
        self._live.update(self._task, passes=f"{n:,} passes")

    def finished(self, result: QuestionResult, of: str = "") -> None:
        self._live.advance(self._task)


def progress(*, quiet: bool = False, stream: TextIO | None = None) -> Progress:
    """Progress for ``stream`` (standard error): a live bar on a terminal that can show one."""
    stream = sys.stderr if stream is None else stream
    if quiet:
        return Progress()
    if stream.isatty():
        from rich.console import Console

        console = Console(file=stream)
        if not console.is_dumb_terminal:
            return Bar(console)
    return Lines(stream)


def _minutes(seconds: float) -> str:
    return f"some {max(1, round(seconds / 60))} min more"


def _name(id: str, of: str) -> str:
    return f"{_one_line(of)} {id}" if of else id


def _one_line(reason: str) -> str:
    """``reason`` without what could move a terminal's cursor, and short."""
    return shortened(visible(reason), _REASON)
