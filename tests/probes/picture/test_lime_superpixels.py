from __future__ import annotations

from collections.abc import Callable
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from quizproof.probes.bench import Bench
from quizproof.probes.methods.lime_explanation import mean_colours, superpixels
from quizproof.probes.picture.lime_superpixels import lime_superpixels
from tests.planted import bench, found, planted_pack, question

Numbers = NDArray[np.float64]
SIDE, ASKED = 64, 60
ROW, COLUMN = np.mgrid[:SIDE, :SIDE]
SETTINGS: dict[str, Any] = {
    "samples": 300,
    "superpixels": ASKED,
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


CONTOUR = disc(24) & ~disc(15)


def on_contour(segments: NDArray[np.int64]) -> Numbers:
    place = segments.ravel()
    return np.bincount(place, CONTOUR.ravel()) / np.bincount(place)


def first(number: int, among: NDArray[np.bool_]) -> Numbers:
    chosen = np.flatnonzero(among)
    assert len(chosen) >= number
    effects = np.zeros(len(among))
    effects[chosen[:number]] = 1.0
    return effects


def far(inside: Numbers) -> Numbers:
    return first(2, inside == 0)


EFFECTS: list[tuple[str, Callable[[Numbers], Numbers]]] = [
    ("a", lambda inside: first(8, inside > 0.6)),
    ("a", lambda inside: first(6, inside > 0.6) - far(inside)),  # red elsewhere is not on it
    ("b", lambda inside: -first(8, inside > 0.6)),
    ("c", lambda inside: first(8, inside > 0.6) - 1.5 * first(3, inside > 0.6)),
    ("c", lambda inside: first(8, inside > 0.6) - 1.2 * first(1, inside > 0.6)),  # one is enough
    ("d", lambda inside: first(2, inside == 0) - 2 * first(1, inside == 0)),
    ("d", lambda inside: 1e-3 * first(8, inside > 0.6)),  # too weak to be painted
]


def world(
    folder: Path, seed: int, effects: Callable[[Numbers], Numbers], contour: NDArray[np.bool_]
) -> Bench:
    picture = picture_of(seed)
    segments = superpixels(picture, ASKED)
    pictures = [p.astype(np.float32) for p in (picture_of(99), picture)]
    pack = planted_pack(folder, pictures, [{}, {"contour": contour}])
    net = OnMeans(picture, segments, effects(on_contour(segments)))
    return bench(pack, net, size=(SIDE, SIDE))


def asked() -> Any:
    return question("q02", samples=300, superpixels=ASKED)


@pytest.mark.parametrize(("option", "effects"), EFFECTS)
@pytest.mark.parametrize("seed", [0, 1])
def test_q02_every_option_is_reachable(
    option: str, effects: Callable[[Numbers], Numbers], seed: int, tmp_path: Path
) -> None:
    assert found(asked(), world(tmp_path, seed, effects, CONTOUR)) == {option}


def drawn_otherwise(pixels: int) -> NDArray[np.bool_]:
    """The contour's disc that many pixels larger or smaller, the band as wide."""
    return np.asarray(disc(24 + pixels) & ~disc(15 + pixels))


@pytest.mark.parametrize(("option", "effects"), EFFECTS[::2])
@pytest.mark.parametrize("moved", [-3, 3])
def test_q02_an_outline_drawn_three_pixels_off_changes_nothing(
    option: str, effects: Callable[[Numbers], Numbers], moved: int, tmp_path: Path
) -> None:
    here = world(tmp_path, 0, effects, drawn_otherwise(moved))
    assert found(asked(), here) == {option}


def test_q02_where_on_the_outline_begins_decides_nothing(tmp_path: Path) -> None:
    """Green lies there; the one red superpixel does to a quarter: a by one view, c by another."""
    picture = picture_of(0)
    segments = superpixels(picture, ASKED)
    inside = on_contour(segments)
    red = int(np.flatnonzero(inside == 0)[0])
    pixels = np.argwhere(segments == red)
    contour = CONTOUR.copy()
    contour[tuple(pixels[: round(0.26 * len(pixels))].T)] = True
    effects = first(6, inside > 0.6)
    effects[red] = -1.0
    here = world(tmp_path, 0, lambda _: effects, contour)
    assert found(asked(), here) == set()


def test_a_draw_counts_what_is_painted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    here = world(tmp_path, 0, EFFECTS[3][1], CONTOUR)
    draws = islice(lime_superpixels(here, picture=1, after=[0], region="contour", **SETTINGS), 2)
    one, two = draws
    counts = dict(one.values)
    assert counts.pop("total_weight") != two.values["total_weight"]
    assert counts == {"green_touching": 5, "green_lying": 5, "red_touching": 3, "red_lying": 3}
    assert [m.title for m in one.maps][1] == "weight of every superpixel"
    assert not two.maps
    few = SETTINGS | {"painted": 2}
    [one] = islice(lime_superpixels(here, picture=1, after=[0], region="contour", **few), 1)
    counts = {name: value for name, value in one.values.items() if name != "total_weight"}
    assert sum(map(float, counts.values())) == 4  # two superpixels, in two views
