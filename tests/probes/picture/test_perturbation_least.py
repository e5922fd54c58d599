"""The least size that changes the answer of linear networks, where it has a closed form."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from quizproof.probes.bench import Bench
from quizproof.probes.catalogue import catalogue
from quizproof.probes.draws import in_language
from quizproof.probes.testing import draws_of
from quizproof.questions.problems import QuizproofError
from tests.planted import SIDE, bench, planted_pack

VALUES = SIDE * SIDE * 3
GREY = 100 / 255


class Linear(nn.Module):
    """Logits wₖ · (picture − grey) + bₖ."""

    def __init__(self, weights: Tensor, biases: list[float]) -> None:
        super().__init__()
        self.register_buffer("weights", weights)
        self.register_buffer("biases", torch.tensor(biases))

    def forward(self, pictures: Tensor) -> Tensor:
        away = (pictures - GREY).flatten(1)
        return away @ self.get_buffer("weights").T + self.get_buffer("biases")


def linear(folder: Path, *lead: float, slope: float = 1.0) -> Bench:
    """Class 0 is ahead of each other one by ``lead``; weights ± ``slope`` ∕ values."""
    signs = torch.randint(2, (len(lead) + 1, VALUES), generator=torch.Generator().manual_seed(5))
    weights = (signs * 2 - 1).float() * slope / VALUES
    weights[0] = 0
    pack = planted_pack(folder, [np.full((SIDE, SIDE, 3), GREY, np.float32)])
    return bench(pack, Linear(weights, [0.0, *(-one for one in lead)]), classes=len(lead) + 1)


def test_of_two_classes_it_is_lead_by_slope(tmp_path: Path) -> None:
    """ε Σ |w| = ε · slope makes up for the lead."""
    [draw] = draws_of("perturbation.least", linear(tmp_path, 0.02), picture=0, most=32, random=20)
    values = draw.values
    assert values["least"] == pytest.approx(255 * 0.02, abs=0.01)
    assert values["becomes"] == "class 1"
    assert values["answer"] == "other"
    assert values["reached"] == "yes"
    assert values["by_chance"] == 0  # random signs gain 1 ∕ √3072 of it
    assert values["confidence"] == pytest.approx(0.5, abs=1e-3)
    assert draw.unsure is None


def test_a_target_is_reached_though_another_is_nearer(tmp_path: Path) -> None:
    world = linear(tmp_path, 0.02, 0.05)
    [near] = draws_of("perturbation.least", world, picture=0, most=32, random=1)
    [far] = draws_of("perturbation.least", world, picture=0, most=32, random=1, target="class 2")
    assert near.values["becomes"] == "class 1"
    assert far.values["becomes"] == "class 2"
    # along class 2's own signs class 1 hardly moves
    assert far.values["least"] == pytest.approx(255 * 0.05, rel=0.05)


def test_where_nothing_works_the_least_is_open(tmp_path: Path) -> None:
    [draw] = draws_of("perturbation.least", linear(tmp_path, 0.5), picture=0, most=32, random=1)
    assert draw.unsure is not None
    low, high = draw.unsure.within["least"]
    assert low == pytest.approx(32)
    assert high == 255
    assert draw.values["reached"] == "no"
    assert draw.values["answer"] == "same"


def test_values_are_cut_where_a_picture_ends(tmp_path: Path) -> None:
    """Downwards there are 100 levels, upwards 155: half of the signs stop at 0."""
    world = linear(tmp_path, 0.45)
    [draw] = draws_of("perturbation.least", world, picture=0, most=255, random=1)
    up = float((world.part("classifier").net.weights[1] > 0).float().mean())
    lead = 0.45 * 255
    expected = (lead - (1 - up) * 100) / up
    assert expected > 100
    assert draw.values["least"] == pytest.approx(expected, abs=0.05)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"target": "class 0"}, "class 0 is what picture 0 is taken for as it is"),
        ({"target": "clas 1"}, "did you mean class 1"),
        ({"most": 300}, "there are 255"),
    ],
)
def test_what_cannot_be_asked_is_told(tmp_path: Path, given: dict[str, object], said: str) -> None:
    world = linear(tmp_path, 0.02)
    asked: dict[str, Any] = {"most": 32, "random": 1, **given}
    with pytest.raises(QuizproofError, match=said):
        draws_of("perturbation.least", world, picture=0, **asked)


def test_a_network_that_does_not_look_has_no_gradient(tmp_path: Path) -> None:
    with pytest.raises(QuizproofError, match="gradient is 0 all over"):
        draws_of("perturbation.least", linear(tmp_path, 0.02, slope=0), picture=0, most=9, random=1)


def test_a_target_that_is_not_reached_is_no_though_the_answer_changes(tmp_path: Path) -> None:
    world = linear(tmp_path, 0.02, 0.5)
    asked: dict[str, Any] = {"picture": 0, "most": 64, "random": 1, "target": "class 2"}
    [draw] = draws_of("perturbation.least", world, **asked)
    assert draw.values["reached"] == "no"
    finding = catalogue()["perturbation.least"].finding
    assert "{reached}" in in_language(finding or "", "en")
