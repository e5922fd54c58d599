"""Derivatives by nudging: central differences in double precision, independent of autograd.

Of the cross-entropy and of the label's logit, by pixels; of the cross-entropy, by weights.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from quizproof.probes.classifiers import Classifier

STEP = 1e-5  # the error is of its square, and rounding stays below 1e-9 of a slope near 1
_BATCH = 32

Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Slopes:
    """Change per unit of what was nudged, an entry per nudge."""

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

    ``classifier`` is in double precision: see ``in_double``. Takes two forward passes an entry.
    """
    picture = picture.double()
    ends = []
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

    ``classifier`` is in double precision: see ``in_double``. Takes two forward passes an entry.
    """
    pictures = picture.double()[None]
    flat = weights.data.view(-1)
    ends = []
    for entry in entries:
        value = flat[entry].clone()
        try:
            for end in (value + STEP, value - STEP):
                flat[entry] = end
                ends.append(_loss_and_score(classifier, pictures, label))
        finally:
            flat[entry] = value
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
    pairs = torch.cat(list(ends)).view(-1, 2, 2)
    slopes = ((pairs[:, 0] - pairs[:, 1]) / (2 * STEP)).cpu().numpy()
    return Slopes(slopes[:, 0], slopes[:, 1])
