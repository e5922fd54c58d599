"""Kind ``table``: columns of numbers and texts, from CSV with a header or from Parquet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from quizproof.probes.kinds.kind import Entry, Kind, Part
from quizproof.probes.packs.files import File

if TYPE_CHECKING:
    from quizproof.probes.packs.data_table import Table


class TableEntry(File, Entry):
    """``kind: table``, and its file."""

    kind: Literal["table"]


def load(part: Part[TableEntry], randomized: int | None) -> Table:
    """The table. Raises InputError, MissingError, DigestError."""
    from quizproof.probes.packs.data_table import read_data_table

    return read_data_table(part.files.file(part.entry), part.description)


KIND = Kind(name="table", entry=TableEntry, load=load)
