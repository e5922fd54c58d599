from __future__ import annotations

import csv
import io
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizproof.reports.classroom.spreadsheet import csv_text, kept_from_formulas

UNSEEN = " \t\r\n\x00\u200b\u200e\u202e\u2066\ufeff\u00a0\u3000"


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"),
        ("+1+1", "'+1+1"),
        ("-5+3", "'-5+3"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "' =1"),
        ("\r=1", "' =1"),
        ("  =1", "'  =1"),
        ("\u202e=1", "' =1"),
        ("\ufeff\u3000=1", "'\ufeff\u3000=1"),
        ("＝1+1", "'＝1+1"),
        ("－1+1", "'－1+1"),
        ("＠x", "'＠x"),
        ("x;=1", "x;'=1"),
        ("x\n=1", "x =1"),
        ("x;\n=1", "x;' =1"),
        ('x"=1', "x\"'=1"),
        ("a\0b", "ab"),
    ],
)
def test_no_formula_gets_through(text: str, cell: str) -> None:
    assert kept_from_formulas(text) == cell
    assert kept_from_formulas(cell) == cell


@pytest.mark.parametrize(
    "text",
    [
        "O'Brien, Seán",
        "👩‍🎓",
        "a-b",
        "x = y",
        "-5",
        "6.30",
        "",
    ],
)
def test_what_is_none_stays_as_it_is(text: str) -> None:
    assert kept_from_formulas(text) == text
    assert next(csv.reader(io.StringIO(csv_text([[text, "x"]]), newline=""))) == [text, "x"]


@given(st.lists(st.text(st.sampled_from("=+-@＝; ,\t\r\n\"'|1a" + UNSEEN)), min_size=1, max_size=3))
def test_no_cell_begins_one_whatever_separates(cells: list[str]) -> None:
    text = csv_text([cells])
    for separator in ",;\t":
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator):
            for cell in row:
                seen = cell.lstrip(UNSEEN + '"')
                if not re.fullmatch(r"[+-]?\d+(\.\d+)?", seen.strip()):
                    assert not seen.startswith(tuple("=+-@＝")), (cells, separator, cell)


@pytest.mark.parametrize(
    "moving",
    [*map(chr, [*range(32), *range(127, 160)]), *"\u061c\u200e\u200f\u2028\u202a\u202e\u2066"],
)
def test_nothing_in_a_cell_moves_what_shows_it(moving: str) -> None:
    assert moving not in csv_text([[f"left{moving}right"]]).removesuffix("\r\n")


def test_half_a_character_is_written_as_its_escape() -> None:
    assert csv_text([["\ud800"]]) == '"\\ud800"\r\n'
