"""Kind ``triples``: contexts and questions for a reader, with their answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from quizproof.probes.kinds.kind import Entry, Kind, Part
from quizproof.probes.packs.files import File

if TYPE_CHECKING:
    from quizproof.probes.packs.texts import Triples


class TriplesEntry(File, Entry):
    """``kind: triples``, and its file."""

    kind: Literal["triples"]


def load(part: Part[TriplesEntry], randomized: int | None) -> Triples:
    """The triples. Raises InputError, MissingError, DigestError."""
    from quizproof.probes.packs.texts import Triples, read_triples

    return Triples(tuple(read_triples(part.files.file(part.entry))), part.description)


KIND = Kind(name="triples", entry=TriplesEntry, load=load)
