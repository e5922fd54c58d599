"""What of a classifier's output is explained, as a function of pictures that is called for it."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

from quizproof.probes.methods.attribution_settings import Output
from quizproof.probes.models.classifiers import Classifier
from quizproof.questions.problems import QuizproofError


class MethodError(QuizproofError):
    """An attribution method that is not defined for a network, a layer or a picture."""


class Score(nn.Module):
    """One number for each of (N, 3, H, W) pictures: the ``output`` of class ``target``, float64.

    A module, since Captum finds by it the layers that it hooks into: they are the classifier's.
    ``seen`` are the numbers of the last call.
    """

    seen: Tensor

    def __init__(self, classifier: Classifier, target: int, output: Output) -> None:
        super().__init__()
        self.net = classifier.net
        self._classifier: Any = classifier
        self._target = target
        self._output = output

    def forward(self, pictures: Tensor) -> Tensor:
        found = scored(self._classifier(pictures), self._target, self._output)
        self.seen = found.detach()
        return found


def scored(logits: Tensor, target: int, output: Output) -> Tensor:
    """The ``output`` of class ``target`` by ``logits``, (N, classes): (N,) in float64."""
    logits = logits.double()
    match output:
        case "logit":
            return logits[:, target]
        case "probability":
            return logits.softmax(dim=1)[:, target]
        case "cross_entropy":
            labels = torch.full((len(logits),), target, device=logits.device)
            return nn.functional.cross_entropy(logits, labels, reduction="none")
