"""Cosines of embeddings that are known."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from torch import Tensor, nn

from quizproof.probes.bench import Bench
from quizproof.probes.testing import draws_of
from quizproof.questions.problems import QuizproofError
from tests.planted import SIDE, bench, planted_pack


class Same(nn.Module):
    """A layer that gives the picture, and logits that are its colours' means."""

    def __init__(self) -> None:
        super().__init__()
        self.maps = nn.Identity()

    def forward(self, pictures: Tensor) -> Tensor:
        maps: Tensor = self.maps(pictures)
        return maps.mean(dim=(2, 3))


def world(folder: Path) -> Bench:
    """Red, red on the right half alone, orange, and black."""
    red, orange, black = (
        np.tile(np.array(one, np.float32), (SIDE, SIDE, 1))
        for one in ((1, 0, 0), (0.8, 0.6, 0), (0, 0, 0))
    )
    half = red.copy()
    half[:, : SIDE // 2] = 0
    pack = planted_pack(folder, [red, half, orange, black])
    return bench(pack, Same(), classes=3)


def test_means_do_not_say_where_and_all_does(tmp_path: Path) -> None:
    asked: dict[str, Any] = {"pictures": [0, 1, 2], "layer": "maps"}
    [means] = draws_of("embedding.similarity", world(tmp_path), places="mean", **asked)
    assert means.values["cosine_0"] == pytest.approx(1)
    assert means.values["cosine_1"] == pytest.approx(1, abs=1e-5)
    assert means.values["cosine_2"] == pytest.approx(0.8, rel=1e-4)
    assert means.values["nearest"] == "1"
    [every] = draws_of("embedding.similarity", world(tmp_path), places="all", **asked)
    assert every.values["cosine_1"] == pytest.approx(math.sqrt(0.5), rel=1e-4)
    assert every.values["nearest"] == "2"


@pytest.mark.parametrize(
    ("pictures", "said"),
    [
        ([0], "one picture is like no other"),
        ([0, 3], "gives 0 all over for picture 3"),
        ([2, 0, 1], "equally near"),
    ],
)
def test_what_has_no_likeness_is_told(tmp_path: Path, pictures: list[int], said: str) -> None:
    with pytest.raises(QuizproofError, match=said):
        draws_of(
            "embedding.similarity", world(tmp_path), pictures=pictures, layer="maps", places="mean"
        )
