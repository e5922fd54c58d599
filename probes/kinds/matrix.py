"""Kind ``matrix``: a square matrix of numbers, a row and a column for each sentence or so."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Literal

from quizproof.probes.kinds.kind import Entry, Kind, Part
from quizproof.probes.packs.files import File
from quizproof.questions.problems import InputError, Problem, QuizproofError

if TYPE_CHECKING:
    from quizproof.probes.packs.texts import MatrixPart


class MatrixEntry(File, Entry):
    """``kind: matrix``, and its file, CSV without a header."""

    kind: Literal["matrix"]


def load(part: Part[MatrixEntry], randomized: int | None) -> MatrixPart:
    """The matrix. Raises InputError, MissingError, DigestError."""
    from quizproof.probes.packs.texts import MatrixPart, printed_unit, read_matrix

    path = part.files.file(part.entry)
    return MatrixPart(read_matrix(path), printed_unit(path), part.description)


def doubts(
    part: Part[MatrixEntry], loaded: MatrixPart, beside: Mapping[str, Part[Any]]
) -> Iterable[str]:
    """Raises InputError for one that is not of the pack's sentences, where it has one such part."""
    from quizproof.probes.packs.texts import read_sentences

    those = [other for other in beside.values() if other.entry.kind == "sentences"]
    if len(those) == 1:
        try:
            sentences = len(read_sentences(those[0].files.file(those[0].entry)))
        except QuizproofError:  # told of its own
            return ()
        if len(loaded.values) != sentences:
            what = f"{len(loaded.values)} rows for {sentences} sentences"
            path = str(part.files.folder / part.entry.file)
            raise InputError([Problem(path, 0, 0, what, "give it a row and a column for each")])
    return ()


KIND = Kind(name="matrix", entry=MatrixEntry, load=load, doubts=doubts)
