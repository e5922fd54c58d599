"""Kind ``file``: any file, which a probe reads as it likes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from quizproof.probes.kinds.kind import Entry, Kind, Part
from quizproof.probes.packs.files import File

if TYPE_CHECKING:
    from quizproof.probes.packs.texts import FilePart


class FileEntry(File, Entry):
    """``kind: file``, and the file."""

    kind: Literal["file"]


def load(part: Part[FileEntry], randomized: int | None) -> FilePart:
    """Its path: what opens it opens the very file whose digest was compared."""
    from quizproof.probes.packs.texts import FilePart

    return FilePart(part.files.file(part.entry), part.description)


KIND = Kind(name="file", entry=FileEntry, load=load)
