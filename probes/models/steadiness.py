"""Refusal of networks that answer differently each time: nothing that is measured of them holds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, TypeVar

import torch
from torch import Tensor

from quizproof.probes.models.architectures import ClassifierError
from quizproof.probes.models.language_models import LanguageModel, LanguageModelError
from quizproof.probes.models.tokens import Tokens, made_up
from quizproof.questions.problems import one_line

T = TypeVar("T")

_TOLERANCE: Final = 1e-4  # of the largest logit: rounding changes with the size of a batch


def refuse_unsteady(logits: Callable[[Tensor], Tensor], pictures: Tensor, name: str) -> None:
    """Raises ClassifierError where the ``logits`` of a picture depend on what else there is.

    The network called ``name`` is asked about the second of three ``pictures`` alone, and about all
    three with gradients on.
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
        return
    with torch.no_grad():
        alike = all(same_numbers(alone, logits(one)[0]) for _ in range(2))
    if alike:
        how = "in a batch with others", "have normalisation keep running statistics"
    else:
        how = "each time", "have dropout and noise in training alone (self.training)"
    raise ClassifierError(f"{name} gives other logits for the same picture {how[0]}; {how[1]}")


def refuse_unsteady_model(model: LanguageModel) -> None:
    """Raises LanguageModelError where a text's hidden states depend on what else there is."""

    def read(batch: Sequence[Tokens]) -> list[Tensor]:
        return [reading.hidden_states for reading in model.passed(batch)]

    short, long = (made_up(model.tokenizer, length) for length in (3, 6))
    refuse_unsteady_reading(read, short, long, model.description)


def refuse_unsteady_reading(
    read: Callable[[Sequence[T]], Sequence[Tensor]], short: T, long: T, name: str
) -> None:
    """Raises LanguageModelError where what is read of ``short`` depends on what else there is.

    The model called ``name`` reads it alone, and beside ``long``.
    """
    [alone] = read([short])
    _, beside = read([long, short])
    if same_numbers(alone, beside):
        return
    if all(same_numbers(alone, read([short])[0]) for _ in range(2)):
        how = "beside a longer one; its padding is not masked"
    else:
        how = "each time; take a model without dropout or noise outside training"
    raise LanguageModelError(f"{name} gives other numbers for the same text {how}")


def _refuse_unsteady_gradients(
    logits: Callable[[Tensor], Tensor], picture: Tensor, name: str
) -> None:
    """Raises ClassifierError where the gradient of the largest logit differs each time.

    What has no gradient is none the worse: a probe that takes one says so.
    """
    one, other = (_gradient(logits, picture) for _ in range(2))
    if not same_numbers(one, other):
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


def same_numbers(one: Tensor, other: Tensor) -> bool:
    """Tell whether two tensors of a shape are the same but for rounding."""
    largest = torch.maximum(one.abs().max(), other.abs().max())
    return bool((one - other).abs().max() <= _TOLERANCE * largest)
