"""Refusal of networks that answer differently each time: nothing that is measured of them holds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import torch
from torch import Tensor

from quizproof.probes.models.architectures import ClassifierError
from quizproof.questions.problems import one_line

_TOLERANCE: Final = 1e-4  # of the largest logit: rounding changes with the size of a batch


def refuse_unsteady(logits: Callable[[Tensor], Tensor], pictures: Tensor, name: str) -> None:
    """Raises ClassifierError where the ``logits`` of a picture depend on what else there is.

    The network called ``name`` is asked about the second of three ``pictures`` alone, about all
    three with gradients on, and then for the gradient itself, twice.
    """
    one = pictures[1:2]
    try:
        with torch.no_grad():
            alone = logits(one)[0]
        with torch.enable_grad():
            _, between, _ = logits(pictures).detach()
    except Exception as error:  # the network may be anyone's code
        raise ClassifierError(
            f"{name} cannot take several pictures at once "
            f"({one_line(str(error), 120)}); mend its forward"
        ) from None
    if not (alone.isfinite().all() and between.isfinite().all()):
        raise ClassifierError(
            f"{name} gives NaN or infinity for a picture of noise; "
            "take a checkpoint from before training diverged"
        )
    if _same(alone, between):
        _refuse_unsteady_gradients(logits, one, name)
        return
    with torch.no_grad():
        alike = all(_same(alone, logits(one)[0]) for _ in range(2))
    if alike:
        how = "in a batch with others", "have normalisation keep running statistics"
    else:
        how = "each time", "have dropout and noise in training alone (self.training)"
    raise ClassifierError(f"{name} gives other logits for the same picture {how[0]}; {how[1]}")


def _refuse_unsteady_gradients(
    logits: Callable[[Tensor], Tensor], picture: Tensor, name: str
) -> None:
    """Raises ClassifierError where the gradient of the largest logit differs each time.

    What has no gradient is none the worse: a probe that takes one says so.
    """
    one, other = (_gradient(logits, picture) for _ in range(2))
    if not _same(one, other):
        raise ClassifierError(
            f"{name} gives another gradient for the same picture each time; "
            "have dropout and noise in training alone (self.training)"
        )


def _gradient(logits: Callable[[Tensor], Tensor], picture: Tensor) -> Tensor:
    """The gradient of the largest logit in ``picture``; zeros where there is none."""
    with torch.enable_grad():
        taken = picture.clone().requires_grad_()
        try:
            largest = logits(taken).max()
            [found] = torch.autograd.grad(largest, taken)
        except Exception:  # the network may be anyone's code, and need not have one
            return torch.zeros_like(picture)
    return found.nan_to_num()  # NaN each time is no difference


def _same(one: Tensor, other: Tensor) -> bool:
    largest = torch.maximum(one.abs().max(), other.abs().max())
    return bool((one - other).abs().max() <= _TOLERANCE * largest)
