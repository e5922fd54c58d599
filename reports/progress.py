"""Progress of a run: a bar on a terminal, a line per question in a pipe, or nothing."""

from __future__ import annotations

import sys
from types import TracebackType
from typing import TYPE_CHECKING, Self, TextIO

from quizproof.probes.engine.results import QuestionResult

if TYPE_CHECKING:
    from rich.console import Console

_REASON = 100  # characters


class Progress:
    """Takes a run's events and says nothing.

    In this order: ``start``, then for each question ``question``, ``draws`` after every draw and
    ``passes`` now and then (how many there are by then), ``finished``.
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

    def question(self, id: str, number: int, of: str = "") -> None:
        """Question ``id``, at place ``number`` of the quiz, is being measured, on pack ``of``."""

    def draws(self, n: int) -> None:
        """``n`` draws were made for it."""

    def passes(self, n: int) -> None:
        """``n`` pictures or sentences went through a model for it."""

    def finished(self, result: QuestionResult, of: str = "") -> None:
        """It is done."""


class Lines(Progress):
    """One line for each question that is done."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

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
        self._task = self._live.add_task("", total=None, draws="", passes="")

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

    def question(self, id: str, number: int, of: str = "") -> None:
        self._live.update(self._task, description=_name(id, of), draws="", passes="")

    def draws(self, n: int) -> None:
        self._live.update(self._task, draws=f"{n} draw{'s' if n > 1 else ''}")

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


def _name(id: str, of: str) -> str:
    return f"{_one_line(of)} {id}" if of else id


def _one_line(reason: str) -> str:
    """``reason`` without what could move a terminal's cursor, and short."""
    shown = "".join(c if c.isprintable() else " " for c in reason)
    return shown if len(shown) <= _REASON else shown[: _REASON - 1] + "…"
