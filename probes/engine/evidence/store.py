"""Evidence that is kept: a file for each key, on this disk or at any URL that fsspec knows.

An entry is written whole or not at all, and is checked when it is read: one that is damaged, or
lies under another key than its own, is as good as none. Nor is a link one, a pipe, or a device. Of
two runs that write the same entry at once, either one's stays.
"""

from __future__ import annotations

import contextlib
import os
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from platformdirs import user_cache_path

from quizproof.probes.engine.evidence.record import (
    Evidence,
    EvidenceError,
    from_bytes,
    sealed,
    to_bytes,
    unsealed,
)
from quizproof.probes.packs.held import NotRegularError, read_regular
from quizproof.questions.files import write_whole
from quizproof.questions.problems import QuizproofError, one_line

VARIABLE = "QUIZPROOF_STORE"
SUFFIX = ".evidence"
_ABANDONED = 86_400  # seconds after which nobody is still writing
_KEY = re.compile(r"[0-9a-f]{64}")
_MOST = 500_000_000  # bytes of an entry


class StoreError(QuizproofError):
    """A place that cannot be used as a store."""


class StoreAwayError(StoreError):
    """A place that does not answer now; another time it may."""


@dataclass(frozen=True)
class Entry:
    """Entry of the store: what lies under one key."""

    key: str
    size: int  # bytes
    age: float | None  # seconds since it was last written or read; None where nobody knows


def default_place() -> str:
    """The folder of this user's cache, or what the environment's QUIZPROOF_STORE names."""
    return os.environ.get(VARIABLE) or str(user_cache() / "evidence")


def place_of(named: str | None) -> str | None:
    """The place called ``named``, this user's where it is None; None for "none": nowhere."""
    place = named or default_place()
    return None if place == "none" else place


def user_cache() -> Path:
    """This program's folder in this user's cache."""
    return user_cache_path("quizproof", appauthor=False, opinion=False)


class Store:
    """Evidence by key."""

    def __init__(self, place: str) -> None:
        """``place`` is a folder or an fsspec URL. Raises StoreError for one that is neither, and
        StoreAwayError where nobody answers.
        """
        import fsspec

        try:
            self._files, root = fsspec.url_to_fs(place)
        except OSError as error:
            raise StoreAwayError(
                f"{place} does not answer ({one_line(error.strerror or str(error), 120)}); "
                "no evidence is kept there, nor looked for"
            ) from None
        except Exception as error:  # each protocol fails in its own way
            raise StoreError(
                f"{place} is no place for evidence ({one_line(str(error), 120)}); "
                "name a folder, or a URL that fsspec knows"
            ) from None
        self.place = place
        self._root = PurePosixPath(root)
        self._local = "file" in _protocols(self._files)

    def get(self, key: str) -> Evidence | None:
        """Return what was put under ``key``; None where there is nothing that is whole."""
        found = self.peek(key)
        if found is not None:
            self._touch(key)
        return found

    def peek(self, key: str) -> Evidence | None:
        """The same, without its counting as used."""
        content = self.read(key)
        try:
            return None if content is None else from_bytes(content)
        except EvidenceError:
            return None

    def read(self, key: str) -> bytes | None:
        """What was put under ``key``, as bytes; None where there is nothing that is whole."""
        try:
            return self._content(key)
        except Exception:  # a place that does not answer is as good as an empty one
            return None

    def _content(self, key: str) -> bytes:
        """Raises EvidenceError, and what reading raises."""
        path = self._path(key)
        if not self._local:
            return unsealed(key, self._files.cat_file(str(path)))
        try:
            return unsealed(key, read_regular(Path(path), _MOST))
        except NotRegularError as error:
            raise EvidenceError(f"no entry: {error}") from None

    def put(self, key: str, evidence: Evidence) -> None:
        """Keep ``evidence`` under ``key``. Raises StoreError where it cannot be kept."""
        path = self._path(key)
        content = sealed(key, to_bytes(evidence))
        try:
            self._files.makedirs(str(path.parent), exist_ok=True)
            if self._local:
                write_whole(Path(path), content)
            else:
                self._files.pipe_file(str(path), content)
        except Exception as error:  # each protocol fails in its own way
            raise StoreError(
                f"evidence cannot be kept in {self.place} "
                f"({one_line(getattr(error, 'strerror', None) or str(error), 120)}); "
                "free some space, or name another place with --store"
            ) from None

    def entries(self) -> Iterator[Entry]:
        """Every entry, whole or not. Raises StoreError where the place cannot be listed."""
        try:
            self._files.invalidate_cache()
            found = self._files.find(str(self._root), detail=True)
        except FileNotFoundError:
            return
        except Exception as error:
            raise StoreError(
                f"{self.place} cannot be listed ({one_line(str(error), 120)})"
            ) from None
        for path, detail in sorted(found.items()):
            name = PurePosixPath(path)
            if name.suffix == SUFFIX and _KEY.fullmatch(name.stem):
                used = detail.get("mtime")
                age = time.time() - used if isinstance(used, int | float) else None
                yield Entry(name.stem, int(detail.get("size") or 0), age)

    def damage(self, key: str) -> str | None:
        """Return what is wrong with the entry under ``key``; None where it is whole."""
        try:
            from_bytes(self._content(key))
        except EvidenceError as error:
            return str(error)
        except Exception as error:
            return f"cannot be read ({one_line(str(error), 120)})"
        return None

    def remove(self, key: str) -> None:
        """Take the entry under ``key`` away; nothing happens where there is none."""
        with contextlib.suppress(FileNotFoundError):
            self._files.rm_file(str(self._path(key)))

    def sweep(self) -> int:
        """Take away what writers that were killed left a day ago or longer; gives the bytes."""
        freed = 0
        if self._local:
            for path in Path(self._root).glob(f"??/.*{SUFFIX}.*"):
                with contextlib.suppress(OSError):
                    found = path.stat()
                    if time.time() - found.st_mtime > _ABANDONED:
                        path.unlink()
                        freed += found.st_size
        return freed

    def _path(self, key: str) -> PurePosixPath:
        if not _KEY.fullmatch(key):
            raise ValueError(f"{key!r} is no key")
        return self._root / key[:2] / f"{key}{SUFFIX}"

    def _touch(self, key: str) -> None:
        """So that what is used is not what is cleared away first."""
        if self._local:
            with contextlib.suppress(OSError):
                os.utime(self._path(key))


def _protocols(files: Any) -> tuple[str, ...]:
    protocol = files.protocol
    return (protocol,) if isinstance(protocol, str) else tuple(protocol)
