from __future__ import annotations

from collections.abc import Mapping
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from quizproof.probes.bench import Bench
from quizproof.probes.methods import lime_explanation
from quizproof.probes.methods.lime_explanation import Explanation
from quizproof.probes.picture.lime_regions import lime_regions
from quizproof.questions.spec import Question
from tests.planted import SIDE, bench, found, planted_pack, question

Mask = NDArray[np.bool_]

ROW, COLUMN = np.mgrid[:SIDE, :SIDE]
CHECKS = np.where((ROW + COLUMN) % 2, 0.3, -0.3).astype(np.float32)
SETTINGS: dict[str, Any] = {"samples": 60, "superpixels": 36, "painted": 11, "least_weight": 0.05}


def box(top: int, bottom: int, left: int, right: int) -> Mask:
    mask = np.zeros((SIDE, SIDE), bool)
    mask[top:bottom, left:right] = True
    return mask


class LinearOnChecks(nn.Module):
    """Showing a pixel of a checkerboard instead of its mean colour adds its gain to logit 0."""

    def __init__(self, gains: NDArray[np.float32]) -> None:
        super().__init__()
        self.slopes = torch.from_numpy(np.stack([gains * CHECKS] * 3)) / (3 * 0.3**2)

    def forward(self, pictures: Tensor) -> Tensor:
        first = (pictures * self.slopes).sum((1, 2, 3))
        return torch.stack([first] + [0 * first] * 10, 1)


def world(
    folder: Path, number: int, regions: Mapping[str, Mask], gains: Mapping[str, float]
) -> Bench:
    """Picture ``number`` is a checkerboard whose ``regions`` have ``gains`` a pixel."""
    # a different tint in every region, for superpixels that keep to them
    picture = np.stack([0.5 + CHECKS] * 3, 2)
    total = np.zeros((SIDE, SIDE), np.float32)
    for place, (name, mask) in enumerate(regions.items()):
        picture[mask, place % 3] += 0.2
        total[mask] += gains.get(name, 0.0)
    pictures = [picture.clip(0, 1).astype(np.float32)] * (number + 1)
    masks: list[Mapping[str, Mask]] = [{}] * number + [regions]
    return bench(planted_pack(folder, pictures, masks), LinearOnChecks(total))


def asked(name: str) -> Question:
    return question(name, samples=60, superpixels=36)


FOOD, PLATE = box(2, 16, 4, 18), box(18, 30, 2, 28)


@pytest.mark.parametrize(
    ("options", "gains"),
    [
        ("a", {"food": 1.0, "plate": -0.1}),
        ("b", {"food": -1.0, "plate": 0.1}),
        ("c", {"food": -0.05, "plate": 1.0}),
        ("d", {"food": 0.05, "plate": -1.0}),
        ("", {"rest": 1.0}),  # neither colour on either
        ("", {}),  # no paint at all
    ],
)
def test_q01_every_option_is_reachable(
    options: str, gains: dict[str, float], tmp_path: Path
) -> None:
    regions = {"food": FOOD, "plate": PLATE, "rest": ~(FOOD | PLATE)}
    assert found(asked("q01"), world(tmp_path, 6, regions, gains)) == set(options)


CONTOUR = box(4, 28, 4, 28) & ~box(9, 23, 9, 23)
LEFT = CONTOUR & (COLUMN < SIDE // 2)


@pytest.mark.parametrize(
    ("options", "gains"),
    [
        ("a", {"left": 1.0, "right": 1.0}),
        ("b", {"left": -1.0, "right": -1.0}),
        ("c", {"left": 1.0, "right": -1.0}),
        ("d", {"milk": 1.0}),
        ("d", {"milk": 1e-4, "left": 1e-4}),  # too weak to be painted
    ],
)
def test_q02_every_option_is_reachable(
    options: str, gains: dict[str, float], tmp_path: Path
) -> None:
    regions = {
        "left": LEFT,
        "right": CONTOUR & ~LEFT,
        "milk": box(9, 23, 9, 23),
        "contour": CONTOUR,
    }
    assert found(asked("q02"), world(tmp_path, 1, regions, gains)) == set(options)


@pytest.mark.parametrize(
    ("options", "gains"),
    [
        ("a", {"steak": 1.0, "grain": -0.3}),
        ("b", {"steak": 0.3, "grain": 1.0}),
        ("c", {"steak": -1.0, "grain": 0.3}),
        ("d", {"steak": -0.3, "grain": -1.0}),
    ],
)
def test_q03_every_option_is_reachable(
    options: str, gains: dict[str, float], tmp_path: Path
) -> None:
    regions = {"steak": box(4, 28, 17, 30), "grain": box(4, 28, 2, 15)}
    assert found(asked("q03"), world(tmp_path, 4, regions, gains)) == set(options)


def test_paint_and_weight_add_up_over_a_partition(tmp_path: Path) -> None:
    regions = {"left": COLUMN < SIDE // 2, "right": COLUMN >= SIDE // 2}
    here = world(tmp_path, 0, regions, {"left": 1.0, "right": -0.5})
    draw = next(lime_regions(here, picture=0, regions=["left", "right"], **SETTINGS))
    values = {name: float(value) for name, value in draw.values.items()}
    weight = [values[f"{sign}_{side}"] for sign in ("positive", "negative") for side in regions]
    assert sum(weight) == pytest.approx(1)
    assert values["green_everywhere"] == pytest.approx(
        (values["green_left"] + values["green_right"]) / 2
    )
    assert values["positive_left"] > values["negative_right"] > values["positive_right"]
    assert values["area_left"] == 0.5


def test_a_region_gets_the_part_of_a_superpixels_weight_that_lies_in_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    picture = np.full((SIDE, SIDE, 3), 0.5, np.float32)
    here = bench(planted_pack(tmp_path, [picture], [{"left": COLUMN < 16}]), nn.Identity())
    segments = np.digitize(COLUMN, [8])  # a narrow superpixel, and the other three quarters
    weights = np.array([0.3, -0.1])

    def explained(*_: object, **__: object) -> Explanation:
        return Explanation(picture.astype(np.float64), segments, weights)

    monkeypatch.setattr(lime_explanation, "superpixels", lambda *_: segments)
    monkeypatch.setattr(lime_explanation, "explain", explained)

    def look(least_weight: float) -> Mapping[str, float | str]:
        settings = {**SETTINGS, "least_weight": least_weight}
        return next(lime_regions(here, picture=0, regions=["left"], **settings)).values

    both = look(0.05)
    assert both["positive_left"] == pytest.approx(0.3 / 0.4)
    assert both["negative_left"] == pytest.approx(0.1 / 0.4 / 3)
    assert both["green_left"] == both["red_left"] == 0.5
    assert (both["green_everywhere"], both["red_everywhere"]) == (0.25, 0.75)
    without_red = look(0.2)
    assert (without_red["positive_left"], without_red["negative_left"]) == (1, 0)
    nothing = look(1.0)
    assert {name for name, value in nothing.items() if value} == {"area_left", "total_weight"}
    assert nothing["total_weight"] == pytest.approx(0.4)


def test_draws_differ_and_come_again(tmp_path: Path) -> None:
    here = world(
        tmp_path, 0, {"all": box(0, SIDE, 0, SIDE), "spot": FOOD}, {"all": 0.2, "spot": 1.0}
    )
    first, second = (
        d.values for d in islice(lime_regions(here, picture=0, regions=["all"], **SETTINGS), 2)
    )
    assert first != second
    assert next(lime_regions(here, picture=0, regions=["all"], **SETTINGS)).values == first


def test_only_the_first_draw_has_maps(tmp_path: Path) -> None:
    here = world(tmp_path, 0, {"all": box(0, SIDE, 0, SIDE)}, {"all": 1.0})
    first, second = islice(lime_regions(here, picture=0, regions=["all"], **SETTINGS), 2)
    assert [m.values.shape for m in first.maps] == [(SIDE, SIDE, 3), (SIDE, SIDE)]
    assert [m.signed for m in first.maps] == [False, True]
    assert not second.maps
