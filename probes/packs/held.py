"""Files that are held open: who opens such a path reads the very file whose digest was compared.

A path is a name: it may lead to another file a moment later, and back to the first before anybody
looks again. So a file is opened once and hashed by that handle, and the path that is handed on
opens what the handle holds. Linux gives every handle a name in /proc; where there is none, the path
opens by its own name, and an exchange is seen afterwards alone (``Pack.check_unchanged``).
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import stat
import time
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING, Any
from weakref import finalize

if TYPE_CHECKING:
    _Path = Path
else:  # the kind of this system, which alone can be made
    _Path = type(Path())

Version = tuple[int, ...]

_FRESH = 1_000_000_000  # ns: what changed just now may change again without its times telling
_known: dict[Version, str] = {}  # SHA-256 of files that were hashed in this process


class _Handle:
    """An open file that is closed when nobody holds it any more."""

    def __init__(self, descriptor: int) -> None:
        self.descriptor = descriptor

    def __del__(self) -> None:
        with contextlib.suppress(OSError):
            os.close(self.descriptor)


class Held(_Path):
    """A path that people read by its name, and that opens what is held.

    What is made of it, such as its parent, is a path like any other. A library that takes a path's
    ``str`` opens by name: hand it ``os.fspath``.
    """

    _opens: str | None = None
    _holding: object = None

    def __fspath__(self) -> str:
        return str(self) if self._opens is None else self._opens


class HeldFolder(Held):
    """A folder of held files and no other: ``/`` gives one of them."""

    def __truediv__(self, key: Any) -> Held:  # type: ignore[override]  # it is no folder
        inside = Held(str(self), key)
        if self._opens is not None:
            inside._opens = os.path.join(self._opens, key)  # noqa: PTH118 (no Path's string)
            inside._holding = self._holding
        return inside


def hold(path: Path) -> tuple[Held, str, Version]:
    """The file at ``path``, its SHA-256, and its version. Raises OSError, NotRegularError."""
    handle = _Handle(_opened(path))
    digest, version = _digest(handle.descriptor)
    held = Held(path)
    held._holding = handle
    if _has_proc():
        # by number, not as "self": a process that is started to read it finds it, too
        held._opens = f"/proc/{os.getpid()}/fd/{handle.descriptor}"
    return held, digest, version


def hold_folder(folder: Path, files: Mapping[str, Held]) -> HeldFolder:
    """``folder`` with ``files``, by their paths in it, and nothing else in it."""
    held = HeldFolder(folder)
    if not _has_proc():
        held._holding = _Holding(files)
        return held
    view = mkdtemp(prefix="quizproof-")
    held._holding = holding = _Holding(files)
    finalize(holding, _take_away, view, os.getpid())
    for name, file in files.items():
        link = Path(view, name)
        link.parent.mkdir(parents=True, exist_ok=True)
        link.symlink_to(os.fspath(file))
    held._opens = view
    return held


class _Holding:
    """Files that are held as long as this is."""

    def __init__(self, files: Mapping[str, Held]) -> None:
        self._files = dict(files)


def _take_away(view: str, of: int) -> None:
    if os.getpid() == of:  # and not in a process that was forked meanwhile
        shutil.rmtree(view, ignore_errors=True)


class NotRegularError(OSError):
    """What is no regular file: a folder, a pipe, a socket, a device."""


def read_regular(path: Path, most: int) -> bytes:
    """What is in a regular file that is no link. Raises OSError, NotRegularError."""
    with os.fdopen(_opened(path, follow=False), "rb") as file:
        if os.fstat(file.fileno()).st_size > most:
            raise NotRegularError(f"larger than {most} bytes")
        return file.read(most)


def file_version(path: Path) -> Version:
    """Version of a file, which differs after it was written or replaced. Raises OSError."""
    return _version(path.stat())


def _version(found: os.stat_result) -> Version:
    # the last is what a program that writes cannot set back
    return found.st_mtime_ns, found.st_size, found.st_dev, found.st_ino, found.st_ctime_ns


def _opened(path: Path, *, follow: bool = True) -> int:
    if not stat.S_ISREG(path.stat(follow_symlinks=follow).st_mode):  # to open some does something
        raise NotRegularError("no file but a link, a folder, a pipe or a device")
    flags = os.O_RDONLY | getattr(os, "O_BINARY", 0)
    flags |= getattr(os, "O_NONBLOCK", 0)  # a pipe that was put there meanwhile is not waited for
    if not follow:
        flags |= getattr(os, "O_NOFOLLOW", 0)
    descriptor = os.open(os.fspath(path), flags)  # as text, of which ``opened_files`` hears
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise NotRegularError("no file but a link, a folder, a pipe or a device")
    return descriptor


def _digest(descriptor: int) -> tuple[str, Version]:
    """Raises OSError for a file that is written while it is hashed."""
    version = _version(os.fstat(descriptor))
    if (known := _known.get(version)) is not None:
        return known, version
    with os.fdopen(os.dup(descriptor), "rb") as file:
        file.seek(0)
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    if _version(os.fstat(descriptor)) != version:
        raise OSError(0, "it is being written")
    if time.time_ns() - version[-1] > _FRESH:
        _known[version] = digest
    return digest, version


@cache
def _has_proc() -> bool:
    return Path(f"/proc/{os.getpid()}/fd").is_dir()
