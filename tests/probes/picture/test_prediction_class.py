"""Probability and place of a class, of networks whose logits are known."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from quizproof.probes.catalogue import catalogue
from quizproof.probes.draws import Draw
from quizproof.probes.testing import draws_of
from quizproof.questions.problems import QuizproofError
from tests.planted import SIDE, bench, planted_pack


class Fixed(nn.Module):
    """The logits of any picture are those that it was made with; it counts its passes."""

    def __init__(self, *logits: float) -> None:
        super().__init__()
        self.logits = torch.tensor(logits)

    def forward(self, pictures: Tensor) -> Tensor:
        return self.logits.expand(len(pictures), -1)


def asked(folder: Path, *logits: float, label: int = 0, **parameters: Any) -> Draw:
    grey = np.full((SIDE, SIDE, 3), 0.5, np.float32)
    pack = planted_pack(folder, [grey, grey], [], labels=[2, label])
    world = bench(pack, Fixed(*logits), classes=len(logits))
    probe = catalogue()["prediction.class"]
    [draw] = world.run(probe, probe.complete({"picture": 1, **parameters}))
    return draw


# softmax: 1/2, 1/3, 1/6
HALF, THIRD, SIXTH = math.log(3), math.log(2), 0.0


@pytest.mark.parametrize(
    ("name", "probability", "rank", "margin"),
    [
        ("class 0", 1 / 3, 2, THIRD - HALF),
        ("class 1", 1 / 2, 1, HALF - THIRD),
        ("class 2", 1 / 6, 3, SIXTH - HALF),
    ],
)
def test_a_class_has_its_share_and_place(
    tmp_path: Path, name: str, probability: float, rank: int, margin: float
) -> None:
    values = asked(tmp_path, THIRD, HALF, SIXTH, of=name).values
    assert values["probability"] == pytest.approx(probability, abs=1e-6)
    assert values["rank"] == rank
    assert values["margin"] == pytest.approx(margin, abs=1e-6)
    assert values["likeliest"] == "class 1"


@pytest.mark.parametrize("label", [0, 1, 2])
def test_without_a_name_it_is_the_picture_s_own(tmp_path: Path, label: int) -> None:
    logits = (THIRD, HALF, SIXTH)
    own = asked(tmp_path / "own", *logits, label=label).values
    assert own == asked(tmp_path / "named", *logits, of=f"class {label}").values


def test_a_place_that_rounding_decides_is_unsure(tmp_path: Path) -> None:
    draw = asked(tmp_path, 1.0, 1.00002, 0.0, of="class 0")
    assert draw.unsure is not None
    assert draw.unsure.within == {"rank": (1, 2)}


def test_two_that_are_equally_likely_are_an_error(tmp_path: Path) -> None:
    with pytest.raises(QuizproofError, match="classes 0 and 1 are equally likely"):
        asked(tmp_path, 1.0, 1.0, 0.0)


def test_a_class_that_is_not_there_has_one_like_it(tmp_path: Path) -> None:
    with pytest.raises(QuizproofError, match="has no class 'clas 1'; did you mean class 1"):
        asked(tmp_path, 1.0, 2.0, of="clas 1")


def test_a_class_whose_name_two_have_is_told(tmp_path: Path) -> None:
    grey = np.full((SIDE, SIDE, 3), 0.5, np.float32)
    world = bench(planted_pack(tmp_path, [grey]), Fixed(1.0, 2.0, 3.0), classes=3)
    named = replace(world.part("classifier"), classes=("crane", "heron", "crane"))
    world.loaded["classifier"] = named
    with pytest.raises(QuizproofError, match="2 classes called 'crane', numbers 0, 2; give them"):
        draws_of("prediction.class", world, picture=0, of="crane")


class Lit(nn.Module):
    """Logits by how bright a picture is; its layer ``maps`` is the picture."""

    def __init__(self) -> None:
        super().__init__()
        self.maps = nn.Identity()

    def forward(self, pictures: Tensor) -> Tensor:
        light = self.maps(pictures).mean(dim=(1, 2, 3))
        return torch.stack([light, 1.05 - light, -light], dim=1)


@pytest.mark.parametrize(
    ("probe", "asked"),
    [
        ("prediction.class", {"picture": 0}),
        ("perturbation.effect", {"picture": 0, "change": {"name": "paint", "fill": 0.2}}),
        ("perturbation.least", {"picture": 0, "most": 60, "random": 1}),
        ("unit.excitation", {"pictures": [0], "steps": 2, "layer": "maps", "unit": 0}),
    ],
)
def test_a_name_that_two_classes_have_is_not_measured(
    tmp_path: Path, probe: str, asked: dict[str, Any]
) -> None:
    grey = np.full((SIDE, SIDE, 3), 0.5, np.float32)
    world = bench(planted_pack(tmp_path, [grey]), Lit(), classes=3)
    assert draws_of(probe, world, **asked)
    named = replace(world.part("classifier"), classes=("crane", "crane", "heron"))
    world.loaded["classifier"] = named
    with pytest.raises(QuizproofError, match="2 classes called 'crane', numbers 0, 1; give them"):
        draws_of(probe, world, **asked)
