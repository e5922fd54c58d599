from __future__ import annotations

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from scipy.stats import spearmanr
from torch import Tensor

from quizproof.probes.methods.activation_maps import agreement, resolution, varying


def waves(down: int, right: int, side: int = 16) -> Tensor:
    """``down`` half cycles from top to bottom times ``right`` from left to right."""
    places = (np.arange(side) + 0.5) * np.pi / side
    return torch.from_numpy(np.outer(np.cos(down * places), np.cos(right * places)))


@pytest.mark.parametrize(("down", "right"), [(0, 1), (4, 0), (6, 8), (15, 15)])
def test_a_wave_is_as_fine_as_its_frequency(down: int, right: int) -> None:
    [found] = resolution(waves(down, right)[None])
    assert found == pytest.approx(np.hypot(down, right) / 2)


@pytest.mark.parametrize(("fine", "expected"), [(0.3, 1), (0.37, 5)])
def test_detail_of_less_than_a_tenth_of_the_power_does_not_count(
    fine: float, expected: float
) -> None:
    map_ = waves(2, 0) + fine * waves(10, 0)  # powers 1 and fine²
    assert resolution(map_[None])[0] == expected


@pytest.mark.parametrize("scale", [1e-200, 1, 1e200])
def test_neither_scale_nor_mean_changes_resolution(scale: float) -> None:
    map_ = waves(6, 8)
    assert resolution(map_[None] * scale)[0] == pytest.approx(5)
    assert resolution(map_[None] + 100)[0] == pytest.approx(5)


def test_resolution_is_per_picture_and_not_per_position() -> None:
    assert resolution(waves(3, 0, side=8)[None])[0] == pytest.approx(
        resolution(waves(3, 0)[None])[0]
    )


def test_no_maps_have_no_resolution() -> None:
    assert resolution(torch.zeros(0, 4, 4)).shape == (0,)


def test_blurring_takes_detail() -> None:
    noise = torch.rand(1, 16, 16, generator=torch.Generator().manual_seed(0))
    blurred = torch.nn.functional.avg_pool2d(noise, 3, stride=1)
    assert resolution(blurred)[0] < resolution(noise)[0]


def test_maps_that_do_not_vary_are_known() -> None:
    maps = torch.stack([torch.ones(2, 2), torch.tensor([[0.0, 0], [0, 1]])])
    assert varying(maps).tolist() == [False, True]


def blobs(seed: int) -> NDArray[np.float64]:
    coarse = np.random.default_rng(seed).random((8, 8))
    return np.asarray(np.kron(coarse, np.ones((4, 4))), dtype=np.float64)


def test_agreement_is_spearmans_over_places() -> None:
    one, other = blobs(0), blobs(1) + blobs(0)
    expected = spearmanr(one.ravel(), other.ravel()).statistic
    assert agreement(one, other)[0] == pytest.approx(expected)
    assert agreement(other, one)[0] == pytest.approx(expected)


def test_chance_is_what_one_shift_in_a_hundred_exceeds() -> None:
    one, other = blobs(0), blobs(1)
    shifts = [
        spearmanr(one.ravel(), np.roll(other, (down, right), (0, 1)).ravel()).statistic
        for down in range(8, 25)
        for right in range(8, 25)
    ]
    assert agreement(one, other)[1] == pytest.approx(np.quantile(shifts, 0.99))
    assert agreement(one, one)[1] < 0.9


def test_ends_of_the_range() -> None:
    assert agreement(blobs(0), blobs(0) ** 3)[0] == pytest.approx(1)
    assert agreement(blobs(0), -blobs(0))[0] == pytest.approx(-1)


@pytest.mark.parametrize("shape", [(1, 2), (2, 2), (3, 5), (7, 4)])
def test_the_smallest_of_maps_have_a_correlation(shape: tuple[int, int]) -> None:
    values = np.arange(shape[0] * shape[1], dtype=float).reshape(shape)
    found, chance = agreement(values, values)
    assert found == pytest.approx(1)
    assert -1 <= chance <= 1
