"""Distances of distributions over a vocabulary."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch import Tensor


def softmax(logits: Tensor) -> Tensor:
    """Probabilities of ``logits`` (…, V), float64: exp(zᵢ) ∕ Σ exp(zⱼ) (Bridle 1990)."""
    return logits.double().softmax(-1)


def total_variation(one: Tensor, other: Tensor) -> float:
    """Half the sum of the differences of two distributions (V,): 0 the same, 1 nothing in common.

    It is the most by which the two differ about any set of tokens (Levin & Peres 2017, prop. 4.2).
    """
    return min(1.0, float((one - other).abs().sum() / 2))
