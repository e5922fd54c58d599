"""Kind ``corpus``: sentences annotated with parts of speech and what pronouns refer to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from quizproof.probes.kinds.kind import Entry, Kind, Part
from quizproof.probes.packs.files import File

if TYPE_CHECKING:
    from quizproof.probes.packs.texts import Corpus


class CorpusEntry(File, Entry):
    """``kind: corpus``, and its file."""

    kind: Literal["corpus"]


def load(part: Part[CorpusEntry], randomized: int | None) -> Corpus:
    """The corpus. Raises InputError, MissingError, DigestError."""
    from quizproof.probes.packs.texts import Corpus, read_corpus

    return Corpus(tuple(read_corpus(part.files.file(part.entry))), part.description)


KIND = Kind(name="corpus", entry=CorpusEntry, load=load)
