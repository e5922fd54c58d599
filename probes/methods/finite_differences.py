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

from quizproof.probes.models.classifiers import Classifier

STEP = 1e-7  # one weight moves thousands of ReLUs: a longer step takes some over their kinks
_KINK = 0.01  # share of the steeper side by which the sides differ at a kink, above rounding
_ROUNDING = 2e-14  # share of a loss or score of some tens of operations on doubles
_BATCH = 32

Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Slopes:
    """Change per unit of what was nudged, an entry per nudge; NaN at a kink."""

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
    ends = [_loss_and_score(classifier, picture[None], label)]
    for start in range(0, len(entries), _BATCH // 2):
        some = entries[start : start + _BATCH // 2]
        nudged = picture.repeat(2 * len(some), 1, 1, 1)
        for place, entry in enumerate(some):
            nudged[(2 * place, *entry)] += STEP
            nudged[(2 * place + 1, *entry)] -= STEP
        ends.append(_loss_and_score(classifier, nudged, label))
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
    ends = [_loss_and_score(classifier, pictures, label)]
    for entry in entries:
        place = np.unravel_index(entry, weights.shape)
        value = weights.data[place].clone()
        try:
            for end in (value + STEP, value - STEP):
                weights.data[place] = end
                ends.append(_loss_and_score(classifier, pictures, label))
        finally:
            weights.data[place] = value
    return _slopes(ends)


def _loss_and_score(classifier: Classifier, pictures: Tensor, label: int) -> Tensor:
    """Cross-entropy and label's logit, (N, 2)."""
    with torch.no_grad():
        logits = classifier(pictures)
        own = logits[:, label]
        others = torch.arange(logits.shape[1], device=logits.device) != label
        # ln(1 + eᵐ) keeps the digits of a loss near 0, which ln Σ exp − logit cancels
        loss = nn.functional.softplus(logits[:, others].logsumexp(dim=1) - own, threshold=1e3)
        return torch.stack([loss, own], dim=1)


def _slopes(ends: Sequence[Tensor]) -> Slopes:
    """``ends``, (1 + 2 entries, 2): where nothing is nudged, then up and down for each entry."""
    middle, pairs = ends[0], torch.cat(list(ends[1:])).view(-1, 2, 2)
    up, down = (pairs[:, 0] - middle) / STEP, (middle - pairs[:, 1]) / STEP
    rounding = _ROUNDING * middle.abs() / STEP
    kink = (up - down).abs() > _KINK * torch.maximum(up.abs(), down.abs()) + rounding
    slopes = ((up + down) / 2).masked_fill(kink, torch.nan).cpu().numpy()
    return Slopes(slopes[:, 0], slopes[:, 1])
