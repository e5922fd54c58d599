"""Parts of a transformer's layers, found by what goes through them and not by their names.

In every layer linear modules run in four groups: those that are given the layer's state (queries,
keys, values), the one that is given all heads side by side and writes their output, those that
begin the MLP, and the one that ends it. So it is in GPT-2, in Llama and in BERT.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

from torch import Tensor, nn

from quizproof.probes.models.language_models import LanguageModel, LanguageModelError
from quizproof.probes.models.tokens import made_up

_TOKENS = 3  # of the sequence that it is tried with


@dataclass(frozen=True)
class LayerParts:
    """A layer, the module that writes its heads' output, and the one that ends its MLP."""

    layer: nn.Module
    heads_out: nn.Module  # its input is the heads' outputs side by side, each as wide
    mlp_out: nn.Module


def layer_parts(model: LanguageModel) -> list[LayerParts]:
    """The parts of each of the model's layers, found by a pass that nobody asked for.

    Raises LanguageModelError for a network that is not built so.
    """
    stack = stack_of(model)
    if stack is None:
        raise _not_understood(model, f"no list of {model.layers} layers")
    ran: dict[nn.Module, list[tuple[nn.Module, Tensor]]] = {layer: [] for layer in stack}
    with ExitStack() as hooks:
        for layer in stack:
            for module in layer.modules():
                if _is_linear(module):
                    hook = _noting(ran[layer])
                    hooks.callback(module.register_forward_hook(hook).remove)
        model.through([made_up(model.tokenizer, _TOKENS)])
    return [_parts(model, layer, noted) for layer, noted in ran.items()]


def stack_of(model: LanguageModel) -> nn.ModuleList | None:
    """The list of the model's layers; None where one is shared, or where there is none."""
    for module in model.net.modules():
        if isinstance(module, nn.ModuleList) and len(module) == model.layers:
            return module
    return None


def head_width(model: LanguageModel, parts: LayerParts) -> int:
    """The dimensions of each head's output."""
    return _widths(parts.heads_out)[0] // model.heads


def head_writes(model: LanguageModel, parts: LayerParts, head: int) -> Tensor:
    """The weight that makes of the output of ``head``, from 1, what it adds: (width, D)."""
    wide = head_width(model, parts)
    return _in_out(parts.heads_out)[(head - 1) * wide : head * wide]


def _noting(noted: list[tuple[nn.Module, Tensor]]) -> Any:
    def note(module: nn.Module, given: tuple[Any, ...], _: Any) -> None:
        if given and isinstance(given[0], Tensor) and given[0].is_floating_point():
            noted.append((module, given[0]))

    return note


def _parts(
    model: LanguageModel, layer: nn.Module, noted: Sequence[tuple[nn.Module, Tensor]]
) -> LayerParts:
    groups: list[list[nn.Module]] = []
    last: Tensor | None = None
    for module, given in noted:
        if last is None or given.shape != last.shape or given.data_ptr() != last.data_ptr():
            groups.append([])
        groups[-1].append(module)
        last = given
    if [len(group) for group in groups[1::2]] != [1, 1]:
        raise _not_understood(model, f"{len(groups)} steps of linear modules in a layer, not 4")
    out, down = groups[1][0], groups[3][0]
    size = _widths(groups[0][0])[0]
    if _widths(out)[1] != size or _widths(down)[1] != size or _widths(out)[0] % model.heads:
        raise _not_understood(model, "attention whose output is not its heads side by side")
    return LayerParts(layer, out, down)


def _is_linear(module: nn.Module) -> bool:
    weight = getattr(module, "weight", None)
    return isinstance(weight, Tensor) and weight.ndim == 2 and not list(module.children())


def _in_out(module: nn.Module) -> Tensor:
    """The weight of a linear module, (in, out): GPT-2 keeps it so, others the other way round."""
    weight = module.weight
    assert isinstance(weight, Tensor)
    return weight.T if isinstance(module, nn.Linear) else weight


def _widths(module: nn.Module) -> tuple[int, int]:
    given, made = _in_out(module).shape
    return given, made


def _not_understood(model: LanguageModel, found: str) -> LanguageModelError:
    return LanguageModelError(
        f"{model.description} ({type(model.net).__name__}) has {found}, so that its heads and MLPs "
        "are not told apart; take a model built as GPT-2, Llama or BERT are"
    )
