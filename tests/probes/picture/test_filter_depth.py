from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor, nn
from torch.nn.functional import avg_pool2d, conv2d, interpolate

from quizproof.probes.bench import Bench
from quizproof.probes.methods.filters import FilterError
from quizproof.probes.packs.pack import EMBEDDED, Pack
from tests.planted import bench, found, look, planted_pack, question
from tests.probes.picture import every_network

SIDE = 64
GAINS = torch.tensor([1.0, -2.0, 0.5, 3.0])
SMALL = {"near_input": ["early"], "near_output": ["late"], "pictures": [0, 1]}

Layer = Callable[[Tensor], Tensor]


class Planted(nn.Module):
    """Two layers, each of which gives what a function makes of the picture, (N, filters, h, w)."""

    def __init__(self, early: Layer, late: Layer) -> None:
        super().__init__()
        self.early, self.late = nn.Identity(), nn.Identity()
        self.gives = early, late

    def forward(self, pictures: Tensor) -> Tensor:
        for layer, gives in zip((self.early, self.late), self.gives, strict=True):
            layer(gives(pictures))
        return torch.zeros(len(pictures), 11)


def filters_of(map_: Tensor) -> Tensor:
    """Four filters that answer to one map, each with a strength and a sign of its own."""
    return map_ * GAINS[:, None, None]


def sharp(colour: int) -> Layer:
    return lambda pictures: filters_of(pictures[:, colour : colour + 1])


def pooled(colour: int) -> Layer:
    """A map of fewer positions, as a layer behind pooling has it."""
    return lambda pictures: filters_of(avg_pool2d(pictures[:, colour : colour + 1], 8))


def deconvolved(colour: int) -> Layer:
    """Pooled, and drawn with as many positions as the picture has, without their detail."""
    return lambda pictures: interpolate(pooled(colour)(pictures), scale_factor=8, mode="bilinear")


def shuffled(pictures: Tensor) -> Tensor:
    maps = pooled(0)(pictures)
    order = torch.randperm(64, generator=torch.Generator().manual_seed(3))
    return maps.flatten(2)[..., order].view(maps.shape)


def filters_at_random(numbers: range) -> Layer:
    """Some of the 64 filters that one layer of random weights has."""
    weights = torch.randn(64, 3, 5, 5, generator=torch.Generator().manual_seed(0))
    return lambda pictures: conv2d(pictures, weights[list(numbers)], padding=2)


def unlike_each_other(pictures: Tensor) -> Tensor:
    """Filters that have no place in common, whatever the picture."""
    noise = torch.rand(1, 8, SIDE, SIDE, generator=torch.Generator().manual_seed(0))
    return (noise > 0.5).float().repeat(len(pictures), 1, 1, 1)


def world(folder: Path, early: Layer, late: Layer) -> Bench:
    """Pictures whose red and green are blobs at unrelated places, with fine grain on them."""
    pictures = []
    for number in range(2):
        rng = np.random.default_rng(number)
        blobs = np.kron(rng.random((8, 8, 3)), np.ones((8, 8, 1)))
        pictures.append((0.6 * blobs + 0.4 * rng.random((SIDE, SIDE, 3))).astype(np.float32))
    return bench(planted_pack(folder, pictures, []), Planted(early, late), size=(SIDE, SIDE))


@pytest.mark.parametrize(
    ("options", "early", "late"),
    [
        ("ac", deconvolved(0), sharp(0)),
        ("ac", pooled(0), sharp(0)),
        ("ad", pooled(0), sharp(1)),
        ("bc", sharp(0), pooled(0)),
        ("bc", sharp(0), deconvolved(0)),
        ("bd", sharp(0), shuffled),
        ("bd", sharp(1), pooled(0)),
        ("c", sharp(0), sharp(0)),
        ("c", pooled(0), deconvolved(0)),
        ("c", filters_at_random(range(32)), filters_at_random(range(32, 64))),
        ("d", sharp(0), sharp(1)),
        ("", unlike_each_other, unlike_each_other),
    ],
)
def test_q16_every_option_is_reachable(
    options: str, early: Layer, late: Layer, tmp_path: Path
) -> None:
    assert found(question("q16", **SMALL), world(tmp_path, early, late)) == set(options)


@pytest.mark.parametrize("layer", ["cnn.0", "cnn.6", "cnn.23", "cnn.34"])
@pytest.mark.parametrize("random", [False, True])
def test_q16_no_layer_differs_from_itself(layer: str, random: bool) -> None:
    network = every_network.with_random_weights(0) if random else every_network.embedded()
    planted = Bench(Pack(EMBEDDED), 0, loaded={"classifier": network})
    asked = question("q16", near_input=[layer], near_output=[layer], pictures=[0, 4])
    assert found(asked, planted) == {"c"}


def test_layers_that_answer_alike_everywhere_are_an_error(tmp_path: Path) -> None:
    planted = world(tmp_path, sharp(0), lambda pictures: 0 * sharp(0)(pictures))
    with pytest.raises(FilterError, match="vary over a picture"):
        look(question("q16", **SMALL), planted)


def test_a_filter_that_answers_alike_everywhere_is_left_out(tmp_path: Path) -> None:
    def half_dead(pictures: Tensor) -> Tensor:
        return torch.cat([sharp(0)(pictures), torch.zeros_like(pictures)], dim=1)

    measured = look(question("q16", **SMALL), world(tmp_path, half_dead, sharp(0)))
    values = {name: m.value for name, m in measured.measurements.items()}
    assert values["resolution_near_input"] == values["resolution_near_output"]
    assert values["places_shared"] == pytest.approx(1)
    assert values["places_of_one_layer"] == pytest.approx(1)


@pytest.mark.parametrize("scale", [1e-3, 1e3])
def test_how_strongly_a_layer_answers_does_not_matter(scale: float, tmp_path: Path) -> None:
    planted = world(tmp_path, sharp(0), lambda pictures: scale * pooled(0)(pictures))
    assert found(question("q16", **SMALL), planted) == {"b", "c"}
