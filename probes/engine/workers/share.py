"""A share of a run measured in one go: what the store knows is judged here, the rest by a worker.

A worker that dies costs time, or its own question: another one goes on.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError
from threading import Lock
from typing import TypeAlias

from quizproof.probes.engine.results import QuestionResult
from quizproof.probes.engine.workers.tasks import (
    Limits,
    Passed,
    Setting,
    Share,
    Task,
    broken,
    failed,
)
from quizproof.probes.engine.workers.worker import runner_for
from quizproof.probes.engine.workers.worker_process import Died, WorkerProcess
from quizproof.questions.problems import QuizproofError

# what happens meanwhile: a question is begun, so many draws or passes were made by now, a person
# should read this
Meanwhile: TypeAlias = Task | int | Passed | str
Told: TypeAlias = Callable[[Meanwhile], None]

_TRIES = 2  # of a question whose worker died for no reason that it told


class Workers:
    """Processes that measure, each started when it is first needed and lent to one share at a time.

    Any number of threads may ask for results at once.
    """

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._lock = Lock()
        self._alive: set[WorkerProcess] = set()
        self._idle: list[WorkerProcess] = []
        self._closed = False

    def results(self, share: Share, told: Told = lambda what: None) -> Iterator[QuestionResult]:
        """The results of ``share``'s tasks, in order. Raises CancelledError once closed."""
        setting = share.setting
        try:
            known = runner_for(setting, told) if setting.store is not None else None
        except QuizproofError as error:
            yield from (failed(task, str(error)) for task in share.tasks)
            return
        lent = _Lent(self)
        try:
            for task in share.tasks:
                told(task)
                if found := broken(task) or (known and known.known(task.linted, task.number)):
                    yield found
                elif known and setting.alone_with is not None:
                    yield known.result(task.linted, task.number, told)
                else:
                    yield lent.measure(setting, task, told)
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

    def measure(self, setting: Setting, task: Task, told: Told) -> QuestionResult:
        began = time.perf_counter()
        for tries_left in reversed(range(_TRIES)):
            # not ours to give back until it has answered
            process, self._process = self._process or self._workers.lend(), None
            try:
                result = process.measure(setting, task, told)
            except Died as error:
                self._workers.lost(process)
                if error.by_chance and tries_left:
                    continue
                return failed(task, str(error), time.perf_counter() - began)
            self._process = process
            return result
        raise AssertionError

    def give_back(self) -> None:
        if self._process is not None:
            self._workers.take_back(self._process)
