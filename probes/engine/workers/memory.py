"""Memory that a worker may take, and how it is told that there was no more."""

from __future__ import annotations

import ctypes
import os
from pathlib import Path
from typing import Final

_SHARE: Final = 0.8  # of the machine's memory, for all workers together
_GROUPS = ("memory.max", "memory/memory.limit_in_bytes")  # of a container, either version
_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD = -1, -3  # malloc.h
GIB: Final = 1 << 30


def machine_memory() -> int | None:
    """The bytes that this machine, or this container, has; None where it does not say."""
    try:
        found = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, OSError, ValueError):
        return None
    for name in _GROUPS:
        try:
            found = min(found, int((Path("/sys/fs/cgroup") / name).read_text()))
        except (OSError, ValueError):  # another version, or no limit
            continue
    return found


def share_of_memory(workers: int) -> int | None:
    """The bytes that each of ``workers`` may take so that all of them fit."""
    found = machine_memory()
    return None if found is None else int(found * _SHARE / workers)


def limit_memory(size: int) -> None:
    """Let this process allocate no more than ``size`` bytes, where the platform can see to it.

    That is Linux: data, not address space, of which an accelerator's driver reserves more than
    there is memory. Weights that are mapped from a file count, though workers share their pages.
    """
    try:
        import resource
    except ImportError:
        return
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    soft = size if hard == resource.RLIM_INFINITY else min(size, hard)
    resource.setrlimit(resource.RLIMIT_DATA, (soft, hard))


def ran_out(error: BaseException | None) -> bool:
    """Return whether ``error`` came of there being no more memory, at first hand or not."""
    while error is not None:
        if isinstance(error, MemoryError) or "can't allocate memory" in str(error):  # torch's words
            return True
        error = error.__cause__ or error.__context__
    return False


def keep_freed_memory() -> None:
    """Have glibc keep what torch frees: else each layer's output is fetched from the system anew.

    Without it a third of the time goes into page faults. Other C libraries are left as they are.
    """
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (AttributeError, OSError, TypeError):
        return
    for setting in (_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD):
        mallopt(setting, 1 << 30)
