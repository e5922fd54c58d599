"""A worker as the process that started it sees it.

The parent needs no torch: it stays quick to start and to interrupt.
"""

from __future__ import annotations

import os
import pickle
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from queue import Empty, Queue
from threading import Thread
from typing import Any, Final

from quizproof.probes.engine.collector import Wanted
from quizproof.probes.engine.events import Doing, Drew, Event, Passed
from quizproof.probes.engine.evidence.record import Evidence, EvidenceError, from_bytes
from quizproof.probes.engine.plan import Plan
from quizproof.probes.engine.workers.descendants import MARK, end_descendants, memory_of
from quizproof.probes.engine.workers.memory import GIB
from quizproof.probes.engine.workers.request import Limits, Request
from quizproof.probes.engine.workers.wire import Message, WireError, receive
from quizproof.probes.packs.pack import MissingError
from quizproof.questions.problems import QuizproofError, one_line

PATIENCE: Final = 600.0  # seconds without a draw or a pass after which a probe is taken to be stuck
_LOOKS: Final = 2.0  # seconds between two looks at the memory that is taken
_FIRST: Final = 1_000_000  # passes within which there is a first draw
_MORE: Final = 20  # times as many passes as any draw before may a draw take, or
_LEAST: Final = 10_000
_LAST: Final = 4_096  # bytes of standard error that are kept, and characters that are told
_WORDS: Final = 200
_PHASE: Final = 60  # characters
# as which the system, or an allocation that nothing catches, ends a process for want of memory
_OF_MEMORY: Final = (9, 6)
_THREADS: Final = "OMP_NUM_THREADS"
# not multiprocessing: that runs the caller's script again, and not from a daemon's processes
_CODE: Final = (
    "import sys; sys.path[:] = {path!r}; "
    "from quizproof.probes.engine.workers.worker import main; main(apart={apart!r})"
)


class NoEvidenceError(QuizproofError):
    """Evidence that could not be made, and why."""


class Died(QuizproofError):  # noqa: N818 (it is what happened to a worker)
    """A worker that gives no answer, and why; ``by_chance`` where another one may."""

    def __init__(self, reason: str, *, by_chance: bool) -> None:
        super().__init__(reason)
        self.by_chance = by_chance


class WorkerProcess:
    """One process that runs probes, for one thread to ask."""

    def __init__(self, limits: Limits, *, apart: bool) -> None:
        """``apart``: it runs probes of others, each request in a process of its own."""
        self.apart = apart
        self._limits = limits
        self._mark = secrets.token_hex(16)
        environment = {**os.environ, MARK: self._mark}
        if limits.threads is not None:  # what the person asks for goes before
            environment.setdefault(_THREADS, str(limits.threads))
        self._process = subprocess.Popen(  # noqa: S603 (our own interpreter, our own code)
            [sys.executable, "-c", _CODE.format(path=sys.path, apart=apart)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environment,
            # a terminal's interrupt is for the parent, even before the child could ignore it
            process_group=None if sys.platform == "win32" else 0,
        )
        self._started = False
        self._plan: Plan | None = None  # the share that it was last sent
        self._request = 0
        self._answers: Queue[tuple[Message, bytes] | Died] = Queue(maxsize=1_000)
        self._said = b""  # on standard error, the end of it
        self._listener = Thread(target=self._listen, daemon=True)
        self._listener.start()
        Thread(target=self._read, daemon=True).start()
        self._send(limits)

    @property
    def pack(self) -> Path | None:
        """The folder of the pack whose models it has."""
        return None if self._plan is None else self._plan.pack

    def collect(self, share: Plan, wanted: Wanted) -> Generator[Event, None, Evidence]:
        """Yield what happens while evidence for ``share`` is made, and return it.

        Raises NoEvidenceError and MissingError where there is none, and Died, after which there is
        only ``close``.
        """
        self._request += 1
        plan = None if share is self._plan else replace(share, tasks=())
        self._plan = share
        self._send(Request(self._request, plan, wanted))
        draws = passes = at_draw = longest = 0
        while True:
            message, body = self._answer(draws, passes)
            match message.kind:
                case "drew":
                    draws, longest, at_draw = (
                        message.count,
                        max(longest, passes - at_draw),
                        passes,
                    )
                    yield Drew(draws)
                case "phase":
                    yield Doing(one_line(message.reason, _PHASE))
                case "passed":
                    passes = message.count
                    allowed = max(_MORE * longest, _LEAST) if draws else _FIRST
                    if passes - at_draw > allowed:
                        raise Died(
                            f"{passes - at_draw:,} passes of a model without a draw, after "
                            f"{draws:,} draws; the probe was stopped: mend it",
                            by_chance=False,
                        )
                    yield Passed(passes)
                case "evidence":
                    return replace(self._evidence(body), started=one_line(message.reason, _WORDS))
                case "missing":
                    raise MissingError(one_line(message.reason))
                case "failed":
                    raise NoEvidenceError(one_line(message.reason))
                case "no memory":
                    raise self._too_much()

    def end_children(self) -> None:
        """End whatever it started: nothing of a probe outlives its question."""
        end_descendants(self._process.pid, self._mark)

    def close(self) -> None:
        """End it at once, whatever it is doing; whoever waits for its answer is told."""
        self.end_children()
        if sys.platform != "win32":
            with suppress(OSError):
                os.killpg(self._process.pid, signal.SIGKILL)
        self._process.kill()
        self._process.wait()
        self.end_children()
        with suppress(Exception):
            self._answers.put_nowait(self._ended())
        assert self._process.stdin is not None
        with suppress(OSError):  # what was not sent yet has nobody to read it
            self._process.stdin.close()

    def _answer(self, draws: int, passes: int) -> tuple[Message, bytes]:
        """Wait for the next answer to the last request. Raises Died."""
        patience = self._limits.patience if self._started else max(PATIENCE, self._limits.patience)
        until = time.monotonic() + patience
        while True:
            try:
                answer = self._answers.get(timeout=max(0.0, min(_LOOKS, until - time.monotonic())))
            except Empty:
                self._look_at_memory()
                if time.monotonic() < until:
                    continue
                raise Died(
                    f"no draw and no pass of a model for {patience:g} s, after "
                    f"{draws:,} draws and {passes:,} passes; the probe was stopped: mend it, or "
                    "wait longer (--patience)",
                    by_chance=False,
                ) from None
            if isinstance(answer, Died):
                raise answer
            if answer[0].kind == "started":
                self._started, patience = True, self._limits.patience
                until = time.monotonic() + patience
            elif answer[0].of == self._request:  # what answers twice is not heard again
                return answer

    def _evidence(self, body: bytes) -> Evidence:
        try:
            return from_bytes(body)
        except EvidenceError as error:
            raise Died(f"the probe's answer is no evidence: {error}", by_chance=False) from None

    def _look_at_memory(self) -> None:
        if self._limits.memory is not None and self._started:
            taken = memory_of(self._process.pid, self._mark)
            if taken > self._limits.memory:
                raise self._too_much()

    def _too_much(self) -> Died:
        return Died(
            f"the probe asked for more memory than {self._allowed}: "
            "mend it, or give each worker more (--memory, --workers)",
            by_chance=False,
        )

    @property
    def _allowed(self) -> str:
        size = self._limits.memory
        return "no limit of memory" if size is None else f"the {size / GIB:.3g} GiB it may take"

    def _ended(self) -> Died:
        code = self._process.wait()
        how = f"signal {-code}" if code < 0 else f"exit code {code}"
        self._listener.join(timeout=1)  # longer, where something else still has that end
        last = self._said.decode(errors="replace").strip().rpartition("\n")[2]
        said = f", saying {one_line(last, _WORDS)}" if last else ""
        mend = "mend the probe"
        if -code in _OF_MEMORY:
            mend += f", or give it more memory than {self._allowed}"
        return Died(f"the measuring process died ({how}{said}): {mend}", by_chance=True)

    def _listen(self) -> None:
        """Read what it says on standard error, which nobody else is shown: probes may print."""
        assert self._process.stderr is not None
        with suppress(OSError, ValueError), self._process.stderr as stream:
            while said := stream.read1(_LAST):  # type: ignore[attr-defined]  # it is buffered
                self._said = (self._said + said)[-_LAST:]

    def _send(self, message: Any) -> None:
        assert self._process.stdin is not None
        with suppress(OSError, ValueError):  # it died, or was ended, which reading tells
            pickle.dump(message, self._process.stdin)
            self._process.stdin.flush()

    def _read(self) -> None:
        assert self._process.stdout is not None
        with self._process.stdout as answers:
            try:
                while True:
                    self._answers.put(receive(answers))
            except WireError:
                self._process.kill()
                self._answers.put(
                    Died(
                        "something else than its answer came from the measuring process, which was "
                        "stopped; mend the probe",
                        by_chance=False,
                    )
                )
            except (EOFError, OSError, ValueError):  # its end, in the middle of an answer or not
                self._answers.put(self._ended())
