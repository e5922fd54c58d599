"""The process that runs probes: it is asked for evidence on its standard input, and answers data.

It ends with the process that started it, however that ends, and an interrupt is for that one to
handle. A process that a probe forks has neither channel. Where the probes are others', each request
is made by a process of its own (`apart.py`).
"""

from __future__ import annotations

import gc
import os
import pickle
import signal
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from queue import SimpleQueue
from threading import Lock, Thread
from typing import IO, Final

from quizproof.probes.catalogue import OWN
from quizproof.probes.declaration import DECLARED
from quizproof.probes.engine.collect import ProbeError, reason_of
from quizproof.probes.engine.collector import Collector, Wanted
from quizproof.probes.engine.evidence.code import unseen_modules
from quizproof.probes.engine.evidence.record import Evidence, to_bytes
from quizproof.probes.engine.plan import Plan
from quizproof.probes.engine.workers.apart import FORKS, answer_apart
from quizproof.probes.engine.workers.descendants import keep_orphans
from quizproof.probes.engine.workers.memory import keep_freed_memory, limit_memory, ran_out
from quizproof.probes.engine.workers.request import Limits, Request
from quizproof.probes.engine.workers.wire import Kind, Message, send
from quizproof.probes.packs.pack import DigestError, MissingError
from quizproof.probes.phase import phase_now

_REPORTS: Final = 1.0  # seconds between two, at least

Answer = Callable[[Message, bytes], None]


def main(*, apart: bool) -> None:
    """Make evidence until there is nothing more to read; ``apart``: each in a process of its own.

    Returns never.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    requests, answers = _channels()
    keep_freed_memory()
    os.environ["HF_HUB_OFFLINE"] = "1"  # models are fetched before: measuring asks no network

    limits: Limits = pickle.load(requests)  # noqa: S301
    keep_orphans()
    if limits.memory is not None:
        limit_memory(limits.memory)
    channels = (requests.fileno(), answers.fileno())
    send(answers, Message("started"))
    if apart and FORKS:
        answer_apart(
            requests,
            lambda request, before: _desk(answers, channels, limits, before).make(request),
        )
    waiting: SimpleQueue[Request] = SimpleQueue()
    Thread(target=_read, args=(requests, waiting), daemon=True).start()
    desk = _desk(answers, channels, limits)
    while True:
        desk.make(waiting.get())


def _desk(
    answers: IO[bytes],
    channels: Sequence[int],
    limits: Limits,
    before_last: Callable[[], None] = lambda: None,
) -> _Desk:
    """A desk of this process, which reports from time to time."""
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(after_in_child=partial(_close, channels))
    one_at_a_time = Lock()

    this = os.getpid()

    def answer(message: Message, body: bytes = b"") -> None:
        if os.getpid() != this:  # a probe forked, and both went on
            os._exit(0)
        with one_at_a_time:
            send(answers, message, body)

    desk = _Desk(answer, before_last)
    every = min(_REPORTS, limits.patience / 4)
    Thread(target=desk.report, args=(every,), daemon=True).start()
    return desk


class _Desk:
    """The request at hand, and the collector of its plan: models of one pack are in memory."""

    def __init__(self, answer: Answer, before_last: Callable[[], None]) -> None:
        """``before_last`` is called before a request's last answer is given by ``answer``."""
        self._answer = answer
        self._before_last = before_last
        self._plan: Plan | None = None
        self._collector: Collector | None = None
        self._request = 0
        self._began_at: int | None = None  # passes, when the evidence that is made was begun
        self._reporting = Lock()

    def report(self, every: float) -> None:
        """Answer what a request is at, and how many passes it took by now, when they are others.

        Without end.

        It looks at what is counted anyway: nothing is done in a pass for its sake.
        """
        last, doing = 0, ""
        while True:
            time.sleep(every)
            with self._reporting, suppress(OSError):  # nobody reads any more
                if self._began_at is None or self._collector is None:
                    continue
                if (now := phase_now()) not in ("", doing):
                    self._say("phase", reason=now)
                    doing = now
                if (passes := self._collector.passes - self._began_at) not in (0, last):
                    self._say("passed", count=passes)
                    last = passes

    def make(self, request: Request) -> None:
        """Answer ``request`` with its evidence, or why there is none."""
        if request.plan is not None and request.plan != self._plan:
            self._plan, self._collector = request.plan, None
            gc.collect()  # before the next pack's models come
        self._request = request.number
        try:
            evidence = self._evidence(request.wanted)
            body = to_bytes(evidence)
        except BaseException as error:  # a probe may be anyone's code, and raise what it likes
            self._stop_reporting()
            if ran_out(error):
                self._say("no memory")
            elif isinstance(error, MissingError):
                self._say("missing", reason=str(error))
            else:
                self._say("failed", reason=reason_of(error))
        else:
            self._stop_reporting()
            self._say("evidence", reason=evidence.started, body=body)

    def _evidence(self, wanted: Wanted) -> Evidence:
        assert self._plan is not None
        if self._collector is None:
            self._collector = Collector(self._plan)
        self._began_at = self._collector.passes
        collector = self._collector
        try:
            evidence = collector.evidence(wanted, lambda draws: self._say("drew", count=draws))
            _check_modules(wanted.owner)
            return evidence
        finally:
            try:
                collector.pack.check_unchanged()
            except DigestError:  # what was loaded of it is not to be trusted any more
                self._collector = None

    def _stop_reporting(self) -> None:
        with self._reporting:  # what is answered next is the last of this request
            self._began_at = None
        self._before_last()

    def _say(self, kind: Kind, *, count: int = 0, reason: str = "", body: bytes = b"") -> None:
        self._answer(Message(kind, self._request, count, reason), body)


def _check_modules(owner: str) -> None:
    """Raise ProbeError for code in this process that is in no key of its probes' evidence."""
    if owner == OWN:
        return
    those = [p for p in DECLARED.values() if not p.run.__module__.startswith(f"{OWN}.")]
    if unseen := unseen_modules(those):
        raise ProbeError(
            f"a probe of {owner} imports {unseen[0]} by a name that its source does not spell out; "
            "import it by name: evidence would outlive a change of it"
        )


def _channels() -> tuple[IO[bytes], IO[bytes]]:
    """Standard input and output, which probes are given others for: they may print, and read."""
    requests, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    with open(os.devnull, "rb") as nothing:  # noqa: PTH123
        os.dup2(nothing.fileno(), 0)
    os.dup2(sys.stderr.fileno(), 1)
    return requests, answers


def _close(channels: Sequence[int]) -> None:
    for channel in channels:
        os.close(channel)


def _read(requests: IO[bytes], waiting: SimpleQueue[Request]) -> None:
    while True:
        try:
            waiting.put(pickle.load(requests))  # noqa: S301
        except (EOFError, OSError, pickle.UnpicklingError):
            os._exit(0)  # nobody waits for an answer any more
