from __future__ import annotations

import io
import math
import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from quizproof.reports.charts.colours import LEVELS, NO_VALUE, table
from quizproof.reports.charts.map_pictures import SIDE, map_png, outline_path, picture_file


def colours(png: bytes) -> NDArray[np.uint8]:
    with Image.open(io.BytesIO(png)) as image:
        return np.asarray(image.convert("RGB"))


def test_least_and_most_have_the_ends_of_the_scale() -> None:
    png, scale = map_png(np.array([[2.0, 3.0], [4.0, 4.0]]), signed=False)
    shown = colours(png)
    assert (scale.low, scale.high, scale.clipped, scale.diverging) == (2, 4, False, False)
    assert shown[0, 0].tolist() == table(diverging=False)[0].tolist()
    assert shown[0, 1].tolist() == table(diverging=False)[LEVELS // 2].tolist()
    assert shown[1, 1].tolist() == table(diverging=False)[-1].tolist()


def test_zero_is_the_middle_of_a_signed_map_however_lopsided() -> None:
    png, scale = map_png(np.array([[0.0, 8.0, -2.0]]), signed=True)
    assert (scale.low, scale.high, scale.diverging) == (-8, 8, True)
    assert colours(png)[0, 0].tolist() == table(diverging=True)[LEVELS // 2].tolist()
    assert colours(png)[0, 1].tolist() == table(diverging=True)[-1].tolist()


def test_a_few_huge_values_do_not_darken_the_rest() -> None:
    values = np.linspace(0, 1, 10_000).reshape(100, 100)
    values[0, 0] = 1e6
    png, scale = map_png(values, signed=False)
    assert scale.clipped
    assert scale.high == pytest.approx(0.995, abs=0.01)
    assert len(np.unique(colours(png).reshape(-1, 3), axis=0)) > LEVELS / 2
    assert not map_png(values[1:], signed=False)[1].clipped


def test_a_single_hot_pixel_on_nothing_keeps_its_scale() -> None:
    values = np.zeros((64, 64))
    values[3, 4] = 7
    assert map_png(values, signed=False)[1].high == 7
    assert map_png(values, signed=True)[1].high == 7


@pytest.mark.parametrize("signed", [False, True])
@pytest.mark.parametrize("value", [0.0, 5.0, -5.0, 1e-300, 1e300])
def test_constant_maps_are_drawn(value: float, signed: bool) -> None:
    png, scale = map_png(np.full((4, 5), value), signed=signed)
    assert colours(png).shape == (4, 5, 3)
    assert math.isfinite(scale.low)
    assert math.isfinite(scale.high)


def test_maps_that_name_one_another_have_one_scale() -> None:
    then, now = np.array([[0.0, 1.0], [0.5, math.nan]]), np.array([[-3.0, 0.5]])
    png, scale = map_png(then, signed=False, range_of=(now,))
    assert scale == map_png(now, signed=False, range_of=(then,))[1]
    assert (scale.low, scale.high) == (-3, 1)
    assert colours(png)[0, 1].tolist() == table(diverging=False)[-1].tolist()
    assert colours(png)[0, 0].tolist() != table(diverging=False)[0].tolist()


def test_what_is_no_number_is_grey() -> None:
    png, scale = map_png(np.array([[0.0, math.nan, 1.0, math.inf]]), signed=False)
    assert (scale.low, scale.high) == (0, 1)
    assert colours(png)[0, 1].tolist() == list(NO_VALUE) == colours(png)[0, 3].tolist()
    empty, _ = map_png(np.full((2, 2), math.nan), signed=True)
    assert (colours(empty) == NO_VALUE).all()


def test_large_maps_and_pictures_are_made_small() -> None:
    assert colours(map_png(np.ones((512, 256)), signed=False)[0]).shape == (SIDE, SIDE // 2, 3)
    assert colours(picture_file(np.ones((1000, 2000, 3)))).shape == (SIDE // 2, SIDE, 3)
    assert colours(picture_file(np.ones((2, 900, 3)))).shape == (1, SIDE, 3)


def test_a_photograph_is_a_jpeg_in_which_nothing_is_seen_of_it() -> None:
    across, down = np.meshgrid(*2 * [np.linspace(0, 1, SIDE)])
    grain = np.random.default_rng(0).normal(0, 0.02, (SIDE, SIDE, 3))
    photo = np.clip(np.stack([across, down, across * down], axis=2) + grain, 0, 1)
    file = picture_file(photo)
    assert file.startswith(b"\xff\xd8")
    assert np.abs(colours(file) / 255 - photo).mean() < 0.02


def test_pictures_keep_their_colours() -> None:
    picture = np.array([[[0.0, 0.5, 1.0], [-1.0, 2.0, math.nan]]])
    assert colours(picture_file(picture)).tolist() == [[[0, 128, 255], [0, 255, 0]]]


def test_a_square_has_a_square_outline() -> None:
    mask = np.zeros((8, 8), dtype=bool)
    mask[2:5, 3:7] = True
    assert outline_path(mask) == "M3 2H7V5H3Z" or set(re.findall(r"\d+", outline_path(mask))) == {
        *"2357"
    }


def test_nothing_has_no_outline() -> None:
    assert outline_path(np.zeros((4, 4), dtype=bool)) == ""


def filled(path: str, height: int, width: int) -> NDArray[np.bool_]:
    """``path`` filled by the even-odd rule, pixel by pixel."""
    inside = np.zeros((height, width), dtype=bool)
    for loop in path.split("Z")[:-1]:
        image = Image.new("1", (4 * width + 4, 4 * height + 4))
        x, y, corners = 0, 0, []
        for step, first, second in re.findall(r"([MHV])(\d+)(?: (\d+))?", loop):
            x, y = {
                "M": (int(first), int(second or 0)),
                "H": (int(first), y),
                "V": (x, int(first)),
            }[step]
            corners.append((4 * x, 4 * y))
        ImageDraw.Draw(image).polygon(corners, fill=1)
        inside ^= np.asarray(image)[2 : 4 * height : 4, 2 : 4 * width : 4]
    return inside


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 9), st.integers(1, 9), st.integers(0, 2**32 - 1), st.floats(0.1, 0.9))
def test_an_outline_filled_again_is_the_region(
    height: int, width: int, seed: int, share: float
) -> None:
    mask = np.random.default_rng(seed).random((height, width)) < share
    path = outline_path(mask)
    assert (filled(path, height, width) == mask).all()


def test_the_same_map_gives_the_same_bytes() -> None:
    values = np.random.default_rng(0).normal(size=(20, 20))
    assert map_png(values, signed=True) == map_png(values.copy(), signed=True)
