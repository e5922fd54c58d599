"""Outlines and labels of regions as a browser draws them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from selenium.webdriver import Chrome

from quizproof.probes.engine.results import State
from quizproof.reports.charts.colours import OUTLINES
from quizproof.reports.html import render_html
from tests.reports.runs import choice, illustration, result, run
from tests.reports.test_page_in_browser import browser, pixels, pytestmark, show, viewer

__all__ = ["browser", "pytestmark"]

SHOWN = illustration()
DISC = SHOWN.outlines["food"]
OVER = (
    "const frame = document.querySelector('#q01 .layers').getBoundingClientRect();"
    "return [...document.querySelectorAll('#q01 .label')].map(e => e.getBoundingClientRect())"
    ".map(r => Math.max(frame.left - r.left, r.right - frame.right, frame.top - r.top, "
    "r.bottom - frame.bottom))"
)


def opened(browser: Chrome, folder: Path, **outlines: NDArray[np.bool_]) -> None:
    names = {name: f"the {name.replace('_', ' ')} of the picture" for name in outlines}
    shown = replace(SHOWN, outlines=outlines, region_names=names)
    of = result(State.CONFIRMED, choice(), illustrations=[shown])
    (folder / "page.html").write_text(render_html(run(of)), encoding="utf-8")
    browser.get((folder / "page.html").as_uri())
    viewer(browser)


def is_seen(browser: Chrome, colour: str) -> bool:
    wanted = np.array([int(colour[k : k + 2], 16) for k in (1, 3, 5)])
    away = np.abs(pixels(browser, "#q01 .layers").astype(int) - wanted).max(axis=1)
    return bool((away < 12).any())


def test_two_borders_in_one_place_are_both_seen(browser: Chrome, tmp_path: Path) -> None:
    show(browser, width=1400)
    opened(browser, tmp_path, food=DISC, plate=DISC, bowl=DISC)
    assert [is_seen(browser, colour) for colour in OUTLINES[:4]] == [True, True, True, False]


def test_a_whole_line_does_not_lie_on_dashes(browser: Chrome, tmp_path: Path) -> None:
    """Of more regions than there are patterns, the first again."""
    show(browser, width=1400)
    empty = np.zeros_like(DISC)
    apart = {f"r{k}": empty for k in range(4)}
    opened(browser, tmp_path, bar=SHOWN.outlines["bar"], food=DISC, **apart, plate=DISC)
    assert is_seen(browser, OUTLINES[1])


@pytest.mark.parametrize("width", [360, 1400])
def test_no_label_ends_beyond_the_picture(browser: Chrome, tmp_path: Path, width: int) -> None:
    show(browser, width=width)
    left, right, top = (np.zeros_like(DISC) for _ in range(3))
    left[20:30, :3], right[40:50, -3:], top[:2, 20:30] = True, True, True
    opened(browser, tmp_path, thing_at_the_left=left, thing_at_the_right=right, one_on_top=top)
    for _ in ("as it is", "zoomed"):
        over = browser.execute_script(OVER)
        assert len(over) == 3
        assert max(over) <= 1
        browser.execute_script("document.querySelector('#q01 [data-zoom]').click()")
