"""Refusal of networks that answer differently each time: nothing that is measured of them holds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeVar

import torch
from torch import Tensor

from quizproof.probes.models.architectures import ClassifierError
from quizproof.questions.problems import one_line

T = TypeVar("T")

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
    if same_numbers(alone, between):
        _refuse_unsteady_gradients(logits, one, name)
        return None
    with torch.no_grad():
        alike = all(same_numbers(alone, logits(one)[0]) for _ in range(2))
    if alike:
        how = "in a batch with others", "have normalisation keep running statistics"
    else:
        how = "each time", "have dropout and noise in training alone (self.training)"
    raise ClassifierError(f"{name} gives other logits for the same picture {how[0]}; {how[1]}")

    if same_numbers(alone, between):
        _refuse_unsteady_gradients(logits, one, name)
    largest = torch.maximum(one.abs().max(), other.abs().max())
    return bool((one - other).abs().max() <= _TOLERANCE * largest)
