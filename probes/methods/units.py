"""Outputs of a layer as vectors: of each picture, a number for each of the layer's units.

A unit is a channel of a layer that has places, or a number of one that has none. What one answers
is its mean over the places.
"""

from __future__ import annotations

import torch
from torch import Tensor

from quizproof.probes.methods.filters import FilterError, observing
from quizproof.probes.models.classifiers import Classifier


def outputs(classifier: Classifier, layer: str, pictures: Tensor) -> Tensor:
    """What ``layer`` gives for ``pictures``: (N, units) or (N, units, h, w).

    Gradients flow to ``pictures`` where they are asked for. Raises FilterError, ClassifierError.
    """
    with observing(classifier.layer(layer)) as seen:
        classifier(pictures)
    if not seen:
        raise FilterError(f"layer {layer} gives no tensor in a pass; name one that does")
    if seen[-1].ndim not in (2, 4) or len(seen[-1]) != len(pictures):
        raise FilterError(
            f"layer {layer} gives shape {tuple(seen[-1].shape)} for {len(pictures)} pictures, "
            "neither (pictures, units) nor (pictures, units, height, width); name one that does"
        )
    return seen[-1]


def unit(classifier: Classifier, layer: str, number: int, pictures: Tensor) -> Tensor:
    """What unit ``number`` of ``layer`` answers to each of ``pictures``: (N,).

    Raises FilterError, ClassifierError.
    """
    found = outputs(classifier, layer, pictures)
    if not 0 <= number < found.shape[1]:
        raise FilterError(f"layer {layer} has no unit {number}, only 0 to {found.shape[1] - 1}")
    return found[:, number].flatten(1).mean(dim=1) if found.ndim == 4 else found[:, number]


def embeddings(classifier: Classifier, layer: str, pictures: Tensor, *, mean: bool) -> Tensor:
    """``outputs`` as a vector for each picture, (N, values) in float64 on the CPU.

    With ``mean`` it is the units' means over places, and else all that the layer gives.
    """
    with torch.no_grad():
        found = outputs(classifier, layer, pictures).double().cpu()
    return found.flatten(2).mean(dim=2) if mean and found.ndim == 4 else found.flatten(1)
