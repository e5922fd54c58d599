from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from quizproof.probes.bench import Bench
from quizproof.probes.draws import english
from quizproof.probes.methods.localisation import EmptyRegionError
from quizproof.probes.methods.saliency import GradientError
from quizproof.questions.problems import QuizproofError
from tests.planted import bench, found, look, planted_pack, question, shown, view
from tests.planted_loss import GREY, PlantedLoss, SureOfMost

SIDE = 64
# where each picture has its own patch, where none has one, and what is steady in all
OWN = [np.s_[4:16, 4:16], np.s_[40:52, 44:56], np.s_[4:16, 44:56], np.s_[40:52, 8:20]]
NOISY = np.s_[22:34, 24:36]
ALL = np.s_[:, :-1]  # where anything is
ASKED = question("q13", pictures=[0, 1, 2, 3], redrawn=[0, 2], samples=8)


def _pictures() -> list[NDArray[np.float32]]:
    """Grey pictures, each with a chequered patch of black and white."""
    made = []
    generator = np.random.default_rng(0)
    for place in OWN:
        picture = np.full((SIDE, SIDE, 3), GREY, np.float32)
        picture += 0.05 * generator.standard_normal(picture.shape, np.float32)
        patch = picture[place]
        patch[...] = generator.integers(0, 2, patch.shape)
        made.append(picture.clip(0, 1))
    return made


def _world(folder: Path, food: Any, noisy: float = 0.0, white: tuple[int, ...] = ()) -> Bench:
    """Saliency and SmoothGrad are bright on each picture's own patch.

    With ``noisy`` SmoothGrad is brighter still on the noisy patch, where the pictures are grey, and
    saliency is not, but for pictures that are ``white`` there.
    """
    curve = torch.ones(SIDE, SIDE)
    curve[NOISY] += noisy
    curve[:, -1] = 0
    pictures = _pictures()
    for number, picture in enumerate(pictures):
        picture[NOISY] = 1 if number in white else GREY
    region = np.zeros((SIDE, SIDE), bool)
    region[food] = True
    pack = planted_pack(folder, pictures, [{"food": region}] * len(pictures))
    return bench(pack, PlantedLoss(torch.zeros(SIDE, SIDE), curve), size=(SIDE, SIDE))


@pytest.mark.parametrize(
    ("options", "how"),
    [
        ("a", {"noisy": 50, "food": ALL}),
        ("b", {"food": ALL}),
        ("c", {"noisy": 50, "food": OWN[1], "white": (0,)}),
        ("d", {"noisy": 50, "food": NOISY, "white": (0,)}),
        ("ad", {"noisy": 50, "food": NOISY}),
        ("bc", {"food": OWN[1]}),
    ],
)
def test_q13_each_statement_holds_alone_and_several_together(
    options: str, how: dict[str, Any], tmp_path: Path
) -> None:
    assert found(ASKED, _world(tmp_path, **how)) == set(options)


def test_q13_maps_that_are_the_same_on_every_picture_say_nothing_of_places(tmp_path: Path) -> None:
    same = _pictures()[0]
    region = np.zeros((SIDE, SIDE), bool)
    region[OWN[0]] = True
    pack = planted_pack(tmp_path, [same] * 4, [{"food": region}] * 4)
    curve = torch.ones(SIDE, SIDE)
    world = bench(pack, PlantedLoss(torch.zeros(SIDE, SIDE), curve), size=(SIDE, SIDE))
    assert not {"a", "b"} & shown(ASKED, world)


def test_shares_and_likenesses_are_those_of_the_planted_maps(tmp_path: Path) -> None:
    measured = look(ASKED, _world(tmp_path, NOISY, noisy=50))
    values = {name: float(m.value) for name, m in measured.measurements.items()}
    assert values["food_saliency"] == pytest.approx(0, abs=0.01)
    # where the picture is grey 0.16 · √(2 ∕ π), on the noisy patch 51 times that, on its own ½
    grey, patch = 0.16 * math.sqrt(2 / math.pi), 12 * 12
    rest = grey * (SIDE * (SIDE - 1) - 2 * patch) + 0.5 * patch
    share = 51 * grey * patch / (51 * grey * patch + rest)
    assert values["food_smoothgrad"] == pytest.approx(share, abs=0.02)
    assert values["food_by_chance"] < 0.02
    assert values["likeness_0"] < 0 < 0.9 < values["itself_0"]
    assert [(english(m.title), m.picture) for m in measured.shown.maps] == [
        ("saliency", 0),
        ("SmoothGrad", 0),
        ("saliency", 2),
        ("SmoothGrad", 2),
    ]


def test_chance_is_what_the_halves_of_one_map_differ_by(tmp_path: Path) -> None:
    world = _world(tmp_path, NOISY, noisy=1)
    by_chance = {}
    for samples in (8, 128):
        measured = look(question("q13", pictures=[0, 1, 2, 3], samples=samples), world)
        by_chance[samples] = float(measured.measurements["food_by_chance"].value)
    # four times less from sixteen times as many
    assert by_chance[8] / by_chance[128] == pytest.approx(4, rel=0.5)


def test_q13_is_what_500_copies_show_where_few_of_them_outweigh_all_others(tmp_path: Path) -> None:
    picture = _pictures()[0]
    region = np.zeros((SIDE, SIDE), bool)
    region[OWN[1]] = True
    pack = planted_pack(tmp_path, [picture] * 3, [{"food": region}] * 3)
    sure, unsure = torch.zeros(3, SIDE, SIDE), torch.zeros(3, SIDE, SIDE)
    sure[:, *OWN[0]], unsure[:, *OWN[1]] = 1, 1
    read = view(bench(pack, PlantedLoss(sure, sure), size=(SIDE, SIDE))).picture(0)
    world = bench(pack, SureOfMost(read, sure, unsure), size=(SIDE, SIDE))
    assert found(question("q13", pictures=[0, 2], redrawn=[0, 2]), world) == {"a", "d"}
    few = question("q13", pictures=[0, 2], redrawn=[0, 2], samples=4)
    assert not found(few.model_copy(update={"max_draws": 60}), world)


def test_a_food_that_fills_the_picture_is_named(tmp_path: Path) -> None:
    with pytest.raises(EmptyRegionError, match="region food fills picture 0"):
        look(ASKED, _world(tmp_path, np.s_[:, :]))


def test_gradients_that_vanish_are_named(tmp_path: Path) -> None:
    zero = torch.zeros(SIDE, SIDE)
    pack = _world(tmp_path, NOISY).pack
    with pytest.raises(GradientError, match="zero everywhere"):
        look(ASKED, bench(pack, PlantedLoss(zero, zero), size=(SIDE, SIDE)))


def test_one_picture_alone_has_none_that_is_unrelated(tmp_path: Path) -> None:
    with pytest.raises(QuizproofError, match="no other picture"):
        look(question("q13", pictures=[0], compared=[0], samples=2), _world(tmp_path, NOISY))
