"""Logits that a language model's own head makes of the state after each layer: the logit lens.

nostalgebraist, "interpreting GPT: the logit lens" (2020): the final normalisation and the
unembedding, put after every layer. Of a masked model the whole head is put there, with its own
transformation; its last layer is normalised already.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

import torch
from torch import Tensor, nn

from quizproof.probes.models.language_models import LanguageModel, LanguageModelError
from quizproof.probes.models.layer_parts import stack_of
from quizproof.probes.models.tokens import Tokens


def logit_lens(model: LanguageModel, tokens: Tokens, place: int) -> Tensor:
    """Logits of the state of the token at ``place`` after each layer, float32 (L + 1, V).

    Row 0 is of the embedding output, the last row is the model's own. One pass, in which the states
    of all layers go through the head in the place of the last. Raises LanguageModelError for a
    model without a head, or whose last normalisation is not found.
    """

    def put_all(norm: nn.Module, output: Any) -> None:
        last, states = output.last_hidden_state, output.hidden_states
        inner = norm(torch.stack([state[0, place] for state in states[:-1]]))
        output.last_hidden_state = torch.cat([inner, last[0, place][None]])[:, None]

    logits: Tensor = _with_norm(model, tokens, put_all).logits
    if len(logits) != model.layers + 1:
        raise LanguageModelError(
            f"{model.description} makes its logits of other states than its last, "
            "so that it has no logit lens; ask for its logits"
        )
    return logits[:, 0].float().cpu()


def final_norm(model: LanguageModel, tokens: Tokens) -> nn.Module:
    """The normalisation behind the model's layers, found by a pass of ``tokens``.

    Raises LanguageModelError where there is one that is not found.
    """
    norms: list[nn.Module] = []
    _with_norm(model, tokens, lambda norm, _: norms.append(norm))
    return norms[0]


def _with_norm(model: LanguageModel, tokens: Tokens, then: Callable[[nn.Module, Any], None]) -> Any:
    """What the network gives for ``tokens``, ``then`` called before its head with the last norm.

    It is also given the output of the module that gives all states. Where one hands on what another
    gave, that is each of them, until ``then`` has put something else into it.
    """
    base = model.net.base_model
    if base is model.net:
        raise LanguageModelError(
            f"{model.description} has no head that makes logits; take a causal or a masked model"
        )
    ran: list[tuple[nn.Module, Tensor]] = []

    def keep(module: nn.Module, _: Any, output: Any) -> None:
        output = output[0] if isinstance(output, tuple | list) else output
        if isinstance(output, Tensor):
            ran.append((module, output))

    def call(module: nn.Module, _: Any, output: Any) -> Any:
        states = getattr(output, "hidden_states", None)
        last = getattr(output, "last_hidden_state", None)
        if states is None or last is None or len(last) != len(states[0]):
            return output
        if states[0].shape != last.shape:
            raise LanguageModelError(
                f"{model.description} has a head for states of another width than its layers give, "
                "so that it has no logit lens; ask for its logits"
            )
        then(_last_norm(model, ran, last), output)
        return output

    with ExitStack() as hooks:
        for module in base.modules():
            for hook in (keep, call):
                hooks.callback(module.register_forward_hook(hook).remove)
        given = model.through([tokens])
    model.passes.count(forward=1)
    return given


def _last_norm(
    model: LanguageModel,
    given: list[tuple[nn.Module, Tensor]],
    last: Tensor,
) -> nn.Module:
    """The module behind the layers that gave ``last``; one that changes nothing where they did."""
    stack = stack_of(model)
    same = [module for module, output in given if _equal(output, last)]
    if stack is None:  # one layer may be shared, and run several times
        times = Counter(module for module, _ in given)
        by_layers = any(times[module] > 1 for module in same)
    else:
        by_layers = stack[-1] in same
        same = [module for module in same if module not in set(stack.modules())]
    if by_layers:
        return nn.Identity()
    if not same:
        raise LanguageModelError(
            f"{model.description} normalises its last state in a way that is not found, "
            "so that it has no logit lens; ask for its logits"
        )
    return same[0]


def _equal(output: Tensor, last: Tensor) -> bool:
    return output.numel() == last.numel() and torch.equal(output.reshape(last.shape), last)
