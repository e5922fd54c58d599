"""A model whose saliency map is known: it is painted on it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from quizproof.probes.bench import Bench
from tests.planted import SIDE, bench, planted_pack

Region = NDArray[np.bool_]


class Painted(nn.Module):
    """The logit of class 0 is the mean of the picture times ``paint``, (H, W); all others are 0.

    So its saliency map for class 0 is |paint| up to scale, on any picture.
    """

    def __init__(self, paint: NDArray[np.floating]) -> None:
        super().__init__()
        self.register_buffer("paint", torch.from_numpy(paint.astype(np.float32)))

    def forward(self, pictures: Tensor) -> Tensor:
        own = (pictures * self.get_buffer("paint")).mean(dim=(1, 2, 3))
        return torch.stack([own, *[torch.zeros_like(own)] * 10], dim=1)


def painted_world(
    folder: Path, picture: int, paint: NDArray[np.floating], regions: dict[str, Region]
) -> Bench:
    """A pack of grey pictures, ``picture`` the last with ``regions``, and a painted model."""
    grey = np.full((*paint.shape, 3), 0.5, np.float32)
    pack = planted_pack(folder, [grey] * (picture + 1), [*[{}] * picture, regions])
    return bench(pack, Painted(paint), size=paint.shape)


def box(top: int, left: int, bottom: int, right: int, side: int = SIDE) -> Region:
    """The rectangle from (top, left) up to, not including, (bottom, right)."""
    region = np.zeros((side, side), bool)
    region[top:bottom, left:right] = True
    return region
