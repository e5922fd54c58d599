from __future__ import annotations

from dataclasses import astuple

import numpy as np
import pytest

from quizproof.probes.methods.localisation import EmptyRegionError, NoMassError, density
from quizproof.probes.methods.region_densities import Density, densities
from quizproof.probes.picture.region_densities import drawn
from tests.probes.picture import three_parts as parts

INSIDE, BAND, OUTSIDE = parts.inside_band_around()


def rng() -> np.random.Generator:
    return np.random.default_rng(1)


@pytest.mark.parametrize("region", [INSIDE, BAND, OUTSIDE], ids=["inside", "band", "outside"])
def test_what_lies_in_a_region_is_more_than_chance_puts_there(region: parts.Region) -> None:
    values = region + 0.2
    found = densities(values, {"part": region}, rng())["part"]
    assert found.there == density(values, region)
    assert 1 < found.seldom < found.hardly_ever < found.there


@pytest.mark.slow
# of coarse blobs a map has so few that its spectrum is chance, too
@pytest.mark.parametrize(("kind", "most"), [("pixels", 0), ("grains", 0), ("blobs", 2)])
def test_two_hundred_maps_of_noise_have_no_more_than_chance_gives(kind: str, most: int) -> None:
    above = 0
    for seed in range(200):
        values = parts.noise(kind, seed)
        regions = {"inside": INSIDE, "band": BAND, "outside": OUTSIDE}
        found = densities(values, regions, np.random.default_rng(seed))
        above += sum(one.there > one.hardly_ever for one in found.values())
    assert above <= most  # one map in a thousand


def test_what_chance_gives_seldom_is_left_open() -> None:
    found = {
        "rim": Density(1.5, 1.4, 1.6),
        "soup": Density(1.7, 1.4, 1.6),
        "bowl": Density(1, 1.4, 1.6),
    }
    draw = drawn(found, ())
    assert draw.values["chance_rim"] == draw.values["chance_soup"] == 1.6
    assert draw.unsure is not None
    assert draw.unsure.within == {"chance_rim": (1.4, 1.6)}
    assert "rim: denser than chance" in draw.unsure.why.en
    assert drawn({"soup": found["soup"], "bowl": found["bowl"]}, ()).unsure is None


def test_coarse_maps_are_denser_somewhere_by_chance_than_fine_ones() -> None:
    chances = [
        densities(parts.noise(kind, 0), {"inside": INSIDE}, rng())["inside"].hardly_ever
        for kind in ("pixels", "grains", "blobs")
    ]
    assert chances == sorted(chances)
    assert chances[0] < 1.1 < chances[2]


def test_it_does_not_hang_on_the_map_s_scale() -> None:
    values = parts.noise("grains", 0)
    once, scaled = (densities(v, {"band": BAND}, rng())["band"] for v in (values, 1e9 * values))
    assert astuple(scaled) == pytest.approx(astuple(once))


def test_a_constant_map_is_one_everywhere() -> None:
    half = np.arange(64).reshape(8, 8) < 32
    found = densities(np.full((8, 8), 3.0), {"half": half}, rng())
    assert astuple(found["half"]) == pytest.approx((1, 1, 1))


def test_a_map_of_nothing_is_an_error() -> None:
    with pytest.raises(NoMassError):
        densities(np.zeros((8, 8)), {"half": np.arange(64).reshape(8, 8) < 32}, rng())


@pytest.mark.parametrize(("pixels", "said"), [(1, "1 of 64 pixels"), (64, "whole picture")])
def test_what_is_no_part_is_named(pixels: int, said: str) -> None:
    region = np.arange(64).reshape(8, 8) < pixels
    with pytest.raises(EmptyRegionError, match=f"region rim .*{said}"):
        densities(np.ones((8, 8)), {"rim": region}, rng())
