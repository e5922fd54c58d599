"""Tables whose numbers are known, and what a probe measures of them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from quizproof.probes.draws import Draw
from quizproof.probes.packs.data_table import read_data_table
from quizproof.probes.testing import draws_of, world
from tests.planted_language import language_pack


def asked(folder: Path, probe: str, columns: Mapping[str, Any], **parameters: Any) -> Draw:
    """The first draw of ``probe`` of a table with ``columns``."""
    path = folder / "table.csv"
    rows = [",".join(map(str, row)) for row in zip(*columns.values(), strict=True)]
    path.write_text("\n".join([",".join(columns), *rows]) + "\n", encoding="utf-8")
    bench = world(language_pack(folder / "pack"), t=read_data_table(path, "table"))
    [draw] = draws_of(probe, bench, **parameters)
    return draw
