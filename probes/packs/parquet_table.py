"""Columns of a Parquet file, by pyarrow, which not everybody has."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any, BinaryIO, Final

from quizproof.probes.packs.table_bounds import refuse_more_cells, refuse_names
from quizproof.questions.problems import InputError, Problem, one_line

MAX_UNPACKED: Final = 500_000_000  # bytes: some kilobytes could be gigabytes
_ROWS: Final = 256  # at a time


def parquet_columns(path: Path, file: BinaryIO) -> dict[str, tuple[str, ...]]:
    """The columns in ``file``, each cell as CSV would have it. Raises InputError."""
    try:
        from pyarrow import ArrowException, parquet
    except ImportError:
        raise _wrong(
            path,
            "Parquet, which pyarrow reads, and that is not installed",
            "pip install 'quizproof[parquet]', or save it as CSV",
        ) from None
    try:
        opened = parquet.ParquetFile(file)
        told = opened.metadata
        refuse_names(path, [opened.schema_arrow.field(k).name for k in _places(opened)], 0)
        refuse_more_cells(path, told.num_rows * told.num_columns)
        for k in _places(opened):
            _refuse_nested(path, opened.schema_arrow.field(k))
        found: dict[str, list[str]] = {name: [] for name in opened.schema_arrow.names}
        unpacked = 0
        for rows in opened.iter_batches(_ROWS, use_threads=False):
            unpacked += rows.nbytes
            if unpacked > MAX_UNPACKED:
                raise _wrong(path, f"over {MAX_UNPACKED:,} bytes unpacked", "take a part of it")
            for name, column in zip(rows.schema.names, rows.columns, strict=True):
                found[name] += map(_cell, column.to_pylist())
        return {name: tuple(cells) for name, cells in found.items()}
    except (ArrowException, OSError, ValueError, OverflowError) as error:
        raise _wrong(path, f"damaged ({one_line(str(error), 120)})", "restore it") from None


def _places(opened: Any) -> range:
    return range(len(opened.schema_arrow))


def _refuse_nested(path: Path, column: Any) -> None:
    from pyarrow import types

    kind = column.type
    if types.is_nested(kind) or types.is_binary(kind) or types.is_large_binary(kind):
        what = f"column '{one_line(column.name, 80)}' is of {one_line(str(kind), 60)}"
        raise _wrong(path, what, "write numbers or text in it")


def _cell(value: Any) -> str:
    """``value`` as CSV would have it: empty where there is none."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, bool):
        return str(int(value))
    return repr(value) if isinstance(value, float) else str(value)


def _wrong(path: Path, what: str, mend: str) -> InputError:
    return InputError([Problem(str(path), 0, 0, what, mend)])
