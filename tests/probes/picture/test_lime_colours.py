from __future__ import annotations

from collections.abc import Callable
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from quizproof.probes.bench import Bench
from quizproof.probes.methods import lime_explanation
from quizproof.probes.methods.lime_explanation import Explanation, Overlay, overlay
from quizproof.probes.picture.lime_colours import lime_colours
from tests.planted import found, look, planted_pack, question

Painter = Callable[[NDArray[np.float64]], NDArray[np.float64]]


def painter(of_weights: Painter) -> Callable[..., Overlay]:
    """The overlay of a LIME whose colours follow another rule of the weights."""

    def paint(explanation: Explanation, painted: int, least_weight: float) -> Overlay:
        weights = of_weights(explanation.weights)
        return overlay(
            Explanation(explanation.picture, explanation.segments, weights), painted, least_weight
        )

    return paint


def half_green_of_the_positive(weights: NDArray[np.float64]) -> NDArray[np.float64]:
    return weights.clip(min=0) * np.where(np.arange(len(weights)) % 2, 1, -1)


@pytest.fixture
def world(tmp_path: Path) -> Bench:
    return Bench(planted_pack(tmp_path, [], []), seed=0)


@pytest.mark.parametrize(
    ("options", "altered"),
    [
        ("ad", lambda w: w),
        ("bc", lambda w: -w),
        ("a", lambda w: w.clip(min=0)),  # only the positive are painted
        ("d", lambda w: w.clip(max=0)),
        ("ac", half_green_of_the_positive),
        ("bd", lambda w: half_green_of_the_positive(-w)),
        ("", np.abs),  # all is green
        ("", lambda w: np.random.default_rng(0).permutation(w)),  # colours mean nothing
    ],
)
def test_q04_every_option_is_reachable(
    options: str, altered: Painter, world: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lime_explanation, "overlay", painter(altered))
    measured = look(question("q04"), world)
    assert {o for o, f in measured.findings.items() if f.holds} == set(options)
    assert {o for o, f in measured.findings.items() if f.holds is None} == set()


def test_q04_with_lime_as_it_is(world: Bench) -> None:
    assert found(question("q04"), world) == {"a", "d"}


def test_draws_are_of_different_models_and_the_same_again(world: Bench) -> None:
    settings: dict[str, Any] = {
        "samples": 100,
        "superpixels": 50,
        "painted": 11,
        "least_weight": 0.05,
    }
    first, second = (d.values for d in islice(lime_colours(world, **settings), 2))
    assert first["effect_under_green"] != second["effect_under_green"]
    assert next(lime_colours(world, **settings)).values == first


def test_under_a_colour_that_is_not_used_everything_is_nothing(world: Bench) -> None:
    draw = next(lime_colours(world, samples=50, superpixels=50, painted=11, least_weight=9.0))
    assert set(draw.values.values()) == {0.0}
