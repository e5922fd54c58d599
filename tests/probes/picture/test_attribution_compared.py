from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from quizproof.probes.bench import Bench
from quizproof.probes.catalogue import catalogue
from quizproof.probes.testing import draws_of
from quizproof.questions.problems import QuizproofError
from tests.probes.picture import attributed
from tests.probes.picture.attributed import SALIENCY, SMOOTH

PROBE = "attribution.compared"


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return attributed.bench(tmp_path, net=attributed.network())


def measured(bench: Bench, draws: int = 1, **changes: Any) -> list[Any]:
    asked: dict[str, Any] = {"pictures": [0], "methods": [SALIENCY], "mass": "signed", "top": 0.1}
    found = draws_of(PROBE, bench, draws=draws, **{**asked, **changes})
    return [draw.values for draw in found]


def test_the_size_is_the_part_that_counts(bench: Bench) -> None:
    sizes = {**SALIENCY, "colours": "sum_of_sizes"}
    [signed] = measured(bench, methods=[SALIENCY, sizes])
    [size] = measured(bench, methods=[SALIENCY, sizes], mass="absolute")
    assert size["spearman"] > signed["spearman"]


@pytest.mark.parametrize(
    "other", [{"pictures": [0, 1]}, {"targets": ["class 0", "class 1"]}, {"methods": "x gradient"}]
)
def test_two_pictures_classes_or_methods(other: dict[str, Any], bench: Bench) -> None:
    if "methods" in other:
        other = {"methods": [SALIENCY, {**SALIENCY, "name": "input_x_gradient"}]}
    [found] = measured(bench, **other)
    assert found["spearman"] < 0.99


def test_two_models(tmp_path: Path) -> None:
    nets = {"one": attributed.network(), "other": attributed.network()}
    [same] = measured(attributed.bench(tmp_path, **nets))
    assert same["spearman"] == pytest.approx(1)
    nets["other"][5].weight.data.neg_()  # type: ignore[operator]
    [opposite] = measured(attributed.bench(tmp_path, **nets))
    assert opposite["spearman"] == pytest.approx(-1)


def test_it_draws_where_one_of_the_methods_does(bench: Bench) -> None:
    given = {"pictures": [0], "methods": [SALIENCY, SMOOTH], "mass": "signed", "top": 0.1}
    assert catalogue()[PROBE].draws_anew(given)
    first, second = measured(bench, 2, methods=[SALIENCY, SMOOTH])
    assert first != second


@pytest.mark.parametrize(
    "twice",
    [
        {},
        {"pictures": [0, 0]},
        {"methods": [SALIENCY, SALIENCY]},
        {"methods": [SMOOTH, SMOOTH]},
        {"targets": ["class 0", "class 0"]},
        {"targets": ["label", "class 0"]},  # which is its label
    ],
)
def test_a_map_and_itself_are_no_pair(twice: dict[str, Any], bench: Bench) -> None:
    with pytest.raises(QuizproofError, match="compared with itself; name two different") as caught:
        measured(bench, **twice)
    assert "\n" not in str(caught.value)
