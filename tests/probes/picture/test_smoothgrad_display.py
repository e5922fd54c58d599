from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor

from quizproof.probes.bench import Bench
from quizproof.probes.methods.localisation import EmptyRegionError
from tests.planted import SIDE, bench, found, look, planted_pack, question
from tests.planted_loss import GREY, PlantedLoss

FOOD = slice(8, 24)
ASKED = question("q10", pictures=[0], samples=2)


def _world(folder: Path, gradient: Tensor, food: slice = FOOD) -> Bench:
    """SmoothGrad of the only picture is about ``gradient`` (3, SIDE, SIDE)."""
    region = np.zeros((SIDE, SIDE), bool)
    region[food, food] = True
    picture = np.random.default_rng(0).random((SIDE, SIDE, 3), dtype=np.float32)
    pack = planted_pack(folder, [picture], [{"food": region}])
    return bench(pack, PlantedLoss(gradient, 0.01 * gradient))


def _food(value: float) -> Tensor:
    gradient = torch.zeros(3, SIDE, SIDE)
    gradient[:, FOOD, FOOD] = value
    return gradient


def _red_and_white(red: slice, white: slice) -> Tensor:
    """Red far above 1 is the brighter with min-max; cut off at 1 it is darker than white."""
    gradient = torch.zeros(3, SIDE, SIDE)
    gradient[:, white] = 1
    gradient[:, red] = torch.tensor([10.0, 0, 0])[:, None, None]
    return gradient


def _one_glaring_pixel() -> Tensor:
    gradient = _food(5)
    gradient[:, 2, 2] = 1000
    return gradient


@pytest.mark.parametrize(
    ("option", "gradient"),
    [
        ("a", _food(1)),
        ("b", _one_glaring_pixel()),
        ("c", _red_and_white(red=slice(0, 3), white=slice(20, 23))),
        ("d", _food(0.01)),
        ("e", _red_and_white(red=slice(0, 20), white=slice(20, SIDE))),
    ],
)
def test_q10_every_option_is_reachable(option: str, gradient: Tensor, tmp_path: Path) -> None:
    assert found(ASKED, _world(tmp_path, gradient)) == {option}


def test_q10_a_display_that_is_only_dimmer_is_none_of_the_options(tmp_path: Path) -> None:
    assert found(ASKED, _world(tmp_path, _food(0.5))) == set()


def test_q10_takes_the_typical_picture(tmp_path: Path) -> None:
    grey = np.full((SIDE, SIDE, 3), GREY, np.float32)
    grey[0, :2] = [[0], [1]]  # so that its values span 0–1
    white = grey.copy()
    white[FOOD, FOOD] = 1
    region = np.zeros((SIDE, SIDE), bool)
    region[FOOD, FOOD] = True
    pack = planted_pack(tmp_path, [grey, white, grey], [{"food": region}] * 3)
    world = bench(pack, PlantedLoss(torch.zeros(3, SIDE, SIDE), _food(0.2)))
    measured = look(question("q10", pictures=[0, 1, 2], samples=4), world)
    # of noise alone 0.2 · 0.16 · √(2 ∕ π), in the white picture 0.2 ∕ 2
    assert measured.measurements["spots_without"].value == pytest.approx(0.03, abs=0.02)
    assert [m.picture for m in measured.maps] == [0, 0, 1, 1]


def test_a_food_without_an_outline_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(EmptyRegionError, match="fills picture 0"):
        look(ASKED, _world(tmp_path, _food(1), food=slice(0, SIDE)))
