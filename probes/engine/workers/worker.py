"""The process that measures: it is handed questions on its standard input, and answers.

What it is handed and answers is pickled: both ends are this program. It ends with the process that
started it, however that ends, and an interrupt is for that one to handle.
"""

from __future__ import annotations

import gc
import os
import pickle
import signal
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from queue import SimpleQueue
from threading import Lock, Thread
from typing import IO, Any, Final

from quizproof.probes.engine.events import Drew, Finished, Notice, Passed
from quizproof.probes.engine.plan import Plan, Task, failed
from quizproof.probes.engine.runner import Runner
from quizproof.probes.engine.workers.memory import keep_freed_memory, limit_memory
from quizproof.probes.packs.pack import DigestError
from quizproof.questions.problems import QuizproofError

_REPORTS: Final = 1.0  # seconds between two, at least


@dataclass(frozen=True)
class Limits:
    """Limits of what one worker may take."""

    patience: float  # seconds without a draw or a pass after which a probe is taken to be stuck
    memory: int | None = None  # bytes; None: as much as there is
    threads: int | None = None  # None: as many as torch takes


class Started:
    """The answer of a worker that has begun, its first: until then a machine may be busy."""


class OutOfMemory:
    """The answer of a worker that has no more memory, its last."""


def main() -> None:
    """Measure until there is nothing more to read."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    requests, answers = _channels()
    keep_freed_memory()
    os.environ["HF_HUB_OFFLINE"] = "1"  # models are fetched before: measuring asks no network

    limits: Limits = pickle.load(requests)  # noqa: S301
    if limits.memory is not None:
        limit_memory(limits.memory)
    waiting: SimpleQueue[Plan | Task] = SimpleQueue()
    Thread(target=_read, args=(requests, waiting), daemon=True).start()

    one_at_a_time = Lock()

    def answer(message: Any) -> None:
        with one_at_a_time:
            pickle.dump(message, answers)
            answers.flush()

    answer(Started())
    desk = _Desk(answer)
    every = min(_REPORTS, limits.patience / 4)
    Thread(target=desk.report, args=(every,), daemon=True).start()
    while True:
        match waiting.get():
            case Plan() as plan:
                desk.take(plan)
            case task:
                answer(desk.measured(task))


class _Desk:
    """The plan at hand and its runner: the models of one pack are in memory."""

    def __init__(self, answer: Callable[[Any], None]) -> None:
        self._answer = answer
        self._plan: Plan | None = None
        self._runner: Runner | None = None
        self._began_at: int | None = None  # passes, when the question that is measured was begun
        self._reporting = Lock()

    def report(self, every: float) -> None:
        """Answer how many passes a question took by now, whenever they are more, without end.

        It looks at what is counted anyway: nothing is done in a pass for its sake.
        """
        last = 0
        while True:
            time.sleep(every)
            with self._reporting, suppress(OSError):  # nobody reads any more
                if self._began_at is None or self._runner is None:
                    continue
                if (passes := self._runner.passes - self._began_at) not in (0, last):
                    self._answer(Passed(passes))
                    last = passes

    def take(self, plan: Plan) -> None:
        if plan != self._plan:
            self._plan, self._runner = plan, None
            gc.collect()  # before the next pack's models come

    def measured(self, task: Task) -> Finished | OutOfMemory:
        assert self._plan is not None
        try:
            if self._runner is None:
                self._runner = Runner(self._plan, lambda line: self._answer(Notice(line)))
            self._began_at = self._runner.passes
            result = self._runner.result(
                task.linted, task.number, lambda draws: self._answer(Drew(draws))
            )
            self._forget_if_changed()
            return Finished(result)
        except QuizproofError as error:
            return Finished(failed(task, str(error)))
        except MemoryError:
            return OutOfMemory()
        finally:
            with self._reporting:  # what is answered next is the last of this question
                self._began_at = None

    def _forget_if_changed(self) -> None:
        """Forget what was loaded of a pack that has changed: it is not to be trusted any more."""
        assert self._runner is not None
        try:
            self._runner.pack.check_unchanged()
        except DigestError:
            self._runner = None


def _channels() -> tuple[IO[bytes], IO[bytes]]:
    """Standard input and output, which probes are given others for: they may print, and read."""
    requests, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    with open(os.devnull, "rb") as nothing:  # noqa: PTH123
        os.dup2(nothing.fileno(), 0)
    os.dup2(sys.stderr.fileno(), 1)
    return requests, answers


def _read(requests: IO[bytes], waiting: SimpleQueue[Plan | Task]) -> None:
    while True:
        try:
            waiting.put(pickle.load(requests))  # noqa: S301
        except (EOFError, OSError, pickle.UnpicklingError):
            os._exit(0)  # nobody waits for an answer any more
