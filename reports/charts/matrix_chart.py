"""A matrix as coloured cells with its numbers, rows and columns named."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from quizproof.probes.probe import Matrix, Words
from quizproof.reports.charts.colours import LEVELS, NO_VALUE, table
from quizproof.reports.charts.map_pictures import Scale, map_png
from quizproof.reports.numbers import number

CELL_WIDTH, CELL_HEIGHT = 40, 24
_HEAD, _GAP = 18, 6
_SLANT = 0.6  # of a slanted label's length that it rises by
_LETTER = 7.0  # pixels of a wide letter at the labels' size; a Chinese character is two
_LONGEST = 28  # letters of a row's label
_UPRIGHT = 5  # letters above which a column's label is slanted
MOST_CELLS = 40  # rows or columns, above which a cell has no room for its number


Row: TypeAlias = tuple[str, tuple[str, ...]]  # its name and its numbers


@dataclass(frozen=True)
class Label:
    x: float
    y: float
    text: str
    whole: str  # where ``text`` is shortened


@dataclass(frozen=True)
class Cell:
    x: float
    y: float
    text: str
    dark: bool  # whether its colour is


@dataclass(frozen=True)
class Mark:
    """A cell that the question asks about."""

    x: float
    y: float
    row: str
    column: str


@dataclass(frozen=True)
class MatrixChart:
    """All that is drawn of a matrix, in pixels."""

    title: Words
    row_name: Words
    column_name: Words
    width: float
    height: float
    left: float  # of the cells
    top: float
    cells_width: float
    cells_height: float
    png: bytes
    rows: tuple[Label, ...]
    columns: tuple[Label, ...]
    cells: tuple[Cell, ...]
    marks: tuple[Mark, ...]
    slanted: bool  # whether the columns' labels are
    table: tuple[Row, ...]
    scale: Scale
    low: str
    high: str
    no_value: bool


def matrix_chart(shown: Matrix) -> MatrixChart:
    """The drawing of ``shown``; rows and columns beyond its values' shape are left out.

    Columns that are the rows over again are known by their numbers where their names are long.
    """
    values = np.asarray(shown.values, dtype=np.float64)
    height, width = values.shape
    png, scale = map_png(values, signed=shown.signed)
    long = any(letters(name) > _UPRIGHT for name in shown.columns)
    numbered = long and shown.rows == shown.columns
    slanted = long and not numbered
    rows = [
        f"{place} {name}" if numbered else name for place, name in enumerate(shown.rows[:height], 1)
    ]
    columns = [
        str(place) if numbered else name for place, name in enumerate(shown.columns[:width], 1)
    ]
    left = _GAP + _LETTER * min(_LONGEST, max(map(letters, rows), default=0))
    longest = min(_LONGEST, max(map(letters, columns), default=0))
    top = _HEAD + (_SLANT * _LETTER * longest if slanted else 0)
    return MatrixChart(
        title=shown.title,
        row_name=shown.row_name,
        column_name=shown.column_name,
        width=left + width * CELL_WIDTH + (0.8 * _LETTER * longest if slanted else 0),
        height=top + height * CELL_HEIGHT,
        left=left,
        top=top,
        cells_width=width * CELL_WIDTH,
        cells_height=height * CELL_HEIGHT,
        png=png,
        rows=tuple(
            Label(left - _GAP, top + (k + 0.68) * CELL_HEIGHT, _shortened(name), name)
            for k, name in enumerate(rows)
        ),
        columns=tuple(
            Label(left + (k + 0.5) * CELL_WIDTH, top - _GAP, _shortened(name), shown.columns[k])
            for k, name in enumerate(columns)
        ),
        cells=tuple(_cells(values, scale, left, top)),
        marks=tuple(
            Mark(
                left + column * CELL_WIDTH,
                top + row * CELL_HEIGHT,
                shown.rows[row],
                shown.columns[column],
            )
            for row, column in shown.marked
            if 0 <= row < len(rows) and 0 <= column < len(columns)
        ),
        slanted=slanted,
        table=_table(rows, values),
        scale=scale,
        low=number(scale.low),
        high=number(scale.high),
        no_value=not np.isfinite(values).all(),
    )


def _table(rows: Sequence[str], values: NDArray[np.float64]) -> tuple[Row, ...]:
    """Each row's name and numbers; none of a matrix that is too large to be read."""
    if values.size > MOST_CELLS**2:
        return ()
    return tuple(
        (name, tuple(number(value) if math.isfinite(value) else "–" for value in line))
        for name, line in zip(rows, values.tolist(), strict=False)
    )


def _cells(values: NDArray[np.float64], scale: Scale, left: float, top: float) -> list[Cell]:
    if max(values.shape) > MOST_CELLS:
        return []
    colours = table(diverging=scale.diverging)
    span = (scale.high - scale.low) or 1
    # as many decimals as fit a cell
    decimals = 2 if np.nanmax(np.abs(values), initial=0.0) < 10 else 0
    cells = []
    for (row, column), value in np.ndenumerate(values):
        known = math.isfinite(value)
        share = min(1.0, max(0.0, (value - scale.low) / span)) if known else 0.0
        colour = colours[round(share * (LEVELS - 1))] if known else NO_VALUE
        red, green, blue = (float(part) for part in colour)
        cells.append(
            Cell(
                left + (column + 0.5) * CELL_WIDTH,
                top + (row + 0.66) * CELL_HEIGHT,
                _written(value, decimals) if known else "",
                0.299 * red + 0.587 * green + 0.114 * blue < 140,
            )
        )
    return cells


def _written(value: float, decimals: int) -> str:
    written = f"{value:.{decimals}f}"
    return written.lstrip("-") if float(written) == 0 else written.replace("-", "−")


def letters(text: str) -> int:
    """Return how wide ``text`` is: a Chinese character is two letters."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def _shortened(text: str) -> str:
    while letters(text) > _LONGEST:
        text = text.rstrip("…")[:-1] + "…"
    return text
