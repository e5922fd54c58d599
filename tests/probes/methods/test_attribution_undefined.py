"""Attribution methods where they are not defined: a clear line each."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from quizproof.probes.methods.attribution import attribution
from quizproof.probes.models.onnx_network import OnnxNetwork
from quizproof.questions.problems import QuizproofError
from tests import planted_onnx
from tests.planted import planted_classifier
from tests.probes.methods import every_method
from tests.probes.methods.every_method import (
    GRID,
    METHODS,
    Linear,
    classified,
    method,
    network,
    seeded,
)


@pytest.fixture(scope="module")
def picture() -> Tensor:
    return every_method.noise()


@pytest.mark.parametrize("name", METHODS)
def test_a_network_without_gradients_has_what_takes_predictions_alone(
    name: str, tmp_path: Path
) -> None:
    planted_onnx.linear(tmp_path / "net.onnx")
    net = OnnxNetwork(tmp_path / "net.onnx", planted_onnx.SIZE)
    blind = planted_classifier(net, planted_onnx.SIZE, planted_onnx.CLASSES)
    grid = {"segments": {**GRID, "rows": 2}} if name in ("kernel_shap", "lime") else {}
    window = {"window": [2, 2], "stride": [1, 1]} if name == "occlusion" else {}
    shown = seeded(1, lambda: torch.rand(3, *planted_onnx.SIZE))
    asked = method(name, **grid, **window)
    if grid or window:
        assert attribution(blind, shown, 1, asked).any()
    else:
        said = "no gradients|has no layer 0; it has none|no module that is a ReLU"
        with pytest.raises(QuizproofError, match=said) as caught:
            attribution(blind, shown, 1, asked)
        assert "\n" not in str(caught.value)


class Functional(nn.Module):
    """A network whose rectifier is no module."""

    def __init__(self) -> None:
        super().__init__()
        self.first = seeded(2, lambda: nn.Conv2d(3, 3, 3))
        self.relu = nn.ReLU()

    def forward(self, pictures: Tensor) -> Tensor:
        found: Tensor = torch.tanh(self.first(pictures)).pow(3).mean(dim=(2, 3))
        return found


class Twice(nn.Module):
    """A network that uses one rectifier twice."""

    def __init__(self) -> None:
        super().__init__()
        self.first = seeded(2, lambda: nn.Conv2d(3, 3, 3))
        self.relu = nn.ReLU()

    def forward(self, pictures: Tensor) -> Tensor:
        found: Tensor = self.relu(self.first(self.relu(self.first(pictures)))).mean(dim=(2, 3))
        return found


def with_relu6() -> Any:
    net = seeded(2, network)
    net[0].weight.data.mul_(30)
    net[2] = nn.ReLU6()
    return net


@pytest.mark.parametrize(
    ("net", "asked", "said"),
    [
        (network, method("grad_cam", layer="7"), "layer 7 .* gives no map"),
        (network, method("grad_cam", layer="00"), "no layer 00; did you mean 0"),
        (network, method("occlusion", window=[13, 1]), "window of 13 × 1 is larger"),
        (network, method("occlusion", stride=[6, 1]), "stride of 6 × 1 leaves pixels out"),
        (network, method("kernel_shap", samples=7), "ask for 8 or more"),
        (network, method("lime", segments={**GRID, "rows": 13}), "finer than the picture"),
        (with_relu6, method("deeplift"), r"no rule for 2 \(ReLU6\)"),
        (Functional, method("deeplift"), "computes outside of modules"),
        (Twice, method("deeplift"), "uses a module twice"),
        (Linear, method("guided_backprop"), "no module that is a ReLU"),
    ],
)
def test_where_it_is_not_defined_is_one_clear_line(
    net: Any, asked: Any, said: str, picture: Tensor
) -> None:
    with pytest.raises(QuizproofError, match=said) as caught:
        attribution(classified(seeded(2, net)), picture, 1, asked)
    assert "\n" not in str(caught.value)
