"""Integrated gradients: the gradients of a class's logit, averaged on the way to a picture.

Sundararajan, Taly & Yan, "Axiomatic attribution for deep networks" (ICML 2017). Their integral is
a sum here as in their equation 3, at the left ends of the steps: α = 0, 1/steps, …,
(steps − 1)/steps, where they take the right ends.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import Tensor

from quizproof.probes.models.classifiers import Classifier
from quizproof.probes.models.side_by_side import side_by_side
from quizproof.questions.problems import QuizproofError

if TYPE_CHECKING:
    from quizproof.probes.models.view import View

STEPS = 10


class PathError(QuizproofError):
    """A path that cannot be walked."""


def images_on_linear_path(picture: Tensor, steps: int, baseline: Tensor | None = None) -> Tensor:
    """``steps`` samples, (steps, 3, H, W), from ``baseline`` (black) towards ``picture``.

    The first is the baseline, the last lies 1/steps of the way before ``picture``, (3, H, W).
    Raises PathError.
    """
    if steps < 1:
        raise PathError(f"a path of {steps} steps has no samples; ask for 1 or more")
    start = torch.zeros_like(picture) if baseline is None else baseline
    if start.shape != picture.shape:
        raise PathError(
            f"no path leads from shape {tuple(start.shape)} to {tuple(picture.shape)}; "
            "give a baseline of the picture's shape"
        )
    shares = torch.arange(steps, dtype=picture.dtype, device=picture.device) / steps
    return start + shares[:, None, None, None] * (picture - start)


def averaged_gradients(
    classifier: Classifier,
    picture: Tensor,
    label: int,
    steps: int = STEPS,
    baseline: Tensor | None = None,
) -> Tensor:
    """The mean of ∂ logit of ``label`` ∕ ∂ input over the path to ``picture``: (3, H, W), signed.

    In logits ∕ unit of brightness. This is what the course shows as integrated gradients: the
    paper's without the factor picture − baseline. Raises PathError, ClassifierError.
    """
    samples = images_on_linear_path(picture, steps, baseline)

    def summed(batch: Tensor) -> Tensor:
        inputs = batch.detach().requires_grad_()
        with torch.enable_grad():
            logit = classifier(inputs)[:, label].sum()
        (gradients,) = torch.autograd.grad(logit, inputs)
        return gradients.sum(dim=0)

    total = torch.zeros_like(picture)
    batches = torch.split(samples, classifier.pace.pictures)
    for gradients in side_by_side(summed, batches, picture.device):
        total += gradients
    return total / len(samples)


def integrated_gradients(
    classifier: Classifier,
    picture: Tensor,
    label: int,
    steps: int = STEPS,
    baseline: Tensor | None = None,
) -> Tensor:
    """The paper's attribution of the logit of ``label``: (3, H, W), signed, in logits.

    With ever more steps its sum approaches logit(picture) − logit(baseline): completeness, their
    proposition 1. Raises PathError, ClassifierError.
    """
    start = torch.zeros_like(picture) if baseline is None else baseline
    return (picture - start) * averaged_gradients(classifier, picture, label, steps, baseline)


def averaged_gradients_of(view: View, picture: int, steps: int) -> Tensor:
    """``averaged_gradients`` of a picture of the pack for its true label, computed once."""
    return view.once(
        ("averaged gradients", picture, steps),
        lambda: averaged_gradients(view.model, view.picture(picture), view.label(picture), steps),
    )
