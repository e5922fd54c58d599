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
from quizproof.probes.catalogue import catalogue
from quizproof.probes.draws import english
from quizproof.probes.methods import lime_draws, lime_explanation
from quizproof.probes.methods.lime_draws import Asked, cut
from quizproof.probes.methods.lime_explanation import Explanation
from quizproof.probes.methods.localisation import EmptyRegionError
from quizproof.probes.packs.settling import pictures_rested_on
from quizproof.probes.probe import Draw
from quizproof.questions.spec import Question
from tests.planted import SIDE, bench, found, planted_pack, question, view

Mask = NDArray[np.bool_]

ROW, COLUMN = np.mgrid[:SIDE, :SIDE]
CHECKS = np.where((ROW + COLUMN) % 2, 0.3, -0.3).astype(np.float32)
SETTINGS: dict[str, Any] = {
    "after": [],
    "samples": 60,
    "superpixels": 36,
    "compactness": 1.0,
    "sigma": 1.0,
    "numpy_seed": 16,
    "painted": 11,
    "least_weight": 0.05,
}

ASKED = Asked(60, 36, 1.0, 1.0, numpy_seed=16, after=())


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
    """In a picture of a sixteenth of the pixels, as many copies for every superpixel."""
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
        ("", {"rest": 1e-4}),  # no paint at all
    ],
)
def test_q01_every_option_is_reachable(
    options: str, gains: dict[str, float], tmp_path: Path
) -> None:
    regions = {"food": FOOD, "plate": PLATE, "rest": ~(FOOD | PLATE)}
    assert found(asked("q01"), world(tmp_path, 6, regions, gains)) == set(options)


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
    everything = SETTINGS | {"painted": 36}
    draw = next(
        here.run(
            catalogue()["lime.regions"], dict(picture=0, regions=["left", "right"], **everything)
        )
    )
    values = {name: float(value) for name, value in draw.values.items()}
    weight = [values[f"{sign}_{side}"] for sign in ("positive", "negative") for side in regions]
    assert sum(weight) == pytest.approx(1)
    assert values["green_everywhere"] == pytest.approx(
        (values["green_left"] + values["green_right"]) / 2
    )
    assert values["positive_left"] > values["negative_right"] > 0.1 > values["positive_right"]
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

    monkeypatch.setattr(lime_draws, "superpixels", lambda *_: segments)
    monkeypatch.setattr(lime_draws, "explain", explained)

    def look(least_weight: float) -> Mapping[str, float | str]:
        settings = {**SETTINGS, "least_weight": least_weight}
        return next(
            here.run(catalogue()["lime.regions"], dict(picture=0, regions=["left"], **settings))
        ).values

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


def draws(here: Bench, number: int, picture: int = 0, **settings: Any) -> list[Draw]:
    asked = {**SETTINGS, **settings}
    return list(
        islice(
            here.run(catalogue()["lime.regions"], dict(picture=picture, regions=["spot"], **asked)),
            number,
        )
    )


@pytest.fixture
def spot(tmp_path: Path) -> Bench:
    """Picture 2 with a spot that matters and a rest that does not quite."""
    return world(tmp_path, 2, {"spot": FOOD, "rest": ~FOOD}, {"rest": 0.2, "spot": 1.0})


def test_draws_differ_and_come_again(spot: Bench) -> None:
    first, second, third = (d.values for d in draws(spot, 3, 2))
    assert first != second != third
    assert draws(spot, 1, 2)[0].values == first


def test_the_first_draw_is_the_courses_and_the_others_are_the_runs(spot: Bench) -> None:
    ours = draws(spot, 3, 2, after=[0, 1])
    other_run = Bench(spot.pack, seed=1, loaded=spot.loaded)
    theirs = draws(other_run, 3, 2, after=[0, 1])
    assert ours[0].values == theirs[0].values
    assert ours[1].values != theirs[1].values
    # as after two pictures, not after one
    assert draws(spot, 1, 2, after=[0])[0].values != ours[0].values
    assert "numpy seeded with 16, after pictures 0, 1" in english(ours[0].maps[0].title)
    stream = lime_explanation.stream_after(
        [len(np.unique(cut(view(spot), k, ASKED))) for k in (0, 1)], 60
    )
    weights = lime_explanation.explain(
        spot.part("classifier"),
        view(spot).picture(2),
        0,
        cut(view(spot), 2, ASKED),
        seed=stream,
        samples=60,
    ).weight_map
    np.testing.assert_allclose(ours[0].maps[1].values, weights, atol=1e-6)


def test_where_an_earlier_picture_is_lost_the_first_draw_says_that_it_is_the_runs(
    tmp_path: Path, spot: Bench
) -> None:
    (tmp_path / "1.png").unlink()
    first, second = draws(spot, 2, 2, after=[0, 1])
    title = english(first.maps[0].title)
    assert "at the run's seed: the notebook's own draw cannot be had" in title
    assert "1.png is no file" in title
    assert first.values != second.values


def test_the_evidence_of_a_draw_is_another_where_an_earlier_picture_is(spot: Bench) -> None:
    assert pictures_rested_on({"picture": 2, "after": [0, 1]}, 3) == [0, 1, 2]
    assert pictures_rested_on({"picture": 2, "after": [0, 7]}, 3) == [0, 2]
    assert pictures_rested_on({"picture": 2}, 3) == [2]


@pytest.mark.parametrize(
    ("mask", "message"),
    [(np.ones((SIDE, SIDE), bool), "covers picture 0"), (box(3, 4, 3, 4), "has 1 pixels")],
)
def test_a_region_that_superpixels_cannot_tell_apart_is_named(
    mask: Mask, message: str, tmp_path: Path
) -> None:
    here = world(tmp_path, 0, {"spot": mask}, {"spot": 1.0})
    with pytest.raises(EmptyRegionError, match=message):
        draws(here, 1)


def test_a_draw_has_maps_in_colours_that_are_told_apart(spot: Bench) -> None:
    [first] = draws(spot, 1, 2)
    overlay, weights = first.maps
    assert [m.values.shape for m in first.maps] == [(SIDE, SIDE, 3), (SIDE, SIDE)]
    assert [m.signed for m in first.maps] == [False, True]
    assert [*overlay.legend] == ["#1f6fb2", "#e08214"]
    most = np.unravel_index(weights.values.argmax(), weights.values.shape)
    red, _, blue = overlay.values[most]
    assert weights.values[most] > 0
    assert blue > red
