"""Measuring in a process of its own, so that a probe that hangs or crashes costs one question.

The parent needs no torch: it stays quick to start and to interrupt.
"""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from quizproof.probes.results import QuestionResult, State, unmeasured
from quizproof.questions.lint import LintedQuestion
from quizproof.questions.spec import Question, SettledBy

if TYPE_CHECKING:
    from quizproof.probes.evidence_key import MadeWith
    from quizproof.probes.runner import Runner

_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD = -1, -3  # malloc.h
PATIENCE = 600.0  # seconds without a draw after which a probe is taken to be stuck


@dataclass(frozen=True)
class Task:
    """A question and its place in the quiz, from 1."""

    number: int
    linted: LintedQuestion


@dataclass(frozen=True)
class Setting:
    """What a run measures on."""

    pack: Path
    settled_by: SettledBy
    seed: int
    store: str | None = None  # the place of evidence that is kept; None: none is
    alone_with: MadeWith | None = None  # the store is all there is: nothing is measured


OnDraw: TypeAlias = Callable[[int], None]
OnNotice: TypeAlias = Callable[[str], None]


def results(
    tasks: Sequence[Task],
    setting: Setting,
    *,
    on_question: Callable[[Task], None] = lambda task: None,
    on_draw: OnDraw = lambda draws: None,
    on_notice: OnNotice = lambda line: None,
    patience: float = PATIENCE,
) -> Iterator[QuestionResult]:
    """The results of ``tasks`` in order; closing the iterator ends the measuring at once.

    What the store knows is judged here; a process to measure in is started for the first question
    that needs one. ``on_notice`` is handed lines that a person should read.
    """
    worker: _Worker | None = None
    known = _runner(setting) if setting.store is not None else None
    try:
        for task in tasks:
            on_question(task)
            if task.linted.question is None or task.linted.broken:
                yield _broken(task)
                continue
            if known and (found := known.known(task.linted, task.number)):
                yield found
                continue
            if known and setting.alone_with is not None:
                yield known.result(task.linted, task.number, on_draw)
                continue
            worker = worker or _Worker(setting)
            result = worker.measure(task, on_draw, on_notice, patience)
            if not worker.alive:
                worker = None
            yield result
    finally:
        if worker is not None:
            worker.close()


class _Worker:
    def __init__(self, setting: Setting) -> None:
        # spawned, not forked: torch's threads do not survive a fork
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs, setting), daemon=True)
        self._process.start()
        theirs.close()
        self.alive = True

    def measure(
        self, task: Task, on_draw: OnDraw, on_notice: OnNotice, patience: float
    ) -> QuestionResult:
        assert task.linted.question is not None
        began = time.perf_counter()
        self._pipe.send(task)
        while True:
            if not self._pipe.poll(patience):
                self.close()
                reason = f"no draw for {patience:g} s; the probe was stopped: mend or shorten it"
                break
            try:
                message: Any = self._pipe.recv()
            except (EOFError, OSError):
                self.close()
                reason = (
                    f"the measuring process died (exit code {self._process.exitcode}): "
                    "mend the probe, or give it more memory"
                )
                break
            if isinstance(message, QuestionResult):
                return message
            if isinstance(message, str):
                on_notice(message)
            else:
                on_draw(message)
        seconds = time.perf_counter() - began
        return unmeasured(task.linted.question, task.number, State.FAILED, reason, seconds)

    def close(self) -> None:
        self.alive = False
        self._process.kill()
        self._process.join()
        self._pipe.close()


def _serve(pipe: Connection[Any, Any], setting: Setting) -> None:
    # an interrupt is the parent's to handle: it writes the report and ends this process
    signal.signal(signal.SIGINT, signal.SIG_IGN)

    _keep_freed_memory()
    os.environ["HF_HUB_OFFLINE"] = "1"  # models are fetched before: measuring asks no network

    runner = _runner(setting, pipe.send)
    while True:
        try:
            task = pipe.recv()
        except (EOFError, OSError):
            return
        pipe.send(runner.result(task.linted, task.number, pipe.send))


def _runner(setting: Setting, told: OnNotice = lambda line: None) -> Runner:
    from quizproof.probes.evidence_store import Store
    from quizproof.probes.pack import Pack
    from quizproof.probes.runner import Runner

    store = None if setting.store is None else Store(setting.store)
    runner = Runner(Pack(setting.pack), setting.settled_by, setting.seed, store, told=told)
    if setting.alone_with is not None:
        runner.made_with, runner.alone = setting.alone_with, True
    return runner


def _keep_freed_memory() -> None:
    """Have glibc keep what torch frees: else each layer's output is fetched from the system anew.

    Without it a third of the time goes into page faults. Other C libraries are left as they are.
    """
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (AttributeError, OSError, TypeError):
        return
    for setting in (_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD):
        mallopt(setting, 1 << 30)


def _broken(task: Task) -> QuestionResult:
    problems = [*task.linted.broken, *task.linted.key]
    reason = str(problems[0]) + (f" (and {len(problems) - 1} more)" if len(problems) > 1 else "")
    question = task.linted.question
    return unmeasured(question or unreadable(task.linted.id), task.number, State.FAILED, reason, 0)


def unreadable(name: str) -> Question:
    """What stands in a report for a question whose file cannot be read."""
    from quizproof.questions.spec import SingleChoice, Text

    return SingleChoice(
        id=name,
        kind="single",
        points=0,
        about="model",
        prompt=Text(en="(this question's file cannot be read)", zh_hant="（無法讀取此題的檔案）"),
        options={},
    )
