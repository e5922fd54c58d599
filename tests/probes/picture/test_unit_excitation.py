"""Activations of units that are known, and the picture that excites one most."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from quizproof.probes.bench import Bench
from quizproof.probes.testing import draws_of
from quizproof.questions.problems import QuizproofError
from tests.planted import SIDE, bench, planted_pack


class Colours(nn.Module):
    """Channel 0 is red − blue, channel 1 the left half's green, and the logits are their means."""

    def __init__(self) -> None:
        super().__init__()
        self.maps = nn.Identity()
        self.head = nn.Linear(2, 2)
        self.head.weight.data = 10 * torch.eye(2)
        self.head.bias.data = torch.zeros(2)

    def forward(self, pictures: Tensor) -> Tensor:
        left = torch.zeros(SIDE)
        left[: SIDE // 2] = 1
        red, green, blue = pictures.unbind(dim=1)
        logits: Tensor = self.head(
            self.maps(torch.stack([red - blue, green * left], 1)).mean((2, 3))
        )
        return logits


def colours(folder: Path, *shown: tuple[float, float, float]) -> Bench:
    pictures = [np.tile(np.array(one, np.float32), (SIDE, SIDE, 1)) for one in shown]
    return bench(planted_pack(folder, pictures), Colours(), classes=2)


def test_a_unit_answers_by_its_mean_and_the_made_picture_most(tmp_path: Path) -> None:
    world = colours(tmp_path, (0.8, 0.4, 0.2), (0.2, 0.6, 0.2))
    asked: dict[str, Any] = {"pictures": [0, 1], "steps": 60, "layer": "maps"}
    [first] = draws_of("unit.excitation", world, unit=0, **asked)
    assert first.values["activation_0"] == pytest.approx(0.6, rel=1e-4)
    assert first.values["activation_1"] == pytest.approx(0, abs=1e-6)
    assert first.values["activation_noise"] == pytest.approx(0, abs=1e-3)
    assert first.values["activation_made"] == pytest.approx(1, rel=1e-4)  # all red and no blue
    assert first.values["likeliest_made"] == "class 0"
    assert first.values["confidence_made"] == pytest.approx(1, abs=0.01)
    [second] = draws_of("unit.excitation", world, unit=1, **asked)
    assert second.values["activation_1"] == pytest.approx(0.3, rel=1e-2)
    assert second.values["activation_made"] == pytest.approx(0.5, rel=1e-4)


def test_a_logit_is_a_unit_without_places(tmp_path: Path) -> None:
    world = colours(tmp_path, (0.8, 0.4, 0.2))
    [draw] = draws_of("unit.excitation", world, layer="head", unit=0, pictures=[0], steps=60)
    assert draw.values["activation_0"] == pytest.approx(6, rel=1e-4)
    assert draw.values["activation_made"] == pytest.approx(10, rel=1e-4)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"unit": 2}, "layer maps has no unit 2, only 0 to 1"),
        ({"layer": "map"}, r"has no layer map; did you mean maps\?"),
    ],
)
def test_a_unit_that_is_not_there_is_told(
    tmp_path: Path, given: dict[str, object], said: str
) -> None:
    asked: dict[str, Any] = {"layer": "maps", "unit": 0, "pictures": [0], "steps": 1, **given}
    with pytest.raises(QuizproofError, match=said):
        draws_of("unit.excitation", colours(tmp_path, (0.8, 0.4, 0.2)), **asked)
