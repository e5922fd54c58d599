"""Derivatives by nudging: central differences in double precision, independent of autograd.

Where the slopes to either side differ there is a kink (of a ReLU, or of a maximum over equal
values, which a flat background is full of) and no derivative: it is NaN.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from quizproof.probes.methods.saliency import LEAST
from quizproof.probes.models.classifiers import Classifier

STEP = 1e-7  # one weight moves thousands of ReLUs: a longer step takes some over their kinks
_KINK = 0.01  # share of the steeper side by which the sides differ at a kink, above rounding
_ROUNDING = 2e-14  # share of a loss or score of some tens of operations on doubles
_BATCH = 32

Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Slopes:
    """Change per unit of what was nudged, an entry per nudge; NaN at a kink.

    Where the loss is below e⁻⁶⁰⁰, it comes in a unit in which it is that.
    """

    loss: Numbers
    score: Numbers  # the label's logit


def in_double(classifier: Classifier) -> Classifier:
    """A copy in double precision; its passes count as the classifier's."""
    net = copy.deepcopy(classifier.net).double()
    return replace(classifier, net=net, mean=classifier.mean.double(), std=classifier.std.double())


def by_pixels(
    classifier: Classifier, picture: Tensor, label: int, entries: Sequence[tuple[int, int, int]]
) -> Slopes:
    """Slopes by single values (channel, row, column) of ``picture``, (3, H, W).

    ``classifier`` is in double precision: see ``in_double``. Takes two forward passes an entry,
    and one more.
    """
    picture = picture.double()
    ends = [_lead_and_score(classifier, picture[None], label)]
    for start in range(0, len(entries), _BATCH // 2):
        some = entries[start : start + _BATCH // 2]
        nudged = picture.repeat(2 * len(some), 1, 1, 1)
        for place, entry in enumerate(some):
            nudged[(2 * place, *entry)] += STEP
            nudged[(2 * place + 1, *entry)] -= STEP
        ends.append(_lead_and_score(classifier, nudged, label))
    return _slopes(ends)


def by_weights(
    classifier: Classifier,
    picture: Tensor,
    label: int,
    weights: nn.Parameter,
    entries: Sequence[int],
) -> Slopes:
    """Slopes by single values of ``weights``, a parameter of ``classifier.net``, counted flat.

    ``classifier`` is in double precision: see ``in_double``. Takes two forward passes an entry,
    and one more.
    """
    pictures = picture.double()[None]
    ends = [_lead_and_score(classifier, pictures, label)]
    for entry in entries:
        place = np.unravel_index(entry, weights.shape)
        value = weights.data[place].clone()
        try:
            for end in (value + STEP, value - STEP):
                weights.data[place] = end
                ends.append(_lead_and_score(classifier, pictures, label))
        finally:
            weights.data[place] = value
    return _slopes(ends)


def _lead_and_score(classifier: Classifier, pictures: Tensor, label: int) -> Tensor:
    """m = ln Σ exp(other logits) − the label's logit, and that logit, (N, 2)."""
    with torch.no_grad():
        logits = classifier(pictures)
        own = logits[:, label]
        others = torch.arange(logits.shape[1], device=logits.device) != label
        return torch.stack([logits[:, others].logsumexp(dim=1) - own, own], dim=1)


def _slopes(ends: Sequence[Tensor]) -> Slopes:
    """``ends``, (1 + 2 entries, 2): where nothing is nudged, then up and down for each entry."""
    values = torch.cat(list(ends))
    # the cross-entropy is ln(1 + eᵐ), which is eᵐ where that is small: there a sum is a unit
    lead = values[:, 0] + (LEAST - values[0, 0]).clamp(min=0)
    # so written it keeps the digits of a loss near 0, which ln Σ exp − logit cancels
    values[:, 0] = nn.functional.softplus(lead, threshold=1e3)
    middle, pairs = values[:1], values[1:].view(-1, 2, 2)
    up, down = (pairs[:, 0] - middle) / STEP, (middle - pairs[:, 1]) / STEP
    rounding = _ROUNDING * middle.abs() / STEP
    kink = (up - down).abs() > _KINK * torch.maximum(up.abs(), down.abs()) + rounding
    slopes = ((up + down) / 2).masked_fill(kink, torch.nan).cpu().numpy()
    return Slopes(slopes[:, 0], slopes[:, 1])
