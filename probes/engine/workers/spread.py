"""Shares of a run spread over workers, on this machine or on many."""

from __future__ import annotations

import os
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from queue import SimpleQueue
from typing import Protocol, TypeAlias

from quizproof.probes.engine.events import Event
from quizproof.probes.engine.workers.memory import GIB, machine_memory, share_of_memory
from quizproof.probes.engine.workers.share import Workers
from quizproof.probes.engine.workers.tasks import PATIENCE, Limits, Share, Task

_LEAST = 2 * GIB  # of memory, for each worker that nobody asked for


@dataclass(frozen=True)
class Happened:
    """Something in the measuring of a share."""

    share: Share
    what: Event


Take: TypeAlias = Callable[[Happened], None]


class Measuring(Protocol):
    """Workers somewhere."""

    @property
    def count(self) -> int:
        """Number of shares that are measured at once."""

    def submit(self, share: Share, take: Take) -> Future[None]:
        """Measure ``share``; ``take`` what happens, from any thread, before the future is done."""

    def close(self) -> None:
        """End the measuring at once."""


class Here:
    """Workers of this machine."""

    def __init__(self, count: int, memory: int | None = None, patience: float = PATIENCE) -> None:
        """``count`` processes, which share cores, and ``memory`` in bytes each."""
        self.count = count
        threads = None if count == 1 else max(1, cores() // count)
        self._workers = Workers(Limits(patience, memory or share_of_memory(count), threads))
        self._threads = ThreadPoolExecutor(count, "measuring")

    def submit(self, share: Share, take: Take) -> Future[None]:
        return self._threads.submit(self._measure, share, take)

    def _measure(self, share: Share, take: Take) -> None:
        for event in self._workers.events(share):
            take(Happened(share, event))

    def close(self) -> None:
        self._workers.close()
        self._threads.shutdown(cancel_futures=True)


def spread(shares: Iterator[Share], measuring: Measuring) -> Generator[Happened]:
    """Yield what happens in measuring ``shares``, which are taken when a worker is free for one.

    Every task has one result in the end, in any order. Raises what measuring raises.
    """
    events: SimpleQueue[Happened | Future[None]] = SimpleQueue()
    under_way = 0
    while True:
        # one more than are measured, so that no worker waits for it
        while under_way <= measuring.count and (share := next(shares, None)):
            measuring.submit(share, events.put).add_done_callback(events.put)
            under_way += 1
        if not under_way:
            return
        event = events.get()
        if isinstance(event, Happened):
            yield event
        else:
            event.result()
            under_way -= 1


def divided(tasks: Sequence[Task], parts: int) -> list[tuple[Task, ...]]:
    """``tasks`` in as many ``parts`` of about the same size, none of them empty."""
    return [tuple(tasks[part::parts]) for part in range(min(parts, len(tasks)))]


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
