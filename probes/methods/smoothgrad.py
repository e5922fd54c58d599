"""SmoothGrad: the saliency map averaged over noisy copies of one picture.

Smilkov, Thorat, Kim, Viégas & Wattenberg (2017), "SmoothGrad: removing noise by adding noise",
arXiv 1706.03825, section 3, with two liberties that the course's notebook takes: what is averaged
is the magnitude of the gradient of the cross-entropy, not the gradient of the class score, and
its standard deviation of the noise is a formula of its own (see ``noise_sigma``).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import partial
from typing import Literal, TypeAlias

import torch
from torch import Tensor

from quizproof.probes.methods.saliency import (
    LEAST,
    factored_loss_gradient,
    summed_in_largest_unit,
)
from quizproof.probes.models.classifiers import Classifier
from quizproof.probes.models.side_by_side import side_by_side
from quizproof.questions.problems import QuizproofError

Noise: TypeAlias = Literal["notebook", "paper"]
LEVEL = 0.4


class NoiseError(QuizproofError):
    """A picture or a number of copies for which no noise is defined."""


def noise_sigma(picture: Tensor, noise: Noise, level: float = LEVEL) -> float:
    """The standard deviation of the noise, in the unit of the picture's values.

    "paper" is level × (max − min); "notebook" is (level ∕ (max − min))², which falls where the
    paper's rises: for values that span 0–1 it is 0.16 and not 0.4. Raises NoiseError for a picture
    of one value under the notebook's, which divides by its span.
    """
    span = float(picture.max() - picture.min())
    if noise == "paper":
        return level * span
    if span == 0:
        raise NoiseError(
            "the picture has one value everywhere, and the notebook's noise divides by its span; "
            "use the paper's noise or another picture"
        )
    return (level / span) ** 2


def noisy_copies(picture: Tensor, sigma: float, samples: int, generator: torch.Generator) -> Tensor:
    """``picture`` (3, H, W) with normal noise, shape (samples, 3, H, W), on the picture's device.

    The noise is drawn from ``generator``, which lives on the CPU, so that every device gets the
    same; values are not clipped to 0–1.
    """
    # one copy at a time: torch's stream of normal numbers depends on how many are asked for at once
    noise = torch.empty(samples, *picture.shape)
    for copy in noise:
        torch.randn(picture.shape, generator=generator, out=copy)
    return torch.add(picture, noise.to(picture.device), alpha=sigma)


def smoothgrad(
    classifier: Classifier,
    picture: Tensor,
    label: int,
    *,
    samples: int,
    noise: Noise,
    generator: torch.Generator,
    batch: int | None = None,
) -> Tensor:
    """Mean of |∂ cross-entropy ∕ ∂ input| over noisy copies of ``picture`` (3, H, W), before the
    closing min-max: (3, H, W) on the CPU, float64, ≥ 0.

    ``batch`` copies go through the network at a time, by default at the classifier's pace; the
    result does not depend on it but for rounding. Where the classifier is so sure of every copy
    that no double holds its gradient, the mean comes in a unit in which it does (see
    ``loss_gradient``). Raises NoiseError, also for fewer than one sample, and GradientError.
    """
    return smoothgrad_of_parts(
        classifier, picture, label, [samples], noise=noise, generator=generator, batch=batch
    )[0]


def smoothgrad_of_parts(
    classifier: Classifier,
    picture: Tensor,
    label: int,
    parts: Sequence[int],
    *,
    noise: Noise,
    generator: torch.Generator,
    batch: int | None = None,
) -> Tensor:
    """``smoothgrad`` of one run of copies in ``parts``: (parts, 3, H, W), each the mean over so
    many copies, all in one unit.

    Copies' gradients may differ by any power of ten. They are summed in float64 in units of the
    largest first factor that was met, a batch in float32 in units of its own: as no summand is
    negative, nothing cancels. Raises as ``smoothgrad`` does.
    """
    if min(parts) < 1:
        raise NoiseError(f"{min(parts)} noisy copies have no mean; ask for at least one")
    sigma = noise_sigma(picture, noise)
    batch = batch or classifier.pace.pictures
    unit = -math.inf  # its logarithm
    totals = torch.zeros((len(parts), *picture.shape), dtype=torch.float64, device=picture.device)
    for part, samples in enumerate(parts):
        batches = (
            noisy_copies(picture, sigma, min(batch, samples - begin), generator)
            for begin in range(0, samples, batch)
        )
        summed = partial(_summed_sizes, classifier, label)
        for largest, sizes in side_by_side(summed, batches, picture.device):
            if largest > unit:
                totals *= math.exp(unit - largest)
                unit = largest
            totals[part] += sizes * math.exp(largest - unit)
    counts = torch.tensor(parts, dtype=torch.float64)[:, None, None, None]
    return totals.cpu() * math.exp(max(unit, LEAST)) / counts


def _summed_sizes(classifier: Classifier, label: int, copies: Tensor) -> tuple[float, Tensor]:
    """Σ |gradient| over ``copies``, (3, H, W), in units of its largest first factor, and the
    logarithm of that."""
    labels = torch.full((len(copies),), label, device=copies.device)
    logarithm, gradient = factored_loss_gradient(classifier, copies, labels)
    return summed_in_largest_unit(logarithm, gradient.abs_())
