"""Workers of a Dask cluster, on any machines that see the same folders as this one.

Each of them measures as this machine does: in processes of its own, within limits.
"""

from __future__ import annotations

import asyncio
import logging
import time
import warnings
from concurrent.futures import CancelledError, Future
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from threading import Event, Lock, Thread
from typing import Any, Final
from urllib.parse import urlsplit

from quizproof.probes.engine.events import Finished, Notice
from quizproof.probes.engine.evidence.code import code_of_all
from quizproof.probes.engine.evidence.key import this_machine
from quizproof.probes.engine.workers.share import Workers
from quizproof.probes.engine.workers.spread import Happened, Take, cores
from quizproof.probes.engine.workers.tasks import PATIENCE, Limits, Share, failed
from quizproof.questions.problems import QuizproofError, one_line

_ANSWER: Final = 5.0  # seconds within which a scheduler answers
_WORKER: Final = 30.0  # seconds within which it has a worker


class ClusterError(QuizproofError):
    """A cluster that cannot be used."""


@dataclass(frozen=True)
class _Job:
    share: Share
    memory: int | None
    patience: float
    made_with: tuple[str, dict[str, str]]  # the code and the libraries' versions of the client


class Cluster:
    """The workers that a scheduler knows; more may come, and some may go."""

    def __init__(self, address: str, memory: int | None = None, patience: float = PATIENCE) -> None:
        """``memory``: bytes for each question. Raises ClusterError where it cannot be used."""
        try:
            from distributed import Client
        except ImportError:
            raise ClusterError(
                "--scheduler needs the package distributed; pip install 'quizproof[dask]'"
            ) from None
        _silence()
        _refuse_no_address(address)
        self._memory, self._patience = memory, patience
        self._asked: set[Future[None]] = set()
        self._lock = Lock()
        self._closed = Event()
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # other versions: `_check` says it in a line
                self._client = Client(address, timeout=_ANSWER, set_as_default=False)
        except Exception as error:  # of the network, or of the address
            raise ClusterError(
                f"no Dask scheduler answers at {address} ({_told(error)}); "
                "start one with 'dask scheduler', and name its address"
            ) from None
        try:
            self._check(address)
        except BaseException:
            self.close()
            raise
        Thread(target=self._watch, daemon=True).start()

    @property
    def count(self) -> int:
        """Number of shares that are measured at once, as of now."""
        try:
            threads: dict[str, int] = self._client.nthreads()
            return max(1, sum(threads.values()))
        except Exception:  # a scheduler that went away, which what was asked for is told
            return 1

    def submit(self, share: Share, take: Take) -> Future[None]:
        done: Future[None] = Future()
        with self._lock:
            self._asked.add(done)
        job = _Job(_reachable(share), self._memory, self._patience, _made_with())
        asked = self._client.submit(_measured, job, pure=False)
        asked.add_done_callback(lambda answered: self._answer(done, share, answered, take))
        return done

    def close(self) -> None:
        self._closed.set()
        self._client.close(timeout=_ANSWER)

    def _check(self, address: str) -> None:
        """Raises ClusterError where there is no worker, or it has not the same code as we."""
        try:
            self._client.wait_for_workers(1, timeout=_WORKER)
        except Exception as error:
            raise ClusterError(
                f"the scheduler at {address} has no worker ({_told(error)}); "
                f"start one with 'dask worker {address}'"
            ) from None
        try:
            there = self._client.submit(_made_with, pure=False).result(timeout=_WORKER)
        except Exception as error:  # quizproof is not there, or another Python is
            raise ClusterError(
                f"the cluster at {address} cannot run quizproof ({_told(error)}); "
                "install the same quizproof where its scheduler and its workers run"
            ) from None
        if there != _made_with():
            raise _another()

    def _answer(self, done: Future[None], share: Share, answered: Any, take: Take) -> None:
        """Pass what the cluster gave for ``share`` on."""
        try:
            events: list[Finished | Notice] = answered.result()
        except (CancelledError, asyncio.CancelledError):
            self._fail(done, ClusterError("the Dask scheduler went away; start it, and run again"))
            return
        except QuizproofError as error:
            self._fail(done, error)
            return
        except Exception as error:  # such as a worker that died again and again
            reason = f"the cluster could not measure this ({_told(error)}); look at its logs"
            events = [Finished(failed(task, reason)) for task in share.tasks]
        with self._lock:
            if done not in self._asked:
                return
            self._asked.discard(done)
        for event in events:
            take(Happened(share, event))
        done.set_result(None)

    def _fail(self, done: Future[None], error: QuizproofError) -> None:
        with self._lock:
            if done not in self._asked:
                return
            self._asked.discard(done)
        done.set_exception(error)

    def _watch(self) -> None:
        """Wait no longer where there is no worker, and for long none came."""
        seen = time.monotonic()
        while not self._closed.wait(1):
            try:
                if self._client.nthreads():
                    seen = time.monotonic()
            except Exception:  # it went away: what was asked for is told
                return
            if time.monotonic() - seen > _WORKER:
                error = ClusterError(
                    f"the cluster has had no worker for {_WORKER:g} s; start one, and run again"
                )
                with self._lock:
                    waiting = list(self._asked)
                for done in waiting:
                    self._fail(done, error)


def _measured(job: _Job) -> list[Finished | Notice]:
    """Measure a job on a worker of the cluster: its share's results, and lines to read."""
    if job.made_with != _made_with():
        raise _another()
    with _starting:  # threads of one worker share its processes
        workers = _workers(job.memory, job.patience)
    return [e for e in workers.events(job.share) if isinstance(e, Finished | Notice)]


_starting = Lock()


@cache
def _workers(memory: int | None, patience: float) -> Workers:
    """The processes of this worker of the cluster; they end with it."""
    from distributed import get_worker

    worker = get_worker()
    at_once = worker.state.nthreads
    limit = memory or getattr(worker.memory_manager, "memory_limit", None)
    if memory is None and limit is not None:
        limit //= at_once
    return Workers(Limits(patience, limit, max(1, cores() // at_once)))


def _reachable(share: Share) -> Share:
    """``share`` with folders named so that they are the same wherever the work is done."""
    setting = share.setting
    store = setting.store
    if store is not None and "://" not in store:
        store = str(Path(store).absolute())
    quiz = setting.quiz and setting.quiz.absolute()
    there = replace(setting, pack=setting.pack.absolute(), store=store, quiz=quiz)
    return replace(share, setting=there)


@cache
def _made_with() -> tuple[str, dict[str, str]]:
    return code_of_all(), dict(this_machine().libraries)


def _another() -> ClusterError:
    return ClusterError(
        "the cluster has another quizproof, or other libraries, than this machine; "
        "install the same on both: results would not be the same"
    )


def _refuse_no_address(address: str) -> None:
    try:
        named = urlsplit(address if "://" in address else f"tcp://{address}")
        whole = bool(named.hostname and named.port)
    except ValueError:
        whole = False
    if not whole:
        raise ClusterError(f"{address!r} is no address of a scheduler; write it as tcp://HOST:PORT")


def _silence() -> None:
    """Silence distributed's loggers, as some have levels of their own; what matters is raised."""
    for name in ("distributed", *logging.root.manager.loggerDict):
        if name.partition(".")[0] == "distributed":
            logging.getLogger(name).setLevel(logging.CRITICAL)


def _told(error: Exception) -> str:
    return one_line(str(error))[:120] or type(error).__name__
