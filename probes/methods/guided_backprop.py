"""Guided backpropagation (Springenberg, Dosovitskiy, Brox & Riedmiller 2015, section 3.4).

Captum's leaves every ReLU6 as it is, so that on a network of these it is the plain gradient without
a word; this cuts there, too, and is Captum's on networks of ReLUs.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import torch
from torch import Tensor, nn

from quizproof.probes.methods.scores import MethodError
from quizproof.probes.models.classifiers import Classifier

_RECTIFIERS = (nn.ReLU, nn.ReLU6)


def guided(classifier: Classifier, picture: Tensor, target: int) -> Tensor:
    """The logit's gradient, cut below 0 at each ReLU: (3, H, W), float64, signed.

    Raises MethodError for a network without modules that are ReLUs.
    """
    inputs = picture[None].clone().requires_grad_()
    with torch.enable_grad(), _guiding(classifier):
        [gradient] = torch.autograd.grad(classifier(inputs)[0, target], inputs)
    return gradient[0].double().cpu()


def _above_0(gradient: Tensor) -> Tensor:
    return gradient.clamp(min=0)


@contextmanager
def _guiding(classifier: Classifier) -> Iterator[None]:
    rectifiers = [module for module in classifier.net.modules() if isinstance(module, _RECTIFIERS)]
    if not rectifiers:
        raise MethodError(
            f"{classifier.description} has no module that is a ReLU, where guided backpropagation "
            "would cut the gradient; take another method"
        )

    def before(module: nn.Module, given: tuple[Tensor, ...]) -> Tensor:
        # a tensor of this ReLU alone, which what else is made of its input does not go through
        taken = given[0].clone()
        if taken.requires_grad:
            taken.register_hook(_above_0)  # type: ignore[no-untyped-call]
        return taken

    with ExitStack() as hooks:
        for module in rectifiers:
            hooks.callback(module.register_forward_pre_hook(before).remove)
        yield
