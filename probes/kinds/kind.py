"""Kind of a part, and a part as its kind's loader is handed it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, Protocol, TypeAlias, TypeVar

from pydantic import BaseModel

from quizproof.probes.packs.files import File, Folder, HubModel
from quizproof.probes.packs.held import Held, HeldFolder
from quizproof.questions.spec import Model

Named: TypeAlias = File | Folder | HubModel


class Entry(Model):
    """Entry of a part in ``pack.yaml``.

    A kind's own entry adds ``kind: Literal["its name"]`` and fields. Whatever names a file in it
    does so as a ``File``, a ``Folder`` or a ``HubModel``: these are found, and their digests are
    compared before anything of them is read.
    """

    kind: str

    def named(self) -> Iterator[Named]:
        """Yield all files, folders and models of a hub that the part is made of."""
        yield from _named_in(self)

    def shown(self) -> Iterator[File]:
        """Yield the files that a report or a verdict asks for: they go into evidence files."""
        yield from ()

    def identity(self) -> str:
        """Return what ``settled_by`` names the part by: a digest, or a hub's ``repo@revision``."""
        [only] = self.named()
        assert isinstance(only, File)
        return only.sha256

    def rests_on(self) -> Any:
        """Return all that draws on this part depend on: what tells its evidence from another's."""
        return self.identity()

    @property
    def randomizes(self) -> bool | None:
        """True where it has weights that can be random ones instead; False where it is a model
        without; None where it is no model."""
        return None

    @property
    def location(self) -> str:
        """Return where it comes from, in a few words for people."""
        return ", ".join(map(_location, self.named()))


E = TypeVar("E", bound=BaseModel, covariant=True)


class Files(Protocol):
    """Files of a pack, each checked by its digest and held when it is handed out."""

    folder: Path

    def file(self, named: File) -> Held: ...

    def folder_of(self, named: Folder) -> HeldFolder: ...


@dataclass(frozen=True)
class Part(Generic[E]):
    """Part of an opened pack."""

    name: str
    entry: E
    pack: str  # its name
    files: Files

    @property
    def spoken(self) -> str:
        """Its name for people: ``reader 1`` for ``reader_1``."""
        return self.name.replace("_", " ")

    @property
    def description(self) -> str:
        return f"{self.spoken} of {self.pack}"


def no_remarks(part: Part[Any], loaded: Any, beside: Mapping[str, Part[Any]]) -> Iterable[str]:
    """Return nothing: all that is wrong with such a part, loading it says."""
    return ()


@dataclass(frozen=True)
class Kind:
    """Kind of a pack's parts.

    Args:
        name: as ``pack.yaml`` says it; a probe's parameter is annotated with the type that
            ``part_types`` has for it.
        entry: the model of what ``pack.yaml`` says of such a part.
        load: gives what a probe works with. It is handed the number of a network where random
            weights are to stand in place of the part's own, else None. It reads files by
            ``part.files`` alone, and raises QuizproofError for whatever is wrong with them.
        architecture: of a model, the name by which a quiz knows its architecture, "" where that is
            not known; None of what has none.
        doubts: lines on a loaded part whose numbers are not what they seem, for ``pack check``. It
            is handed the pack's parts by name, and raises QuizproofError for what is wrong.
        elsewhere: the module of another distribution that has the kind; "" for the program's own.
    """

    name: str
    entry: type[Entry]
    load: Callable[[Part[Any], int | None], Any]
    architecture: Callable[[Part[Any]], str] | None = None
    doubts: Callable[[Part[Any], Any, Mapping[str, Part[Any]]], Iterable[str]] = no_remarks
    elsewhere: str = ""


def _named_in(value: Any) -> Iterator[Named]:
    if isinstance(value, File | Folder | HubModel):
        yield value
    elif isinstance(value, BaseModel):
        for field in type(value).model_fields:
            yield from _named_in(getattr(value, field))
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from _named_in(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _named_in(each)


def _location(named: Named) -> str:
    match named:
        case File(distribution=None):
            return named.file
        case File():
            return f"{named.file} of {named.distribution}"
        case Folder(distribution=None):
            return f"{named.folder}/"
        case Folder():
            return f"{named.folder}/ of {named.distribution}"
        case HubModel():
            return f"{named.repo} of the Hugging Face hub, at {named.revision}"
