from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from quizproof.probes.bench import Bench
from quizproof.probes.testing import draws_of
from quizproof.questions.problems import QuizproofError
from tests.probes.picture import attributed
from tests.probes.picture.attributed import SALIENCY, SMOOTH

INPUT_ONLY = {
    "name": "occlusion",
    "output": "logit",
    "window": [4, 4],
    "stride": [4, 4],
    "fill": "black",
}


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return attributed.bench(tmp_path, net=attributed.network())


def measured(bench: Bench, draws: int = 1, **changes: Any) -> list[Any]:
    asked: dict[str, Any] = {
        "picture": 0,
        "method": SALIENCY,
        "last": [1, 3],
        "networks": 4,
        "mass": "signed",
        "top": 0.1,
    }
    return draws_of("attribution.randomised", bench, draws=draws, **{**asked, **changes})


@pytest.mark.parametrize("method", [SALIENCY, INPUT_ONLY])
def test_a_map_of_the_network_is_gone_with_its_weights(method: Any, bench: Bench) -> None:
    [draw] = measured(bench, method=method)
    assert abs(draw.values["spearman_1"]) < 0.4
    assert abs(draw.values["spearman_3"]) < 0.4
    assert len(draw.maps) == 3
    assert draw.series["rho"] == (draw.values["spearman_1"], draw.values["spearman_3"])


def test_a_map_of_one_value_is_like_none(bench: Bench) -> None:
    [draw] = measured(bench, method={**INPUT_ONLY, "window": [16, 16], "stride": [1, 1]})
    assert draw.values["spearman_3"] == 0


def test_the_networks_are_the_same_in_every_run_and_for_every_draw(bench: Bench) -> None:
    assert measured(bench)[0].values == measured(bench)[0].values
    first, second = measured(bench, 2, method=SMOOTH)
    assert first.values != second.values


def test_more_layers_than_the_network_has(bench: Bench) -> None:
    with pytest.raises(QuizproofError, match="has 3 layers with weights, and 4 of them"):
        measured(bench, last=[4])
