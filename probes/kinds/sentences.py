"""Kind ``sentences``: sentences, with the sense of a word where it is known."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from quizproof.probes.kinds.kind import Entry, Kind, Part
from quizproof.probes.packs.files import File

if TYPE_CHECKING:
    from quizproof.probes.packs.texts import Sentences


class SentencesEntry(File, Entry):
    """``kind: sentences``, and its file."""

    kind: Literal["sentences"]


def load(part: Part[SentencesEntry], randomized: int | None) -> Sentences:
    """The sentences. Raises InputError, MissingError, DigestError."""
    from quizproof.probes.packs.texts import Sentences, read_sentences

    return Sentences(tuple(read_sentences(part.files.file(part.entry))), part.description)


KIND = Kind(name="sentences", entry=SentencesEntry, load=load)
