from __future__ import annotations

import numpy as np
import pytest
from matplotlib.cm import ScalarMappable
from numpy.typing import NDArray

from quizproof.probes.methods.display import (
    Brightness,
    brightness,
    display,
    greatest_difference,
    min_max,
    order_kept,
    outline_contrast,
    outline_prominence,
    spots_kept,
    standing_out,
)

SIDE = 20


def _map(seed: int = 0) -> NDArray[np.float64]:
    return np.random.default_rng(seed).uniform(-0.5, 1.5, (3, SIDE, SIDE))


def _with_spot(value: float = 1.0, at: int = 0, ground: float = 0.0) -> Brightness:
    seen = np.full((SIDE, SIDE), ground)
    seen[at, :] = value  # 5 % of the pixels
    return seen


def test_min_max_spans_the_whole_map_at_once() -> None:
    stretched = min_max(np.array([[[2.0, 4.0]], [[3.0, 6.0]]]))
    assert stretched.tolist() == [[[0.0, 0.5]], [[0.25, 1.0]]]
    assert not min_max(np.full((3, 2, 2), 7.0)).any()


def test_it_shows_what_matplotlib_shows() -> None:
    clipped = np.clip(np.moveaxis(_map(), 0, -1), 0, 1)
    theirs = ScalarMappable().to_rgba(clipped, bytes=True)[..., :3]
    assert np.array_equal((display(_map()) * 255).round(), theirs)


def test_brightness_is_the_mean_of_the_colours_and_keeps_ties() -> None:
    shown = np.zeros((SIDE, SIDE, 3), np.float32)
    shown[:, 10:] = (1, 0.5, 0)
    seen = brightness(shown)
    assert seen[5, 2] == 0
    assert seen[5, 15] == pytest.approx(0.5)
    assert len(np.unique(seen[:, 13:])) == 1


def test_spots_are_kept_where_they_are_bright_still() -> None:
    assert spots_kept(_with_spot(), _with_spot(0.1)) == 1
    assert spots_kept(_with_spot(at=0), _with_spot(at=5)) == 0
    assert spots_kept(_with_spot(), 0 * _with_spot()) == 0
    assert spots_kept(0 * _with_spot(), _with_spot()) == 0
    saturated = np.maximum(_with_spot(at=0), _with_spot(at=1))
    assert spots_kept(_with_spot(at=1), saturated) == 1


def test_order_is_kept_swapped_or_lost() -> None:
    seen = np.random.default_rng(0).uniform(size=(SIDE, SIDE))
    assert order_kept(seen, seen**3) == pytest.approx(1)
    assert order_kept(seen, 1 - seen) == pytest.approx(-1)
    assert order_kept(seen, 0 * seen) == 0


def test_an_outline_is_prominent_where_the_edges_are() -> None:
    square = np.zeros((SIDE, SIDE))
    square[5:15, 5:15] = 1
    outline = np.zeros((SIDE, SIDE), bool)
    outline[4:16, 4:16] = True
    outline[6:14, 6:14] = False
    assert outline_prominence(square, outline) == 1
    assert outline_prominence(0.2 * square, outline) == 1
    assert outline_prominence(0 * square, outline) == 0.5
    assert outline_prominence(square, np.eye(SIDE, dtype=bool) & ~outline) == 0
    rough = np.random.default_rng(0).uniform(size=(SIDE, SIDE))
    assert outline_prominence(rough, outline) == pytest.approx(0.5, abs=0.05)


def test_displays_differ_by_grey_levels_where_they_differ_most() -> None:
    one = np.zeros((SIDE, SIDE, 3), np.float32)
    other = one.copy()
    other[3, 4, 1] = 7 / 255
    assert greatest_difference(one, one) == 0
    assert greatest_difference(one, other) == pytest.approx(7, abs=1e-4)


def test_an_outline_s_contrast_is_none_where_edges_are_everywhere_or_nowhere() -> None:
    square = np.zeros((SIDE, SIDE))
    square[5:15, 5:15] = 1
    outline = np.zeros((SIDE, SIDE), bool)
    outline[4:16, 4:16] = True
    outline[6:14, 6:14] = False
    assert outline_contrast(square, outline) == 1
    assert outline_contrast(square, np.eye(SIDE, dtype=bool) & ~outline) == -1
    assert outline_contrast(0 * square, outline) == 0


def _spot(size: int, on: float, ground: float, side: int = 128) -> Brightness:
    seen = np.full((side, side), ground)
    seen[60 : 60 + size, 40 : 40 + size] = on
    return seen


@pytest.mark.parametrize("ground", [0.0, 0.4, 1.0])
def test_nothing_stands_out_of_one_brightness(ground: float) -> None:
    assert standing_out(np.full((128, 128), ground)) == 0


@pytest.mark.parametrize("size", [8, 24, 70])
def test_a_spot_stands_out_by_its_levels_whatever_its_size(size: int) -> None:
    assert standing_out(_spot(size, 0.3, 0.1)) == pytest.approx(0.2 * 255, abs=0.1)


def test_a_single_pixel_is_spread_over_a_spot() -> None:
    assert standing_out(_spot(1, 1.0, 0.0)) == pytest.approx(255 / 16)


def test_spots_stand_out_of_their_own_surroundings() -> None:
    # bright by 10 levels on a ramp from black to white
    ramp = np.repeat(np.linspace(0, 1, 128)[None], 128, axis=0) / 2
    alone = standing_out(ramp + _spot(8, 10 / 255, 0))
    assert alone >= 10


def test_a_hole_is_no_spot() -> None:
    hole = 1 - _spot(8, 0.5, 0.0)
    assert standing_out(hole) == 0
    assert standing_out(1 - hole) == pytest.approx(0.5 * 255, abs=0.1)
