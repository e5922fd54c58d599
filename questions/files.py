"""Files of strangers, read within a bound; and files of ours, which are whole or as they were.

Nothing here waits for a pipe, follows a device, or leaves half of what was to be written.
"""

from __future__ import annotations

import errno
import os
import secrets
import stat
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, Final

from quizproof.questions.problems import InputError, Problem

# the least of what is called for: a pipe that nobody writes to is opened without waiting
_READ: Final = (
    os.O_RDONLY
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_NOCTTY", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)
)
_KINDS: Final = {
    stat.S_IFDIR: "a folder",
    stat.S_IFIFO: "a pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
}


def read_bounded(path: Path, most: int, mend: str = "split the file") -> bytes:
    """The bytes of the file at ``path``, of which there may be ``most``.

    Raises InputError for what is no file, larger, or cannot be read.
    """
    try:
        with open_bounded(path, most, mend) as file:
            content = file.read(most + 1)
    except OSError as error:
        raise _unreadable(path, f"cannot be read ({error.strerror})", "check the path") from None
    if len(content) > most:  # it grew, or its size was no size
        raise _unreadable(path, f"larger than {most} bytes", mend)
    return content


def open_bounded(path: Path, most: int, mend: str = "split the file") -> BinaryIO:
    """The file at ``path``, open for reading. Raises InputError for what is no file, or larger."""
    try:
        found = path.stat()
        # looked at before it is opened, since opening some devices does something
        if stat.S_ISREG(found.st_mode):
            file = os.fdopen(os.open(path, _READ), "rb")
            found = os.fstat(file.fileno())
    except (OSError, ValueError) as error:  # the latter for a path with a zero character
        reason = getattr(error, "strerror", None) or "no name of a file"
        raise _unreadable(path, f"cannot be read ({reason})", "check the path") from None
    if not stat.S_ISREG(found.st_mode):
        kind = _KINDS.get(stat.S_IFMT(found.st_mode), "no file")
        raise _unreadable(path, f"cannot be read (it is {kind})", "name a file")
    if found.st_size > most:
        file.close()
        raise _unreadable(path, f"larger than {most} bytes", mend)
    return file


def write_whole(path: Path, content: str | bytes) -> None:
    """Write ``content`` to ``path`` so that a reader sees all of it or what was there before.

    It is written beside it, which takes its place. What is no file, such as ``/dev/stdout``, is
    written to as it is. Half a character, which UTF-8 cannot hold, becomes its escape. Raises
    OSError, which names ``path``.
    """
    if isinstance(content, str):
        content = content.encode("utf-8", "backslashreplace")
    try:
        if path.exists() and not path.is_file():
            path.write_bytes(content)
        else:
            _replace(path.resolve(), content)  # a link stays one
    except OSError as error:
        raise OSError(error.errno, error.strerror or str(error), str(path)) from error


def is_full(error: OSError) -> bool:
    """Tell whether it was room that was lacking."""
    return error.errno in (errno.ENOSPC, errno.EFBIG, errno.EDQUOT)


def _replace(path: Path, content: bytes) -> None:
    beside = path.with_name(f".{path.name[-50:]}.{secrets.token_hex(8)}")
    try:
        with beside.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileNotFoundError):
            beside.chmod(stat.S_IMODE(path.stat().st_mode))
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def _unreadable(path: Path, what: str, mend: str) -> InputError:
    return InputError([Problem(str(path), 0, 0, what, mend)])
