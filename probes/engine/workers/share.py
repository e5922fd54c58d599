"""A share of a run measured in one go: what the store knows is judged here, the rest by a worker.

A worker that dies costs time, or its own question: another one goes on.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import CancelledError
from threading import Lock

from quizproof.probes.engine.events import Began, Event, Finished, Notice
from quizproof.probes.engine.workers.tasks import Limits, Setting, Share, Task, broken, failed
from quizproof.probes.engine.workers.worker import runner_for
from quizproof.probes.engine.workers.worker_process import Died, WorkerProcess
from quizproof.questions.problems import QuizproofError

_TRIES = 2  # of a question whose worker died for no reason that it told


class Workers:
    """Processes that measure, each started when it is first needed and lent to one share at a time.

    Any number of threads may ask for events at once.
    """

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._lock = Lock()
        self._alive: set[WorkerProcess] = set()
        self._idle: list[WorkerProcess] = []
        self._closed = False

    def events(self, share: Share) -> Iterator[Event]:
        """Yield what happens while ``share`` is measured: each task, in order, ends in a result.

        Raises CancelledError once closed.
        """
        setting = share.setting
        notices: list[str] = []
        try:
            known = runner_for(setting, notices.append) if setting.store is not None else None
        except QuizproofError as error:
            yield from (Finished(failed(task, str(error))) for task in share.tasks)
            return
        yield from map(Notice, notices)
        lent = _Lent(self)
        try:
            for task in share.tasks:
                yield Began(task)
                if found := broken(task) or (known and known.known(task.linted, task.number)):
                    yield Finished(found)
                elif known and setting.alone_with is not None:
                    # from evidence alone, of which there is no more: no draw is made
                    yield Finished(known.result(task.linted, task.number, lambda draws: None))
                else:
                    yield from lent.measure(setting, task)
        finally:
            lent.give_back()

    def close(self) -> None:
        """End every worker at once."""
        with self._lock:
            self._closed = True
            ending = list(self._alive)
        for process in ending:
            process.close()

    def lend(self) -> WorkerProcess:
        with self._lock:
            if self._closed:
                raise CancelledError
            if self._idle:
                return self._idle.pop()
            process = WorkerProcess(self._limits)
            self._alive.add(process)
            return process

    def take_back(self, process: WorkerProcess) -> None:
        with self._lock:
            self._idle.append(process)

    def lost(self, process: WorkerProcess) -> None:
        process.close()
        with self._lock:
            self._alive.discard(process)
            if self._closed:  # it is no fault of the probe's
                raise CancelledError


class _Lent:
    """The worker that a share is measured by, another one after each that died."""

    def __init__(self, workers: Workers) -> None:
        self._workers = workers
        self._process: WorkerProcess | None = None

    def measure(self, setting: Setting, task: Task) -> Iterator[Event]:
        began = time.perf_counter()
        for tries_left in reversed(range(_TRIES)):
            # not ours to give back until it has answered
            process, self._process = self._process or self._workers.lend(), None
            try:
                yield from process.measure(setting, task)
            except Died as error:
                self._workers.lost(process)
                if error.by_chance and tries_left:
                    continue
                yield Finished(failed(task, str(error), time.perf_counter() - began))
                return
            self._process = process
            return

    def give_back(self) -> None:
        if self._process is not None:
            self._workers.take_back(self._process)
