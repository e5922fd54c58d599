"""Activation of one filter of a layer on pictures, and pictures made to activate it.

Activation maximisation is Erhan, Bengio, Courville & Vincent, "Visualizing higher-layer features of
a deep network" (2009), here from the pictures themselves instead of noise and without a constraint.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager

import torch
from torch import Tensor, nn
from torch.nn.functional import interpolate

from quizproof.probes.models.classifiers import Classifier
from quizproof.questions.problems import QuizproofError

STEPS = 100
LEARNING_RATE = 0.1
BETAS = 0.9, 0.999  # of Adam, as its paper recommends
EPSILON = 1e-8


class FilterError(QuizproofError):
    """A layer or filter that has no activation map to look at."""


@contextmanager
def observing(module: nn.Module) -> Iterator[list[Tensor]]:
    """The outputs of ``module`` in every pass made inside the ``with``, in order.

    They are copies, since a layer behind may work in place. Afterwards ``module`` is as it was,
    however the block is left.
    """
    outputs: list[Tensor] = []

    def keep(module: nn.Module, given: object, output: object) -> None:
        if isinstance(output, Tensor):
            outputs.append(output.clone())

    handle = module.register_forward_hook(keep)
    try:
        yield outputs
    finally:
        handle.remove()


def layer_activations(
    classifier: Classifier, layers: Sequence[str], pictures: Tensor
) -> list[Tensor]:
    """The output of each of ``layers``, (N, filters, h, w), in one pass of ``pictures``.

    These are (N, 3, H, W) in 0–1; gradients flow to them where they are asked for. Of a layer that
    is used several times in a pass it is the last output. Raises FilterError, ClassifierError.
    """
    with ExitStack() as stack:
        seen = [stack.enter_context(observing(classifier.layer(layer))) for layer in layers]
        classifier(pictures)
    for layer, outputs in zip(layers, seen, strict=True):
        if not outputs:
            raise FilterError(f"layer {layer} gives no tensor in a pass; name one that does")
        if outputs[-1].ndim != 4 or len(outputs[-1]) != len(pictures):
            raise FilterError(
                f"layer {layer} gives shape {tuple(outputs[-1].shape)} for {len(pictures)} "
                "pictures, not (pictures, filters, height, width); name a convolutional layer"
            )
    return [outputs[-1] for outputs in seen]


def layer_activation(classifier: Classifier, layer: str, pictures: Tensor) -> Tensor:
    """``layer_activations`` of one layer."""
    return layer_activations(classifier, [layer], pictures)[0]


def activation(classifier: Classifier, layer: str, filter: int, pictures: Tensor) -> Tensor:
    """The map, (N, h, w), that filter number ``filter`` of ``layer`` gives for ``pictures``.

    In the unit of the layer, signed unless it ends in a ReLU. Raises FilterError, ClassifierError.
    """
    maps = layer_activation(classifier, layer, pictures)
    if not 0 <= filter < maps.shape[1]:
        raise FilterError(f"layer {layer} has no filter {filter}, only 0 to {maps.shape[1] - 1}")
    return maps[:, filter]


def visualisation(
    classifier: Classifier,
    layer: str,
    filter: int,
    pictures: Tensor,
    steps: int = STEPS,
    learning_rate: float = LEARNING_RATE,
) -> Tensor:
    """``pictures``, (N, 3, H, W), changed so that filter number ``filter`` of ``layer`` answers.

    ``steps`` steps of Adam (Kingma & Ba 2015, algorithm 1) up the sum of the filter's activation,
    each picture for itself; nothing keeps the result within 0–1. Raises FilterError,
    ClassifierError.
    """

    def answer(changed: Tensor) -> Tensor:
        return activation(classifier, layer, filter, changed).sum()

    return ascended(pictures, answer, steps, learning_rate)


def ascended(
    pictures: Tensor,
    answer: Callable[[Tensor], Tensor],
    steps: int,
    learning_rate: float,
    *,
    within: tuple[float, float] | None = None,
) -> Tensor:
    """``pictures`` after steps of Adam up their ``answer``, each cut to what is ``within``."""
    changed = pictures.detach().clone()
    mean, square = torch.zeros_like(changed), torch.zeros_like(changed)
    for step in range(1, steps + 1):
        changed.requires_grad_()
        with torch.enable_grad():
            found = answer(changed)
        (gradient,) = torch.autograd.grad(found, changed)
        # Adam written out: torch.optim takes more than a second to import what it does not need
        mean = BETAS[0] * mean + (1 - BETAS[0]) * gradient
        square = BETAS[1] * square + (1 - BETAS[1]) * gradient**2
        scale = (square / (1 - BETAS[1] ** step)).sqrt() + EPSILON
        changed = changed.detach() + learning_rate * mean / (1 - BETAS[0] ** step) / scale
        if within is not None:
            changed = changed.clamp(*within)
    return changed.detach()


def over_picture(maps: Tensor, size: tuple[int, int]) -> Tensor:
    """``maps``, (N, h, w), stretched over the picture they belong to, (N, *size), bilinearly.

    A layer's positions divide the picture evenly, so position (0, 0) stands at its upper left.
    """
    return interpolate(maps[:, None], size, mode="bilinear", align_corners=False)[:, 0]
