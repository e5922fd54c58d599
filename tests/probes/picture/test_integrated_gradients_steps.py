from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from quizproof.probes.bench import Bench
from quizproof.probes.methods import display as see
from quizproof.probes.methods import integrated_gradients as ig
from quizproof.probes.methods.localisation import NoMassError
from tests.planted import bench, found, look, planted_pack, question, view

SIDE = 32
GREY = 128
FEW = {"pictures": [0, 1]}


class AlongThePath(nn.Module):
    """∂ logit ∕ ∂ picture is ``spots`` times a slope that changes along the path.

    It is another one in each quarter of every tenth of the path: ten steps see the first quarters
    alone, ten that are half a step further the third, a hundred all of them.
    """

    def __init__(self, *slopes: float) -> None:
        super().__init__()
        self.slopes = torch.tensor(slopes)
        self.spots = spots()

    def forward(self, pictures: Tensor) -> Tensor:
        share = pictures.detach().mean(dim=(1, 2, 3)) * 255 / GREY
        quarter = ((10 * share + 0.03) % 1 * 4).long()
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


class Kinks(nn.Module):
    """Linear, ReLU, linear, with ``count`` kinks on the way to a grey picture.

    Each turns the gradient into another one, of blobs at places of their own.
    """

    def __init__(self, count: int, picture: Tensor) -> None:
        super().__init__()
        blobs = torch.randn(count + 1, 1, 8, 8, generator=torch.Generator().manual_seed(1))
        maps = nn.functional.interpolate(blobs, scale_factor=4).expand(-1, 3, -1, -1).flatten(1)
        turns = torch.cat([maps[:1], maps[1:] - maps[:-1]])
        ends = turns @ picture.flatten()
        self.signs = ends.sign()
        self.weights = turns * self.signs[:, None]
        shares = torch.linspace(0, 1, count + 2)[:-1]
        self.starts = ends.abs() * shares

    def forward(self, pictures: Tensor) -> Tensor:
        units = (pictures.flatten(1) @ self.weights.T - self.starts).relu()
        return (units @ self.signs)[:, None].repeat(1, 11)


def spots() -> Tensor:
    """Blobs of few different whole numbers, which sums keep exactly."""
    whole = np.random.default_rng(0).integers(0, 16, (8, 8))
    return torch.from_numpy(np.kron(whole, np.ones((4, 4)))).float()


def even() -> Tensor:
    return torch.full((3, SIDE, SIDE), GREY / 255)


def world(folder: Path, net: nn.Module) -> Bench:
    picture = even().permute(1, 2, 0).numpy()
    return bench(planted_pack(folder, [picture, picture], []), net)


@pytest.mark.parametrize(
    ("option", "net"),
    [
        ("a", AlongThePath(1, 1, 1, 1)),
        ("a", AlongThePath(4, 1, 1, 1)),
        ("a", Kinks(3, even())),
        ("b", AlongThePath(1, -2, -2, -2)),
        ("c", AlongThePath(2, 0, -2, 0)),
        ("d", Noise()),
        ("d", Kinks(997, even())),
    ],
)
def test_q19_every_option_is_reachable(option: str, net: nn.Module, tmp_path: Path) -> None:
    assert found(question("q19", **FEW), world(tmp_path, net)) == {option}


def test_q19_other_bright_spots_that_stay_are_none_of_the_four(tmp_path: Path) -> None:
    class Moved(AlongThePath):
        def forward(self, pictures: Tensor) -> Tensor:
            elsewhere = torch.einsum("nchw,hw->n", pictures, self.spots.roll((9, 5), (0, 1)))
            return super().forward(pictures) + elsewhere[:, None]

    measured = look(question("q19", **FEW), world(tmp_path, Moved(24, -36, 24, -36)))
    assert float(measured.measurements["order_reproduced"].value) > 0.5
    assert abs(float(measured.measurements["order_kept"].value)) < 0.5
    assert not any(finding.holds for finding in measured.findings.values())


def test_ten_and_eleven_times_as_many_steps_are_no_ceiling_where_spots_turn_up_at_random(
    tmp_path: Path,
) -> None:
    planted = world(tmp_path, Kinks(997, even()))
    few, ten, eleven = (
        see.brightness(
            see.display(see.min_max(ig.averaged_gradients_of(view(planted), 0, steps).numpy()))
        )
        for steps in (10, 100, 110)
    )
    assert see.order_kept(ten, eleven) < see.order_kept(few, ten)


def test_q19_a_map_that_is_even_shows_no_difference_and_no_spots(tmp_path: Path) -> None:
    class Mean(nn.Module):
        def forward(self, pictures: Tensor) -> Tensor:
            return pictures.sum(dim=(1, 2, 3))[:, None].repeat(1, 11)

    assert found(question("q19", **FEW), world(tmp_path, Mean())) == set()


def test_half_a_step_further_is_the_middle_of_each_step(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    walked: list[Tensor] = []
    path = ig.images_on_linear_path

    def watched(picture: Tensor, steps: int, baseline: Tensor | None = None) -> Tensor:
        walked.append(path(picture, steps, baseline))
        return walked[-1]

    monkeypatch.setattr(ig, "images_on_linear_path", watched)
    look(question("q19", pictures=[0], few=4, more=8), world(tmp_path, AlongThePath(1, 1, 1, 1)))
    shares = walked[2].mean(dim=(1, 2, 3)) / even().mean()
    torch.testing.assert_close(shares, torch.tensor([0.125, 0.375, 0.625, 0.875]))


def test_a_model_that_does_not_look_at_its_pictures_is_named(tmp_path: Path) -> None:
    with pytest.raises(NoMassError, match="no value of any picture"):
        look(question("q19", **FEW), world(tmp_path, AlongThePath(0, 0, 0, 0)))
