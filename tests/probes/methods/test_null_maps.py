from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import ndimage

from quizproof.probes.methods.localisation import MapError, rank_correlation
from quizproof.probes.methods.null_maps import (
    NullError,
    midpoint,
    phase_randomised,
    quantile,
    shifted,
    with_values_of,
)


def _blobs(
    shape: tuple[int, int] = (24, 32), seed: int = 0, grain: float = 2
) -> NDArray[np.float64]:
    noise = np.random.default_rng(seed).normal(size=shape)
    return np.asarray(np.exp(ndimage.gaussian_filter(noise, grain, mode="wrap") * 4))


@pytest.mark.parametrize("shape", [(24, 32), (25, 31), (1, 7), (8, 1)])
def test_phases_are_random_and_the_spectrum_is_the_map_s(shape: tuple[int, int]) -> None:
    values = _blobs(shape)
    [null] = phase_randomised(values, np.random.default_rng(1), 1)
    assert null.shape == shape
    assert np.abs(np.fft.fft2(null)) == pytest.approx(np.abs(np.fft.fft2(values)))
    assert null.mean() == pytest.approx(values.mean())
    assert null.std() == pytest.approx(values.std())


def test_a_null_is_a_generator_s_and_like_no_other() -> None:
    values = _blobs()
    one, again = (next(phase_randomised(values, np.random.default_rng(1), 1)) for _ in range(2))
    assert np.array_equal(one, again)
    generator = np.random.default_rng(2)
    nulls = list(phase_randomised(values, generator, 60))
    likeness = [rank_correlation(values, null) for null in nulls]
    assert np.mean(likeness) == pytest.approx(0, abs=0.05)
    # the grain is kept: as far from 0 as two independent maps of it are, and no white noise
    apart = [rank_correlation(values, _blobs(seed=seed)) for seed in range(1, 61)]
    assert 0.7 < np.std(likeness) / np.std(apart) < 1.4
    white = [rank_correlation(values, generator.normal(size=values.shape)) for _ in range(60)]
    assert np.std(likeness) > 2 * np.std(white)


def test_a_constant_map_has_itself_for_null() -> None:
    [null] = phase_randomised(np.full((4, 6), 3.0), np.random.default_rng(0), 1)
    assert null == pytest.approx(3.0)


def test_values_can_be_kept_in_another_order() -> None:
    values = _blobs()
    [order] = phase_randomised(values, np.random.default_rng(1), 1)
    placed = with_values_of(values, order)
    assert np.array_equal(np.sort(placed, axis=None), np.sort(values, axis=None))
    assert rank_correlation(placed, order) == pytest.approx(1)
    with pytest.raises(MapError, match="no common order"):
        with_values_of(values, order.T)


def test_a_shifted_map_is_the_map_elsewhere() -> None:
    values = np.zeros((8, 12))
    values[0, 0] = 1
    generator = np.random.default_rng(0)
    places = {divmod(int(shifted(values, generator).argmax()), 12) for _ in range(400)}
    assert {down for down, _ in places} == set(range(2, 7))
    assert {right for _, right in places} == set(range(3, 10))
    assert shifted(values, generator).sum() == 1
    assert shifted(np.ones((1, 3)), generator).shape == (1, 3)


def test_a_quantile_is_exceeded_by_a_further_number_as_rarely_as_it_says() -> None:
    assert quantile(list(range(1, 100)), 0.99) == 99
    assert quantile(list(range(1, 200)), 0.99) == 198
    assert quantile([3.0, 1.0, 2.0], 0.5) == 2
    generator = np.random.default_rng(0)
    drawn = generator.standard_cauchy((4000, 20))
    exceeded = [row[0] > quantile(row[1:], 0.9) for row in drawn]
    assert np.mean(exceeded) == pytest.approx(0.1, abs=0.02)


def test_too_few_nulls_have_no_quantile() -> None:
    with pytest.raises(NullError, match=r"98 nulls .* 0\.99; take 99"):
        quantile(np.zeros(98), 0.99)


def test_the_midpoint_lies_halfway() -> None:
    assert midpoint(0.2, 0.8) == pytest.approx(0.5)


@pytest.mark.parametrize("bad", [np.zeros(4), np.zeros((0, 3)), np.array([[np.nan, 1.0]])])
def test_what_is_no_map_is_an_error(bad: NDArray[np.float64]) -> None:
    generator = np.random.default_rng(0)
    with pytest.raises(MapError, match="no map"):
        next(phase_randomised(bad, generator, 1))
    with pytest.raises(MapError, match="no map"):
        shifted(bad, generator)
