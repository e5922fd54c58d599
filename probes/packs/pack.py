"""A pack: a folder with a manifest that names what is measured, each file with its SHA-256.

Nothing but the manifest is read before it is asked for, and nothing whose digest differs is used.
"""

from __future__ import annotations

import errno
import hashlib
import stat
from collections.abc import Collection, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from quizproof.probes.kinds.every import every_kind
from quizproof.probes.kinds.kind import Entry, Part
from quizproof.probes.packs.files import File, Folder, HubModel
from quizproof.probes.packs.held import (
    Held,
    HeldFolder,
    NotRegularError,
    Version,
    file_version,
    hold,
    hold_folder,
)
from quizproof.probes.packs.hub_list import is_unlisted
from quizproof.probes.packs.installed import NotInstalledError, installed_file
from quizproof.probes.packs.manifest import MANIFEST, read_manifest
from quizproof.questions.problems import InputError, Problem, QuizproofError
from quizproof.questions.spec import QuizFile

# of a model's folder: the same weights for other programs, which may be large, and words
_NEVER_READ = (".bin", ".h5", ".msgpack", ".onnx", ".ot", ".md")
EMBEDDED = Path(__file__).parents[1] / "embedded" / "pack"


def pack_folder(quiz: Path, head: QuizFile, named: str | Path | None = None) -> Path:
    """The folder that a quiz is measured on.

    That is ``named``; else the one of its ``quiz.yaml``, which is relative to the quiz's folder;
    else the embedded.
    """
    if named is not None:
        return Path(named)
    return EMBEDDED if head.pack is None else quiz / head.pack


class MissingError(QuizproofError):
    """The pack lacks a part, a picture or a region that is asked for."""


class DigestError(QuizproofError):
    """A file of the pack is not the one that the manifest names."""


class Pack:
    """An opened pack."""

    def __init__(self, folder: Path) -> None:
        """Raises InputError for a manifest that is missing or wrong."""
        if not (folder / MANIFEST).is_file():
            raise InputError(
                [
                    Problem(
                        str(folder), 0, 0, f"no {MANIFEST} here", f"quizproof pack build {folder}"
                    )
                ]
            )
        self.folder = folder
        # the digest holds those of all the rest
        self.written, self.digest, version = hold(folder / MANIFEST)
        self._checked: dict[Path, Version] = {folder / MANIFEST: version}
        self.manifest = read_manifest(self.written)
        # identities of a hub's models without a list; None: of those here the hub's cache says so
        self.unlisted: Collection[str] | None = None
        # by what it is: an evidence file has it elsewhere
        self.embedded = self.digest == hold(EMBEDDED / MANIFEST)[1]

    @property
    def parts(self) -> Mapping[str, Part[Any]]:
        """Its parts, by name."""
        name = self.manifest.name
        return {part: Part(part, entry, name, self) for part, entry in self.manifest.parts.items()}

    def part(self, name: str) -> Part[Any]:
        """The part called ``name``. Raises MissingError."""
        if name not in self.parts:
            near = get_close_matches(name, self.parts, n=1)
            meant = f"; did you mean {near[0]}?" if near else ""
            raise MissingError(f"pack {self.manifest.name} has no {name}{meant}")
        return self.parts[name]

    def of_kind(self, kind: str) -> list[Part[Any]]:
        """Its parts of ``kind``, in the manifest's order."""
        return [part for part in self.parts.values() if part.entry.kind == kind]

    def loaded(self, name: str, randomized: int | None = None) -> Any:
        """What a probe works with of the part ``name``, with random weights if ``randomized``.

        Raises MissingError, and what loading it raises.
        """
        part = self.part(name)
        return every_kind()[part.entry.kind].load(part, randomized)

    def identity(self, part: Part[Any]) -> str:
        """Return the identity by which a quiz names ``part``.

        A model of a hub of which nothing says that it is its commit's has one that no quiz names.
        """
        found: str = part.entry.identity()
        return found + (" by nobody's list" if self._is_unlisted(part.entry) else "")

    def _is_unlisted(self, entry: Entry) -> bool:
        hubs = [named for named in entry.named() if isinstance(named, HubModel)]
        if not hubs:
            return False
        if self.unlisted is None:
            return any(map(is_unlisted, hubs))
        return entry.identity() in self.unlisted

    def unlisted_here(self) -> list[str]:
        """The identities of its models of a hub that are here without their commit's list."""
        entries = self.manifest.parts.values()
        return sorted({entry.identity() for entry in entries if self._is_unlisted(entry)})

    def file(self, named: File) -> Held:
        """A file that the manifest names, its digest known to be right.

        Raises MissingError where it is not there, DigestError where it differs.
        """
        if named.distribution is None:
            return self.path(named.file, named.sha256)
        return self._held(self._installed(named.distribution, named.file), named.sha256)

    def _installed(self, distribution: str, name: str) -> Path:
        try:
            return installed_file(distribution, name, self.folder)
        except NotInstalledError as error:
            raise MissingError(str(error)) from None

    def folder_of(self, part: Folder) -> HeldFolder:
        """A folder of a model, each file's digest known to be right, and no other to be read in it.

        Raises MissingError, DigestError.
        """
        return hold_folder(self._folder(part), self._files_of(part))

    def _folder(self, part: Folder) -> Path:
        if part.distribution is None:
            return self.folder / part.folder
        one = next(iter(part.files))
        path = self._installed(part.distribution, f"{part.folder}/{one}")
        return path.parents[one.count("/")]

    def _files_of(self, part: Folder) -> dict[str, Held]:
        files = {
            name: self.file(
                File(file=f"{part.folder}/{name}", sha256=digest, distribution=part.distribution)
            )
            for name, digest in part.files.items()
        }
        folder = self._folder(part)
        for name in model_files(folder):
            # what is not named could change what the named files do: a tokenizer has many parts
            if name not in part.files:
                raise DigestError(
                    f"{folder / name} is not in the manifest; "
                    "take it away, or rebuild the pack with it"
                )
        return files

    def check_part(self, part: Part[Any]) -> None:
        """Raises DigestError, MissingError for a part whose files are not as they are named.

        A model of a hub is what its commit says it is.
        """
        for named in part.entry.named():
            if isinstance(named, File):
                self.file(named)
            elif isinstance(named, Folder):
                self._files_of(named)

    def path(self, name: str, digest: str) -> Held:
        """The file called ``name``, whose digest is right: to open it opens that very file.

        Raises MissingError where it is not there or outside the pack, DigestError where it differs.
        """
        path = self.folder / name
        try:
            if not path.resolve().is_relative_to(self.folder.resolve()):
                raise MissingError(f"{name} lies outside the pack {self.folder}; copy it into it")
        except (OSError, RuntimeError) as error:  # links in a circle raise the latter
            raise _unreadable(path, error) from None
        return self._held(path, digest)

    def _held(self, path: Path, digest: str) -> Held:
        try:
            held, found, version = hold(path)
        except (NotRegularError, FileNotFoundError):  # a pipe would be read for ever
            raise MissingError(f"{path} is no file; put it back, or rebuild the pack") from None
        except OSError as error:
            raise _unreadable(path, error) from None
        if found != digest:
            raise DigestError(
                f"{path} has SHA-256 {found[:12]}…, the manifest names {digest[:12]}…; "
                f"restore the file, or rebuild the pack if the change is meant"
            )
        self._checked.setdefault(path, version)
        return held

    @property
    def opened(self) -> list[Path]:
        """The files that were handed out by now, the manifest among them."""
        return list(self._checked)

    def check_unchanged(self) -> None:
        """Raises DigestError where a file is another one than when its digest was first compared.

        What was read of it since may be of either: weights are mapped, and read as they are used.
        """
        for path, version in self._checked.items():
            try:
                same = file_version(path) == version
            except OSError:
                same = False
            if not same:
                raise DigestError(f"{path} was changed while it was being read; run it again")


def _unreadable(path: Path, error: Exception) -> MissingError:
    reason = getattr(error, "strerror", None) or "links in a circle"
    return MissingError(f"{path} cannot be read ({reason}); put it back, or rebuild the pack")


def model_files(folder: Path) -> list[str]:
    """The files of a model's folder that loading it could look at, by their paths in it."""
    paths = [path.relative_to(folder) for path in folder.rglob("*") if path.is_file()]
    return sorted(
        path.as_posix()
        for path in paths
        if path.suffix not in _NEVER_READ and not any(p.startswith(".") for p in path.parts)
    )


def sha256(path: Path) -> str:
    """Hexadecimal SHA-256 of a file. Raises OSError, as for a pipe, which would be waited for."""
    if not stat.S_ISREG(path.stat().st_mode):
        raise OSError(errno.EINVAL, "no file", str(path))
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
