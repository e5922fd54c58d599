from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from quizproof.probes.bench import Bench
from quizproof.probes.testing import draws_of
from tests.probes.picture import attributed
from tests.probes.picture.attributed import SALIENCY, SIDE, SMOOTH


class Left(nn.Module):
    """Logit 0 is the sum over the left half, logit 1 over the right."""

    def forward(self, pictures: Tensor) -> Tensor:
        halves = pictures.view(-1, 3, SIDE, 2, SIDE // 2).sum(dim=(1, 2, 4))
        return torch.stack([halves[:, 0], halves[:, 1]], dim=1)


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return attributed.bench(tmp_path, net=Left())


def measured(bench: Bench, draws: int = 1, **changes: Any) -> list[Any]:
    asked: dict[str, Any] = {
        "picture": 0,
        "method": SALIENCY,
        "steps": 4,
        "deleted_to": "black",
        "inserted_into": "black",
        "output": "logit",
    }
    return draws_of("attribution.curve", bench, draws=draws, **{**asked, **changes})


def test_what_counts_goes_first_and_comes_first(bench: Bench) -> None:
    [draw] = measured(bench)
    whole = draw.series["deletion"][0]
    assert draw.values["deletion"] == pytest.approx(whole / 4, rel=0.1)
    assert draw.values["insertion"] == pytest.approx(3 * whole / 4, rel=0.1)
    for name in ("deletion_by_chance", "insertion_by_chance"):
        assert draw.values[name] == pytest.approx(whole / 2, rel=0.1)
    assert draw.series["deletion"][2] == pytest.approx(0)
    assert len(draw.series["insertion"]) == 5


def test_of_another_class_it_goes_last(bench: Bench) -> None:
    [draw] = measured(bench, method={**SALIENCY, "colours": "mean"}, target="class 1")
    assert draw.values["deletion"] < draw.values["deletion_by_chance"]
    assert draw.series["deletion"][0] != measured(bench)[0].series["deletion"][0]


def test_chance_is_the_same_for_every_draw(bench: Bench) -> None:
    first, second = measured(bench, 2, method=SMOOTH)
    assert first.values["deletion_by_chance"] == second.values["deletion_by_chance"]
