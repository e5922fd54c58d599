"""Tables of data: what is in them, and each line that is wrong."""

from __future__ import annotations

import builtins
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from quizproof.probes.packs import data_table, parquet_table, table_bounds
from quizproof.probes.packs.data_table import Table, read_data_table
from quizproof.questions.problems import InputError

CSV = "name, score ,label\nfirst,0.5,1\n\nsecond,-1e3,01\n"


def table(folder: Path, text: str = CSV, name: str = "scores.csv") -> Table:
    (folder / name).write_text(text, encoding="utf-8")
    return read_data_table(folder / name, "scores")


def refusal(folder: Path, text: str) -> str:
    with pytest.raises(InputError) as caught:
        table(folder, text)
    return str(caught.value).replace(str(folder / "scores.csv"), "it")


def test_columns_are_numbers_or_text(tmp_path: Path) -> None:
    found = table(tmp_path)
    assert found.names == ("name", "score", "label")
    assert len(found) == 2
    assert found.column("name") == ("first", "second")
    scores = found.column("score")
    assert isinstance(scores, np.ndarray)
    assert scores.dtype == np.float64
    assert scores.tolist() == [0.5, -1000]
    assert found.numbers("label").tolist() == [1, 1]
    assert found.texts("label") == ("1", "01")  # as written


@pytest.mark.parametrize("separator", [";", "\t"])
def test_what_spreadsheets_write_is_read(tmp_path: Path, separator: str) -> None:
    text = "\ufeff" + 'a,"b, c"\r\n1,"2\n"\r\n'.replace(",", separator)
    found = table(tmp_path, text)
    assert found.names == ("a", f"b{separator} c")
    assert found.numbers("a").tolist() == [1]
    assert found.numbers(f"b{separator} c").tolist() == [2]


@pytest.mark.parametrize("cell", ["n/a", "", "nan", "inf", "1e999", "1_000", "1,5", "0x1"])
def test_text_where_numbers_belong_is_told_by_its_row(tmp_path: Path, cell: str) -> None:
    found = table(tmp_path, f'score\n1\n\n2\n"{cell}"\nbad\n'.replace('""', '" "'))
    with pytest.raises(InputError) as caught:
        found.numbers("score")
    what = "is empty" if not cell else f"is '{cell}', which is no number"
    assert f"scores.csv:5: row 3 of column 'score' {what}; write" in str(caught.value)
    assert "\n" not in str(caught.value)
    assert isinstance(found.column("score"), tuple)


@pytest.mark.parametrize("ask", ["column", "numbers", "texts"])
def test_a_column_that_is_not_there_has_one_like_it(tmp_path: Path, ask: str) -> None:
    found = table(tmp_path)
    for name, said in (
        ("scores", "no column 'scores'; did you mean 'score'?"),
        ("x", "no column 'x'; its columns are name, score, label"),
    ):
        with pytest.raises(InputError) as caught:
            getattr(found, ask)(name)
        assert said in str(caught.value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a,b\n1,2\n3\n4,5,6\n", "it:3: 1 cell, the header has 2; give each row as many\n"),
        ("a,b\n1,2\n3\n4,5,6\n", "it:4: 3 cells, the header has 2; give each row as many"),
        ("a,b,a\n1,2,3\n", "it:1: two columns are called 'a'; rename one"),
        ("a, a\n1,2\n", "it:1: two columns are called 'a'; rename one"),
        ("a,,c\n1,2,3\n", "it:1: column 2 has no name; name it in the first row"),
        ("a,b\n", "it: a table without rows; write at least one"),
        ("", "it: empty"),
        ('a,b\n1,"2\n', "it:2: the file ends within quotes"),
        (",".join(map(str, range(6000))) + "\n", "it:1: a row of over 5000 cells"),
        ("a\0b\n", "it:1: not text"),
    ],
)
def test_what_is_no_table_is_told_by_its_line(tmp_path: Path, text: str, said: str) -> None:
    assert said in refusal(tmp_path, text)


def test_ten_ragged_rows_are_told(tmp_path: Path) -> None:
    assert len(refusal(tmp_path, "a,b\n" + "1\n" * 50).splitlines()) == 11


def test_a_table_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table_bounds, "MAX_CELLS", 5)
    assert len(table(tmp_path, "a,b\n1,2\n3,4\n")) == 2
    assert "over 5 cells; take a part of it" in refusal(tmp_path, "a,b\n" + "1,2\n" * 3)
    monkeypatch.setattr(data_table, "MAX_BYTES", 10)
    assert "larger than 10 bytes; take a part of it" in refusal(tmp_path, "a,b\n" + "1,2\n" * 3)


def parquet(folder: Path, **columns: Any) -> Path:
    arrow = pytest.importorskip("pyarrow")
    from pyarrow import parquet as writer

    path = folder / "scores.parquet"
    writer.write_table(arrow.table(columns), path)
    return path


def test_parquet_is_what_the_same_csv_is(tmp_path: Path) -> None:
    path = parquet(
        tmp_path,
        name=["first", "second", None],
        score=[0.1, -1000.0, 1e-300],
        label=[True, False, True],
        count=[1, 2**40, 3],
        price=[Decimal("1.50"), Decimal("2.25"), Decimal("0.00")],
        gap=[1.0, float("nan"), 2.0],
    )
    found = read_data_table(path, "scores")
    assert found.column("name") == ("first", "second", "")
    assert found.numbers("score").tolist() == [0.1, -1000.0, 1e-300]
    assert found.numbers("label").tolist() == [1, 0, 1]
    assert found.numbers("count").tolist() == [1, 2**40, 3]
    assert found.numbers("price").tolist() == [1.5, 2.25, 0]
    with pytest.raises(InputError, match=r"scores\.parquet: row 2 of column 'gap' is empty"):
        found.numbers("gap")


def test_parquet_that_is_no_table_is_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = parquet(tmp_path, a=[[1], [2]])
    with pytest.raises(InputError, match=r"column 'a' is of list.*; write numbers or text in it"):
        read_data_table(path, "scores")
    path = parquet(tmp_path, a=[1, 2])
    monkeypatch.setattr(table_bounds, "MAX_CELLS", 1)
    with pytest.raises(InputError, match="over 1 cells"):
        read_data_table(path, "scores")
    monkeypatch.undo()
    monkeypatch.setattr(parquet_table, "MAX_UNPACKED", 15)
    with pytest.raises(InputError, match="over 15 bytes unpacked; take a part of it"):
        read_data_table(path, "scores")
    monkeypatch.undo()
    whole = path.read_bytes()
    for damaged in (whole[:40], whole[:-8] + b"\xff\xff\xff\x7fPAR1", b"PAR1", b"PAR1PAR1"):
        path.write_bytes(damaged)
        with pytest.raises(InputError, match=r"damaged .*; restore it") as caught:
            read_data_table(path, "scores")
        assert "\n" not in str(caught.value)


def test_without_pyarrow_the_mend_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "scores.parquet").write_bytes(b"PAR1 and more")
    imported = builtins.__import__

    def without(name: str, *rest: Any, **named: Any) -> Any:
        if name.partition(".")[0] == "pyarrow":
            raise ImportError(name)
        return imported(name, *rest, **named)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(InputError, match=r"pip install 'quizproof\[parquet\]', or save it as CSV"):
        read_data_table(tmp_path / "scores.parquet", "scores")
