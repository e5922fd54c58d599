"""Record of the files opened while a probe measures, to find those that it does not declare.

An audit hook (PEP 578) hears of every file that Python code opens; files that native code opens by
itself are not heard of, nor those of another process: that one was started is. Code and what is
installed may be read, the system's files, what libraries keep for themselves, and temporary files
that are made meanwhile; anything else that a draw rests on has to be known, or evidence would
outlive it.
"""

from __future__ import annotations

import math
import os
import sys
import sysconfig
import tempfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from quizproof.probes.engine.evidence.code import installed

_CODE = (".py", ".pyc", ".pyi", ".so", ".pyd", ".dll", ".dylib", ".pth")
_SYSTEM = ("/proc", "/sys", "/dev", "/etc", "/usr", "/lib", "/System", "/Library", "/private/etc")

_METADATA = (".dist-info", ".egg-info")
# where libraries keep compiled kernels and lists of fonts; the hub's models are named by commit
_CACHES = ("fontconfig", "matplotlib", "torch", "torch_extensions", "triton", "numba", "nvidia")

# audit events of starting a process, which may read what it likes
_STARTS = (
    "subprocess.Popen",
    "os.exec",
    "os.fork",
    "os.forkpty",
    "os.posix_spawn",
    "os.spawn",
    "os.startfile",
    "os.system",
)
_OURS = "dry_pickle.py"  # which reads a checkpoint that a pack names

# of whoever listens, an audit hook being there for good
_hearing: list[set[str]] = []
_counting: list[list[str]] = []


@contextmanager
def opened_files() -> Iterator[set[str]]:
    """The files that this process opens meanwhile, as they are named to it."""
    _hook()
    heard: set[str] = set()
    _hearing.append(heard)
    try:
        yield heard
    finally:
        _hearing.remove(heard)


@contextmanager
def started_processes() -> Iterator[list[str]]:
    """How this process starts others meanwhile, by the names of the audit events."""
    _hook()
    heard: list[str] = []
    _counting.append(heard)
    try:
        yield heard
    finally:
        _counting.remove(heard)


def undeclared(
    opened: Collection[str], declared: Collection[Path], since: float = math.inf
) -> list[Path]:
    """Those of ``opened`` that nobody declares, and that are no code nor the system's.

    Temporary files that were made ``since`` then, in seconds since the epoch, are a probe's own.
    """
    known = {path.resolve() for path in declared}
    files = {Path(name).resolve() for name in opened if not name.endswith(_CODE)}
    return sorted(
        path
        for path in files
        if path.is_file()
        and path not in known
        and not _of_the_machine(path)
        and not _made(path, since)
    )


def _made(path: Path, since: float) -> bool:
    """Return whether a temporary file was made since then."""
    temporary = path.is_relative_to(Path(tempfile.gettempdir()).resolve())
    return temporary and path.stat().st_ctime >= since


def _of_the_machine(path: Path) -> bool:
    # what is installed is told of by files that libraries look through when they are imported
    if path.parent.suffix in _METADATA or installed(path):
        return True
    return any(path.is_relative_to(folder) for folder in _machine())


@cache
def _machine() -> tuple[Path, ...]:
    python = (sysconfig.get_path(kind) for kind in ("stdlib", "platstdlib", "purelib", "platlib"))
    system = [name for name in (*_SYSTEM, os.environ.get("SYSTEMROOT")) if name]
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    hub = os.environ.get("HF_HOME") or cache / "huggingface"
    folders = [
        *python,
        sys.prefix,
        sys.base_prefix,
        *system,
        hub,
        *(cache / of for of in _CACHES),
    ]
    ours = Path(__file__).resolve().parents[1]  # this room, which may be reached by a link
    return (*(Path(folder).resolve() for folder in folders if folder), ours)


@cache
def _hook() -> None:
    sys.addaudithook(_heard)


def _heard(event: str, arguments: tuple[object, ...]) -> None:
    if event == "open" and _hearing and isinstance(arguments[0], str | bytes):
        for heard in _hearing:
            heard.add(os.fsdecode(arguments[0]))
    elif event in _STARTS and _counting and _OURS not in str(arguments):
        for started in _counting:
            started.append(event)
