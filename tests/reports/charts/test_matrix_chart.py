from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from quizproof.probes.probe import Matrix
from quizproof.reports.charts.matrix_chart import CELL_HEIGHT, CELL_WIDTH, MOST_CELLS, matrix_chart
from quizproof.reports.html import render_html
from tests.reports.runs import measured, result, run


def test_numbers_stand_in_their_cells_rows_downwards() -> None:
    chart = matrix_chart(
        Matrix("m", np.array([[0.0, 1.0], [0.5, -0.25]], np.float32), ("r", "s"), ("1", "2"))
    )
    assert [cell.text for cell in chart.cells] == ["0.00", "1.00", "0.50", "−0.25"]
    a, b, c, _ = chart.cells
    assert b.x - a.x == CELL_WIDTH
    assert c.y - a.y == CELL_HEIGHT
    assert b.y == a.y


def test_nothing_is_no_negative_number() -> None:
    chart = matrix_chart(Matrix("m", np.array([[-0.001, -0.01]], np.float32), ("r",), ("1", "2")))
    assert [cell.text for cell in chart.cells] == ["0.00", "−0.01"]


def test_text_is_light_on_dark_and_dark_on_light() -> None:
    chart = matrix_chart(Matrix("m", np.array([[0.0, 1.0]], np.float32), ("r",), ("1", "2")))
    assert [cell.dark for cell in chart.cells] == [True, False]  # viridis: low is dark


def test_nothing_is_written_where_there_is_no_number() -> None:
    chart = matrix_chart(Matrix("m", np.array([[0.0, math.nan]], np.float32), ("r",), ("1", "2")))
    assert [cell.text for cell in chart.cells] == ["0.00", ""]
    assert chart.no_value


def test_the_cells_asked_about_are_marked_and_others_left_alone() -> None:
    values = np.array([[0.0, 1.0], [0.5, -0.25]], np.float32)
    chart = matrix_chart(
        Matrix("m", values, ("r", "s"), ("1", "2"), marked=((1, 0), (7, 0), (0, -1)))
    )
    [mark] = chart.marks
    assert (mark.row, mark.column) == ("s", "1")
    assert (mark.x, mark.y) == (chart.left, chart.top + CELL_HEIGHT)


def test_the_numbers_behind_the_colours_are_a_table() -> None:
    values = np.array([[0.0, math.nan]], np.float32)
    chart = matrix_chart(Matrix("m", values, ("r",), ("1", "2")))
    assert chart.table == (("r", ("0", "–")),)


def test_long_columns_that_are_no_rows_are_written_aslant() -> None:
    chart = matrix_chart(Matrix("m", np.eye(2, dtype=np.float32), ("r", "s"), ("ADJECTIVE", "X")))
    assert chart.slanted
    assert [label.text for label in chart.columns] == ["ADJECTIVE", "X"]
    assert chart.top > 40


def test_long_columns_are_known_by_their_numbers_and_keep_their_names() -> None:
    names = ("爺爺在超市買蘋果", "蘋果比小米賺錢")
    chart = matrix_chart(Matrix("m", np.eye(2, dtype=np.float32), names, names))
    assert [label.text for label in chart.columns] == ["1", "2"]
    assert [label.whole for label in chart.columns] == [*names]
    assert [label.text for label in chart.rows] == ["1 爺爺在超市買蘋果", "2 蘋果比小米賺錢"]


@given(st.text(min_size=1, max_size=80))
def test_a_long_row_is_shortened_and_kept_whole(name: str) -> None:
    [label] = matrix_chart(Matrix("m", np.ones((1, 1), np.float32), (name,), ("1",))).rows
    assert label.whole == name
    assert label.text == name or (label.text.endswith("…") and len(label.text) <= 28)


def test_a_large_matrix_has_colours_alone() -> None:
    side = MOST_CELLS + 1
    names = tuple(map(str, range(side)))
    assert not matrix_chart(Matrix("m", np.ones((side, side), np.float32), names, names)).cells


def test_names_are_words_on_the_page() -> None:
    hostile = "</svg><script>1</script>"
    shown = Matrix(
        hostile, np.eye(2, dtype=np.float32), (hostile, "b"), ("a", hostile), hostile, "layer"
    )
    page = render_html(run(result(measurement=measured(matrices=(shown,)))))
    assert page.count("<script") == 1  # the page's own
    assert "&lt;script&gt;" in page


@pytest.mark.parametrize(
    "values", [np.full((2, 2), math.nan, np.float32), np.zeros((2, 2), np.float32)]
)
def test_nothing_to_scale_is_drawn_all_the_same(values: NDArray[np.float32]) -> None:
    assert matrix_chart(Matrix("m", values, ("a", "b"), ("1", "2"))).png
