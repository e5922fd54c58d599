"""Workers of this machine: what the store knows is judged here, the rest in processes of their own.

A worker that dies costs time, or its own question: another one goes on.
"""

from __future__ import annotations

import os
from collections.abc import Generator, Iterator
from concurrent.futures import CancelledError
from functools import partial
from threading import Lock

from quizproof.probes.catalogue import OWN
from quizproof.probes.engine.collector import Wanted
from quizproof.probes.engine.events import Began, Event, Finished
from quizproof.probes.engine.evidence.record import Evidence
from quizproof.probes.engine.plan import Plan, broken, failed
from quizproof.probes.engine.runner import Runner
from quizproof.probes.engine.workers.apart import FORKS
from quizproof.probes.engine.workers.memory import GIB, machine_memory, share_of_memory
from quizproof.probes.engine.workers.request import Limits
from quizproof.probes.engine.workers.worker_process import PATIENCE, Died, WorkerProcess
from quizproof.questions.problems import QuizproofError

_LEAST = 2 * GIB  # of memory, for each worker that nobody asked for
_TRIES = 2  # of a question whose worker died for no reason that it told


class Here:
    """Processes that measure, each started when it is first needed, for one share at a time."""

    def __init__(
        self,
        count: int,
        memory: int | None = None,
        patience: float = PATIENCE,
        *,
        beside: int = 1,
    ) -> None:
        """``count`` processes with ``memory`` bytes each.

        They share this machine's cores and memory; so do ``beside`` crews, this one of them.
        """
        self.count = count
        among = count * beside
        threads = None if among == 1 else max(1, cores() // among)
        self._limits = Limits(patience, memory or share_of_memory(among), threads)
        self._lock = Lock()
        self._alive: set[WorkerProcess] = set()
        self._idle: list[WorkerProcess] = []
        self._closed = False

    def events(self, share: Plan) -> Iterator[Event]:
        """Yield what happens while ``share`` is measured: each task, in order, ends in a result.

        Raises CancelledError once closed.
        """
        try:
            runner = Runner(share, partial(self._collect, share))
        except QuizproofError as error:
            yield from (Finished(failed(task, str(error))) for task in share.tasks)
            return
        yield from runner.notices()
        for task in share.tasks:
            yield Began(task)
            if found := broken(task):
                yield Finished(found)
            else:
                yield from runner.events(task)

    def close(self) -> None:
        """End every worker at once."""
        with self._lock:
            self._closed = True
            ending = list(self._alive)
        for process in ending:
            process.close()

    def _collect(self, share: Plan, wanted: Wanted) -> Generator[Event, None, Evidence]:
        """Have evidence made by a process: this program's probes by one, others' by another."""
        for tries_left in reversed(range(_TRIES)):
            process = self._lend(share, apart=wanted.owner != OWN)
            try:
                evidence = yield from process.collect(share, wanted)
            except Died as error:
                self._lost(process)
                if not (error.by_chance and tries_left):
                    raise
            except QuizproofError:
                self._take_back(process)
                raise
            else:
                self._take_back(process)
                return evidence
        raise AssertionError(_TRIES)

    def _take_back(self, process: WorkerProcess) -> None:
        """A process is idle again once it has answered; what others' probes left in it is not."""
        if process.apart:
            process.end_children()
        if process.apart and not FORKS:
            self._lost(process)
            return
        with self._lock:
            self._idle.append(process)

    def _lend(self, share: Plan, *, apart: bool) -> WorkerProcess:
        """Lend a worker that knows the share's pack already, if there is one."""
        with self._lock:
            if self._closed:
                raise CancelledError
            those = [process for process in self._idle if process.apart == apart]
            if those:
                process = max(those, key=lambda process: process.pack == share.pack)
                self._idle.remove(process)
                return process
            process = WorkerProcess(self._limits, apart=apart)
            self._alive.add(process)
            return process

    def _lost(self, process: WorkerProcess) -> None:
        process.close()
        with self._lock:
            self._alive.discard(process)
            if self._closed:  # it is no fault of the probe's
                raise CancelledError


def cores() -> int:
    """Return the number of cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def sensible_workers(packs: int) -> int:
    """Return how many workers suit ``packs`` on this machine: one for one, which has all cores."""
    memory = machine_memory()
    room = cores() if memory is None else max(1, memory // _LEAST)
    return min(packs, cores(), room)
