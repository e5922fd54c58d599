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
from queue import SimpleQueue
from threading import Lock, Thread
from typing import IO, Any, Final

from quizproof.probes.engine.events import Drew, Finished, Notice, Passed
from quizproof.probes.engine.evidence.store import Store, StoreAwayError
from quizproof.probes.engine.runner import Runner
from quizproof.probes.engine.workers.memory import keep_freed_memory, limit_memory
from quizproof.probes.engine.workers.tasks import Limits, Setting, Task, failed
from quizproof.probes.packs.pack import DigestError, Pack
from quizproof.questions.problems import QuizproofError

_REPORTS: Final = 1.0  # seconds between two, at least

OnDraw = Callable[[int], None]
OnNotice = Callable[[str], None]


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
    waiting: SimpleQueue[tuple[Setting, Task]] = SimpleQueue()
    Thread(target=_read, args=(requests, waiting), daemon=True).start()

    one_at_a_time = Lock()

    def answer(message: Any) -> None:
        with one_at_a_time:
            pickle.dump(message, answers)
            answers.flush()

    answer(Started())
    bench = _Bench(answer)
    every = min(_REPORTS, limits.patience / 4)
    Thread(target=bench.report, args=(every,), daemon=True).start()
    while True:
        answer(bench.measured(*waiting.get()))


class _Bench:
    """The runner of the setting that was last asked for: models of one pack are in memory."""

    def __init__(self, answer: Callable[[Any], None]) -> None:
        self._answer = answer
        self._setting: Setting | None = None
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

    def _notice(self, line: str) -> None:
        self._answer(Notice(line))

    def _drew(self, draws: int) -> None:
        self._answer(Drew(draws))

    def measured(self, setting: Setting, task: Task) -> Finished | OutOfMemory:
        try:
            if self._runner is None or setting != self._setting:
                self._runner = None
                gc.collect()  # before the next pack's models come
                self._runner, self._setting = runner_for(setting, self._notice), setting
            self._began_at = self._runner.passes
            result = self._runner.result(task.linted, task.number, self._drew)
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


def runner_for(setting: Setting, told: OnNotice = lambda line: None) -> Runner:
    """Return the runner that measures, or judges, on ``setting``.

    Raises QuizproofError for a pack that is wrong.
    """
    store = None
    try:
        store = None if setting.store is None else Store(setting.store)
    except StoreAwayError as error:  # the verdicts are had all the same
        told(str(error))
    pack = Pack(setting.pack)
    if setting.digest not in (None, pack.digest):
        raise DigestError(f"{setting.pack} was changed while it was being read; run it again")
    runner = Runner(
        pack=pack,
        settled_by=setting.settled_by,
        seed=setting.seed,
        store=store,
        told=told,
        error=setting.error,
        draws=setting.draws,
        illustrated=setting.illustrated,
        quiz=setting.quiz,
    )
    if setting.alone_with is not None:
        runner.made_with, runner.alone = setting.alone_with, True
    return runner


def _channels() -> tuple[IO[bytes], IO[bytes]]:
    """Standard input and output, which probes are given others for: they may print, and read."""
    requests, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    with open(os.devnull, "rb") as nothing:  # noqa: PTH123
        os.dup2(nothing.fileno(), 0)
    os.dup2(sys.stderr.fileno(), 1)
    return requests, answers


def _read(requests: IO[bytes], waiting: SimpleQueue[tuple[Setting, Task]]) -> None:
    while True:
        try:
            waiting.put(pickle.load(requests))  # noqa: S301
        except (EOFError, OSError, pickle.UnpicklingError):
            os._exit(0)  # nobody waits for an answer any more
