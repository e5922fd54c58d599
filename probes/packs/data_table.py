"""Tables of data: columns with names, from CSV or Parquet, all of one length."""

from __future__ import annotations

import difflib
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar, Final

import numpy as np
from numpy.typing import NDArray

from quizproof.probes.packs.table_bounds import refuse_more_cells, refuse_names
from quizproof.questions.files import open_bounded
from quizproof.questions.problems import FEW, InputError, Problem, few, one_line
from quizproof.questions.tables import read_table

MAX_BYTES: Final = 50_000_000
_PARQUET: Final = b"PAR1"  # what such a file begins with


@dataclass(frozen=True, eq=False)
class Table:
    """Rows of cells under named columns, each cell as it is written.

    A column all of whose cells are finite numbers is one of numbers, any other is one of text.
    """

    part_kind: ClassVar[str] = "table"

    path: Path
    description: str
    cells: dict[str, tuple[str, ...]]  # by the column's name
    lines: tuple[int, ...] = ()  # of each row in its file, where it has lines
    _numbers: dict[str, NDArray[np.float64] | Problem] = field(
        default_factory=dict, init=False, repr=False
    )

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the columns, in their order."""
        return tuple(self.cells)

    def __len__(self) -> int:
        return len(next(iter(self.cells.values())))

    def column(self, name: str) -> NDArray[np.float64] | tuple[str, ...]:
        """The column called ``name``: float64 (rows,) where all are numbers, else its texts.

        Raises InputError for a name that is none of the columns'.
        """
        found = self._parsed(name)
        return self.cells[name] if isinstance(found, Problem) else found

    def texts(self, name: str) -> tuple[str, ...]:
        """The cells of a column as they are written. Raises InputError."""
        if name not in self.cells:
            close = difflib.get_close_matches(name, self.names, n=1)
            mend = (
                f"did you mean '{close[0]}'?" if close else f"its columns are {_listed(self.names)}"
            )
            what = f"no column '{one_line(name, 80)}'"
            raise InputError([Problem(str(self.path), 0, 0, what, mend)])
        return self.cells[name]

    def numbers(self, name: str) -> NDArray[np.float64]:
        """A column of finite numbers, float64 (rows,).

        Raises InputError with the row of the first cell that is none.
        """
        found = self._parsed(name)
        if isinstance(found, Problem):
            raise InputError([found])
        return found

    def _parsed(self, name: str) -> NDArray[np.float64] | Problem:
        if name not in self._numbers:
            self._numbers[name] = self._parse(name, self.texts(name))
        return self._numbers[name]

    def _parse(self, name: str, texts: Sequence[str]) -> NDArray[np.float64] | Problem:
        found = np.empty(len(texts))
        for row, text in enumerate(texts):
            number = _number(text)
            if number is None:
                what = f"'{one_line(text, 60)}', which is no number" if text.strip() else "empty"
                return Problem(
                    str(self.path),
                    self.lines[row] if self.lines else 0,
                    0,
                    f"row {row + 1} of column '{one_line(name, 80)}' is {what}",
                    "write a finite number, or ask for another column",
                )
            found[row] = number
        return found


def read_data_table(path: Path, description: str) -> Table:
    """The table in ``path``, Parquet by how it begins, else CSV with a header.

    Raises InputError with the lines of what is wrong.
    """
    with open_bounded(path, MAX_BYTES, "take a part of it") as file:
        if file.read(len(_PARQUET)) == _PARQUET:
            from quizproof.probes.packs.parquet_table import parquet_columns

            cells, lines = parquet_columns(path, file), tuple[int, ...]()
        else:
            cells, lines = _csv(path)
    if not cells or not next(iter(cells.values())):
        raise InputError([Problem(str(path), 0, 0, "a table without rows", "write at least one")])
    return Table(path, description, cells, lines)


def _csv(path: Path) -> tuple[dict[str, tuple[str, ...]], tuple[int, ...]]:
    """The columns, and the line of each row."""
    rows = read_table(path, MAX_BYTES).rows
    head, names = next(rows, (1, list[str]()))
    if isinstance(names, Problem):
        raise InputError([names])
    names = [name.strip() for name in names]
    refuse_names(path, names, head)
    wrong: list[Problem] = []
    lines: list[int] = []
    found: list[list[str]] = []
    for line, row in rows:
        if isinstance(row, Problem):
            wrong.append(row)
        elif len(row) != len(names):
            what = f"{_cells(len(row))}, the header has {len(names)}"
            wrong.append(Problem(str(path), line, 0, what, "give each row as many"))
        else:
            lines.append(line)
            found.append(row)
            refuse_more_cells(path, len(found) * len(names))
        if len(wrong) > FEW:
            break
    if wrong:
        raise InputError(few(wrong))
    columns: Iterator[tuple[str, ...]] = zip(*found, strict=True)
    return dict(zip(names, columns, strict=False)), tuple(lines)


def _number(text: str) -> float | None:
    """The finite number that ``text`` is; 1_000, which only Python reads, is none."""
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) and "_" not in text else None


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(one_line(name, 40) for name in names[:FEW])
    return shown + (", …" if len(names) > FEW else "")


def _cells(count: int) -> str:
    return "1 cell" if count == 1 else f"{count} cells"
