"""A picture, a network and a bench for probes of attribution."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from torch import nn

from quizproof.probes.bench import Bench
from tests.planted import planted_classifier, planted_pack

SIDE = 16
SALIENCY = {"name": "saliency", "output": "logit", "colours": "sum"}
SMOOTH = {
    "name": "smoothgrad",
    "output": "logit",
    "samples": 2,
    "noise": 0.5,
    "noise_of": "absolute",
    "averaged": "gradients",
    "colours": "sum",
}


def network() -> nn.Sequential:
    """Three layers with weights, of which the first sees edges and the others mix."""
    with torch.random.fork_rng():
        torch.manual_seed(0)
        return nn.Sequential(
            nn.Conv2d(3, 6, 3, padding=1),
            nn.ReLU(),
            nn.Conv2d(6, 6, 3, padding=1),
            nn.ReLU(),
            nn.Flatten(),
            nn.Linear(6 * SIDE * SIDE, 2),
        )


def bench(folder: Path, **nets: nn.Module) -> Bench:
    """Two pictures of noise, and classifiers of two classes by name."""
    noise = np.random.default_rng(0).random((2, SIDE, SIDE, 3)).astype(np.float32)
    pack = planted_pack(folder / "pack", list(noise), [], [0, 1])
    made = {name: planted_classifier(net, (SIDE, SIDE), 2) for name, net in nets.items()}
    return Bench(pack, 0, loaded=made)
