"""A classifier whose cross-entropy, and so whose saliency and SmoothGrad, is known on paper."""

from __future__ import annotations

import torch
from torch import Tensor, nn

GREY = 128 / 255
"""A value that a picture of 256 levels can have."""


class PlantedLoss(nn.Module):
    """Its cross-entropy for class 0 is 50 + Σ (weight · x + curve · (x − GREY)² ∕ 2).

    So its gradient is weight + curve · (x − GREY): where a picture is grey, a curve is seen by
    noisy copies alone. ``weight`` and ``curve`` are (3, H, W) or broadcast to it.
    """

    def __init__(self, weight: Tensor, curve: Tensor, classes: int = 11) -> None:
        super().__init__()
        self.weight, self.curve, self.classes = weight, curve, classes

    def forward(self, pictures: Tensor) -> Tensor:
        loss = self.weight * pictures + self.curve * (pictures - GREY).square() / 2
        logits = torch.zeros(len(pictures), self.classes, dtype=pictures.dtype)
        # 50 and more ahead of the others, it is alone in the sum of exponentials
        logits[:, 1] = 50 + loss.sum(dim=(1, 2, 3))
        return logits


class SureOfMost(nn.Module):
    """Sure of ``picture`` (3, H, W) and of most of its noisy copies, and not of the others.

    The cross-entropy's gradient is ``share`` · ``sure`` (3, H, W) where it is sure, and ``unsure``
    where it is not: in one of 20 copies unless ``rate`` says otherwise. So the mean over all copies
    is that of a few, and most small blocks of copies have none of these.
    """

    def __init__(
        self, picture: Tensor, sure: Tensor, unsure: Tensor, share: float = 5e-4, rate: float = 0.05
    ) -> None:
        super().__init__()
        self.picture, self.sure, self.unsure = picture, sure, unsure
        self.lead = -torch.logit(torch.tensor(share, dtype=torch.float64)).item()
        self.bar = torch.distributions.Normal(0.0, 1.0).icdf(torch.tensor(1 - rate)).item()  # type: ignore[no-untyped-call]
        generator = torch.Generator().manual_seed(5)
        self.direction = torch.randn(picture.shape, generator=generator)

    def forward(self, pictures: Tensor) -> Tensor:
        added = (pictures - self.picture).detach()
        along = (added * self.direction).sum(dim=(1, 2, 3)) / self.direction.norm()
        # the deviation of all that was added is that of its part in one direction
        deviation = added.flatten(1).std(dim=1)
        unsure = along > self.bar * deviation.clamp(min=1e-9)
        # zero, with a gradient: one, and a little that is the copy's own
        moved = (pictures - pictures.detach()) * (1 + 0.1 * added)
        sure = -self.lead + (self.sure * moved).sum(dim=(1, 2, 3))
        other = 30 + (self.unsure * moved).sum(dim=(1, 2, 3))
        lead = torch.where(unsure, other, sure)
        others = torch.full((len(pictures), 9), -60.0)
        return torch.cat([torch.zeros_like(lead)[:, None], lead[:, None], others], dim=1)
