"""Text on its way into a spreadsheet, which would run some of it as a formula.

A cell that begins with ``= + - @``, a tab or a carriage return is taken for one (OWASP, *CSV
injection*), spaces and control characters before it or not, in full-width forms too; and a
spreadsheet that separates by semicolons begins a new cell after one. An apostrophe is put before
each such beginning: it is what a spreadsheet itself marks plain text with. Control characters, line
breaks among them, become spaces.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence

# whatever is not seen may stand before it: it is no less a formula
_BEGINNING = re.compile(
    r"(^|[,;|\"\t\r\n])"
    # whatever is not seen may stand before it: it is no less a formula
    r"(?=[\s\x00-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]*[=+\-@＝＋－＠﹢﹣﹦﹫])"
)
_PLAIN_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?", re.ASCII)
# ends a row, moves what shows it, or turns the order in which it is read
_MOVING = re.compile(r"[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")


def kept_from_formulas(text: str) -> str:
    """``text`` as a cell that no spreadsheet runs; what is no formula comes out as it is."""
    if _PLAIN_NUMBER.fullmatch(text):
        return text
    shown = _MOVING.sub(" ", text.replace("\r\n", "\n").replace("\0", ""))
    return _BEGINNING.sub(lambda found: f"{found[1]}'", shown)


def csv_text(rows: Iterable[Sequence[str]]) -> str:
    """``rows`` as CSV with every cell in quotes, each kept from being a formula."""
    table = io.StringIO()
    writer = csv.writer(table, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    for row in rows:
        writer.writerow([kept_from_formulas(cell) for cell in row])
    # a lone surrogate is no UTF-8: its escape is shown
    return table.getvalue().encode("utf-8", "backslashreplace").decode("utf-8")
