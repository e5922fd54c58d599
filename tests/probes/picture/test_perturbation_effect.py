"""What a change of a picture does to the logits of networks that are known."""

from __future__ import annotations

from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from quizproof.probes.bench import Bench
from quizproof.probes.catalogue import catalogue
from quizproof.probes.testing import draws_of
from tests.planted import SIDE, bench, planted_pack
from tests.probes.picture.painted import box

LEFT = box(0, 0, SIDE, SIDE // 2)
CORNER = box(0, 0, SIDE // 2, SIDE // 2)


class Halves(nn.Module):
    """Logits 10 × the mean of the left half, 10 × that of the right half, 1."""

    def forward(self, pictures: Tensor) -> Tensor:
        left, right = (half.mean(dim=(1, 2, 3)) for half in pictures.chunk(2, dim=3))
        return torch.stack([10 * left, 10 * right, torch.ones_like(left)], dim=1)


def halves(folder: Path, left: float, right: float) -> Bench:
    shown = np.full((SIDE, SIDE, 3), right, np.float32)
    shown[LEFT] = left
    pack = planted_pack(folder, [shown], [{"left": LEFT, "corner": CORNER}])
    return bench(pack, Halves(), classes=3)


def softmax(*logits: float) -> list[float]:
    odds = np.exp(logits)
    return list(odds / odds.sum())


@pytest.mark.parametrize(
    ("target", "place"), [(None, 0), ("class 1", 1), ("class 2", 2), ("predicted", 0)]
)
def test_painting_a_region_takes_what_it_held(
    tmp_path: Path, target: str | None, place: int
) -> None:
    world = halves(tmp_path, 0.8, 0.4)
    change = {"name": "paint", "fill": "black"}
    [draw] = draws_of(
        "perturbation.effect", world, picture=0, change=change, regions=["corner"], target=target
    )
    before, after = softmax(8, 4, 1), softmax(4, 4, 1)
    values = draw.values
    assert values["probability_before"] == pytest.approx(before[place], rel=1e-4)
    assert values["probability_after"] == pytest.approx(after[place], rel=1e-4)
    assert values["fall"] == pytest.approx(before[place] - after[place], abs=1e-5)
    assert values["logit_fall"] == pytest.approx(4 if place == 0 else 0, abs=1e-4)


@pytest.mark.parametrize(
    ("change", "regions", "likeliest"),
    [
        ({"name": "paint", "fill": "black"}, ["left"], "class 1"),
        ({"name": "paint", "fill": "black"}, [], "class 2"),
        ({"name": "paint", "fill": "white"}, ["corner", "left"], "class 0"),
        ({"name": "rotate", "degrees": 180.0, "fill": "black"}, [], "class 1"),
        ({"name": "blur", "sigma": 1.0}, [], "class 0"),
    ],
)
def test_the_answer_is_that_of_the_changed_picture(
    tmp_path: Path, change: dict[str, Any], regions: list[str], likeliest: str
) -> None:
    world = halves(tmp_path, 0.8, 0.4)
    [draw] = draws_of("perturbation.effect", world, picture=0, change=change, regions=regions)
    assert draw.values["likeliest_after"] == likeliest
    assert draw.values["answer"] == ("same" if likeliest == "class 0" else "other")


def test_noise_is_drawn_anew_and_the_rest_once(tmp_path: Path) -> None:
    world = halves(tmp_path, 0.8, 0.4)
    probe = catalogue()["perturbation.effect"]
    noise = {"name": "noise", "sigma": 0.1, "distribution": "normal"}
    given = probe.complete({"picture": 0, "change": noise})
    assert probe.draws_anew(given)
    logits = [draw.values["logit_fall"] for draw in islice(world.run(probe, given), 5)]
    assert len(set(logits)) == 5
    paint = probe.complete({"picture": 0, "change": {"name": "paint", "fill": 0.0}})
    assert not probe.draws_anew(paint)
    assert len(list(world.run(probe, paint))) == 1


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"name": "paint"}, "fill"),
        ({"name": "blur", "sigma": 0.0}, "number above 0"),
        (
            {"name": "rotate", "degrees": 400.0, "fill": "black"},
            "-360 to 360 (anticlockwise, to the left, above 0)",
        ),
        ({"name": "squeeze"}, "paint | rotate | blur | noise"),
        ({"name": "blur", "sigma": 1.0, "radius": 2}, "radius"),
    ],
)
def test_settings_that_are_not_there_are_told(change: dict[str, Any], said: str) -> None:
    problems = catalogue()["perturbation.effect"].check({"picture": 0, "change": change})
    assert problems
    assert said in problems[0]
