"""Batches that go through a network side by side, each on a thread of its own.

Where each of a small network's operations is split among threads, they mostly wait for one another:
on two cores, a batch for each takes two thirds of the time of both for one batch after another. How
many there are changes no digit, since every batch is computed as it would be alone.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import chain, islice
from typing import TypeVar

import torch

T = TypeVar("T")
R = TypeVar("R")

_MOST = 4  # batches at a time, since each takes memory for all its layers' outputs


def side_by_side(work: Callable[[T], R], batches: Iterable[T], device: torch.device) -> Iterator[R]:
    """``work`` of each of ``batches``, in their order, some begun before they are asked for.

    On a processor as many at a time as torch has threads, 4 at most; elsewhere, in a process with
    one thread, and where there is one batch alone, one after another. What ``batches`` does to make
    one is done in this thread.
    """
    threads = torch.get_num_threads()
    at_once = min(threads, _MOST) if device.type == "cpu" else 1
    following = iter(batches)
    first = list(islice(following, 2))
    batches = chain(first, following)
    if at_once == 1 or len(first) < 2:
        yield from map(work, batches)
        return
    inside = threads // at_once
    begun: deque[Future[R]] = deque()
    pool = ThreadPoolExecutor(at_once, initializer=torch.set_num_threads, initargs=(inside,))
    try:
        for batch in batches:
            begun.append(pool.submit(work, batch))
            if len(begun) > at_once:
                yield begun.popleft().result()
        while begun:
            yield begun.popleft().result()
    finally:
        pool.shutdown(cancel_futures=True)
        torch.set_num_threads(threads)  # the setting of those threads is that of the next ones, too
