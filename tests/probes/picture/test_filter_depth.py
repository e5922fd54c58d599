from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor, nn
from torch.nn.functional import avg_pool2d, interpolate

from quizproof.probes.bench import Bench
from quizproof.probes.methods.filters import FilterError
from tests.planted import bench, found, look, planted_pack, question

SIDE = 32
FINE = {"near_input": ["early"], "near_output": ["late"], "pictures": [0, 1]}


class Planted(nn.Module):
    """Two layers, each of which answers to one colour, blurred or as it is."""

    def __init__(self, early: tuple[int, bool], late: tuple[int, bool], scale: float = 1) -> None:
        super().__init__()
        self.early, self.late = nn.Identity(), nn.Identity()
        self.colours = early, late
        self.scale = scale

    def forward(self, pictures: Tensor) -> Tensor:
        for layer, (colour, blurred) in zip((self.early, self.late), self.colours, strict=True):
            map_ = self.scale * pictures[:, colour : colour + 1]
            layer(blur(map_) if blurred else map_)
        return torch.zeros(len(pictures), 11)


def blur(map_: Tensor) -> Tensor:
    return interpolate(avg_pool2d(map_, 8), scale_factor=8, mode="bilinear")


def world(folder: Path, net: nn.Module) -> Bench:
    """Pictures whose red and green are blobs at unrelated places, with fine grain on them."""
    pictures = []
    for number in range(2):
        rng = np.random.default_rng(number)
        blobs = np.kron(rng.random((4, 4, 3)), np.ones((8, 8, 1)))
        pictures.append((0.8 * blobs + 0.2 * rng.random((SIDE, SIDE, 3))).astype(np.float32))
    return bench(planted_pack(folder, pictures, []), net)


SHARP_RED, SHARP_GREEN, VAGUE_RED = (0, False), (1, False), (0, True)


@pytest.mark.parametrize(
    ("options", "early", "late"),
    [
        ("ac", VAGUE_RED, SHARP_RED),
        ("ad", VAGUE_RED, SHARP_GREEN),
        ("bc", SHARP_RED, VAGUE_RED),
        ("bd", SHARP_GREEN, VAGUE_RED),
        ("c", SHARP_RED, SHARP_RED),
    ],
)
def test_q16_every_option_is_reachable(
    options: str, early: tuple[int, bool], late: tuple[int, bool], tmp_path: Path
) -> None:
    assert found(question("q16", **FINE), world(tmp_path, Planted(early, late))) == set(options)


def test_layers_that_answer_alike_everywhere_are_an_error(tmp_path: Path) -> None:
    net = Planted(SHARP_RED, SHARP_GREEN, scale=0)
    with pytest.raises(FilterError, match="varies"):
        look(question("q16", **FINE), world(tmp_path, net))


def test_a_filter_that_answers_alike_everywhere_is_left_out(tmp_path: Path) -> None:
    class HalfDead(Planted):
        def forward(self, pictures: Tensor) -> Tensor:
            sharp = pictures[:, :1]
            self.early(torch.cat([sharp, torch.zeros_like(sharp)], dim=1))
            self.late(sharp)
            return torch.zeros(len(pictures), 11)

    measured = look(question("q16", **FINE), world(tmp_path, HalfDead(SHARP_RED, SHARP_RED)))
    values = {name: m.value for name, m in measured.measurements.items()}
    assert values["fineness_near_input"] == values["fineness_near_output"]
    assert values["place_correlation"] == pytest.approx(1)
