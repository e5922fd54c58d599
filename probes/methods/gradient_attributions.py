"""Attributions that are sums of gradients: saliency, SmoothGrad, integrated gradients, SHAP's.

Captum has them, and its are the oracle of the tests. These are made here since they are exact where
the classifier is sure (a float32 softmax − 1 is 0 from a probability of 1 − 6·10⁻⁸ on; see
``saliency.loss_gradient``), go through the network side by side at its pace, so that they are
faster, and draw from a generator of their own: Captum's draw from the global ones of torch and
numpy, and change with the size of a batch.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from typing import TypeAlias

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from quizproof.probes.methods.attribution_settings import (
    GradientShap,
    IntegratedGradients,
    Output,
    SmoothGrad,
)
from quizproof.probes.methods.fills import filled
from quizproof.probes.methods.saliency import (
    LEAST,
    GradientError,
    factored_loss_gradient,
    summed_in_largest_unit,
)
from quizproof.probes.methods.smoothgrad import NoiseError, noisy_copies
from quizproof.probes.models.classifiers import Classifier
from quizproof.probes.models.side_by_side import side_by_side

# points (N, 3, H, W), a weight for each, and what the gradient there is multiplied by, if anything
Batch: TypeAlias = tuple[Tensor, Tensor, Tensor | None]
Numbers: TypeAlias = NDArray[np.float64]
Of: TypeAlias = Callable[[Tensor], Tensor]


def factored_gradient(
    classifier: Classifier, pictures: Tensor, target: int, output: Output
) -> tuple[Tensor, Tensor]:
    """The gradient of ``output`` as a positive factor's logarithm, (N,) in float64, and the rest.

    That is (N, 3, H, W) in float32. Raises GradientError where it is not finite.
    """
    if output == "logit":
        inputs = pictures.detach().requires_grad_()
        with torch.enable_grad():
            [gradient] = torch.autograd.grad(classifier(inputs)[:, target].sum(), inputs)
        if not gradient.sum().isfinite() and not gradient.isfinite().all():
            raise GradientError(
                f"{classifier.description} has a gradient that is not finite; check its weights"
            )
        return torch.zeros(len(pictures), dtype=torch.float64, device=pictures.device), gradient
    labels = torch.full((len(pictures),), target, device=pictures.device)
    logarithm, gradient = factored_loss_gradient(classifier, pictures, labels)
    if output == "probability":  # −∂p = p · ∂ cross-entropy, and p = 1 − the factor
        return logarithm + torch.log(-torch.expm1(logarithm)), -gradient
    return logarithm, gradient


def summed_gradients(
    classifier: Classifier,
    target: int,
    output: Output,
    batches: Iterable[Batch],
    *,
    of: Of | None = None,
    power: int = 1,
) -> Tensor:
    """Σ weight · ``of``(gradient) over the points of ``batches``: (3, H, W) in float64 on the CPU.

    ``of`` is homogeneous of degree ``power``; the gradient itself where it is not given. Factors
    may differ by any power of ten, and the sum is kept in units of the largest: where no double
    holds it, it comes in a unit in which one does. Raises GradientError, also where it is zero.
    """
    device = classifier.device

    def summed(batch: Batch) -> tuple[float, Tensor]:
        points, weights, times = batch
        logarithm, gradient = factored_gradient(classifier, points, target, output)
        gradient = gradient if times is None else gradient * times
        gradient = gradient if of is None else of(gradient)
        return summed_in_largest_unit(power * logarithm, gradient, weights)

    unit, total = -math.inf, torch.zeros((), dtype=torch.float64, device=device)
    for largest, part in side_by_side(summed, batches, device):
        if largest > unit:
            total = total * math.exp(unit - largest)
            unit = largest
        total = total + part * math.exp(largest - unit)
    if not total.any():
        raise GradientError(
            f"{classifier.description} has a gradient of zero everywhere on a picture and so no "
            "map; check its weights"
        )
    return total.cpu() * math.exp(max(unit, LEAST))


def plain(classifier: Classifier, picture: Tensor, target: int, output: Output) -> Tensor:
    """∂ output ∕ ∂ picture: (3, H, W), float64, signed."""
    return summed_gradients(classifier, target, output, [(picture[None], _ones(picture, 1), None)])


def smooth(
    classifier: Classifier, picture: Tensor, target: int, says: SmoothGrad, seed: int
) -> Tensor:
    """The mean over noisy copies of the gradient, its size or its square: (3, H, W), float64.

    Raises NoiseError for a picture of one value whose range is the noise's.
    """
    span = float(picture.max() - picture.min())
    sigma = says["noise"] * (span if says["noise_of"] == "range" else 1.0)
    if sigma == 0:
        raise NoiseError(
            "the picture has one value everywhere, so noise that is a share of its range is none; "
            "use noise_of: absolute or another picture"
        )
    generator = torch.Generator().manual_seed(seed)
    batches = (
        (noisy_copies(picture, sigma, size, generator), _ones(picture, size), None)
        for _, size in _sizes(says["samples"], classifier)
    )
    of: Of | None
    of, power = {
        "gradients": (None, 1),
        "sizes": (torch.abs, 1),
        "squares": (torch.square, 2),
    }[says["averaged"]]
    total = summed_gradients(classifier, target, says["output"], batches, of=of, power=power)
    return total / says["samples"]


def integrated(
    classifier: Classifier, picture: Tensor, target: int, says: IntegratedGradients
) -> Tensor:
    """∫ ∂ output ∕ ∂ picture on the straight way from the baseline: (3, H, W), float64."""
    start = filled(picture, says["baseline"])
    shares, weights = (torch.from_numpy(each).to(picture.device) for each in _path(says))
    size = classifier.pace.pictures
    batches = (
        (start + some[:, None, None, None].to(picture) * (picture - start), weight, None)
        for some, weight in zip(torch.split(shares, size), torch.split(weights, size), strict=True)
    )
    total = summed_gradients(classifier, target, says["output"], batches)
    return total * (picture - start).double().cpu() if says["times_difference"] else total


def _path(says: IntegratedGradients) -> tuple[Numbers, Numbers]:
    """The places on the way, 0–1, and their weights, which sum to 1."""
    steps = says["steps"]
    evenly = np.full(steps, 1 / steps)
    match says["rule"]:
        case "left":
            return np.arange(steps) / steps, evenly
        case "right":
            return np.arange(1, steps + 1) / steps, evenly
        case "middle":
            return (np.arange(steps) + 0.5) / steps, evenly
        case "gauss":
            places, weights = np.polynomial.legendre.leggauss(steps)
            return (places + 1) / 2, weights / 2


def gradient_shap(
    classifier: Classifier, picture: Tensor, target: int, says: GradientShap, seed: int
) -> Tensor:
    """The mean of gradient × (copy − baseline) at random places between: (3, H, W), float64."""
    # two streams, so that how many copies are made at once changes nothing
    noise, chance = torch.Generator().manual_seed(seed), np.random.default_rng(seed)
    baselines = torch.stack([filled(picture, each) for each in says["baselines"]])
    which = torch.from_numpy(chance.integers(len(baselines), size=says["samples"]))
    shares = torch.from_numpy(chance.random(says["samples"])).to(picture)

    def drawn(begin: int, size: int) -> Batch:
        copies = noisy_copies(picture, says["noise"], size, noise)
        start = baselines[which[begin : begin + size].to(picture.device)]
        share = shares[begin : begin + size]
        points = start + share[:, None, None, None] * (copies - start)
        return points, _ones(picture, size), copies - start

    batches = (drawn(begin, size) for begin, size in _sizes(says["samples"], classifier))
    return summed_gradients(classifier, target, says["output"], batches) / says["samples"]


def _ones(picture: Tensor, size: int) -> Tensor:
    return torch.ones(size, dtype=torch.float64, device=picture.device)


def _sizes(samples: int, classifier: Classifier) -> Iterator[tuple[int, int]]:
    """Where each batch begins, and its size."""
    most = classifier.pace.pictures
    for begin in range(0, samples, most):
        yield begin, min(most, samples - begin)
