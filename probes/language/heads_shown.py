"""Numbers of every head of a model: by the names of some, the most of all, and as a table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from quizproof.probes.probe import Matrix
from quizproof.probes.units import HEAD, LAYER
from quizproof.questions.spec import Text

if TYPE_CHECKING:
    from torch import Tensor

    from quizproof.probes.models.interventions import Part
    from quizproof.probes.models.language_models import LanguageModel


def by_head(name: str, asked: Mapping[str, Part], values: Tensor) -> dict[str, float]:
    """The value, of (L, H), of each head that is ``asked`` of, by the measure's name."""
    return {
        f"{name}_{called}": float(values[part.layer - 1, part.head - 1])
        for called, part in asked.items()
    }


def every_head(model: LanguageModel) -> dict[str, Part]:
    """All heads of ``model`` by their names, layer by layer."""
    from quizproof.probes.models.interventions import Part

    return {
        f"L{layer}H{head}": Part("head", layer, head)
        for layer in range(1, model.layers + 1)
        for head in range(1, model.heads + 1)
    }


def the_most_of(names: Sequence[str], values: Tensor, tolerance: float) -> str:
    """The one of ``names`` with the largest of ``values``; none where another is as large."""
    largest = int(values.argmax())
    alike = int((values > values[largest] - tolerance).sum()) > 1
    return "none" if alike else names[largest]


def head_matrix(
    title: Text, values: Tensor, asked: Iterable[Part] = (), *, signed: bool = False
) -> Matrix:
    """A table of (L, H), drawn in colours, the heads that are ``asked`` of marked."""
    layers, heads = (tuple(str(k + 1) for k in range(size)) for size in values.shape)
    return Matrix(
        title,
        values.float().numpy(),
        rows=layers,
        columns=heads,
        row_name=LAYER,
        column_name=HEAD,
        signed=signed,
        marked=tuple((part.layer - 1, part.head - 1) for part in asked),
    )
