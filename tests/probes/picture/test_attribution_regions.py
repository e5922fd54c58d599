from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from quizproof.probes.bench import Bench
from quizproof.probes.catalogue import catalogue
from quizproof.probes.packs.pack import Pack
from quizproof.probes.testing import draws_of
from quizproof.questions.problems import QuizproofError
from tests.planted import planted_classifier, planted_pack
from tests.probes.methods.every_method import METHODS, SIDE, method

PROBE = "attribution.regions"
SALIENCY = {"name": "saliency", "output": "logit", "colours": "sum"}
LEFT = np.zeros((SIDE, SIDE), bool)
LEFT[:, : SIDE // 3] = True


class Weighted(nn.Module):
    """Logit 0 has weight 4 on the left third and 1 elsewhere, logit 1 has −1 on the left alone."""

    def __init__(self) -> None:
        super().__init__()
        left = torch.from_numpy(LEFT).float()
        self.weights = nn.Parameter(torch.stack([1 + 3 * left, -left]))

    def forward(self, pictures: Tensor) -> Tensor:
        return torch.einsum("nchw,khw->nk", pictures, self.weights)


@pytest.fixture
def pack(tmp_path: Path) -> Pack:
    noise = np.random.default_rng(0).random((SIDE, SIDE, 3)).astype(np.float32)
    return planted_pack(tmp_path / "pack", [noise], [{"left": LEFT, "right": ~LEFT}], [0])


@pytest.fixture
def bench(pack: Pack) -> Bench:
    classifier = planted_classifier(Weighted(), (SIDE, SIDE), 2)
    return Bench(pack, 0, loaded={"classifier": classifier})


def measured(bench: Bench, **changes: Any) -> Any:
    asked = {
        "picture": 0,
        "regions": ["left", "right"],
        "method": SALIENCY,
        "mass": "absolute",
        "scale": "as_computed",
    }
    [draw] = draws_of(PROBE, bench, **{**asked, **changes})
    return draw.values


def test_shares_densities_contrast_and_where_the_maximum_is(bench: Bench) -> None:
    found = measured(bench)
    assert found == pytest.approx(
        {
            "share_left": 4 / 6,
            "share_right": 2 / 6,
            "density_left": 2,
            "density_right": 0.5,
            "contrast_left": 3 / 5,
            "contrast_right": -3 / 5,
            "pointed_left": 1,
            "pointed_right": 0,
        }
    )


def test_the_least_is_nothing_where_it_is_shown_from_0_to_1(bench: Bench) -> None:
    assert measured(bench, scale="min_max")["share_left"] == 1


def test_the_class_and_the_part_of_the_map_are_the_questions(bench: Bench) -> None:
    other = {"target": "class 1", "mass": "negative"}
    assert measured(bench, **other)["share_left"] == 1
    assert measured(bench, target="predicted") == measured(bench)
    with pytest.raises(QuizproofError, match="zero everywhere in its positive part"):
        measured(bench, target="class 1", mass="positive")


def test_a_class_that_is_not_there_and_one_that_is_there_twice(bench: Bench) -> None:
    with pytest.raises(QuizproofError, match="no class 'clas 1'; did you mean class 1"):
        measured(bench, target="clas 1")
    bench.part("classifier").classes = ("cat", "cat")
    with pytest.raises(QuizproofError, match="2 classes called 'cat', numbers 0, 1; give them"):
        measured(bench, target="cat")


def test_chance_is_told_of_the_regions_that_it_is_asked_of(bench: Bench) -> None:
    found = measured(bench, beyond_chance=["left"])
    assert found["chance_left"] > 1
    assert "chance_right" not in found


@pytest.mark.parametrize("name", ["smoothgrad", "gradient_shap", "kernel_shap", "lime"])
def test_a_method_that_samples_draws_whole_results(name: str, bench: Bench) -> None:
    asked = method(name)
    declared = catalogue()[PROBE]
    given = {"picture": 0, "regions": ["left"], "method": asked, "mass": "absolute"}
    assert declared.draws_anew(given)
    draws = draws_of(PROBE, bench, draws=2, **given, scale="as_computed")
    assert len(draws) == 2
    again = draws_of(PROBE, bench, draws=2, **given, scale="as_computed")
    assert [draw.values for draw in draws] == [draw.values for draw in again]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"name": "salience"}, "did you mean saliency"),
        ({"steps": 5}, "method .* has no steps"),
        ({"colours": "sums"}, r"method\.colours .* 'sums'"),
        ({"name": "integrated_gradients"}, r"method\.steps .* is missing"),
    ],
)
def test_a_setting_that_is_not_the_methods_is_a_line_of_lint(
    changes: dict[str, Any], said: str
) -> None:
    given = {
        "picture": 0,
        "regions": ["left"],
        "method": {**SALIENCY, **changes},
        "mass": "absolute",
        "scale": "as_computed",
    }
    import re

    lines = catalogue()[PROBE].check(given)
    assert any(re.search(said, line) for line in lines), lines


@pytest.mark.parametrize("name", METHODS)
def test_settings_are_taken_as_yaml_has_them(name: str) -> None:
    given = {
        "picture": 0,
        "regions": ["left"],
        "method": json.loads(json.dumps(method(name))),
        "mass": "absolute",
        "scale": "as_computed",
    }
    assert catalogue()[PROBE].check(given) == []
