from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from quizproof.probes.bench import Bench
from quizproof.probes.methods.localisation import EmptyRegionError
from tests.planted import SIDE, bench, found, look, planted_pack, question
from tests.planted_loss import PlantedLoss

Mask = NDArray[np.bool_]


def _square(inset: int) -> Mask:
    square = np.zeros((SIDE, SIDE), bool)
    square[inset : SIDE - inset, inset : SIDE - inset] = True
    return square


BOWL = _square(4)
PARTS = {"rim": BOWL & ~_square(7), "spring_onion": _square(14), "soup": _square(7) & ~_square(14)}


def _world(folder: Path, **brightness: float) -> Bench:
    """SmoothGrad of picture 0 is ``brightness`` in each part, and 1 where none is given."""
    weight = torch.ones(SIDE, SIDE)
    for part, value in brightness.items():
        weight[torch.from_numpy(PARTS[part])] = value
    picture = np.random.default_rng(0).random((SIDE, SIDE, 3), dtype=np.float32)
    pack = planted_pack(folder, [picture], [{**PARTS, "bowl": BOWL}])
    return bench(pack, PlantedLoss(weight, 0.1 * weight))


@pytest.mark.parametrize(
    ("option", "brightness"),
    [
        ("a", {"rim": 3.0}),
        ("b", {"soup": 3.0}),
        ("c", {"spring_onion": 3.0, "soup": 1.5, "rim": 1.5}),
        ("d", {"rim": 3.0, "soup": 3.5, "spring_onion": 2.5}),
    ],
)
def test_q12_every_option_is_reachable(
    option: str, brightness: dict[str, float], tmp_path: Path
) -> None:
    asked = question("q12", picture=0, samples=2)
    assert found(asked, _world(tmp_path, **brightness)) == {option}


@pytest.mark.parametrize(
    "brightness",
    [{"rim": 1.1, "soup": 0.9}, {"rim": 1.4, "soup": 0.5, "spring_onion": 0.5}],
    ids=["a bowl as bright as its table", "a rim hardly brighter than the table"],
)
def test_q12_some_maps_are_none_of_the_options(
    brightness: dict[str, float], tmp_path: Path
) -> None:
    asked = question("q12", picture=0, samples=2)
    assert found(asked, _world(tmp_path, **brightness)) == set()


def test_densities_are_those_of_the_planted_map(tmp_path: Path) -> None:
    measured = look(question("q12", picture=0, samples=4), _world(tmp_path, rim=3.0)).measurements
    even = SIDE * SIDE / (SIDE * SIDE + 2 * PARTS["rim"].sum())
    assert measured["density_rim"].value == pytest.approx(3 * even, rel=0.02)
    assert measured["density_outside"].value == pytest.approx(even, rel=0.02)


def test_questions_share_the_passes_of_a_draw(tmp_path: Path) -> None:
    world = _world(tmp_path, rim=3.0)
    asked = question("q12", picture=0, samples=2)
    first = look(asked, world)
    made = world.classifier.passes.backward
    again = look(asked, world)
    assert made == first.backward == 2 * first.draws
    assert world.classifier.passes.backward == made
    assert again.backward == made  # that it rests on
    assert again.measurements == first.measurements


def test_regions_that_leave_nothing_outside_are_an_error(tmp_path: Path) -> None:
    everything = np.ones((SIDE, SIDE), bool)
    picture = np.random.default_rng(0).random((SIDE, SIDE, 3), dtype=np.float32)
    pack = planted_pack(tmp_path, [picture], [{"all": everything}])
    world = bench(pack, PlantedLoss(torch.ones(SIDE, SIDE), torch.zeros(SIDE, SIDE)))
    with pytest.raises(EmptyRegionError):
        look(question("q12", picture=0, regions=["all"], samples=2), world)
