"""Workers of a Dask cluster, on any machines that see the same folders as this one.

Each of them measures as this machine does: in processes of its own, within limits.
"""

from __future__ import annotations

import asyncio
import logging
import time
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError, Future
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from threading import Lock, Thread
from typing import Any, Final, TypeVar
from urllib.parse import urlsplit

from quizproof.probes.engine.events import Event, Finished, Notice
from quizproof.probes.engine.evidence.code import code_of_all
from quizproof.probes.engine.evidence.key import this_machine
from quizproof.probes.engine.plan import Plan, failed
from quizproof.probes.engine.workers.here import Here
from quizproof.probes.engine.workers.worker_process import PATIENCE
from quizproof.questions.problems import QuizproofError, one_line

_ANSWER: Final = 5.0  # seconds within which a scheduler answers
_WORKER: Final = 30.0  # seconds within which it has a worker

T = TypeVar("T")


class ClusterError(QuizproofError):
    """A cluster that cannot be used."""


@dataclass(frozen=True)
class _Job:
    share: Plan
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
        self._memory, self._patience = memory, max(patience, _ANSWER)
        self._closed = False
        try:
            # a client waits without end for one that accepts and is silent
            _within(2 * _ANSWER, lambda: asyncio.run(_meet(address)))
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # other versions: `_check` says it in a line
                self._client = _within(
                    2 * _ANSWER, lambda: Client(address, timeout=_ANSWER, set_as_default=False)
                )
        except Exception as error:  # of the network, or of the address
            raise ClusterError(
                f"no Dask scheduler answers at {address} ({_brief(error)}); "
                "start one with 'dask scheduler', and name its address"
            ) from None
        try:
            self._check(address)
        except BaseException:
            self.close()
            raise
        self._answered = self._had_workers = time.monotonic()
        Thread(target=self._watch, daemon=True).start()

    @property
    def count(self) -> int:
        """Number of shares that are measured at once, as of now."""
        return max(1, self._threads)

    def events(self, share: Plan) -> Iterator[Event]:
        """Yield the results of ``share`` once it is measured, and lines to read.

        Raises ClusterError where nobody measures any more, CancelledError once closed.
        """
        job = _Job(_reachable(share), self._memory, self._patience, _made_with())
        asked = self._client.submit(_measured, job, pure=False)
        try:
            yield from self._answer(asked)
        except (CancelledError, asyncio.CancelledError):
            if self._closed:
                raise CancelledError from None
            raise ClusterError("the Dask scheduler went away; start it, and run again") from None
        except QuizproofError:
            raise
        except Exception as error:  # such as a worker that died again and again
            reason = f"the cluster could not measure this ({_brief(error)}); look at its logs"
            yield from (Finished(failed(task, reason)) for task in share.tasks)

    def close(self) -> None:
        self._closed = True
        try:
            _within(2 * _ANSWER, lambda: self._client.close(timeout=_ANSWER))
        except Exception:  # it does not answer
            self._client.status = "closed"  # else it is closed again when it is taken away

    def _check(self, address: str) -> None:
        """Raises ClusterError where there is no worker, or it has not the same code as we."""
        try:
            _within(_WORKER + _ANSWER, lambda: self._client.wait_for_workers(1, timeout=_WORKER))
        except Exception as error:
            raise ClusterError(
                f"the scheduler at {address} has no worker ({_brief(error)}); "
                f"start one with 'dask worker {address}'"
            ) from None
        self._threads: int = sum(_within(_ANSWER, self._client.nthreads).values())
        try:
            there = self._client.submit(_made_with, pure=False).result(timeout=_WORKER)
        except Exception as error:  # quizproof is not there, or another Python is
            raise ClusterError(
                f"the cluster at {address} cannot run quizproof ({_brief(error)}); "
                "install the same quizproof where its scheduler and its workers run"
            ) from None
        if there != _made_with():
            raise _another()

    def _watch(self) -> None:
        """Ask the scheduler for its workers, again and again: it may stop in the middle of that."""
        while not self._closed:
            try:
                self._threads = sum(self._client.nthreads().values())
            except Exception:  # it went away: what was asked for is told
                self._threads = 0
            self._answered = time.monotonic()
            if self._threads:
                self._had_workers = self._answered
            time.sleep(1)

    def _answer(self, asked: Any) -> list[Finished | Notice]:
        """Wait for what was ``asked``, but no longer where for long there was no worker.

        Raises TimeoutError where the scheduler is silent.
        """
        while not asked.done():
            if self._closed:
                raise CancelledError
            with suppress(TimeoutError):
                asked.result(timeout=1)
            if self._answered - self._had_workers > _WORKER:
                raise ClusterError(
                    f"the cluster has had no worker for {_WORKER:g} s; start one, and run again"
                )
            if time.monotonic() - self._answered > self._patience:
                raise TimeoutError(f"its scheduler was silent for {self._patience:g} s")
        answered: list[Finished | Notice] = asked.result()
        return answered


async def _meet(address: str) -> None:
    """Raises what is wrong with ``address`` where it is no scheduler's."""
    from distributed.comm import connect

    comm = await connect(address, timeout=_ANSWER)
    try:
        await comm.write({"op": "identity", "reply": True})
        found = await asyncio.wait_for(comm.read(), _ANSWER)
    finally:
        comm.abort()
    if found.get("type") != "Scheduler":
        raise ValueError(f"a {found.get('type')} of Dask does")


def _within(seconds: float, ask: Callable[[], T]) -> T:
    """What ``ask`` gives, or raises; TimeoutError where that takes more than ``seconds``."""
    given: Future[T] = Future()

    def answer() -> None:
        try:
            given.set_result(ask())
        except BaseException as error:
            given.set_exception(error)

    Thread(target=answer, daemon=True).start()
    return given.result(seconds)


def _measured(job: _Job) -> list[Finished | Notice]:
    """Measure a job on a worker of the cluster: its share's results, and lines to read."""
    if job.made_with != _made_with():
        raise _another()
    with _starting:  # threads of one worker share its processes
        workers = _workers(job.memory, job.patience)
    return [e for e in workers.events(job.share) if isinstance(e, Finished | Notice)]


_starting = Lock()


@cache
def _workers(memory: int | None, patience: float) -> Here:
    """The processes of this worker of the cluster; they end with it."""
    from distributed import get_worker

    worker = get_worker()
    at_once = worker.state.nthreads
    limit = memory or getattr(worker.memory_manager, "memory_limit", None)
    if memory is None and limit is not None:
        limit //= at_once
    return Here(1, limit, patience, beside=at_once)


def _reachable(share: Plan) -> Plan:
    """``share`` with folders named so that they are the same wherever the work is done."""
    store = share.store
    if store is not None and "://" not in store:
        store = str(Path(store).absolute())
    return replace(share, pack=share.pack.absolute(), folder=share.folder.absolute(), store=store)


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
        whole = bool(named.scheme == "tcp" and named.hostname and named.port)
    except ValueError:
        whole = False
    if not whole:
        raise ClusterError(f"{address!r} is no address of a scheduler; write it as tcp://HOST:PORT")


def _silence() -> None:
    """Silence distributed's loggers, as some have levels of their own; what matters is raised."""
    for name in ("distributed", *logging.root.manager.loggerDict):
        if name.partition(".")[0] == "distributed":
            logging.getLogger(name).setLevel(logging.CRITICAL)


def _brief(error: Exception) -> str:
    return one_line(str(error), 120) or type(error).__name__
