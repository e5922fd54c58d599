"""A classifier and the pictures that it is shown, on a probe's bench."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from torch import Tensor

    from quizproof.probes.bench import Bench
    from quizproof.probes.models.classifiers import Classifier
    from quizproof.probes.models.shown_pictures import Pictures
    from quizproof.probes.packs.pictures import Mask

LABEL, PREDICTED = "label", "predicted"

T = TypeVar("T")
N = TypeVar("N", bound="np.generic")


@dataclass(frozen=True)
class View:
    """Pictures as ``model`` is shown them, and the bench that remembers what comes of it."""

    bench: Bench
    model: Classifier
    photos: Pictures

    def picture(self, number: int) -> Tensor:
        """Picture ``number`` as the model takes it: (3, H, W), values 0–1."""
        return self.photos.shown(number, self.model)

    def label(self, number: int) -> int:
        """The true class of picture ``number``, an index into the model's classes."""
        return self.photos.label(number, self.model)

    def logits(self, number: int) -> Tensor:
        """What the model makes of picture ``number``: (classes,) in float64 on the CPU."""
        import torch

        def compute() -> Tensor:
            with torch.no_grad():
                return self.model(self.picture(number)[None])[0].double().cpu()

        return self.once(("logits", number), compute)

    def target(self, number: int, name: str | None) -> int:
        """The class of a picture that is asked about: its own where ``name`` is None or "label".

        "predicted" is the model's likeliest. A class that is called so comes first. Raises
        ClassifierError.
        """
        if name is None or (name == LABEL and LABEL not in self.model.classes):
            return self.label(number)
        if name == PREDICTED and PREDICTED not in self.model.classes:
            return int(self.logits(number).argmax())
        return self.model.class_called(name)

    def region(self, number: int, name: str) -> Mask:
        """Region ``name`` of picture ``number``, (H, W), never empty. Raises MissingError."""
        return self.photos.region(number, name, self.model.size)

    def once(self, key: Hashable, compute: Callable[[], T]) -> T:
        """``Bench.once`` of this model and these pictures."""
        return self.bench.once((self.model, self.photos, key), compute)

    def of_draw(self, key: Hashable, compute: Callable[[], NDArray[N]]) -> NDArray[N]:
        """``Bench.of_draw`` of this model and these pictures."""
        return self.bench.of_draw((self.model, self.photos, key), compute)
