"""Saliency maps: the size of ∂ cross-entropy ∕ ∂ input (Simonyan, Vedaldi & Zisserman 2013).

Of the gradient the magnitude is taken, then the largest over the colour channels (their section 3),
then each map is stretched to 0–1 on its own (min-max). Raw maps are float64.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from quizproof.probes.models.classifiers import Classifier
from quizproof.questions.problems import QuizproofError

if TYPE_CHECKING:
    from quizproof.probes.models.view import View


# what is smaller than e to this is given that size: times a float32 that is a double yet
LEAST = -600.0


class GradientError(QuizproofError):
    """A gradient that is zero everywhere on a picture, or not finite."""


def loss_gradient(classifier: Classifier, pictures: Tensor, labels: Tensor) -> Tensor:
    """∂ cross-entropy ∕ ∂ pictures, (N, 3, H, W) in float64, for pictures of values 0–1.

    ``labels`` are N class numbers. With m = ln Σ exp(other logits) − the label's logit the
    cross-entropy is ln(1 + eᵐ), so its gradient is the sigmoid of m times that of m. The second
    factor does not shrink as the classifier grows sure and the first is kept in float64: in
    float32 softmax − 1 is 0 from a probability of 1 − 6·10⁻⁸ on, and the gradient is wrong. Where
    all first factors are below e⁻⁶⁰⁰, the gradients come in a unit in which the largest is that.
    Raises GradientError where it is not finite.
    """
    logarithm, gradient = factored_loss_gradient(classifier, pictures, labels)
    share = (logarithm + (LEAST - logarithm.max()).clamp(min=0)).exp()
    return share[:, None, None, None] * gradient.double()


def factored_loss_gradient(
    classifier: Classifier, pictures: Tensor, labels: Tensor
) -> tuple[Tensor, Tensor]:
    """The two factors of ``loss_gradient``: the first's logarithm, (N,) in float64, ≤ 0, and the
    second, (N, 3, H, W) in float32.

    Raises GradientError where they are not finite.
    """
    inputs = pictures.detach().requires_grad_()
    with torch.enable_grad():
        logits = classifier(inputs).double()
        own = torch.nn.functional.one_hot(labels, logits.shape[1]).bool()
        lead_of_others = logits.masked_fill(own, -torch.inf).logsumexp(dim=1) - logits[own]
        [gradient] = torch.autograd.grad(lead_of_others.sum(), inputs)
    logarithm = torch.nn.functional.logsigmoid(lead_of_others.detach())
    # of numbers among which one is not finite, the sum is not: mostly one reading is enough
    if not (logarithm.sum() + gradient.sum()).isfinite() and not (
        logarithm.isfinite().all() and gradient.isfinite().all()
    ):
        raise GradientError(
            f"{classifier.description} has a gradient that is not finite; check its weights"
        )
    return logarithm, gradient


def summed_in_largest_unit(
    logarithm: Tensor, gradient: Tensor, weights: Tensor | float = 1.0
) -> tuple[float, Tensor]:
    """Σ weight · factor · gradient over N pictures, in units of the largest factor.

    Of the factors, (N,), the logarithms are given; ``gradient`` is (N, C, H, W). The logarithm of
    the unit comes first, then the sum, (C, H, W) in float64.
    """
    largest = float(logarithm.max())
    # the colours last, as they lie in memory
    flat = gradient.permute(0, 2, 3, 1).flatten(1)
    found = ((logarithm - largest).exp() * weights).float() @ flat
    return largest, found.double().view(*gradient.shape[2:], -1).permute(2, 0, 1)


def saliency(classifier: Classifier, pictures: Tensor, labels: Tensor) -> Tensor:
    """The raw maps, ≥ 0 and none of them zero everywhere: (N, H, W) in float64.

    Each is in a unit of its own where its gradient's first factor is below e⁻⁶⁰⁰. Raises
    GradientError.
    """
    logarithm, gradient = factored_loss_gradient(classifier, pictures, labels)
    share = logarithm.clamp(min=LEAST).exp()
    maps = share[:, None, None] * gradient.abs().amax(dim=1).double()
    if not maps.amax(dim=(1, 2)).all():
        raise GradientError(
            f"{classifier.description} has a gradient of zero everywhere on a picture and so "
            "no saliency map; check its weights"
        )
    return maps


def normalise(maps: Tensor) -> Tensor:
    """``maps``, (N, H, W), each stretched to 0–1; a constant one has nothing to show and is 0."""
    low = maps.amin(dim=(1, 2), keepdim=True)
    span = maps.amax(dim=(1, 2), keepdim=True) - low
    return (maps - low) / torch.where(span > 0, span, 1.0)


def raw_saliency(view: View, picture: int) -> NDArray[np.float64]:
    """The raw map (H, W) of a picture of the pack for its true label. Raises GradientError."""

    def compute() -> NDArray[np.float64]:
        labels = torch.tensor([view.label(picture)], device=view.model.device)
        maps = saliency(view.model, view.picture(picture)[None], labels)
        return np.asarray(maps[0].cpu().numpy(), dtype=np.float64)

    return view.once(("raw saliency", picture), compute)


def shown_saliency(view: View, picture: int) -> NDArray[np.float64]:
    """The map (H, W) as it is shown, 0–1. Raises GradientError."""
    return normalise_map(raw_saliency(view, picture))


def normalise_map(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """``normalise`` for one map (H, W)."""
    stretched = normalise(torch.from_numpy(values)[None])[0]
    return np.asarray(stretched.numpy(), dtype=np.float64)
