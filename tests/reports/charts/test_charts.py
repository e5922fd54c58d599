from __future__ import annotations

import math
import re

import pytest

from quizproof.reports.charts.margin_chart import extent, margin_chart
from quizproof.reports.charts.series_chart import HEIGHT, WIDTH, series_chart, series_view
from tests.reports.parsed import Element, parsed


def drawing(low: float, estimate: float, high: float, holds: bool | None, reach: float) -> Element:
    return parsed(str(margin_chart((low, estimate, high), reach, holds))).one(
        "svg", class_="margin"
    )


def percent(element: Element, name: str) -> float:
    return float(element.attributes[name].removesuffix("%"))


def span(shown: Element) -> tuple[float, float]:
    bar = shown.one("rect", class_="interval")
    return percent(bar, "x"), percent(bar, "x") + percent(bar, "width")


def test_zero_is_the_middle_and_the_bar_its_interval() -> None:
    shown = drawing(0.5, 1.0, 2.0, True, 2.0)
    assert percent(shown.one("line"), "x1") == 50
    assert span(shown) == pytest.approx((61.5, 96))
    assert percent(shown.one("circle"), "cx") == 73
    assert "holds" in shown.attributes["class"]


def test_failing_lies_to_the_left() -> None:
    shown = drawing(-2.0, -1.0, -0.5, False, 2.0)
    assert span(shown) == pytest.approx((4, 38.5))
    assert percent(shown.one("circle"), "cx") < 50
    assert "fails" in shown.attributes["class"]


@pytest.mark.parametrize(("end", "holds"), [(math.inf, True), (-math.inf, False)])
def test_infinite_is_a_full_bar_with_one_arrow_and_no_dot(end: float, holds: bool) -> None:
    shown = drawing(end, end, end, holds, 1.0)
    assert span(shown) == pytest.approx((50, 96) if holds else (4, 50))
    [arrow] = shown.all("svg")
    assert (percent(arrow, "x") > 50) is holds
    assert not list(shown.all("circle"))


def test_unknown_is_a_bar_with_two_arrows() -> None:
    shown = drawing(-math.inf, math.nan, math.inf, None, 1.0)
    assert span(shown) == pytest.approx((4, 96))
    assert len(list(shown.all("svg"))) == 2
    assert not list(shown.all("circle"))
    assert "open" in shown.attributes["class"]


def test_an_exact_margin_is_still_seen() -> None:
    left, right = span(drawing(0.5, 0.5, 0.5, True, 1.0))
    assert right > left


def test_extent_is_the_largest_finite_end() -> None:
    assert extent([(-3.0, 1.0, 2.0), (-math.inf, math.nan, math.inf)]) == 3
    assert extent([(math.inf, math.inf, math.inf)]) == 1
    assert extent([(0.0, 0.0, 0.0)]) == 1
    assert extent([]) == 1


def points(values: tuple[float, ...]) -> list[list[tuple[float, float]]]:
    shown = parsed(str(series_chart(values, "caption")))
    return [
        [
            (float(x), float(y))
            for x, y in re.findall(r"([\d.]+),([\d.]+)", line.attributes["points"])
        ]
        for line in shown.all("polyline")
    ]


def test_a_series_goes_from_left_to_right_and_up_is_more() -> None:
    [line] = points((1.0, 3.0, 2.0))
    (x0, y0), (x1, y1), (x2, y2) = line
    assert x0 < x1 < x2 <= WIDTH
    assert y0 > y2 > y1 >= 0


def test_what_is_no_number_is_a_gap() -> None:
    assert [len(line) for line in points((1.0, 2.0, math.nan, 3.0, math.inf, 4.0, 5.0))] == [2, 2]


@pytest.mark.parametrize("values", [(), (math.nan,), (5.0,), (5.0, 5.0), (math.nan, 1.0)])
def test_degenerate_series_are_drawn(values: tuple[float, ...]) -> None:
    assert parsed(str(series_chart(values, "caption"))).one("svg").attributes["role"] == "img"
    assert all(0 <= y <= HEIGHT for line in points(values) for _, y in line)


def test_the_numbers_of_a_series_are_a_table_by_place() -> None:
    shown = series_view(
        (0.5, math.nan), "s", id="s", start=0, trend=(0.25, 0.5), place="layer", unit=""
    )
    assert shown.rows == (("0", "0.5", "0.25"), ("1", "–", "0.5"))
    assert not shown.thinned
    long = series_view([0.0] * 1000, "s", id="s", start=1, trend=None, place="", unit="")
    assert (len(long.rows), long.rows[-1][0], long.thinned) == (60, "1000", True)


def test_a_long_series_is_thinned_but_keeps_its_ends() -> None:
    [line] = points(tuple(float(k) for k in range(100_000)))
    assert len(line) == 400
    assert line[-1][0] == pytest.approx(WIDTH - 12)
    assert "100000" in str(series_chart([0.0] * 100_000, "caption"))
