"""The gradient that saliency and SmoothGrad are made of."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

from quizproof.probes.classifiers import Classifier


def loss_gradient(classifier: Classifier, pictures: Tensor, labels: Tensor) -> Tensor:
    """∂ cross-entropy ∕ ∂ input of each picture for its label: (N, 3, H, W), signed.

    ``pictures`` (N, 3, H, W) with values 0–1, ``labels`` (N,) class indices. Cross-entropy in
    nats, of each picture on its own, so the gradient does not depend on what else is in the batch.
    It is taken as softplus(logsumexp of the other logits − the label's), the same function without
    the cancellation that makes the gradient of a very sure classifier exactly 0.
    """
    pictures = pictures.detach().requires_grad_()
    with torch.enable_grad():
        logits = classifier(pictures).double()
        own = functional.one_hot(labels, logits.shape[1]).bool()
        others = logits.masked_fill(own, -torch.inf).logsumexp(dim=1)
        loss = functional.softplus(others - logits[own]).sum()
    [gradient] = torch.autograd.grad(loss, pictures)
    return gradient
