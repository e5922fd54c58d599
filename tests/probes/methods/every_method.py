"""Every attribution method with settings, and small networks and a picture to try them on."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from quizproof.probes.models.classifiers import Classifier
from tests.planted import planted_classifier

SIDE = 12
GRID = {"name": "grid", "rows": 3, "columns": 2}
# a set of settings for each method; a method that is not here has no test of what all keep
METHODS: dict[str, dict[str, Any]] = {
    "saliency": {"output": "cross_entropy", "colours": "largest_size"},
    "input_x_gradient": {"output": "probability", "colours": "sum"},
    "guided_backprop": {"colours": "sum"},
    "smoothgrad": {
        "output": "logit",
        "samples": 7,
        "noise": 0.2,
        "noise_of": "range",
        "averaged": "squares",
        "colours": "mean",
    },
    "integrated_gradients": {
        "output": "logit",
        "steps": 9,
        "rule": "middle",
        "baseline": "mean",
        "times_difference": True,
        "colours": "sum",
    },
    "grad_cam": {"output": "logit", "layer": "0", "rectified": False, "stretched": "nearest"},
    "occlusion": {"output": "logit", "window": [5, 4], "stride": [3, 2], "fill": {"blur": 2.0}},
    "deeplift": {"baseline": 0.3, "colours": "sum"},
    "gradient_shap": {
        "output": "probability",
        "samples": 7,
        "noise": 0.1,
        "baselines": ["black", "white"],
        "colours": "sum",
    },
    "kernel_shap": {
        "output": "logit",
        "samples": 30,
        "segments": GRID,
        "fill": "black",
        "pixels": "whole",
    },
    "lime": {
        "output": "logit",
        "samples": 30,
        "segments": GRID,
        "fill": "segment_mean",
        "pixels": "part",
        "kernel_width": 0.25,
        "distance": "cosine",
        "ridge": 1.0,
    },
}


def method(name: str, **changes: Any) -> Any:
    return {"name": name, **METHODS[name], **changes}


def seeded(seed: int, build: Any) -> Any:
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        return build()


def network() -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(3, 4, 3, padding=1),
        nn.BatchNorm2d(4),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Conv2d(4, 4, 3, padding=1),
        nn.ReLU(),
        nn.Flatten(),
        nn.Linear(4 * 6 * 6, 3),
    )


def noise() -> Tensor:
    """A picture."""
    found: Tensor = seeded(1, lambda: torch.rand(3, SIDE, SIDE))
    return found


def classified(net: nn.Module, classes: int = 3) -> Classifier:
    return planted_classifier(net, (SIDE, SIDE), classes)


class Linear(nn.Module):
    """Logit k is Σ wₖ x."""

    def __init__(self) -> None:
        super().__init__()
        self.flat = nn.Flatten()
        self.last = seeded(3, lambda: nn.Linear(3 * SIDE * SIDE, 2))

    def forward(self, pictures: Tensor) -> Tensor:
        found: Tensor = self.last(self.flat(pictures))
        return found

    def weights(self, target: int) -> Tensor:
        found: Tensor = self.last.weight[target].view(3, SIDE, SIDE).double()
        return found


def close(one: Any, other: Any, relative: float = 1e-4) -> None:
    one, other = np.asarray(one), np.asarray(other)
    np.testing.assert_allclose(one, other, rtol=relative, atol=relative * np.abs(other).max())
