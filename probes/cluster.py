"""Workers of a Dask cluster, on any machines that see the same folders as this one.

Each of them measures as this machine does: in processes of its own, within limits.
"""

from __future__ import annotations

import asyncio
import logging
from concurrent.futures import CancelledError, Future
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, Final

from quizproof.probes.evidence_key import code_digest, this_machine
from quizproof.probes.results import QuestionResult
from quizproof.probes.share import Meanwhile, Workers
from quizproof.probes.spread import Happened, Told, cores
from quizproof.probes.tasks import Limits, Share, failed
from quizproof.questions.problems import QuizproofError, one_line

_ANSWER: Final = 5.0  # seconds within which a scheduler answers
_WORKER: Final = 30.0  # seconds within which it has a worker


class ClusterError(QuizproofError):
    """A cluster that cannot be used."""


@dataclass(frozen=True)
class _Job:
    share: Share
    memory: int | None
    made_with: tuple[str, dict[str, str]]  # the code and the libraries' versions of the client


class Cluster:
    """The workers that a scheduler knows; more may come and go."""

    def __init__(self, address: str, memory: int | None = None) -> None:
        """``memory``: bytes for each question. Raises ClusterError where nobody answers."""
        try:
            from distributed import Client
        except ImportError:
            raise ClusterError(
                "--scheduler needs the package distributed; pip install 'quizproof[dask]'"
            ) from None
        logging.getLogger("distributed").setLevel(logging.CRITICAL)  # what matters is raised
        self._memory = memory
        try:
            self._client = Client(address, timeout=_ANSWER, set_as_default=False)
        except Exception as error:  # of the network, of the address, of the versions
            raise ClusterError(
                f"no Dask scheduler answers at {address} ({_told(error)}); "
                "start one with 'dask scheduler', and name its address"
            ) from None
        try:
            self._client.wait_for_workers(1, timeout=_WORKER)
        except Exception as error:
            self.close()
            raise ClusterError(
                f"the scheduler at {address} has no worker ({_told(error)}); "
                f"start one with 'dask worker {address}'"
            ) from None
        self.count = sum(self._client.nthreads().values())

    def submit(self, share: Share, told: Told) -> Future[None]:
        job = _Job(_reachable(share), self._memory, _made_with())
        asked = self._client.submit(_measured, job, pure=False)
        done: Future[None] = Future()
        asked.add_done_callback(lambda answered: _answer(done, share, answered, told))
        return done

    def close(self) -> None:
        self._client.close(timeout=_ANSWER)


def _answer(done: Future[None], share: Share, answered: Any, told: Told) -> None:
    """Pass what the cluster gave for ``share`` on."""
    try:
        results, notices = answered.result()
    except (CancelledError, asyncio.CancelledError):
        done.set_exception(ClusterError("the Dask scheduler went away; start it, and run again"))
        return
    except QuizproofError as error:
        done.set_exception(error)
        return
    except Exception as error:  # a worker that died again and again, or has no quizproof
        reason = f"the cluster could not measure this ({_told(error)}); look at its workers' logs"
        results, notices = [failed(task, reason) for task in share.tasks], []
    for what in (*notices, *results):
        told(Happened(share, what))
    done.set_result(None)


def _measured(job: _Job) -> tuple[list[QuestionResult], list[str]]:
    """What a worker of the cluster does: the results of the job's share, and lines to read."""
    if job.made_with != _made_with():
        raise ClusterError(
            "a worker of the cluster has another quizproof, or other libraries, than this machine; "
            "install the same on both: results would not be the same"
        )
    notices: list[str] = []

    def told(what: Meanwhile) -> None:
        if isinstance(what, str):
            notices.append(what)

    return list(_workers(job.memory).results(job.share, told)), notices


@cache
def _workers(memory: int | None) -> Workers:
    """The processes of this worker of the cluster; they end with it."""
    from distributed import get_worker

    worker = get_worker()
    at_once = worker.state.nthreads
    limit = memory or getattr(worker.memory_manager, "memory_limit", None)
    if memory is None and limit is not None:
        limit //= at_once
    return Workers(Limits(memory=limit, threads=max(1, cores() // at_once)))


def _reachable(share: Share) -> Share:
    """``share`` with folders named so that they are the same wherever the work is done."""
    setting = share.setting
    store = setting.store
    if store is not None and "://" not in store:
        store = str(Path(store).absolute())
    return replace(share, setting=replace(setting, pack=setting.pack.absolute(), store=store))


@cache
def _made_with() -> tuple[str, dict[str, str]]:
    return code_digest("quizproof"), dict(this_machine().libraries)


def _told(error: Exception) -> str:
    return one_line(str(error))[:120] or type(error).__name__
