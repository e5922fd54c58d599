"""A worker as the process that started it sees it.

The parent needs no torch: it stays quick to start and to interrupt.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any

from quizproof.probes.engine.events import Drew, Event, Finished, Passed
from quizproof.probes.engine.plan import Plan, Task
from quizproof.probes.engine.workers.memory import GIB
from quizproof.probes.engine.workers.worker import Limits, OutOfMemory, Started

PATIENCE = 600.0  # seconds without a draw or a pass after which a probe is taken to be stuck
_THREADS = "OMP_NUM_THREADS"
# not multiprocessing: that runs the caller's script again, and not from a daemon's processes
_CODE = (
    "import sys; sys.path[:] = {path!r}; "
    "from quizproof.probes.engine.workers.worker import main; main()"
)


class Died(Exception):  # noqa: N818 (it is what happened to a worker)
    """A worker that gives no answer, and why; ``by_chance`` where another one may."""

    def __init__(self, reason: str, *, by_chance: bool) -> None:
        super().__init__(reason)
        self.by_chance = by_chance


class WorkerProcess:
    """One process that measures, for one thread to ask."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._patience = max(PATIENCE, limits.patience)  # until it has started
        environment = dict(os.environ)
        if limits.threads is not None:  # what the person asks for goes before
            environment.setdefault(_THREADS, str(limits.threads))
        self._process = subprocess.Popen(  # noqa: S603 (our own interpreter, our own code)
            [sys.executable, "-c", _CODE.format(path=sys.path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environment,
            # a terminal's interrupt is for the parent, even before the child could ignore it
            process_group=None if sys.platform == "win32" else 0,
        )
        self._plan: Plan | None = None  # the share that it was last sent
        self._answers: SimpleQueue[Any] = SimpleQueue()
        Thread(target=self._read, daemon=True).start()
        self._send(limits)

    @property
    def pack(self) -> Path | None:
        """The folder of the pack whose models it has."""
        return None if self._plan is None else self._plan.pack

    def measure(self, share: Plan, task: Task) -> Iterator[Event]:
        """Yield what happens while ``task`` of ``share`` is measured, its result last.

        Raises Died, after which there is only ``close``.
        """
        if share is not self._plan:
            self._plan = share
            self._send(replace(share, tasks=()))
        self._send(task)
        draws = passes = 0
        while True:
            try:
                answer = self._answers.get(timeout=self._patience)
            except Empty:
                raise Died(
                    f"no draw and no pass of a model for {self._patience:g} s, after "
                    f"{draws:,} draws and {passes:,} passes; the probe was stopped: mend it, or "
                    "wait longer (--patience)",
                    by_chance=False,
                ) from None
            match answer:
                case Started():
                    self._patience = self._limits.patience
                    continue
                case Drew():
                    draws = answer.draws
                case Passed():
                    passes = answer.passes
                case OutOfMemory():
                    raise Died(
                        f"the probe asked for more memory than {self._allowed}: "
                        "mend it, or give each worker more (--memory, --workers)",
                        by_chance=False,
                    )
                case None:
                    raise Died(
                        f"the measuring process died ({self._ending()}) with {self._allowed}: "
                        "mend the probe, or give it more memory",
                        by_chance=True,
                    )
            yield answer
            if isinstance(answer, Finished):
                return

    def close(self) -> None:
        """End it at once, whatever it is doing; whoever waits for its answer is told."""
        self._process.kill()
        self._process.wait()
        self._answers.put(None)
        assert self._process.stdin is not None
        with suppress(OSError):  # what was not sent yet has nobody to read it
            self._process.stdin.close()

    @property
    def _allowed(self) -> str:
        size = self._limits.memory
        return "no limit of memory" if size is None else f"the {size / GIB:.3g} GiB it may take"

    def _ending(self) -> str:
        code = self._process.wait()
        return f"signal {-code}" if code < 0 else f"exit code {code}"

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
                    self._answers.put(pickle.load(answers))  # noqa: S301
            except Exception:  # its end, in the middle of an answer or not
                self._answers.put(None)
