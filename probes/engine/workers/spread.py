"""A plan's shares spread over workers, on this machine or on many."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from queue import SimpleQueue
from typing import Any, Final, Protocol

from quizproof.probes.engine.events import Event, Stopped
from quizproof.probes.engine.plan import Plan

# `timeout` signals its child and then the child's group, a shell and its terminal both hang up
_SAME_SECONDS: Final = 1.0
_AT_ONCE: Final = 1_000  # shares: more than any cluster has workers for
_SIGNALS: Final = [
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
]


class Crew(Protocol):
    """Workers somewhere."""

    @property
    def count(self) -> int:
        """Number of shares that are measured at once."""

    def events(self, share: Plan) -> Iterator[Event]:
        """Yield what happens while ``share`` is measured; any number of threads may ask at once."""

    def close(self) -> None:
        """End the measuring at once: whoever waits for an event gets CancelledError."""


def spread(shares: Iterator[Plan], crew: Crew) -> Generator[tuple[Plan, Event]]:
    """Yield what happens in measuring ``shares``, which are taken when a worker is free for one.

    Every task has one result in the end, in any order. Where a signal asks the program to end, the
    last event is Stopped, and the same signal acts as it would without us when it comes again, but
    not within a second of the first. Raises what measuring raises.
    """
    happened: SimpleQueue[tuple[Plan, Event] | Future[None] | Stopped] = SimpleQueue()
    latest: Plan | None = None

    def measure(share: Plan) -> None:
        for event in crew.events(share):
            happened.put((share, event))

    threads = ThreadPoolExecutor(_AT_ONCE, "measuring")
    under_way = 0
    try:
        with _signals(lambda number: happened.put(Stopped(number))):
            while True:
                while under_way < crew.count and (share := next(shares, None)):
                    threads.submit(measure, share).add_done_callback(happened.put)
                    under_way += 1
                    latest = share
                if latest is None or not under_way:
                    return
                match happened.get():
                    case Future() as done:
                        done.result()
                        under_way -= 1
                    case Stopped() as stopped:
                        yield latest, stopped
                        return
                    case event:
                        yield event
    finally:
        threads.shutdown(wait=False, cancel_futures=True)


def divided(plan: Plan, parts: int) -> list[Plan]:
    """``plan`` in as many ``parts`` of about the same size, none of them empty."""
    tasks = plan.tasks
    return [replace(plan, tasks=tasks[part::parts]) for part in range(min(parts, len(tasks)))]


@contextmanager
def _signals(take: Callable[[int], None]) -> Iterator[None]:
    """Have the first signal that asks the program to end taken, where signals come to us."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before: dict[int, Any] = {}

    def first(number: int, _: object) -> None:
        restore()
        signal.signal(number, _again(before.pop(number)))  # stays while the report is written
        take(number)

    def restore() -> None:
        for number, handler in before.items():
            signal.signal(number, handler)

    for number in _SIGNALS:
        if signal.getsignal(number) not in (signal.SIG_IGN, None):  # nohup stays nohup
            before[number] = signal.signal(number, first)
    try:
        yield
    finally:
        restore()


def _again(before: Any) -> Callable[[int, object], None]:
    """A handler of what comes once more: the same signal at first, later one for ``before``."""
    came = time.monotonic()

    def again(number: int, _: object) -> None:
        if time.monotonic() - came > _SAME_SECONDS:
            signal.signal(number, before)
            signal.raise_signal(number)

    return again
