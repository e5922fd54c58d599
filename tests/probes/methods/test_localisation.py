from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray
from scipy.stats import spearmanr

from quizproof.probes.methods.localisation import (
    ConstantMapError,
    EmptyRegionError,
    MapError,
    NoMassError,
    Part,
    area_share,
    centroid,
    contrast,
    density,
    gini,
    hot_pixels,
    iou,
    mass_share,
    part_of,
    pointing_game,
    rank_accuracy,
    rank_correlation,
)

SHAPE = (4, 5)
# coarse values, so that ties are common and sums are exact
values = st.integers(-8, 8).map(lambda v: v / 4)
signed_maps = arrays(np.float64, SHAPE, elements=values)
maps = signed_maps.map(np.abs).filter(lambda m: bool(m.any()))
regions = arrays(np.bool_, SHAPE).filter(lambda r: bool(r.any()))
parts = st.sampled_from(["absolute", "positive", "negative"])

MEASURES: list[Callable[[NDArray[Any], NDArray[Any]], float]] = [
    mass_share,
    density,
    rank_accuracy,
    pointing_game,
]


@given(signed_maps)
def test_parts_make_up_the_map(relevance: NDArray[np.float64]) -> None:
    positive, negative = part_of(relevance, "positive"), part_of(relevance, "negative")
    assert (positive - negative == relevance).all()
    assert (part_of(relevance, "absolute") == positive + negative).all()


@given(maps, regions)
def test_mass_inside_and_outside_is_all_there_is(
    relevance: NDArray[np.float64], region: NDArray[np.bool_]
) -> None:
    share = mass_share(relevance, region)
    assert 0 <= share <= 1
    assert share == pytest.approx(relevance[region].sum() / relevance.sum())
    if not region.all():
        assert share + mass_share(relevance, ~region) == pytest.approx(1)


@given(signed_maps, regions, parts)
def test_a_signed_map_counts_only_the_part_asked_for(
    relevance: NDArray[np.float64], region: NDArray[np.bool_], of: Part
) -> None:
    assume(part_of(relevance, of).any())
    assert mass_share(relevance, region, of) == mass_share(part_of(relevance, of), region)
    assert 0 <= density(relevance, region, of) <= relevance.size / region.sum() + 1e-12


@given(maps, regions, st.sampled_from([1e-200, 3.0, 1e200]))
def test_scale_changes_nothing(
    relevance: NDArray[np.float64], region: NDArray[np.bool_], scale: float
) -> None:
    for measure in MEASURES:
        assert measure(relevance * scale, region) == pytest.approx(measure(relevance, region))
    assert gini(relevance * scale) == pytest.approx(gini(relevance))
    assert centroid(relevance * scale) == pytest.approx(centroid(relevance))
    assert (hot_pixels(relevance * scale, 0.3) == hot_pixels(relevance, 0.3)).all()


@given(regions, st.floats(0.1, 10))
def test_a_constant_map_is_everywhere_alike(region: NDArray[np.bool_], value: float) -> None:
    relevance = np.full(SHAPE, value)
    assert density(relevance, region) == pytest.approx(1)
    assert rank_accuracy(relevance, region) == pytest.approx(area_share(region))
    assert pointing_game(relevance, region) == pytest.approx(area_share(region))
    assert gini(relevance) == pytest.approx(0, abs=1e-12)
    assert centroid(relevance) == pytest.approx((0.5, 0.5))
    assert not hot_pixels(relevance, 0.5).any()


@pytest.mark.parametrize("measure", MEASURES)
def test_an_empty_region_is_an_error(
    measure: Callable[[NDArray[Any], NDArray[Any]], float],
) -> None:
    with pytest.raises(EmptyRegionError):
        measure(np.ones(SHAPE), np.zeros(SHAPE, bool))


def test_two_empty_regions_are_an_error() -> None:
    nothing, something = np.zeros(SHAPE, bool), np.ones(SHAPE, bool)
    with pytest.raises(EmptyRegionError):
        iou(nothing, nothing)
    with pytest.raises(EmptyRegionError):
        area_share(nothing)
    assert iou(nothing, something) == 0
    assert iou(something, something) == 1


@pytest.mark.parametrize("measure", MEASURES)
@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_a_map_that_is_not_finite_is_an_error(
    measure: Callable[[NDArray[Any], NDArray[Any]], float], bad: float
) -> None:
    with pytest.raises(MapError):
        measure(np.array([[1.0, bad]]), np.array([[True, False]]))


@pytest.mark.parametrize("measure", MEASURES)
@pytest.mark.parametrize(
    "region", [np.ones((2, 2), bool), np.ones(SHAPE, int), np.ones((1, 5), bool)]
)
def test_a_region_of_another_shape_or_type_is_an_error(
    measure: Callable[[NDArray[Any], NDArray[Any]], float], region: NDArray[Any]
) -> None:
    with pytest.raises(MapError):
        measure(np.ones(SHAPE), region)


def test_a_map_without_mass_is_an_error_where_shares_are_asked_for() -> None:
    zero, everywhere = np.zeros(SHAPE), np.ones(SHAPE, bool)
    for measure in (mass_share, density):
        with pytest.raises(NoMassError):
            measure(zero, everywhere)
        with pytest.raises(NoMassError, match="negative"):
            measure(np.ones(SHAPE), everywhere, "negative")
    with pytest.raises(NoMassError):
        gini(zero)
    with pytest.raises(NoMassError):
        centroid(zero)


@given(maps, regions)
def test_contrast_is_zero_where_density_is_one(
    relevance: NDArray[np.float64], region: NDArray[np.bool_]
) -> None:
    if region.all():
        with pytest.raises(EmptyRegionError):
            contrast(relevance, region)
        return
    value = contrast(relevance, region)
    assert -1 <= value <= 1
    assert value == pytest.approx(-contrast(relevance, ~region))
    assert np.sign(round(value, 9)) == np.sign(round(density(relevance, region) - 1, 9))


def test_contrast_of_twice_as_much_is_a_third() -> None:
    relevance = np.array([[2.0, -2.0, 1.0, 0.0]])
    left, third, last = (
        np.array([[True, True, False, False]]),
        np.array([[False, False, True, False]]),
        np.array([[False, False, False, True]]),
    )
    assert contrast(relevance, left, third) == pytest.approx(1 / 3)
    assert contrast(relevance, left, last) == 1
    assert contrast(relevance, left, last, "negative") == 1
    assert contrast(relevance, third, last, "negative") == 0
    with pytest.raises(EmptyRegionError):
        contrast(relevance, left, np.zeros((1, 4), bool))
    with pytest.raises(NoMassError):
        contrast(np.zeros((1, 4)), left)


@given(maps, regions)
def test_rank_accuracy_is_the_mean_over_ways_to_break_ties(
    relevance: NDArray[np.float64], region: NDArray[np.bool_]
) -> None:
    count = int(region.sum())
    generator = np.random.default_rng(0)
    shares = []
    for _ in range(200):
        shuffled = generator.permutation(relevance.size)
        largest = shuffled[np.argsort(-relevance.ravel()[shuffled], kind="stable")][:count]
        shares.append(region.ravel()[largest].mean())
    assert rank_accuracy(relevance, region) == pytest.approx(np.mean(shares), abs=0.15)


def test_the_pointing_game_asks_for_the_largest_pixel() -> None:
    relevance = np.array([[1.0, 3.0], [-4.0, 0.0]])
    here = np.array([[False, True], [False, False]])
    there = np.array([[False, False], [True, False]])
    assert (pointing_game(relevance, here), pointing_game(relevance, there)) == (1, 0)
    assert pointing_game(relevance, there, "absolute") == 1


@given(maps, st.floats(0.01, 1))
def test_hot_pixels_are_hotter_than_the_rest(relevance: NDArray[np.float64], share: float) -> None:
    hot = hot_pixels(relevance, share)
    if hot.any() and not hot.all():
        assert relevance[hot].min() > relevance[~hot].max()
    distinct = len(np.unique(relevance)) == relevance.size
    if distinct and share < 1:
        assert hot.sum() == min(max(1, round(share * relevance.size)), relevance.size - 1)


def test_hot_pixels_with_ties() -> None:
    assert hot_pixels(np.array([0.0, 0, 0, 5]), 0.5).tolist() == [False, False, False, True]
    assert hot_pixels(np.array([1.0, 2, 2, 2]), 0.25).tolist() == [False, True, True, True]
    for share in (0, -0.1, 1.1, np.nan):
        with pytest.raises(MapError):
            hot_pixels(np.array([0.0, 1]), share)


@given(regions, regions)
def test_iou_is_symmetric(one: NDArray[np.bool_], other: NDArray[np.bool_]) -> None:
    assert 0 <= iou(one, other) <= 1
    assert iou(one, other) == iou(other, one)
    assert (iou(one, other) == 1) == bool((one == other).all())


def test_regions_of_different_shape_have_no_iou() -> None:
    with pytest.raises(MapError):
        iou(np.ones((2, 2), bool), np.ones((2, 1), bool))


@given(signed_maps, signed_maps)
def test_rank_correlation_is_scipys(one: NDArray[np.float64], other: NDArray[np.float64]) -> None:
    assume(len(np.unique(one)) > 1 and len(np.unique(other)) > 1)
    expected = spearmanr(one.ravel(), other.ravel()).statistic
    assert rank_correlation(one.ravel(), other.ravel()) == pytest.approx(expected)
    assert rank_correlation(one, -one) == pytest.approx(-1)


def test_a_constant_map_correlates_with_nothing() -> None:
    with pytest.raises(ConstantMapError):
        rank_correlation(np.arange(4.0), np.ones(4))
    with pytest.raises(ConstantMapError):
        rank_correlation(np.zeros(4), np.arange(4.0))
    with pytest.raises(MapError):
        rank_correlation(np.arange(4.0), np.arange(5.0))


@given(maps)
def test_gini_is_half_the_relative_mean_difference(relevance: NDArray[np.float64]) -> None:
    flat = relevance.ravel()
    differences = np.abs(flat[:, None] - flat[None, :]).mean()
    assert gini(relevance) == pytest.approx(differences / flat.mean() / 2, abs=1e-12)


def test_gini_of_a_single_pixel() -> None:
    assert gini(np.eye(1, 10)) == pytest.approx(0.9)


@given(maps)
def test_the_centre_turns_and_flips_with_the_map(relevance: NDArray[np.float64]) -> None:
    down, right = centroid(relevance)
    assert 0 < down < 1
    assert 0 < right < 1
    assert centroid(relevance.T) == pytest.approx((right, down))
    assert centroid(relevance[::-1]) == pytest.approx((1 - down, right))


def test_the_centre_of_one_pixel_is_its_middle() -> None:
    relevance = np.zeros((4, 2))
    relevance[3, 0] = -2
    assert centroid(relevance) == pytest.approx((0.875, 0.25))
    with pytest.raises(MapError):
        centroid(np.ones((2, 2, 3)))
