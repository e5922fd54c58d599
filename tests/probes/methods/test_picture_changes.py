"""Changes of pictures against scipy, moments and rectangles that are turned."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from scipy.ndimage import rotate

from quizproof.probes.methods.picture_changes import Change, Rotate, changed

SIDE = 24
NOISY = torch.from_numpy(np.random.default_rng(0).random((3, SIDE, SIDE), np.float32))


def turned(degrees: float) -> Rotate:
    return {"name": "rotate", "degrees": degrees, "fill": "black"}


@pytest.mark.parametrize("degrees", [17.0, -40.0, 123.5, 90.0, 270.0, -180.0])
def test_turning_is_scipy_s(degrees: float) -> None:
    theirs = rotate(
        NOISY.double().numpy(), degrees, axes=(2, 1), reshape=False, order=1, mode="grid-constant"
    )
    ours = changed(NOISY, turned(degrees), 0)
    assert ours.shape == NOISY.shape
    assert np.allclose(ours.numpy(), theirs, atol=1e-5)


def test_turning_is_to_the_left() -> None:
    right_half = torch.zeros(3, SIDE, SIDE)
    right_half[..., SIDE // 2 :] = 1
    up = changed(right_half, turned(90), 0)
    assert up[:, : SIDE // 2].min() == 1
    assert up[:, SIDE // 2 :].max() == 0


def test_a_picture_that_is_no_square_keeps_its_shape() -> None:
    wide = NOISY[:, : SIDE // 2]
    assert torch.equal(changed(wide, turned(180), 0), wide.flip(1, 2))
    quarter = changed(wide, turned(90), 0)
    assert quarter.shape == wide.shape
    assert float(quarter[:, :, 0].abs().max()) == 0  # from above the picture


def test_what_comes_from_outside_is_filled() -> None:
    white = torch.ones(3, SIDE, SIDE)
    corner = changed(white, {"name": "rotate", "degrees": 45.0, "fill": 0.25}, 0)[:, 0, 0]
    assert corner.tolist() == pytest.approx([0.25] * 3)


def test_a_blur_spreads_a_point_by_its_sigma() -> None:
    point = torch.zeros(3, 65, 65)
    point[:, 32, 32] = 1
    spread = changed(point, {"name": "blur", "sigma": 3.0}, 0)[0].double()
    away = (torch.arange(65) - 32.0) ** 2
    assert float(spread.sum()) == pytest.approx(1, abs=1e-5)
    assert float((spread.sum(dim=0) * away).sum()) == pytest.approx(9, rel=0.01)


def test_paint_is_the_same_everywhere() -> None:
    painted = changed(NOISY, {"name": "paint", "fill": 0.3}, 0)
    assert painted.numpy() == pytest.approx(0.3)


def test_noise_has_its_size_and_follows_its_seed() -> None:
    grey = torch.full((3, 200, 200), 0.5)
    normal: Change = {"name": "noise", "sigma": 0.05, "distribution": "normal"}
    signs: Change = {"name": "noise", "sigma": 0.05, "distribution": "signs"}
    once, again, other = (changed(grey, normal, seed) - 0.5 for seed in (1, 1, 2))
    assert torch.equal(once, again)
    assert not torch.equal(once, other)
    assert float(once.std()) == pytest.approx(0.05, rel=0.02)  # 120,000 values: 0.2 % is one σ
    tossed = changed(grey, signs, 1) - 0.5
    assert tossed.abs().numpy() == pytest.approx(0.05, abs=1e-6)
    assert abs(float(tossed.mean())) < 0.05 * 5 / np.sqrt(tossed.numel())


def test_noise_is_cut_to_what_a_picture_can_hold() -> None:
    white = changed(
        torch.ones(3, 9, 9), {"name": "noise", "sigma": 0.5, "distribution": "signs"}, 0
    )
    assert set(white.flatten().tolist()) == {0.5, 1.0}
