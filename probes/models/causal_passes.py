"""Passes of a causal model that a text alone does not ask for: other places, keys that are kept."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from quizproof.probes.models.language_models import LanguageModelError, short
from quizproof.questions.problems import one_line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from quizproof.probes.models.causal_lm import CausalLM
    from quizproof.probes.models.tokens import Tokens


@dataclass(frozen=True)
class Continued:
    """Greedily chosen tokens after a prompt, and the logits that each was chosen by."""

    ids: tuple[int, ...]
    logits: Tensor  # float32 (n, V)
    places: int  # tokens that went through the layers, each as often as it did


def logits_at(model: CausalLM, tokens: Tokens, places: Sequence[int]) -> Tensor:
    """Logits of ``tokens``, each told that it stands at its one of ``places``; float32 (T, V).

    Raises LanguageModelError for a model that cannot be told, and for a place beyond its context.
    """
    if "position_ids" not in inspect.signature(model.net.forward).parameters:
        raise LanguageModelError(
            f"{model.description} cannot be told where a token stands: it takes no position_ids; "
            "take a model with position embeddings, such as GPT-2"
        )
    if model.context is not None and model.context <= max(places):
        raise LanguageModelError(
            f"{model.description} has {model.context} places, and {short(tokens.text)} would reach "
            f"place {max(places) + 1}; shorten it, or shift it less"
        )
    given = _passed(
        model,
        tokens.ids,
        position_ids=torch.tensor([list(places)]),
        # without it, transformers takes places that do not count up for several texts in a row
        attention_mask=torch.ones(1, len(tokens), dtype=torch.long),
    )
    logits: Tensor = given.logits[0].cpu()
    return logits


def continued_anew(model: CausalLM, tokens: Tokens, count: int) -> Continued:
    """``count`` tokens after ``tokens``, the whole text read anew for each. LanguageModelError."""
    return _continued(model, tokens, count, lambda ids, kept: (_passed(model, ids), None))


def continued_cached(model: CausalLM, tokens: Tokens, count: int) -> Continued:
    """The same with the keys and values of what was read kept, and the new token alone read.

    Raises LanguageModelError for a model that keeps none.
    """

    def step(ids: tuple[int, ...], kept: Any) -> tuple[Any, Any]:
        read = ids if kept is None else ids[-1:]
        given = _passed(model, read, past_key_values=kept, use_cache=True)
        if (keeps := given.get("past_key_values")) is None:
            raise LanguageModelError(
                f"{model.description} keeps no keys and values; take a model with a cache"
            )
        return given, keeps

    return _continued(model, tokens, count, step)


def _continued(
    model: CausalLM,
    tokens: Tokens,
    count: int,
    step: Callable[[tuple[int, ...], Any], tuple[Any, Any]],
) -> Continued:
    if model.context is not None and model.context < len(tokens) + count:
        raise LanguageModelError(
            f"{model.description} takes {model.context} tokens; {short(tokens.text)} and {count} "
            f"after it are {len(tokens) + count}; ask for fewer"
        )
    ids, rows, kept = tokens.ids, [], None
    with _counted(model) as read:
        for _ in range(count):
            given, kept = step(ids, kept)
            rows.append(given.logits[0, -1].cpu())
            ids += (int(rows[-1].argmax()),)
    return Continued(ids=ids[len(tokens) :], logits=torch.stack(rows), places=sum(read))


@contextmanager
def _counted(model: CausalLM) -> Iterator[list[int]]:
    """How many tokens each pass embeds, one number a pass."""
    read: list[int] = []
    embedding = model.net.get_input_embeddings()
    hook = embedding.register_forward_hook(lambda _, given, out: read.append(given[0].numel()))
    try:
        yield read
    finally:
        hook.remove()


def _passed(model: CausalLM, ids: tuple[int, ...], **more: Any) -> Any:
    model.passes.count(forward=1)
    taken = {n: v.to(model.device) if isinstance(v, Tensor) else v for n, v in more.items()}
    try:
        with torch.inference_mode():
            given = model.net(
                input_ids=torch.tensor([ids], device=model.device),
                **{"use_cache": False, **taken},
            )
    except Exception as error:  # the network may be of any kind
        raise LanguageModelError(
            f"{model.description} cannot read on "
            f"({one_line(f'{type(error).__name__}: {error}', 120)}); take a model like GPT-2"
        ) from None
    if not given.logits.isfinite().all():
        raise LanguageModelError(
            f"{model.description} gives NaN or infinity; "
            "take a checkpoint from before training diverged"
        )
    return given
