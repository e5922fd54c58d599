from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import ArrayLike, NDArray
from torch import Tensor, nn

from quizproof.probes.bench import Bench
from quizproof.probes.methods.localisation import NoMassError
from tests.planted import bench, found, look, planted_pack, question

SIDE = 32
LABEL = 3


class Weighted(nn.Module):
    """The logit of the label is Σ weights · picture; that of every other class looks elsewhere."""

    def __init__(self, weights: ArrayLike) -> None:
        super().__init__()
        self.weights = torch.from_numpy(np.asarray(weights, np.float32))

    def forward(self, pictures: Tensor) -> Tensor:
        logits = pictures.mean(dim=(1, 2, 3))[:, None].repeat(1, 11)
        logits[:, LABEL] = torch.einsum("nchw,hw->n", pictures, self.weights)
        return logits


def regions() -> dict[str, NDArray[np.bool_]]:
    down, right = np.indices((SIDE, SIDE)) - (SIDE - 1) / 2
    distance = np.maximum(abs(down), abs(right))
    return {
        "piece": distance < 9,
        "outline": (distance >= 7) & (distance < 11),
        "tray": (distance >= 11) & (distance < 14),
    }


def world(folder: Path, weights: ArrayLike) -> Bench:
    picture = np.full((SIDE, SIDE, 3), 0.5, np.float32)
    number = 7 + 1
    pack = planted_pack(folder, [picture] * number, [regions()] * number, [LABEL] * number)
    return bench(pack, Weighted(weights))


@pytest.mark.parametrize(("option", "name"), [("a", "tray"), ("b", "outline"), ("c", "piece")])
@pytest.mark.parametrize("sign", [1, -1])
def test_q18_every_option_is_reachable(option: str, name: str, sign: int, tmp_path: Path) -> None:
    weights = sign * regions()[name] + 0.01
    assert found(question("q18"), world(tmp_path, weights)) == {option}


def test_what_stands_around_all_three_is_none_of_them(tmp_path: Path) -> None:
    around = ~np.logical_or.reduce(list(regions().values()))
    measured = look(question("q18"), world(tmp_path, around + 0.01))
    assert not any(finding.holds for finding in measured.findings.values())


def test_a_logit_without_gradients_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(NoMassError):
        look(question("q18"), world(tmp_path, np.zeros((SIDE, SIDE))))
