from __future__ import annotations

import numpy as np
import pytest
import torch
from scipy.stats import spearmanr
from torch import Tensor

from quizproof.probes.methods.activation_maps import fineness, place_correlations, varying


def waves(down: int, right: int, side: int = 16) -> Tensor:
    """``down`` half cycles from top to bottom times ``right`` from left to right."""
    places = (np.arange(side) + 0.5) * np.pi / side
    return torch.from_numpy(np.outer(np.cos(down * places), np.cos(right * places)))


@pytest.mark.parametrize(("down", "right"), [(0, 1), (4, 0), (6, 8), (15, 15)])
def test_a_wave_is_as_fine_as_its_frequency(down: int, right: int) -> None:
    [found] = fineness(waves(down, right)[None])
    assert found == pytest.approx(np.hypot(down, right) / 2)


def test_each_frequency_counts_with_its_power() -> None:
    map_ = 3 * waves(2, 0) + waves(10, 0)
    [found] = fineness(map_[None])
    assert found == pytest.approx((9 * 1 + 1 * 5) / 10)


@pytest.mark.parametrize("scale", [1e-200, 1, 1e200])
def test_neither_scale_nor_mean_changes_fineness(scale: float) -> None:
    map_ = waves(6, 8)
    assert fineness(map_[None] * scale)[0] == pytest.approx(5)
    assert fineness(map_[None] + 100)[0] == pytest.approx(5)


def test_fineness_is_per_picture_and_not_per_position() -> None:
    assert fineness(waves(3, 0, side=8)[None])[0] == pytest.approx(fineness(waves(3, 0)[None])[0])


def test_no_maps_have_no_fineness() -> None:
    assert fineness(torch.zeros(0, 4, 4)).shape == (0,)


def test_blurring_takes_detail() -> None:
    noise = torch.rand(1, 16, 16, generator=torch.Generator().manual_seed(0))
    blurred = torch.nn.functional.avg_pool2d(noise, 3, stride=1)
    assert fineness(blurred)[0] < fineness(noise)[0]


def test_maps_that_do_not_vary_are_known() -> None:
    maps = torch.stack([torch.ones(2, 2), torch.tensor([[0.0, 0], [0, 1]])])
    assert varying(maps).tolist() == [False, True]


def test_place_correlation_is_spearmans_over_the_coarser_grid() -> None:
    generator = torch.Generator().manual_seed(0)
    fine, coarse = (
        torch.rand(2, 8, 8, generator=generator),
        torch.rand(3, 4, 4, generator=generator),
    )
    pooled = fine.double().reshape(2, 4, 2, 4, 2).mean(dim=(2, 4))
    found = place_correlations(fine, coarse)
    assert found.shape == (2, 3)
    for i, j in np.ndindex(2, 3):
        expected = spearmanr(pooled[i].ravel(), coarse[j].ravel()).statistic
        assert found[i, j] == pytest.approx(expected)
    np.testing.assert_allclose(place_correlations(coarse, fine), found.T)


def test_filters_without_places_are_left_out() -> None:
    maps = torch.rand(3, 4, 4, generator=torch.Generator().manual_seed(0))
    maps[1] = 0
    assert place_correlations(maps, maps[1:]).shape == (2, 1)
    assert place_correlations(maps, maps[1:2]).shape == (2, 0)


def test_ends_of_the_range() -> None:
    maps = torch.rand(1, 4, 4, generator=torch.Generator().manual_seed(0))
    assert place_correlations(maps, maps**3)[0, 0] == pytest.approx(1)
    assert place_correlations(maps, -maps)[0, 0] == pytest.approx(-1)
