from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from torch import Tensor, nn

from quizproof.probes.bench import Bench
from tests.planted import bench, found, look, planted_pack, question

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
    assert [m.value for m in measured.measurements.values()] == pytest.approx([1, 1, 1])
    assert {finding.holds for finding in measured.findings.values()} == {None}
