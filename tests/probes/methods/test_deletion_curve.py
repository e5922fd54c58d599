from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from quizproof.probes.methods.deletion_curve import area, curve, order_of
from tests.planted import planted_classifier

SIDE = 8


class Mean(nn.Module):
    """Logit 0 is the mean of the picture's first row, logit 1 is 0."""

    def forward(self, pictures: Tensor) -> Tensor:
        first = pictures[:, :, 0].mean(dim=(1, 2))
        return torch.stack([first, torch.zeros_like(first)], dim=1)


def outputs(relevance: np.ndarray, steps: int = 8) -> np.ndarray:
    order = order_of(relevance, np.random.default_rng(0))
    white, black = torch.ones(3, SIDE, SIDE), torch.zeros(3, SIDE, SIDE)
    classifier = planted_classifier(Mean(), (SIDE, SIDE), 2)
    found = curve(classifier, white, black, order, steps, 0, "logit")
    assert classifier.passes.forward == steps + 1
    return found


def test_what_counts_goes_first_or_last() -> None:
    rows = -np.arange(SIDE, dtype=np.float64)[:, None].repeat(SIDE, 1)
    np.testing.assert_allclose(outputs(rows), [1, *[0] * 8])
    np.testing.assert_allclose(outputs(-rows), [*[1] * 8, 0])
    assert area(outputs(rows)) == pytest.approx(1 / 16)
    assert area(outputs(-rows)) == pytest.approx(15 / 16)


def test_what_ties_goes_in_an_order_by_chance() -> None:
    found = outputs(np.zeros((SIDE, SIDE)), steps=64)
    assert area(found) == pytest.approx(0.5, abs=0.15)
    assert sorted(order_of(np.zeros((SIDE, SIDE)), np.random.default_rng(0))) == list(range(64))
