from __future__ import annotations

import numpy as np
import pytest
from matplotlib.cm import ScalarMappable
from numpy.typing import NDArray

from quizproof.probes.methods.display import (
    Brightness,
    brightness,
    difference,
    display,
    min_max,
    order_kept,
    outline_prominence,
    spot_contrast,
    spots_kept,
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


def test_displays_differ_by_what_they_do_not_share() -> None:
    spot = _with_spot()
    assert difference(spot, spot) == 0
    assert difference(spot, 0 * spot) == 1
    assert difference(spot, spot / 2) == pytest.approx(0.5)
    assert difference(0 * spot, 0 * spot) == 0


@pytest.mark.parametrize("ground", [0.0, 0.4, 1.0])
def test_one_brightness_all_over_shows_no_spots(ground: float) -> None:
    assert spot_contrast(_with_spot(ground, ground=ground)) == pytest.approx(0)


def test_spots_stand_out_by_their_brightness_above_the_median() -> None:
    assert spot_contrast(_with_spot(0.7, ground=0.2)) == pytest.approx(0.5)


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
