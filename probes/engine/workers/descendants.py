"""Processes that a worker started, however they hid, and the memory that all of them take.

Linux tells of them in ``/proc``. Elsewhere a worker's process group ends with it, and its limit of
memory is its own alone.
"""

from __future__ import annotations

import ctypes
import os
import re
import signal
from contextlib import suppress
from pathlib import Path
from typing import Final

MARK: Final = "QUIZPROOF_WORKER"  # in the environment of a worker, and of whatever it starts
_PROC: Final = Path("/proc")
_PR_SET_CHILD_SUBREAPER: Final = 36  # prctl.h
_PR_SET_PDEATHSIG: Final = 1
_PARENT: Final = re.compile(rb"^PPid:\s+(\d+)", re.MULTILINE)
_MEMORY: Final = re.compile(rb"^Rss(?:Anon|Shmem):\s+(\d+) kB", re.MULTILINE)
_ROUNDS: Final = 5  # of ending what starts others meanwhile


def keep_orphans() -> None:
    """Become the parent of whatever this process's children leave, where the system has that."""
    with suppress(AttributeError, OSError, TypeError):
        ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def end_with_parent(parent: int) -> None:
    """Have this process killed once ``parent``, which it was forked by, has ended."""
    with suppress(AttributeError, OSError, TypeError):
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:  # it had ended before
        os._exit(1)


def descendants(worker: int, mark: str) -> set[int]:
    """The processes that ``worker`` started, at first hand or not, or that bear its mark."""
    marked = f"{MARK}={mark}".encode()
    parents: dict[int, int] = {}
    found = set()
    for folder in _PROC.glob("[0-9]*"):
        with suppress(OSError):  # it ended, or is another user's
            number = int(folder.name)
            if match := _PARENT.search((folder / "status").read_bytes()):
                parents[number] = int(match[1])
            if marked in (folder / "environ").read_bytes().split(b"\0"):
                found.add(number)
    family = {worker}
    while more := {child for child, parent in parents.items() if parent in family} - family:
        family |= more
    return (family | found) - {worker, os.getpid()}


def memory_of(worker: int, mark: str) -> int:
    """Bytes that ``worker`` and its descendants have for themselves, or share with each other."""
    kilobytes = 0
    for number in {worker, *descendants(worker, mark)}:
        with suppress(OSError):
            status = (_PROC / str(number) / "status").read_bytes()
            kilobytes += sum(map(int, _MEMORY.findall(status)))
    return kilobytes * 1024


def end_descendants(worker: int, mark: str) -> None:
    """End whatever ``worker`` started, at once."""
    for _ in range(_ROUNDS):
        if not (left := descendants(worker, mark)):
            return
        for number in left:
            with suppress(OSError):
                os.kill(number, signal.SIGKILL)
