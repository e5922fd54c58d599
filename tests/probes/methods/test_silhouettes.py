from __future__ import annotations

import numpy as np
import pytest
from skimage.morphology import convex_hull_image

from quizproof.probes.methods import silhouettes
from quizproof.probes.methods.localisation import EmptyRegionError, iou
from quizproof.probes.methods.silhouettes import SOLIDS, dense_part, hull, likeness


def area(polygon: np.ndarray) -> float:
    x, y = polygon.T
    return float(abs(x @ np.roll(y, 1) - y @ np.roll(x, 1)) / 2)


def outline(solid: str, azimuth: float, elevation: float, tilt: float) -> np.ndarray:
    corners = silhouettes._corners(solid)
    return silhouettes._convex(corners @ silhouettes._camera(azimuth, elevation, tilt))


@pytest.mark.parametrize(("azimuth", "elevation", "tilt"), [(0, 0, 0), (37, 21, -11), (80, 55, 19)])
def test_a_cubes_shadow_has_the_area_of_the_sums_of_its_faces(
    azimuth: float, elevation: float, tilt: float
) -> None:
    a, e = np.radians([azimuth, elevation])
    view = np.abs([np.cos(e) * np.cos(a), np.cos(e) * np.sin(a), np.sin(e)])
    assert area(outline("cube", azimuth, elevation, tilt)) == pytest.approx(view.sum())


def test_a_cylinders_shadow_is_its_wall_and_its_lid() -> None:
    e = np.radians(40)
    expected = np.cos(e) + np.pi / 4 * np.sin(e)
    assert area(outline("cylinder", 10, 40, 5)) == pytest.approx(expected, rel=0.01)


def test_a_sphere_is_round_from_everywhere() -> None:
    shadow = outline("sphere", 33, 44, 7)
    assert np.linalg.norm(shadow, axis=1) == pytest.approx(0.5, abs=0.005)


def test_a_pyramid_and_a_tetrahedron_point_up() -> None:
    for solid in ("pyramid", "tetrahedron"):
        shadow = outline(solid, 0, 15, 0)
        top = shadow[shadow[:, 1].argmin()]
        assert top[0] == pytest.approx(0)
        assert np.ptp(shadow[shadow[:, 1] > top[1] + 0.3][:, 0]) > 0.8


def test_the_tetrahedron_is_regular() -> None:
    corners = silhouettes._corners("tetrahedron")
    lengths = [np.linalg.norm(a - b) for a in corners for b in corners if (a != b).any()]
    assert lengths == pytest.approx([lengths[0]] * 12)


@pytest.mark.parametrize("solid", SOLIDS)
def test_a_solid_between_the_poses_of_the_grid_is_known_again(solid: str) -> None:
    matches = dict(zip(SOLIDS, likeness(outline(solid, 25, 28, 7)), strict=True))
    assert max(matches, key=lambda s: matches[s]) == solid
    assert matches[solid] > 0.89


def test_size_place_and_stretch_do_not_count() -> None:
    shape = outline("pyramid", 20, 30, 0)
    moved = shape * (7.0, 3.0) + (100.0, -4.0)
    assert likeness(moved) == pytest.approx(likeness(shape), abs=0.02)


def test_the_hull_is_that_of_the_pixels() -> None:
    mask = np.zeros((40, 40), bool)
    generator = np.random.default_rng(0)
    mask[generator.integers(5, 35, 30), generator.integers(2, 38, 30)] = True
    drawn = silhouettes._raster(hull(mask))
    rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
    filled = np.asarray(convex_hull_image(mask))  # type: ignore[no-untyped-call]
    cut = filled[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    places = (np.arange(64) + 0.5) / 64
    stretched = cut[np.ix_(*((places * n).astype(int) for n in cut.shape))]
    assert iou(drawn, stretched) > 0.95


def test_the_hull_of_one_pixel_is_a_square() -> None:
    assert area(hull(np.eye(1, 3, 1, dtype=bool))) == 1


def test_stray_pixels_are_left_out() -> None:
    hot = np.zeros((64, 64), bool)
    hot[20:40, 24:44] = True
    hot[25, 30] = hot[33, 41] = False
    with_strays = hot.copy()
    with_strays[[3, 60, 50], [3, 50, 5]] = True
    dense = dense_part(with_strays)
    assert not dense[~hot].any()
    assert hot[~dense].sum() <= 4  # a corner has fewer hot pixels around it


def test_small_groups_are_left_out_and_large_ones_count_together() -> None:
    hot = np.zeros((64, 64), bool)
    hot[2:8, 2:8] = hot[30:50, 20:40] = True
    dense = dense_part(hot)
    assert dense[30:50, 20:40].sum() > 390
    assert not dense[:10].any()
    hot[2:16, 2:16] = True
    assert dense_part(hot)[2:16, 2:16].sum() > 190
    assert dense_part(hot)[30:50, 20:40].sum() > 390


def test_dots_that_gather_nowhere_have_no_shape() -> None:
    hot = np.zeros((64, 64), bool)
    hot[4::8, 4::8] = True
    with pytest.raises(EmptyRegionError):
        dense_part(hot)


def test_nothing_hot_has_no_shape() -> None:
    nothing = np.zeros((8, 8), bool)
    for function in (dense_part, hull):
        with pytest.raises(EmptyRegionError):
            function(nothing)


def test_everything_hot_is_all_dense() -> None:
    assert dense_part(np.ones((8, 8), bool)).all()
