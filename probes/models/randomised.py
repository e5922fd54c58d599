"""A classifier of which some layers have random weights: the cascade of sanity checks.

Adebayo et al., "Sanity checks for saliency maps" (NeurIPS 2018), section 4: layers lose what they
learned one after another, from the last to the first.
"""

from __future__ import annotations

import copy
import math
from dataclasses import replace

import torch
from torch import nn

from quizproof.probes.models.classifiers import (
    Classifier,
    ClassifierError,
    settle_normalisation,
)
from quizproof.probes.models.passes import Passes


def weighted_layers(classifier: Classifier) -> list[str]:
    """The names of the layers with weights, convolutions and linear ones, from first to last."""
    return [name for name, module in classifier.net.named_modules() if _weights(module)]


def with_random_layers(classifier: Classifier, last: int, seed: int) -> Classifier:
    """``classifier`` with random weights in its ``last`` layers, in the order it defines them.

    Weights are drawn from a normal distribution of variance 2 ∕ fan-in (He et al. 2015), biases are
    0, and batch normalisation behind the first of these layers is shown random pictures, as in
    ``random_classifier``. Passes count as the classifier's. Raises ClassifierError.
    """
    names = weighted_layers(classifier)
    if not names:
        raise ClassifierError(
            f"{classifier.description} has no weights to randomise; name the network itself"
        )
    if not 1 <= last <= len(names):
        raise ClassifierError(
            f"{classifier.description} has {len(names)} layers with weights, and {last} of them "
            f"cannot be randomised; ask for 1 to {len(names)}"
        )
    net = copy.deepcopy(classifier.net)
    chosen = set(names[-last:])
    generator = torch.Generator().manual_seed(seed)
    behind: list[nn.Module] = []
    for name, module in net.named_modules():
        if name in chosen:
            for parameter in _weights(module):
                drawn = torch.randn(parameter.shape, generator=generator)
                scale = math.sqrt(2 / math.prod(parameter.shape[1:]))
                parameter.data.copy_(drawn * scale)
            bias = getattr(module, "bias", None)
            if isinstance(bias, nn.Parameter):
                bias.data.zero_()
            chosen.discard(name)
            behind.append(module)
        elif behind:
            behind.append(module)
    description = f"{classifier.description} with random weights in its last {last} layers"
    made = replace(classifier, net=net, description=description, passes=Passes())
    settle_normalisation(made, seed, behind)
    made.passes = classifier.passes
    return made.fold()


def _weights(module: nn.Module) -> list[nn.Parameter]:
    return [each for each in module.parameters(recurse=False) if each.ndim >= 2]
