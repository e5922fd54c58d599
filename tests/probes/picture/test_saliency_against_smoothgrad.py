from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from quizproof.probes.bench import Bench
from tests.planted import SIDE, bench, found, look, planted_pack, question
from tests.planted_loss import GREY, PlantedLoss

# of 30 cells each, more than the 26 hottest
STEADY, NOISY = slice(0, 12), slice(18, 30)
TOP, BOTTOM, ALL = slice(0, SIDE // 2), slice(SIDE // 2, SIDE), slice(0, SIDE - 1)
ASKED = question("q13", pictures=[0, 2], samples=1, samples_compared=2)


def _world(folder: Path, *, curve: float, food: slice, first_is_white: bool = False) -> Bench:
    """Pictures whose saliency is the steady patch, at the top.

    With a ``curve`` SmoothGrad is nearly all in the noisy patch at the bottom; so is the saliency
    of picture 0 where that patch is white in it and not grey.
    """
    weight = torch.full((SIDE, SIDE), 1e-4)
    weight[STEADY, :10] = 1
    bend = 0.1 * weight
    bend[NOISY, :10] += curve
    picture = np.full((SIDE, SIDE, 3), GREY, np.float32)
    picture[-1, -2:] = [[0], [1]]  # so that its values span 0–1
    first = picture.copy()
    if first_is_white:
        first[NOISY, :10] = 1
    region = np.zeros((SIDE, SIDE), bool)
    region[food] = True
    pack = planted_pack(folder, [first, picture, picture], [{"food": region}] * 3)
    return bench(pack, PlantedLoss(weight, bend))


def test_q13_a_only_the_place_of_the_highlights_changes(tmp_path: Path) -> None:
    assert found(ASKED, _world(tmp_path, curve=50, food=ALL)) == {"a"}


def test_q13_b_noise_changes_nothing(tmp_path: Path) -> None:
    assert found(ASKED, _world(tmp_path, curve=0, food=TOP)) == {"b"}


@pytest.mark.parametrize(("option", "food"), [("c", TOP), ("d", BOTTOM)])
def test_q13_c_and_d_the_food_is_where_one_of_them_is_bright(
    option: str, food: slice, tmp_path: Path
) -> None:
    world = _world(tmp_path, curve=50, food=food, first_is_white=True)
    assert found(ASKED, world) == {option}


def test_q13_several_statements_can_hold_together(tmp_path: Path) -> None:
    assert found(ASKED, _world(tmp_path, curve=50, food=BOTTOM)) == {"a", "d"}


def test_shares_and_overlaps_are_those_of_the_planted_maps(tmp_path: Path) -> None:
    measured = look(ASKED, _world(tmp_path, curve=50, food=TOP))
    values = {name: float(m.value) for name, m in measured.measurements.items()}
    assert values["food_saliency"] == pytest.approx(1, abs=0.001)
    # of the noisy patch 50 · 0.16 · √(2 ∕ π), of the steady one 1
    assert values["food_smoothgrad"] == pytest.approx(1 / 7.38, rel=0.05)
    assert values["overlap_0"] == values["overlap_2"] == 0
    assert [(m.title, m.picture) for m in measured.maps] == [
        ("saliency", 0),
        ("SmoothGrad", 0),
        ("saliency", 2),
        ("SmoothGrad", 2),
    ]
