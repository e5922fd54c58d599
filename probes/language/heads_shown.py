"""Numbers of every head of a model: by the names of some, the most of all, and as a table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from quizproof.probes.probe import Matrix
from quizproof.probes.units import HEAD, LAYER
from quizproof.questions.spec import Text

if TYPE_CHECKING:
    from torch import Tensor

    from quizproof.probes.models.interventions import Part


def by_head(name: str, asked: Mapping[str, Part], values: Tensor) -> dict[str, float]:
    """The value, of (L, H), of each head that is ``asked`` of, by the measure's name."""
    return {
        f"{name}_{called}": float(values[part.layer - 1, part.head - 1])
        for called, part in asked.items()
    }


def the_most(values: Tensor, tolerance: float) -> str:
    """The head with the largest of (L, H), such as L2H1; none where another is as large."""
    flat = values.flatten()
    largest = int(flat.argmax())
    if int((flat > flat[largest] - tolerance).sum()) > 1:
        return "none"
    layer, head = divmod(largest, values.shape[1])
    return f"L{layer + 1}H{head + 1}"


def head_matrix(title: Text, values: Tensor, *, signed: bool = False) -> Matrix:
    """A table of (L, H), drawn in colours."""
    layers, heads = (tuple(str(k + 1) for k in range(size)) for size in values.shape)
    return Matrix(
        title,
        values.float().numpy(),
        rows=layers,
        columns=heads,
        row_name=LAYER,
        column_name=HEAD,
        signed=signed,
    )
