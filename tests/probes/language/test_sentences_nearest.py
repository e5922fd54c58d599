"""The nearest sentence of a pack, by vectors that are known."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import torch

from quizproof.probes.models.tokens import Tokens
from quizproof.probes.testing import draws_of
from quizproof.questions.problems import QuizproofError
from tests.planted_language import file_of, with_parts
from tests.probes.language.planted_readings import HEADS, LAYERS, english_bench

SENTENCES = ["near near", "far far", "near far", "big big"]
WAYS = {"near": (1.0, 0.0), "far": (0.0, 1.0), "big": (5.0, 0.5)}


def plant(tokens: Tokens) -> tuple[torch.Tensor, torch.Tensor]:
    states = torch.zeros(LAYERS + 1, len(tokens), 2)
    for place, name in enumerate(tokens.names):
        states[:, place] = torch.tensor(WAYS.get(name, (-9.0, -9.0)))  # special tokens are far off
    return states, torch.full((LAYERS, HEADS, len(tokens), len(tokens)), 1 / len(tokens))


def asked(folder: Path, sentences: list[str] = SENTENCES, **given: Any) -> Any:
    bench = english_bench(folder, plant, words=WAYS)
    text = json.dumps([{"text": one} for one in sentences])
    with_parts(bench.pack, sentences=file_of(folder / "pack", "sentences.json", text))
    [draw] = draws_of("sentences.nearest", bench, **{"text": "near", "layer": 3, **given})
    return draw


@pytest.mark.parametrize(
    ("metric", "nearest", "distance", "ahead"),
    [
        ("cosine", "near near", 0.0, 1 - 5 / (25.25**0.5)),
        ("euclidean", "near near", 0.0, 0.5**0.5),
        ("inner_product", "big big", -5.0, 4.0),
    ],
)
def test_each_measure_has_its_own_nearest(
    metric: str, nearest: str, distance: float, ahead: float, tmp_path: Path
) -> None:
    draw = asked(tmp_path, metric=metric)
    assert draw.values["nearest"] == nearest
    assert draw.values["distance"] == pytest.approx(distance, abs=1e-6)
    assert draw.values["ahead"] == pytest.approx(ahead, rel=1e-4)
    assert draw.matrices[0].rows[0] == nearest


def test_the_text_itself_is_no_neighbour(tmp_path: Path) -> None:
    draw = asked(tmp_path, [*SENTENCES, "near"])
    assert draw.values["nearest"] == "near near"


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"layer": 13}, "no layer 13; its layers are 0 .* to 12"),
        ({"layer": None}, "has no vector of a text; name a layer"),
        ({"sentences": ["near near", "near near near"]}, "are as near as each other"),
        ({"sentences": ["near", "far far"]}, "1 other sentences have no nearest one"),
        ({"text": ""}, "text"),
    ],
)
def test_what_has_no_nearest_is_one_line(given: dict[str, Any], says: str, tmp_path: Path) -> None:
    with pytest.raises(QuizproofError, match=says):
        asked(tmp_path, **given)
