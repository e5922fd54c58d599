from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from torch import Tensor, nn

from quizproof.probes.bench import Bench
from quizproof.probes.methods.localisation import EmptyRegionError
from tests.planted import bench, found, look, planted_pack, question
from tests.probes.picture import three_parts as parts

SIDE = 32
MILK, BACKGROUND, CONTOUR = range(3)


class Planted(nn.Module):
    """A network whose layer cnn.15 gives, as filter 0, ``weights`` · the picture's colours."""

    def __init__(self, *weights: float, bias: float = 0.0) -> None:
        super().__init__()
        colours = nn.Conv2d(3, 1, 1)
        colours.weight.data[:] = colours.weight.new_tensor(weights).view(1, 3, 1, 1)
        colours.bias.data[:] = bias  # type: ignore[union-attr]
        layers = [nn.Identity() for _ in range(15)]
        self.cnn = nn.Sequential(*layers, nn.Sequential(nn.AvgPool2d(2), colours))

    def forward(self, pictures: Tensor) -> Tensor:
        return self.cnn(pictures).flatten(1)[:, :11]  # type: ignore[no-any-return]


def jug() -> tuple[NDArray[np.float32], dict[str, NDArray[np.bool_]]]:
    """A jug of red milk with a green contour before a blue background; what is left is black."""
    down, right = np.indices((SIDE, SIDE)) - (SIDE - 1) / 2
    distance = np.hypot(down, right)
    regions = {
        "milk": distance < 8,
        "contour": (distance >= 8) & (distance < 11),
        "background": distance >= 13,
    }
    picture = np.zeros((SIDE, SIDE, 3), np.float32)
    for colour, name in enumerate(("milk", "contour", "background")):
        picture[regions[name], colour] = 1
    return picture, regions


def world(folder: Path, *weights: float, bias: float = 0.0) -> Bench:
    picture, regions = jug()
    pack = planted_pack(folder, [picture, picture], [regions, regions])
    return bench(pack, Planted(*weights, bias=bias))


@pytest.mark.parametrize(
    ("option", "weights"), [("a", (1, 0, 0)), ("b", (0, 0, 1)), ("c", (0, 1, 0))]
)
def test_q14_every_option_is_reachable(
    option: str, weights: tuple[float, ...], tmp_path: Path
) -> None:
    assert found(question("q14"), world(tmp_path, *weights)) == {option}


def test_what_keeps_a_signed_filter_below_0_does_not_activate_it(tmp_path: Path) -> None:
    assert found(question("q14"), world(tmp_path, 1, 0, -9)) == {"a"}


def test_a_filter_that_nothing_activates_has_no_place(tmp_path: Path) -> None:
    measured = look(question("q14"), world(tmp_path, -1, -1, -1, bias=-1))
    assert {m.value for m in measured.measurements.values()} == {0.0}
    assert not any(finding.holds for finding in measured.findings.values())


def test_an_even_filter_decides_nothing(tmp_path: Path) -> None:
    measured = look(question("q14"), world(tmp_path, 0, 0, 0, bias=1))
    assert [m.value for m in measured.measurements.values()] == pytest.approx([1] * 6)
    assert {finding.holds for finding in measured.findings.values()} == {False}


PARTS = dict(zip(("milk", "contour", "background"), parts.inside_band_around(), strict=True))


def of_map(folder: Path, activation: NDArray[Any], regions: Mapping[str, NDArray[Any]]) -> Bench:
    """A world in which filter 0 gives ``activation``, in 0–1, as red is all that it looks at."""
    picture = np.zeros((*activation.shape, 3), np.float32)
    picture[..., 0] = activation
    pack = planted_pack(folder, [picture, picture], [regions, regions])
    return bench(pack, Planted(1, 0, 0), size=activation.shape)


@pytest.mark.parametrize(("option", "part"), [("a", "milk"), ("b", "background"), ("c", "contour")])
@pytest.mark.parametrize("by", parts.MOVES)
def test_q14_masks_that_are_drawn_three_pixels_off_change_nothing(
    option: str, part: str, by: tuple[int, int], tmp_path: Path
) -> None:
    regions = {name: parts.moved(mask, by) for name, mask in PARTS.items()}
    assert found(question("q14"), of_map(tmp_path, 0.1 + 0.9 * PARTS[part], regions)) == {option}


@pytest.mark.parametrize(("option", "part"), [("a", "milk"), ("b", "background"), ("c", "contour")])
def test_q14_mirrored_with_its_regions_is_the_same_and_without_them_another(
    option: str, part: str, tmp_path: Path
) -> None:
    activation = parts.mirrored(0.1 + 0.9 * PARTS[part])
    regions = {name: parts.mirrored(mask) for name, mask in PARTS.items()}
    assert found(question("q14"), of_map(tmp_path / "with", activation, regions)) == {option}
    assert option not in found(question("q14"), of_map(tmp_path / "without", activation, PARTS))


def test_q14_parts_that_are_nearly_alike_decide_nothing(tmp_path: Path) -> None:
    activation = np.where(PARTS["contour"], 1.0, np.where(PARTS["milk"], 0.9, 0.1))
    assert found(question("q14"), of_map(tmp_path, activation, PARTS)) == set()


# with most of these, being 1.25 times as dense as all else would decide by itself
@pytest.mark.parametrize(("kind", "seed"), [("pixels", 6), ("grains", 7), ("blobs", 1)])
def test_q14_noise_decides_nothing(kind: str, seed: int, tmp_path: Path) -> None:
    assert found(question("q14"), of_map(tmp_path, parts.noise(kind, seed), PARTS)) == set()


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["pixels", "grains"])
def test_q14_two_hundred_maps_of_noise_decide_nothing(kind: str, tmp_path: Path) -> None:
    decided = 0
    for seed in range(200):
        planted = of_map(tmp_path / str(seed), parts.noise(kind, seed), PARTS)
        decided += found(question("q14"), planted) != set()
    assert decided == 0


@pytest.mark.parametrize("region", ["one pixel", "everything"])
def test_what_is_no_part_of_a_picture_is_named(region: str, tmp_path: Path) -> None:
    mask = np.full((parts.SIDE, parts.SIDE), region == "everything")
    mask[5, 5] = True
    planted = of_map(tmp_path, parts.noise("pixels", 0), {**PARTS, "contour": mask})
    with pytest.raises(EmptyRegionError, match="region contour"):
        look(question("q14"), planted)
