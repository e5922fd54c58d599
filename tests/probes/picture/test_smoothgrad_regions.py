from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from scipy import ndimage

from quizproof.probes.bench import Bench
from quizproof.probes.methods.localisation import EmptyRegionError, NoMassError
from quizproof.probes.methods.smoothgrad import NoiseError
from tests.planted import bench, found, look, planted_pack, question, shown
from tests.planted_loss import PlantedLoss, SureOfMost

Mask = NDArray[np.bool_]
Paint = NDArray[np.float64]

SIDE = 128
DOWN, RIGHT = np.mgrid[:SIDE, :SIDE] + 0.5
FROM_CENTRE = np.hypot(DOWN - 66, RIGHT - 60)
BOWL, SURFACE = FROM_CENTRE < 51, FROM_CENTRE < 38
ONION: Mask = np.logical_or.reduce(
    [np.hypot(DOWN - y, RIGHT - x) < 6 for y, x in ((52, 50), (74, 66), (66, 76), (86, 46))]
)
REGIONS = {"bowl": BOWL, "soup": SURFACE & ~ONION, "spring_onion": ONION}
# a line on the outline: two pixels, one on either side of the edge
LINE = ndimage.binary_dilation(BOWL) & ~ndimage.binary_erosion(BOWL)
EXACT = question("q12", picture=0, samples=2)


def _moved(mask: Mask, by: int) -> Mask:
    """``mask`` grown by so many pixels, or shrunk."""
    if by == 0:
        return mask
    change = ndimage.binary_dilation if by > 0 else ndimage.binary_erosion
    return np.asarray(change(mask, iterations=abs(by)))


def _drawn_badly(by: int) -> dict[str, Mask]:
    """What is large, larger or smaller by so many pixels; chopped onion has to be drawn larger."""
    onion = _moved(ONION, abs(by))
    surface = _moved(SURFACE, by)
    return {"bowl": _moved(BOWL, by), "soup": surface & ~onion, "spring_onion": onion & surface}


def _shifted(by: int) -> dict[str, Mask]:
    return {name: np.roll(mask, by, axis=(0, 1)) for name, mask in REGIONS.items()}


def _picture(seed: int = 0) -> NDArray[np.float32]:
    return np.random.default_rng(seed).random((SIDE, SIDE, 3), dtype=np.float32)


def _world(folder: Path, paint: Paint, regions: dict[str, Mask] = REGIONS) -> Bench:
    """SmoothGrad of picture 0 is about ``paint``, (H, W)."""
    weight = torch.from_numpy(paint).float()
    pack = planted_pack(folder, [_picture()], [regions])
    return bench(pack, PlantedLoss(weight, 0.02 * weight), size=(SIDE, SIDE))


def _grain(seed: int) -> Paint:
    return np.random.default_rng(seed).random((SIDE, SIDE))


def _lit(*places: Mask, by: float = 1.0, ground: float = 0.01, seed: int = 0) -> Paint:
    """``by`` at ``places`` over a background up to ``ground``."""
    lit = np.logical_or.reduce(places)
    return ground * _grain(seed) + np.where(lit, by, 0.0)


WORLDS: dict[str, dict[str, Paint]] = {
    "a": {
        "a line on the outer outline alone": _lit(LINE),
        "over a background": _lit(LINE, ground=0.5),
        "blurred": ndimage.gaussian_filter(_lit(LINE, ground=0.2), 3),
    },
    "b": {
        "the surface without the onion": _lit(SURFACE & ~ONION),
        "over a background": _lit(SURFACE & ~ONION, ground=0.5),
    },
    "c": {
        "the onion alone": _lit(ONION),
        "over soup that is lit as well": _lit(ONION) + _lit(SURFACE, by=0.3),
        "over a background": _lit(ONION, ground=0.5),
        "blurred": ndimage.gaussian_filter(_lit(ONION, ground=0.2), 3),
    },
    "d": {
        "all of it": _lit(BOWL),
        "over a background": _lit(BOWL, ground=0.8),
        "blurred": ndimage.gaussian_filter(_lit(BOWL), 3),
    },
}
EACH = [
    pytest.param(option, paint, id=f"{option}: {name}")
    for option, worlds in WORLDS.items()
    for name, paint in worlds.items()
]


@pytest.mark.parametrize(("option", "paint"), EACH)
def test_q12_every_option_is_found_where_it_is_true(
    option: str, paint: Paint, tmp_path: Path
) -> None:
    assert found(EXACT, _world(tmp_path, paint)) == {option}


@pytest.mark.parametrize(("option", "paint"), EACH)
@pytest.mark.parametrize("by", [-3, 3])
def test_q12_masks_may_be_drawn_badly(option: str, paint: Paint, by: int, tmp_path: Path) -> None:
    assert shown(EXACT, _world(tmp_path, paint, _drawn_badly(by))) == {option}


@pytest.mark.parametrize(("option", "paint"), EACH)
def test_q12_masks_may_lie_beside_the_picture(option: str, paint: Paint, tmp_path: Path) -> None:
    assert shown(EXACT, _world(tmp_path, paint, _shifted(3))) == {option}


@pytest.mark.parametrize(("option", "paint"), EACH)
def test_q12_mirrored_with_its_regions_it_is_the_same(
    option: str, paint: Paint, tmp_path: Path
) -> None:
    regions = {name: mask[:, ::-1] for name, mask in REGIONS.items()}
    assert shown(EXACT, _world(tmp_path, paint[:, ::-1].copy(), regions)) == {option}


@pytest.mark.parametrize("option", ["a", "c", "d"])
def test_q12_mirrored_without_its_regions_it_is_not_where_the_mask_is(
    option: str, tmp_path: Path
) -> None:
    for number, paint in enumerate(WORLDS[option].values()):
        beside = np.roll(paint[:, ::-1], 60, axis=1)  # beside the bowl, not in it
        assert option not in shown(EXACT, _world(tmp_path / str(number), beside))


NOTHING: dict[str, Paint] = {
    "all the picture": _grain(1),
    "one value": np.ones((SIDE, SIDE)),
    "hardly brighter than the table": _lit(LINE, by=0.05, ground=1),
    "the upper third of the bowl dark": _lit(BOWL & (DOWN > 46)),
    "where the onion is, and not it alone": _lit(SURFACE & (RIGHT > 42) & (RIGHT < 84)),
    "the onion dark in a bright bowl": _lit(BOWL & ~ONION),
    "the table": _lit(~BOWL),
}


@pytest.mark.parametrize("paint", NOTHING.values(), ids=NOTHING)
def test_q12_some_maps_are_none_of_the_options(paint: Paint, tmp_path: Path) -> None:
    assert shown(EXACT, _world(tmp_path, paint)) == set()


@pytest.mark.slow
def test_q12_noise_decides_nothing(tmp_path: Path) -> None:
    for seed in range(200):
        paint = np.random.default_rng(seed).exponential(size=(SIDE, SIDE))
        world = _world(tmp_path / str(seed), paint)
        assert shown(question("q12", picture=0, samples=2), world) == set()


def test_q12_is_what_500_copies_show_where_few_of_them_outweigh_all_others(tmp_path: Path) -> None:
    small = {name: mask[::2, ::2] for name, mask in REGIONS.items()}
    side = SIDE // 2
    line = ndimage.binary_dilation(small["bowl"]) & ~ndimage.binary_erosion(small["bowl"])
    picture = _picture()[:side, :side]
    read = torch.from_numpy((picture * 255).round() / 255).permute(2, 0, 1)
    net = SureOfMost(read, torch.tensor(small["soup"]), torch.tensor(line))
    world = bench(planted_pack(tmp_path, [picture], [small]), net, size=(side, side))
    whole = look(question("q12", picture=0), world)
    assert {o for o, finding in whole.findings.items() if finding.holds} == {"a"}
    assert whole.backward == 500 * whole.draws
    # and of few copies most have none of those
    few = question("q12", picture=0, samples=4).model_copy(update={"max_draws": 60})
    assert found(few, world) == {"b"}


def test_densities_are_those_of_the_planted_map(tmp_path: Path) -> None:
    measured = look(EXACT, _world(tmp_path, _lit(SURFACE))).measurements
    even = SIDE * SIDE / SURFACE.sum()
    assert measured["density_soup"].value == pytest.approx(even, rel=0.02)
    assert measured["density_spring_onion"].value == pytest.approx(even, rel=0.02)
    assert measured["density_outline"].value == pytest.approx(0, abs=0.02)
    assert measured["density_outside"].value == pytest.approx(0, abs=0.02)


def test_q12_a_line_that_can_just_be_seen_is_one(tmp_path: Path) -> None:
    assert shown(EXACT, _world(tmp_path, _lit(LINE, ground=0.8))) == {"a"}


def test_a_wall_that_shines_with_the_outline_is_the_outline(tmp_path: Path) -> None:
    assert shown(EXACT, _world(tmp_path, _lit(BOWL & ~SURFACE))) == {"a"}


def test_a_bowl_that_is_full_to_its_edge_has_no_wall(tmp_path: Path) -> None:
    full = {"bowl": SURFACE, "soup": SURFACE & ~ONION, "spring_onion": ONION}
    assert shown(EXACT, _world(tmp_path, _lit(SURFACE), full)) == {"d"}


def test_questions_share_the_passes_of_a_draw(tmp_path: Path) -> None:
    world = _world(tmp_path, _lit(LINE))
    first = look(EXACT, world)
    made = world.part("classifier").passes.backward
    again = look(EXACT, world)
    assert made == first.backward == 2 * first.draws
    assert world.part("classifier").passes.backward == made
    assert again.backward == made  # that it rests on
    assert again.measurements == first.measurements


EVERYTHING = np.ones((SIDE, SIDE), bool)


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"bowl": EVERYTHING}, "no pixel for outline"),
        ({"spring_onion": LINE}, "no pixel for spring_onion"),
        ({"soup": ONION}, "no pixel for soup"),
    ],
)
def test_regions_of_which_nothing_is_left_are_named(
    changed: dict[str, Any], why: str, tmp_path: Path
) -> None:
    world = _world(tmp_path, _lit(LINE), {**REGIONS, **changed})
    with pytest.raises(EmptyRegionError, match=f"picture 0 has {why}"):
        look(EXACT, world)


def test_gradients_that_vanish_are_named(tmp_path: Path) -> None:
    world = _world(tmp_path, np.zeros((SIDE, SIDE)))
    with pytest.raises(NoMassError, match="SmoothGrad of picture 0 is zero in all of 2 noisy"):
        look(EXACT, world)


def test_a_picture_of_one_colour_is_named(tmp_path: Path) -> None:
    pack = planted_pack(tmp_path, [np.full((SIDE, SIDE, 3), 0.5, np.float32)], [REGIONS])
    weight = torch.ones(SIDE, SIDE)
    with pytest.raises(NoiseError, match="one value everywhere"):
        look(EXACT, bench(pack, PlantedLoss(weight, weight), size=(SIDE, SIDE)))
