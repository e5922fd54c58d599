from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import islice
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor

from quizproof.probes.bench import Bench
from quizproof.probes.catalogue import catalogue
from quizproof.probes.methods.localisation import EmptyRegionError
from quizproof.probes.methods.smoothgrad import NoiseError
from quizproof.probes.packs.pack import EMBEDDED, Pack
from quizproof.probes.picture import smoothgrad_block
from quizproof.probes.picture import smoothgrad_display as probe
from quizproof.probes.picture.smoothgrad_block import SmoothGrad, smoothgrad_draw
from quizproof.questions.rules import Value
from tests.planted import bench, found, look, planted_pack, question, shown, view
from tests.planted_loss import PlantedLoss, SureOfMost

SIDE = 64
FOOD = slice(16, 48)
ASKED = question("q10", pictures=[0], redrawn=[0], samples=2)
FINDINGS = ("same", "clearer", "elsewhere", "unseen", "swapped", "dimmer", "unclear")


def _pack(folder: Path, pictures: int = 1, food: slice = FOOD) -> Pack:
    region = np.zeros((SIDE, SIDE), bool)
    region[food, food] = True
    generator = np.random.default_rng(0)
    made = [generator.random((SIDE, SIDE, 3), dtype=np.float32) for _ in range(pictures)]
    return planted_pack(folder, made, [{"food": region}] * pictures)


def _world(folder: Path, gradient: Tensor, food: slice = FOOD) -> Bench:
    """SmoothGrad of the only picture is about ``gradient`` (3, SIDE, SIDE)."""
    net = PlantedLoss(gradient, 0.002 * gradient)
    return bench(_pack(folder, food=food), net, size=(SIDE, SIDE))


def _grain(seed: int = 0) -> Tensor:
    return torch.rand((3, SIDE, SIDE), generator=torch.Generator().manual_seed(seed))


def _spots(value: float = 1.0, ground: float = 0.0) -> Tensor:
    """Three spots of 4 × 4, the brightest of them at ``value``, over a grain up to ``ground``."""
    gradient = ground * _grain()
    for place, share in ((10, 1.0), (28, 0.9), (44, 0.8)):
        gradient[:, place : place + 4, 20:24] = value * share
    return gradient


def _food(value: float) -> Tensor:
    gradient = torch.zeros(3, SIDE, SIDE)
    gradient[:, FOOD, FOOD] = value
    return gradient


def _red_and_white(red: slice, white: slice) -> Tensor:
    """Red far above 1 is the brighter with min-max; cut off at 1 it is darker than white."""
    gradient = 0.01 * _grain()
    gradient[:, white] = 1
    gradient[:, red] = torch.tensor([10.0, 0, 0])[:, None, None]
    return gradient * (1 + 0.01 * _grain(1))


def _one_glaring_spot() -> Tensor:
    gradient = _food(5) * (1 + 0.01 * _grain()) + 0.01 * _grain(1)
    gradient[:, 2:4, 2:4] = 1000
    return gradient


def _mostly_white() -> Tensor:
    """Its brightest spots are lost in white, and what is left of the picture has spots, too."""
    gradient = 0.3 + 0.1 * _grain()
    gradient[:, :, :40] = 5
    gradient[:, 8:40:8, 8:32:8] = 20
    gradient[:, 20:24, 52:56] = 1
    return gradient


WORLDS = {
    "a": [_spots(1.0), _spots(1.0, ground=0.2)],
    "b": [_one_glaring_spot()],
    "c": [_red_and_white(red=slice(0, 3), white=slice(50, 53))],
    "d": [
        _spots(0.004),
        _spots(1e-6, ground=1e-7),
        5 + _spots(5.0, ground=1.0),  # white all over
        1000 * (_spots(1.0, ground=0.5) + 0.001),
        _mostly_white(),
    ],
    "e": [_red_and_white(red=slice(0, 30), white=slice(30, 62))],
}


@pytest.mark.parametrize(
    ("option", "gradient"),
    [(option, world) for option, worlds in WORLDS.items() for world in worlds],
)
def test_q10_every_option_is_reachable(option: str, gradient: Tensor, tmp_path: Path) -> None:
    assert found(ASKED, _world(tmp_path, gradient)) == {option}


@pytest.mark.parametrize("scale", [0.1, 0.5, 0.97, 1.03, 3])
def test_q10_a_display_that_is_only_dimmer_or_brighter_is_none_of_the_options(
    scale: float, tmp_path: Path
) -> None:
    world = _world(tmp_path, scale * _spots(1.0, ground=0.05))
    assert _first(world)["pictures_dimmer"] == 1
    assert shown(ASKED, world) == set()


def _first(world: Bench) -> Mapping[str, Value]:
    assert ASKED.probe is not None
    return next(world.run(catalogue()["smoothgrad.display"], ASKED.probe.parameters)).values


def test_q10_takes_what_more_than_half_of_the_pictures_show(tmp_path: Path) -> None:
    pack = _pack(tmp_path, pictures=3)
    world = bench(pack, PlantedLoss(_spots(1.0), 0.002 * _spots(1.0)), size=(SIDE, SIDE))
    asked = question("q10", pictures=[0, 1, 2], redrawn=[0], samples=2)
    measured = look(asked, world)
    assert measured.measurements["pictures_same"].value == 3
    # the first draw is of all three, the others of the one that is drawn anew
    assert measured.backward == 2 * (3 + measured.draws - 1)
    assert [m.picture for m in measured.shown.maps] == [0, 0, 1, 1]


def test_q10_is_what_500_copies_show_where_few_of_them_outweigh_all_others(tmp_path: Path) -> None:
    pack = _pack(tmp_path)
    read = view(bench(pack, PlantedLoss(_spots(), _spots()), size=(SIDE, SIDE))).picture(0)
    world = bench(pack, SureOfMost(read, _spots(1.0), _spots(5.0)), size=(SIDE, SIDE))
    whole = question("q10", pictures=[0], redrawn=[0])
    few = question("q10", pictures=[0], redrawn=[0], samples=4)
    measured = look(whole, world)
    assert measured.measurements["pictures_dimmer"].value == 1  # 5 % of 5
    assert all(finding.holds is False for finding in measured.findings.values())
    # of few copies most have none of those, and their map is black
    assert found(few.model_copy(update={"max_draws": 60}), world) == {"d"}


@pytest.mark.slow
@pytest.mark.parametrize("picture", [0, 2, 9])
def test_at_every_scale_something_is_said_of_the_embedded_maps(picture: int) -> None:
    world = Bench(Pack(EMBEDDED), seed=0)
    drawn = smoothgrad_draw(view(world), picture, samples=100, noise="notebook", draw=0)
    band = probe._outline(view(world), picture)
    said = []
    for scale in 10.0 ** np.linspace(-2, 3, 41):
        seen = probe._seen(replace(drawn, map=scale * drawn.map), band, 0.05)
        said.append(probe._finding(seen, levels=2, clearer=0.1))
    assert "unclear" not in said
    assert said[0] == "unseen"  # it is black
    assert {"unseen", "dimmer"} <= set(said)


def test_a_food_that_fills_the_picture_is_named(tmp_path: Path) -> None:
    with pytest.raises(EmptyRegionError, match="fills picture 0"):
        look(ASKED, _world(tmp_path, _food(1), food=slice(0, SIDE)))


def test_one_copy_has_no_halves(tmp_path: Path) -> None:
    with pytest.raises(NoiseError, match="0 noisy copies"):
        look(question("q10", pictures=[0], samples=1), _world(tmp_path, _food(1)))


SEEN = {
    "difference": 200.0,
    "spot_with": 90.0,
    "spot_or_hole": 90.0,
    "spots_kept": 1.0,
    "as_bright": 0.05,
    "order_kept": 1.0,
    "outline_with": 0.5,
    "outline_without": 0.5,
}


def test_a_kept_picture_is_drawn_anew_where_a_fifth_of_the_levels_turns_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else whether an option holds in six pictures of ten or in five would hang on the seed."""
    stands_out = {0: 1.5, 1: 1.7, 2: 2.3, 3: 2.5}
    drawn: list[tuple[int, int]] = []

    def draw(bench: Bench, picture: int, *, draw: int, **how: object) -> SmoothGrad:
        drawn.append((draw, picture))
        one = np.full((3, SIDE, SIDE), float(picture))
        return SmoothGrad(one, (one, one))

    def seen(of: SmoothGrad, *how: object) -> dict[str, float]:
        return SEEN | {"spot_without": stands_out[int(of.map[0, 0, 0])]}

    monkeypatch.setattr(smoothgrad_block, "smoothgrad_draw", draw)
    monkeypatch.setattr(probe, "_seen", seen)
    world = bench(_pack(tmp_path / "four", 4), PlantedLoss(_grain(), _grain()), size=(SIDE, SIDE))
    draws = world.run(
        catalogue()["smoothgrad.display"], {"pictures": [0, 1, 2, 3], "samples": 2, "redrawn": [3]}
    )
    values = [draw.values for draw in islice(draws, 3)]
    assert values[0]["pictures_unseen"] == values[0]["pictures_dimmer"] == 2
    assert [p for k, p in drawn if k == 0] == [0, 1, 2, 3]
    assert [p for k, p in drawn if k == 2] == [1, 2, 3]
