from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from quizproof.probes.bench import Bench
from tests.planted import bench, found, look, planted_pack, question

SIDE = 32
GREY = 128
FEW = {"pictures": [0, 1]}


class AlongThePath(nn.Module):
    """∂ logit ∕ ∂ picture is ``spots`` times a slope that changes along the path.

    It is another one in each quarter of every tenth of the path: ten steps see the first quarters
    alone, twenty the first and the third, forty all of them.
    """

    def __init__(self, *slopes: float) -> None:
        super().__init__()
        self.slopes = torch.tensor(slopes)
        self.spots = spots()

    def forward(self, pictures: Tensor) -> Tensor:
        share = pictures.detach().mean(dim=(1, 2, 3)) * 255 / GREY
        quarter = ((10 * share + 0.05) % 1 * 4).long()
        along = torch.einsum("nchw,hw->n", pictures, self.spots)
        return (self.slopes[quarter] * along)[:, None].repeat(1, 11)


class Noise(nn.Module):
    """Weights drawn anew for every picture of every pass."""

    def __init__(self) -> None:
        super().__init__()
        self.generator = torch.Generator().manual_seed(0)

    def forward(self, pictures: Tensor) -> Tensor:
        blobs = torch.rand(len(pictures), 1, 8, 8, generator=self.generator)
        weights = nn.functional.interpolate(blobs, scale_factor=4)
        return (weights * pictures).sum(dim=(1, 2, 3))[:, None].repeat(1, 11)


def spots() -> Tensor:
    """Blobs of few different whole numbers, which sums keep exactly."""
    whole = np.random.default_rng(0).integers(0, 16, (8, 8))
    return torch.from_numpy(np.kron(whole, np.ones((4, 4)))).float()


def world(folder: Path, net: nn.Module) -> Bench:
    even = np.full((SIDE, SIDE, 3), GREY / 255, np.float32)
    return bench(planted_pack(folder, [even, even], []), net)


@pytest.mark.parametrize(
    ("option", "net"),
    [
        ("a", AlongThePath(1, 1, 1, 1)),
        ("a", AlongThePath(4, 1, 1, 1)),
        ("b", AlongThePath(1, -2, -2, 1)),
        ("c", AlongThePath(3, 3, -3, -3)),
        ("d", Noise()),
    ],
)
def test_q19_every_option_is_reachable(option: str, net: nn.Module, tmp_path: Path) -> None:
    assert found(question("q19", **FEW), world(tmp_path, net)) == {option}


def test_other_bright_spots_that_stay_are_none_of_the_four(tmp_path: Path) -> None:
    class Moved(AlongThePath):
        def forward(self, pictures: Tensor) -> Tensor:
            elsewhere = torch.einsum("nchw,hw->n", pictures, self.spots.roll((9, 5), (0, 1)))
            return super().forward(pictures) + elsewhere[:, None]

    measured = look(question("q19", **FEW), world(tmp_path, Moved(24, -24, -24, 24)))
    assert float(measured.measurements["spots_reproduced"].value) >= 0.5
    assert not any(finding.holds for finding in measured.findings.values())


def test_a_model_without_gradients_shows_no_spots(tmp_path: Path) -> None:
    measured = look(question("q19", **FEW), world(tmp_path, AlongThePath(0, 0, 0, 0)))
    assert {m.value for m in measured.measurements.values()} == {0.0}
