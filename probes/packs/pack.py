"""A pack: a folder with a manifest that names what is measured, each file with its SHA-256.

Nothing but the manifest is read before it is asked for, and nothing whose digest differs is used.
"""

from __future__ import annotations

import errno
import hashlib
import stat
from collections.abc import Collection, Mapping
from pathlib import Path

from pydantic import TypeAdapter

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
from quizproof.probes.packs.language_roles import (
    LANGUAGE_ROLES,
    TEXTS,
    File,
    Folder,
    LanguageModelRole,
    ReaderRole,
    identity,
)
from quizproof.probes.packs.manifest import MANIFEST, ClassifierRole, Manifest, PictureRole
from quizproof.questions.problems import InputError, Problem, QuizproofError
from quizproof.questions.spec import QuizFile
from quizproof.questions.yaml_file import read_model

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
    """The pack lacks a role, a picture or a region that is asked for."""


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
        self.manifest, _ = read_model(self.written, TypeAdapter(Manifest))
        # identities of a hub's models without a list; None: of those here the hub's cache says so
        self.unlisted: Collection[str] | None = None
        self.embedded = folder.resolve() == EMBEDDED.resolve()

    @property
    def roles(self) -> Mapping[str, bool]:
        """The roles a probe may ask for, and whether this pack has them."""
        return {
            "classifier": self.manifest.classifier is not None,
            "pictures": bool(self.manifest.pictures),
            **{role: bool(getattr(self.manifest, role)) for role in LANGUAGE_ROLES},
        }

    def identities(self, role: str) -> list[str]:
        """Return the identities by which a quiz names the parts of a role of language.

        A model of a hub of which nothing says that it is its commit's has one that no quiz names.
        """
        parts = getattr(self.manifest, role)
        if parts is None:
            return []
        return [
            identity(part) + (" by nobody's list" if self._is_unlisted(part) else "")
            for part in (parts if isinstance(parts, list) else [parts])
        ]

    def _is_unlisted(self, part: LanguageModelRole | ReaderRole | File) -> bool:
        if isinstance(part, File) or part.hub is None:
            return False
        if self.unlisted is None:
            return is_unlisted(part.hub)
        return identity(part) in self.unlisted

    def unlisted_here(self) -> list[str]:
        """The identities of its models of a hub that are here without their commit's list."""
        parts = [self.manifest.english, self.manifest.chinese, *self.manifest.readers]
        return sorted({identity(p) for p in parts if p is not None and self._is_unlisted(p)})

    @property
    def classifier(self) -> ClassifierRole:
        if self.manifest.classifier is None:
            raise MissingError(f"pack {self.manifest.name} has no classifier")
        return self.manifest.classifier

    def picture(self, number: int) -> PictureRole:
        if not 0 <= number < len(self.manifest.pictures):
            raise MissingError(f"pack {self.manifest.name} has no picture {number}")
        return self.manifest.pictures[number]

    def text(self, role: str) -> Path:
        """The file of a role that is one file of text, its digest known to be right.

        Raises MissingError, DigestError.
        """
        part: File | None = getattr(self.manifest, role)
        if part is None:
            raise MissingError(f"pack {self.manifest.name} has no {role}")
        return self.path(part.file, part.sha256)

    def folder_of(self, part: Folder) -> HeldFolder:
        """A folder of a model, each file's digest known to be right, and no other to be read in it.

        Raises MissingError, DigestError.
        """
        return hold_folder(self.folder / part.folder, self._files_of(part))

    def _files_of(self, part: Folder) -> dict[str, Held]:
        files = {name: self.path(f"{part.folder}/{name}", d) for name, d in part.files.items()}
        folder = self.folder / part.folder
        for name in model_files(folder):
            # what is not named could change what the named files do: a tokenizer has many parts
            if name not in part.files:
                raise DigestError(
                    f"{folder / name} is not in the manifest; "
                    "take it away, or rebuild the pack with it"
                )
        return files

    def check_role(self, role: str) -> None:
        """Raises DigestError, MissingError for a part of a role of language that is not as named.

        A model of a hub is what its commit says it is.
        """
        if role in TEXTS:
            self.text(role)
            return
        found = getattr(self.manifest, role)
        for part in found if isinstance(found, list) else [found]:
            if part is not None and part.local is not None:
                self._files_of(part.local)
            if isinstance(part, ReaderRole) and part.saved is not None:
                self._files_of(part.saved.tokenizer)
                for file in part.saved.hidden_states:
                    self.path(file.file, file.sha256)

    def path(self, name: str, digest: str) -> Held:
        """The file called ``name``, whose digest is right: to open it opens that very file.

        Raises MissingError where it is not there or outside the pack, DigestError where it differs.
        """
        path = self.folder / name
        try:
            if not path.resolve().is_relative_to(self.folder.resolve()):
                raise MissingError(f"{name} lies outside the pack {self.folder}; copy it into it")
            held, found, version = hold(path)
        except (NotRegularError, FileNotFoundError):  # a pipe would be read for ever
            raise MissingError(f"{path} is no file; put it back, or rebuild the pack") from None
        except (OSError, RuntimeError) as error:  # links in a circle raise the latter
            reason = getattr(error, "strerror", None) or "links in a circle"
            raise MissingError(
                f"{path} cannot be read ({reason}); put it back, or rebuild the pack"
            ) from None
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
