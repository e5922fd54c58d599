from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from quizproof.probes.probe import Scatter
from quizproof.reports.charts.scatter_chart import HEIGHT, WIDTH, scatter_chart
from quizproof.reports.html import render_html
from tests.reports.runs import measured, result, run


def shown(points: list[list[float]], groups: tuple[str, ...] | None = None) -> Scatter:
    names = tuple(f"t{k}" for k in range(len(points)))
    return Scatter("tokens", np.array(points, np.float32), groups or names, names, (0.6, 0.2))


def test_up_is_up_and_right_is_right() -> None:
    low, high = scatter_chart(shown([[0, 0], [1, 1]])).points
    assert high.x > low.x
    assert high.y < low.y


def test_distances_are_true_on_both_axes() -> None:
    a, b, c = scatter_chart(shown([[0, 0], [1, 0], [0, 1]])).points
    assert b.x - a.x == pytest.approx(a.y - c.y)


@given(arrays(np.float64, (5, 2), elements=st.floats(-1e6, 1e6)))
def test_every_point_lies_within_the_drawing(points: NDArray[np.float64]) -> None:
    for point in scatter_chart(shown(points.tolist())).points:
        assert 0 <= point.x <= WIDTH
        assert 0 <= point.y <= HEIGHT


def test_groups_have_shapes_in_the_order_they_are_met() -> None:
    chart = scatter_chart(shown([[0, 0], [1, 1], [2, 0]], ("context", "answer", "context")))
    assert chart.groups == (("context", 0), ("answer", 1))
    assert [point.shape for point in chart.points] == [0, 1, 0]


def test_what_is_no_number_is_left_out() -> None:
    chart = scatter_chart(shown([[0, 0], [math.nan, 1], [2, 0]]))
    assert [point.label for point in chart.points] == ["t0", "t2"]
    assert not scatter_chart(shown([[math.inf, 0]])).points


def test_labels_cover_neither_points_nor_one_another() -> None:
    crowd = scatter_chart(shown([[k / 9, (k * 7 % 10) / 9] for k in range(10)] * 6))
    boxes = []
    for point in crowd.points:
        if point.place:
            x, y, anchor = point.place
            wide = 6 * len(point.label)
            boxes.append((x if anchor == "start" else x - wide, y - 8, wide, 8))
    assert 0 < len(boxes) < len(crowd.points)
    for k, (left, top, wide, high) in enumerate(boxes):
        for other in boxes[:k]:
            apart = left + wide <= other[0] or other[0] + other[2] <= left
            assert apart or top + high <= other[1] or other[1] + other[3] <= top
        assert not any(left < p.x < left + wide and top < p.y < top + high for p in crowd.points)


def test_labels_are_words_on_the_page() -> None:
    hostile = "</text><script>1</script>"
    scatter = Scatter(
        hostile, np.eye(2, dtype=np.float32), (hostile, "b"), (hostile, "b"), (0.7, 0.1)
    )
    page = render_html(run(result(measurement=measured(scatters=(scatter,)))))
    assert page.count("<script") == 1  # the page's own
    assert "principal component 1 (70 % of the variance)" in page
    assert "主成分 2（占變異數的 10 %）" in page
