"""Refusal of networks that answer differently each time: nothing that is measured of them holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import torch
from torch import Tensor, nn

from quizproof.probes.models.architectures import ClassifierError
from quizproof.questions.problems import one_line

if TYPE_CHECKING:
    from quizproof.probes.models.classifiers import Classifier

_TOLERANCE: Final = 1e-4  # of the largest logit: rounding changes with the size of a batch


def refuse_unsteady(classifier: Classifier) -> None:
    """Raises ClassifierError where a picture's logits depend on what else there is.

    It is asked about one alone, and about the same between two others with gradients on.
    """
    pictures = random_pictures(classifier.size, 0, 3).to(classifier.device)
    one = pictures[1:2]
    try:
        with torch.no_grad():
            alone = classifier(one)[0]
        with torch.enable_grad():
            _, between, _ = classifier(pictures).detach()
    except Exception as error:  # the network may be anyone's code
        raise ClassifierError(
            f"{classifier.description} cannot take several pictures at once "
            f"({one_line(str(error))[:120]}); mend its forward"
        ) from None
    if not (alone.isfinite().all() and between.isfinite().all()):
        raise ClassifierError(
            f"{classifier.description} gives NaN or infinity for a picture of noise; "
            "take a checkpoint from before training diverged"
        )
    if _same(alone, between):
        return
    with torch.no_grad():
        alike = all(_same(alone, classifier(one)[0]) for _ in range(2))
    if alike:
        how = "in a batch with others", "have normalisation keep running statistics"
    else:
        how = "each time", "have dropout and noise in training alone (self.training)"
    raise ClassifierError(
        f"{classifier.description} gives other logits for the same picture {how[0]}; {how[1]}"
    )


def _same(one: Tensor, other: Tensor) -> bool:
    largest = torch.maximum(one.abs().max(), other.abs().max())
    return bool((one - other).abs().max() <= _TOLERANCE * largest)


def random_pictures(size: tuple[int, int], seed: int, count: int = 8) -> Tensor:
    """Noise of every scale at once, as photographs have it: (count, 3, H, W), values 0–1."""
    generator = torch.Generator().manual_seed(seed)
    pictures = torch.zeros(count, 3, *size)
    scale = 1
    while scale <= min(size):
        coarse = torch.randn(count, 3, size[0] // scale, size[1] // scale, generator=generator)
        pictures += nn.functional.interpolate(coarse, size, mode="bilinear")
        scale *= 2
    low, high = pictures.amin((1, 2, 3), keepdim=True), pictures.amax((1, 2, 3), keepdim=True)
    return (pictures - low) / (high - low).clamp(min=1e-6)
