"""A language model with parts of it replaced as it runs: heads, attention, MLPs, whole layers.

Hooks do it, which are gone afterwards, after an error too; the model's weights stay as they are.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from torch import Tensor, nn

from quizproof.probes.models.language_models import LanguageModel, LanguageModelError
from quizproof.probes.models.layer_parts import LayerParts, head_width
from quizproof.probes.models.tokens import Tokens

Sort: TypeAlias = Literal["head", "attention", "mlp", "layer"]
_NAME = re.compile(r"L(\d+)(?:H(\d+)|(MLP|ATT))?")


@dataclass(frozen=True)
class Part:
    """A part of a model: a layer, from 1, its attention or its MLP, or one head of it, from 1."""

    sort: Sort
    layer: int
    head: int = 0

    @classmethod
    def called(cls, name: str, model: LanguageModel) -> Part:
        """The part that is called L2, L2ATT, L2MLP or L2H1. Raises LanguageModelError."""
        found = _NAME.fullmatch(name)
        if found is None:
            raise LanguageModelError(
                f"{name} names no part of a model; "
                "L2 is its second layer, L2H1 that one's first head, L2ATT and L2MLP its two halves"
            )
        layer, head, half = int(found[1]), int(found[2] or 0), found[3]
        if not 1 <= layer <= model.layers:
            raise LanguageModelError(
                f"{model.description} has no layer {layer}, asked for as {name}; "
                f"its layers are 1 to {model.layers}"
            )
        if found[2] and not 1 <= head <= model.heads:
            raise LanguageModelError(
                f"{model.description} has no head {head}, asked for as {name}; "
                f"each layer has heads 1 to {model.heads}"
            )
        if head:
            return cls("head", layer, head)
        sorts: dict[str | None, Sort] = {None: "layer", "ATT": "attention", "MLP": "mlp"}
        return cls(sorts[half], layer)


@dataclass(frozen=True)
class Replacement:
    """What stands in a part's place: at the tokens ``places``, all of them where None.

    ``value`` is (T, width) or (width,), and of a whole layer what it adds to its state; with
    ``state`` it is the layer's state itself.
    """

    value: Tensor
    places: Sequence[int] | None = None
    state: bool = False


def values_of(
    model: LanguageModel, parts: Sequence[LayerParts], tokens: Tokens, asked: Sequence[Part]
) -> dict[Part, Tensor]:
    """What each of ``asked`` gives for ``tokens``, (T, width), a layer what it adds: one pass.

    Raises LanguageModelError.
    """
    found: dict[Part, Tensor] = {}

    def keep(part: Part) -> Any:
        def note(value: Tensor, _: Tensor | None) -> Tensor:
            found[part] = _rows(value).clone()
            return value

        return note

    _run(model, parts, tokens, {part: keep(part) for part in asked})
    return found


def replaced(
    model: LanguageModel,
    parts: Sequence[LayerParts],
    tokens: Tokens,
    by: Mapping[Part, Replacement],
) -> Any:
    """What the network gives for ``tokens`` where each part of ``by`` gives something else.

    One pass. Raises LanguageModelError.
    """

    def put(replacement: Replacement) -> Any:
        def change(value: Tensor, state: Tensor | None) -> Tensor:
            rows = _rows(value).clone()
            new = replacement.value.to(value.device).expand(rows.shape)
            if state is not None and replacement.state:
                new = new - _rows(state)
            if replacement.places is None:
                return new.reshape(value.shape)
            rows[list(replacement.places)] = new[list(replacement.places)]
            return rows.reshape(value.shape)

        return change

    return _run(model, parts, tokens, {part: put(one) for part, one in by.items()})


def _run(
    model: LanguageModel,
    parts: Sequence[LayerParts],
    tokens: Tokens,
    changes: Mapping[Part, Any],
) -> Any:
    with ExitStack() as hooks:
        for part, change in changes.items():
            hooks.callback(_hooked(model, parts[part.layer - 1], part, change).remove)
        given = model.through([tokens])
    model.passes.count(forward=1)
    return given


def _hooked(model: LanguageModel, of: LayerParts, part: Part, change: Any) -> Any:
    """The hook that puts what ``change`` makes of a part's value (and a layer's state) there."""
    match part.sort:
        case "head":
            wide = head_width(model, of)
            own = slice((part.head - 1) * wide, part.head * wide)

            def before(_: nn.Module, given: tuple[Any, ...]) -> Any:
                heads = given[0].clone()
                heads[..., own] = change(given[0][..., own], None)
                return (heads, *given[1:])

            return of.heads_out.register_forward_pre_hook(before)
        case "layer":

            def around(_: nn.Module, given: Any, named: Any, output: Any) -> Any:
                state = given[0] if given else named["hidden_states"]
                several = isinstance(output, tuple | list)
                first = output[0] if several else output
                new = state + change(first - state, state)
                return type(output)([new, *output[1:]]) if several else new

            return of.layer.register_forward_hook(around, with_kwargs=True)
        case _:
            module = of.heads_out if part.sort == "attention" else of.mlp_out
            return module.register_forward_hook(lambda _, __, output: change(output, None))


def _rows(value: Tensor) -> Tensor:
    """What is given for the one text that runs, a row for each token."""
    return value.reshape(-1, value.shape[-1])
