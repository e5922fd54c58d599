from __future__ import annotations

import re

import numpy as np
import pytest
from numpy.typing import NDArray

from quizproof.reports.charts.colours import DASHES, LEVELS, OUTLINES, stops, table
from quizproof.reports.html import TEMPLATES

# Machado, Oliveira & Fernandes 2009, full severity, on linear RGB
_DEUTERANOPIA = np.array(
    [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]]
)
_PROTANOPIA = np.array(
    [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ]
)

ROUNDING = 2e-3  # of luminance, from eight bits a channel


def linear(colours: NDArray[np.uint8]) -> NDArray[np.float64]:
    shares = colours / 255
    found: NDArray[np.float64] = np.where(
        shares <= 0.04045, shares / 12.92, ((shares + 0.055) / 1.055) ** 2.4
    )
    return found


def luminance(colours: NDArray[np.uint8]) -> NDArray[np.float64]:
    weighed: NDArray[np.float64] = linear(colours) @ np.array([0.2126, 0.7152, 0.0722])
    return weighed


def test_sequential_gets_lighter_all_the_way() -> None:
    assert (np.diff(luminance(table(diverging=False))) > -ROUNDING).all()


def test_diverging_is_lightest_in_the_middle_and_falls_to_both_sides() -> None:
    steps = np.diff(luminance(table(diverging=True)))
    assert (steps[: LEVELS // 2] > -ROUNDING).all()
    assert (steps[LEVELS // 2 :] < ROUNDING).all()
    assert luminance(table(diverging=True))[LEVELS // 2] > 0.85


@pytest.mark.parametrize("vision", [np.eye(3), _DEUTERANOPIA, _PROTANOPIA])
def test_signs_are_told_apart_with_any_colour_vision(vision: NDArray[np.float64]) -> None:
    seen = linear(table(diverging=True)) @ vision.T
    for share in (0.6, 0.75, 0.9):
        above, below = seen[int(share * LEVELS)], seen[int((1 - share) * LEVELS)]
        assert (above - below)[2] > 0.05  # blue keeps its blue, orange has none


def test_stops_are_the_same_scale() -> None:
    for diverging in (False, True):
        first, last = stops(diverging=diverging)[0], stops(diverging=diverging)[-1]
        ends = [f"#{bytes(c.tolist()).hex()}" for c in table(diverging=diverging)[[0, -1]]]
        assert [first, last] == [("0%", ends[0]), ("100%", ends[1])]


def test_each_outline_has_a_dash_of_its_own() -> None:
    assert len(set(DASHES)) == len(DASHES) == len(OUTLINES) == len(set(OUTLINES))


def _palettes() -> list[dict[str, str]]:
    css = (TEMPLATES / "style.css.j2").read_text(encoding="utf-8")
    light, paper = re.findall(r":root \{(.*?)\}", css, flags=re.DOTALL)
    [dark] = re.findall(r"macro dark\(\) %\}(.*?)\{% endmacro", css, flags=re.DOTALL)
    blocks = (light, dark, light + paper)
    return [dict(re.findall(r"--([\w-]+): (#\w+)", block)) for block in blocks]


@pytest.mark.parametrize("palette", _palettes(), ids=["light", "dark", "print"])
def test_words_stand_out_from_what_is_behind_them(palette: dict[str, str]) -> None:
    """WCAG 2.2, 1.4.3: at least 4.5 to 1; drawings, 1.4.11: at least 3 to 1."""

    def contrast(one: str, other: str) -> float:
        hexes = [v * 2 if len(v) == 3 else v for v in (palette[n][1:] for n in (one, other))]
        colours = np.array([[int(h[k : k + 2], 16) for k in (0, 2, 4)] for h in hexes])
        light, dark = sorted(luminance(colours.astype(np.uint8)), reverse=True)
        return float((light + 0.05) / (dark + 0.05))

    for behind in ("bg", "card", "sunken"):
        for words in ("ink", "muted", "link"):
            assert contrast(words, behind) >= 4.5, (words, behind)
    for tone in ("good", "bad", "stand-in", "open", "invalid", "gone"):
        assert contrast(tone, f"{tone}-bg") >= 4.5, tone
    for text in ("bad", "stand-in", "open", "holds"):
        assert contrast(text, "card") >= 4.5, text
    for drawn in ("holds", "fails", "unknown", "twin"):
        assert contrast(drawn, "card") >= 3, drawn
