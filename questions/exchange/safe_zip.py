"""A zip from strangers: read in memory, piece by piece, and never unpacked to disk."""

from __future__ import annotations

import os
import stat
import zlib
from collections import Counter
from pathlib import Path
from types import TracebackType
from typing import BinaryIO
from zipfile import BadZipFile, ZipFile, ZipInfo

from quizproof.questions.exchange.exchanged import ExchangeError
from quizproof.questions.files import open_bounded
from quizproof.questions.problems import one_line

MAX_ZIP_BYTES = 512 * 2**20
MAX_MEMBERS = 10_000
MAX_MEMBER_BYTES = 32 * 2**20
MAX_READ_BYTES = 128 * 2**20
MAX_RATIO = 200  # quizzes shrink to a tenth; a bomb to a thousandth
MAX_LIST_BYTES = 4 * 2**20
_SMALL = 1 * 2**20
_END_AT_MOST = 22 + 65_535 + 76  # of a zip: its end, a comment, and the end for larger files
_NOT_HERE = 2**32 - 1  # a length that stands in the end for larger files


class SafeZip:
    """The members of a zip by name. Raises ExchangeError, from any method."""

    def __init__(self, path: Path) -> None:
        self._path = path
        file = open_bounded(path, MAX_ZIP_BYTES, "export one quiz alone")
        try:
            refuse_long_list(file, MAX_LIST_BYTES)
            self._zip = ZipFile(file)
        except (BadZipFile, ValueError, NotImplementedError, EOFError, OSError) as error:
            file.close()
            raise ExchangeError(f"{path}: no whole zip ({_said(error)}); export it again") from None
        self._file = file  # which ZipFile leaves open
        self._left = MAX_READ_BYTES
        try:
            self._members = self._checked()
        except ExchangeError:
            self.close()
            raise

    def __enter__(self) -> SafeZip:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        self._zip.close()
        self._file.close()

    @property
    def names(self) -> tuple[str, ...]:
        """Of its files, in their order."""
        return tuple(self._members)

    def read(self, name: str) -> bytes:
        """The whole of one file."""
        at = f"{self._path}/{_shown(name)}"
        info = self._members.get(name)
        if info is None:
            raise ExchangeError(f"{at}: is not in the zip; export it again")
        if info.flag_bits & 1:
            raise ExchangeError(f"{at}: is encrypted; make the zip without a password")
        if stat.S_ISLNK(info.external_attr >> 16):
            raise ExchangeError(f"{at}: is a link; put the file itself into the zip")
        if info.file_size > _SMALL and info.file_size > MAX_RATIO * info.compress_size:
            raise ExchangeError(f"{at}: unpacks to more than {MAX_RATIO} times its size; not read")
        most = min(MAX_MEMBER_BYTES, self._left)
        try:
            with self._zip.open(info) as file:
                data = file.read(most + 1)
        except (BadZipFile, zlib.error, EOFError, RuntimeError, ValueError, OSError) as error:
            raise ExchangeError(f"{at}: is damaged ({_said(error)}); export it again") from None
        if len(data) > most:
            raise ExchangeError(f"{at}: unpacks to more than {most} bytes; export one quiz alone")
        self._left -= len(data)
        return data

    def _checked(self) -> dict[str, ZipInfo]:
        infos = self._zip.infolist()
        if len(infos) > MAX_MEMBERS:
            raise ExchangeError(
                f"{self._path}: more than {MAX_MEMBERS} files; export one quiz alone"
            )
        twice = [name for name, times in Counter(i.filename for i in infos).items() if times > 1]
        if twice:
            raise ExchangeError(
                f"{self._path}: holds '{_shown(twice[0])}' twice, and which is meant is not said; "
                "export it again"
            )
        return {info.filename: info for info in infos if not info.filename.endswith("/")}


def refuse_long_list(file: BinaryIO, most: int) -> None:
    """Raise BadZipFile where the list of members takes more than ``most`` bytes.

    ``ZipFile`` would read all of it, some thousand bytes of memory for each 46, before it could be
    asked how many there are.
    """
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - _END_AT_MOST))
    end = file.read(_END_AT_MOST)
    at = end.rfind(b"PK\x05\x06")
    # the list ends where its end begins, and an archive for larger files has its own end before it
    length = int.from_bytes(end[at + 12 : at + 16], "little") if at >= 0 else 0
    larger = end.rfind(b"PK\x06\x06", 0, max(at, 0))
    if larger >= 0:
        length = max(length % _NOT_HERE, int.from_bytes(end[larger + 40 : larger + 48], "little"))
    if length > most:
        raise BadZipFile("its list of files is too long")
    file.seek(0)


def _said(error: Exception) -> str:
    return one_line(str(error), 100) or type(error).__name__


def _shown(name: str) -> str:
    return one_line(name, 100)
