from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import ArrayLike, NDArray
from torch import Tensor, nn

from quizproof.probes.bench import Bench
from quizproof.probes.methods.localisation import EmptyRegionError
from quizproof.probes.methods.saliency import GradientError
from tests.planted import bench, found, look, planted_pack, question
from tests.probes.picture import three_parts as parts

SIDE = 32
LABEL = 3


class Weighted(nn.Module):
    """The logit of the label is Σ weights · picture; that of every other class looks elsewhere."""

    def __init__(self, weights: ArrayLike) -> None:
        super().__init__()
        self.weights = torch.from_numpy(np.asarray(weights, np.float32))

    def forward(self, pictures: Tensor) -> Tensor:
        logits = pictures.mean(dim=(1, 2, 3))[:, None].repeat(1, 11)
        logits[:, LABEL] = torch.einsum("nchw,hw->n", pictures, self.weights)
        return logits


def regions() -> dict[str, NDArray[np.bool_]]:
    down, right = np.indices((SIDE, SIDE)) - (SIDE - 1) / 2
    distance = np.maximum(abs(down), abs(right))
    return {
        "piece": distance < 9,
        "outline": (distance >= 7) & (distance < 11),
        "tray": (distance >= 11) & (distance < 14),
    }


def world(
    folder: Path, weights: ArrayLike, masks: Mapping[str, NDArray[Any]] | None = None
) -> Bench:
    size = np.asarray(weights).shape
    picture = np.random.default_rng(0).random((*size, 3)).astype(np.float32)
    number = 7 + 1
    pack = planted_pack(folder, [picture] * number, [masks or regions()] * number, [LABEL] * number)
    return bench(pack, Weighted(weights), size=size)


@pytest.mark.parametrize(("option", "name"), [("a", "tray"), ("b", "outline"), ("c", "piece")])
@pytest.mark.parametrize("sign", [1, -1])
def test_q18_every_option_is_reachable(option: str, name: str, sign: int, tmp_path: Path) -> None:
    weights = sign * regions()[name] + 0.01
    assert found(question("q18"), world(tmp_path, weights)) == {option}


def test_what_stands_around_all_three_is_none_of_them(tmp_path: Path) -> None:
    around = ~np.logical_or.reduce(list(regions().values()))
    measured = look(question("q18"), world(tmp_path, around + 0.01))
    assert not any(finding.holds for finding in measured.findings.values())


def test_a_logit_without_gradients_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(GradientError):
        look(question("q18"), world(tmp_path, np.zeros((SIDE, SIDE))))


PARTS = dict(zip(("piece", "outline", "tray"), parts.inside_band_around(), strict=True))


@pytest.mark.parametrize(("option", "part"), [("a", "tray"), ("b", "outline"), ("c", "piece")])
@pytest.mark.parametrize("by", parts.MOVES)
def test_q18_masks_that_are_drawn_three_pixels_off_change_nothing(
    option: str, part: str, by: tuple[int, int], tmp_path: Path
) -> None:
    masks = {name: parts.moved(mask, by) for name, mask in PARTS.items()}
    assert found(question("q18"), world(tmp_path, 0.1 + PARTS[part], masks)) == {option}


@pytest.mark.parametrize(("option", "part"), [("a", "tray"), ("b", "outline"), ("c", "piece")])
def test_q18_mirrored_with_its_regions_is_the_same_and_without_them_another(
    option: str, part: str, tmp_path: Path
) -> None:
    weights = parts.mirrored(0.1 + PARTS[part])
    masks = {name: parts.mirrored(mask) for name, mask in PARTS.items()}
    assert found(question("q18"), world(tmp_path / "with", weights, masks)) == {option}
    assert option not in found(question("q18"), world(tmp_path / "without", weights, PARTS))


def test_q18_parts_that_are_nearly_alike_decide_nothing(tmp_path: Path) -> None:
    weights = np.where(PARTS["outline"], 1.0, np.where(PARTS["piece"], 0.9, 0.1))
    assert found(question("q18"), world(tmp_path, weights, PARTS)) == set()


# with most of these, being 1.25 times as dense as all else would decide by itself
@pytest.mark.parametrize(("kind", "seed"), [("pixels", 6), ("grains", 7), ("blobs", 1)])
def test_q18_noise_decides_nothing(kind: str, seed: int, tmp_path: Path) -> None:
    assert found(question("q18"), world(tmp_path, parts.noise(kind, seed), PARTS)) == set()


def test_q18_the_same_everywhere_decides_nothing(tmp_path: Path) -> None:
    even = np.ones((parts.SIDE, parts.SIDE))
    assert found(question("q18"), world(tmp_path, even, PARTS)) == set()


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["pixels", "grains"])
def test_q18_two_hundred_maps_of_noise_decide_nothing(kind: str, tmp_path: Path) -> None:
    decided = 0
    for seed in range(200):
        planted = world(tmp_path / str(seed), parts.noise(kind, seed), PARTS)
        decided += found(question("q18"), planted) != set()
    assert decided == 0


@pytest.mark.parametrize("region", ["one pixel", "everything"])
def test_what_is_no_part_of_a_picture_is_named(region: str, tmp_path: Path) -> None:
    mask = np.full((parts.SIDE, parts.SIDE), region == "everything")
    mask[5, 5] = True
    planted = world(tmp_path, parts.noise("pixels", 0), {**PARTS, "tray": mask})
    with pytest.raises(EmptyRegionError, match="region tray"):
        look(question("q18"), planted)
