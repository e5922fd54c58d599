from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from quizproof.probes.bench import Bench
from quizproof.probes.catalogue import catalogue
from quizproof.probes.draws import english
from quizproof.probes.methods.lime_explanation import mean_colours, superpixels
from tests.planted import bench, found, planted_pack, question

Numbers = NDArray[np.float64]
SIDE, ASKED = 64, 60
ROW, COLUMN = np.mgrid[:SIDE, :SIDE]
SETTINGS: dict[str, Any] = {
    "samples": 300,
    "superpixels": ASKED,
    "compactness": 1.0,
    "sigma": 1.0,
    "touching": 0.2,
    "lying": 0.333,
    "painted": 11,
    "least_weight": 0.05,
}


class OnMeans(nn.Module):
    """Linear: showing a superpixel instead of its mean colour adds its effect to logit 0."""

    def __init__(self, picture: Numbers, segments: NDArray[np.int64], effects: Numbers) -> None:
        super().__init__()
        away = picture - mean_colours(picture, segments)
        spread = np.bincount(segments.ravel(), (away**2).sum(2).ravel())
        slopes = away * (effects / spread)[segments][:, :, None]
        self.slopes = torch.from_numpy(slopes).permute(2, 0, 1)

    def forward(self, pictures: Tensor) -> Tensor:
        first = (pictures.double() * self.slopes).sum((1, 2, 3))
        return torch.stack([first] + [0 * first] * 10, 1)


def picture_of(seed: int) -> Numbers:
    """Patches that SLIC finds, with grain that mean colours hide, as a file keeps it."""
    generator = np.random.default_rng(seed)
    patches = np.kron(generator.random((8, 8, 3)), np.ones((8, 8, 1)))
    grainy = 0.7 * patches + 0.3 * generator.random((SIDE, SIDE, 3))
    return (grainy * 255).round() / 255


def disc(radius: float) -> NDArray[np.bool_]:
    return np.asarray(np.hypot(ROW - SIDE / 2 + 0.5, COLUMN - SIDE / 2 + 0.5) < radius)


def band(moved: int = 0) -> NDArray[np.bool_]:
    """The outline as it is, or drawn that many pixels farther out."""
    return np.asarray(disc(26 + moved) & ~disc(14 + moved))


def share(segments: NDArray[np.int64], region: NDArray[np.bool_]) -> Numbers:
    place = segments.ravel()
    return np.bincount(place, region.ravel()) / np.bincount(place)


@dataclass(frozen=True)
class Places:
    """Which superpixels are on the outline and which off it, wherever within 3 px it is drawn."""

    on: NDArray[np.bool_]
    off: NDArray[np.bool_]


def places(segments: NDArray[np.int64]) -> Places:
    shares = [share(segments, band(moved)) for moved in (-3, 0, 3)]
    return Places(np.min(shares, axis=0) > 0.4, np.max(shares, axis=0) == 0)


def first(number: int, among: NDArray[np.bool_]) -> Numbers:
    chosen = np.flatnonzero(among)
    assert len(chosen) >= number
    effects = np.zeros(len(among))
    effects[chosen[:number]] = 1.0
    return effects


EFFECTS: list[tuple[str, Callable[[Places], Numbers]]] = [
    ("a", lambda where: first(8, where.on)),
    ("a", lambda where: first(6, where.on) - first(2, where.off)),  # red elsewhere is not on it
    ("b", lambda where: -first(8, where.on)),
    ("c", lambda where: first(8, where.on) - 2 * first(3, where.on)),
    ("c", lambda where: first(8, where.on) - 2 * first(1, where.on)),  # one is enough
    ("d", lambda where: first(2, where.off) - 2 * first(1, where.off)),
    ("d", lambda where: 1e-3 * first(8, where.on)),  # too weak to be painted
]


def world(
    folder: Path, seed: int, effects: Callable[[Places], Numbers], contour: NDArray[np.bool_]
) -> Bench:
    picture = picture_of(seed)
    segments = superpixels(picture, ASKED)
    pictures = [p.astype(np.float32) for p in (picture_of(99), picture)]
    pack = planted_pack(folder, pictures, [{}, {"contour": contour}])
    net = OnMeans(picture, segments, effects(places(segments)))
    return bench(pack, net, size=(SIDE, SIDE))


def asked() -> Any:
    return question("q02", samples=300, superpixels=ASKED)


@pytest.mark.parametrize(("option", "effects"), EFFECTS)
def test_q02_every_option_is_reachable(
    option: str, effects: Callable[[Places], Numbers], tmp_path: Path
) -> None:
    assert found(asked(), world(tmp_path, 0, effects, band())) == {option}


@pytest.mark.parametrize(("seed", "moved"), [(1, 0), (0, -3), (0, 3)])
@pytest.mark.parametrize(("option", "effects"), EFFECTS[::2])
def test_q02_another_picture_and_an_outline_drawn_three_pixels_off_change_nothing(
    option: str, effects: Callable[[Places], Numbers], seed: int, moved: int, tmp_path: Path
) -> None:
    assert found(asked(), world(tmp_path, seed, effects, band(moved))) == {option}


def test_q02_where_on_the_outline_begins_decides_nothing(tmp_path: Path) -> None:
    """Green lies there; of the one red superpixel a quarter does: a by one view, c by another."""
    segments = superpixels(picture_of(0), ASKED)
    red = int(np.flatnonzero(places(segments).off)[0])
    pixels = np.argwhere(segments == red)
    contour = band()
    contour[tuple(pixels[: round(0.26 * len(pixels))].T)] = True

    def effects(where: Places) -> Numbers:
        return first(6, where.on) - first(1, where.off)

    assert found(asked(), world(tmp_path, 0, effects, contour)) == set()


def test_a_draw_counts_what_is_painted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    here = world(tmp_path, 0, EFFECTS[3][1], band())
    draws = islice(
        here.run(
            catalogue()["lime.superpixels"],
            dict(picture=1, after=[0], region="contour", **SETTINGS),
        ),
        2,
    )
    one, two = draws
    counts = dict(one.values)
    assert counts.pop("total_weight") != two.values["total_weight"]
    assert counts == {"green_touching": 5, "green_lying": 5, "red_touching": 3, "red_lying": 3}
    assert [english(m.title) for m in one.maps][1] == "weight of every superpixel"
    assert not np.array_equal(one.maps[1].values, two.maps[1].values)
    few = SETTINGS | {"painted": 2}
    [one] = islice(
        here.run(
            catalogue()["lime.superpixels"], dict(picture=1, after=[0], region="contour", **few)
        ),
        1,
    )
    counts = {name: value for name, value in one.values.items() if name != "total_weight"}
    assert sum(map(float, counts.values())) == 4  # two superpixels, in two views
