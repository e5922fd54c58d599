"""Induction heads: heads that look for what came after an earlier copy of a token, and copy it.

Olsson, Elhage, Nanda, Joseph, DasSarma, Henighan, Mann, Askell, … & Olah 2022, In-context Learning
and Induction Heads (arXiv 2209.11895): random tokens, repeated, hold nothing else to go by.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

from quizproof.probes.models.causal_lm import CausalLM
from quizproof.probes.models.interventions import Part, values_of
from quizproof.probes.models.language_models import LanguageModelError
from quizproof.probes.models.layer_parts import LayerParts, head_writes
from quizproof.probes.models.tokens import Tokens, made_up

if TYPE_CHECKING:
    import numpy as np

_SAME = 1e-3  # relative: what a layer adds, and the sum of what its halves write


@dataclass(frozen=True)
class Repeated:
    """Random tokens, written several times over behind what a text begins with."""

    tokens: Tokens
    begin: int  # tokens before the first copy
    period: int  # tokens of a copy, none of which is in it twice


def repeated(model: CausalLM, rng: np.random.Generator, period: int, repeats: int) -> Repeated:
    """``period`` tokens of the vocabulary, drawn blindly, ``repeats`` times.

    Raises LanguageModelError where the vocabulary, or the model's context, has no room for that.
    """
    tokenizer = model.tokenizer
    known = sorted(set(tokenizer.get_vocab().values()) - set(tokenizer.all_special_ids))
    if len(known) < period:
        raise LanguageModelError(
            f"{model.description} has {len(known)} tokens, {period} different ones are asked for; "
            "ask for fewer"
        )
    begin = _begin(model, known[0])
    ids = (*begin, *rng.choice(known, period, replace=False).tolist() * repeats)
    if model.context is not None and len(ids) > model.context:
        raise LanguageModelError(
            f"{model.description} takes {model.context} tokens, {period} {repeats} times over are "
            f"{len(ids)}; {_shorter((model.context - len(begin)) // repeats)}"
        )
    blank = made_up(tokenizer, len(ids))
    names = tuple(tokenizer.convert_ids_to_tokens(ids))
    return Repeated(replace(blank, ids=ids, names=names), len(begin), period)


def _shorter(fit: int) -> str:
    fewer = "ask for fewer 'repeats'"
    return f"{fewer}, or for {fit} 'tokens' at most" if fit else fewer


def _begin(model: CausalLM, token: int) -> tuple[int, ...]:
    """The special tokens that the tokenizer begins a text with."""
    tokens = model.tokens(model.tokenizer.decode([token]) or " ")
    special = (*tokens.special(), False)
    return tokens.ids[: special.index(False)]


def prefix_matching(attentions: Tensor, of: Repeated) -> Tensor:
    """Attention of each head from a token to those after its earlier copies: (L, H), in [0, 1].

    The mean over all tokens behind the first copy; a token's is the sum over its earlier copies.
    """
    rows = range(of.begin + of.period, len(of.tokens))
    shares = [
        attentions[:, :, row, range(row - of.period + 1, of.begin, -of.period)].double().sum(dim=2)
        for row in rows
    ]
    return torch.stack(shares).mean(dim=0)


def copying(model: CausalLM, parts: Sequence[LayerParts], norm: nn.Module, of: Repeated) -> Tensor:
    """How much each head raises the logits of the tokens it attends to: (L, H), in [−1, 1].

    A head's direct effect on a logit is what is lost of it where the head's output is taken out of
    the last state, against the mean over the vocabulary; each token that is attended to counts with
    its attention. The score is the sum of these over that of their sizes, as Elhage et al. 2021 (A
    Mathematical Framework for Transformer Circuits) take Σλ ∕ Σ|λ|: 1 for a head that copies, −1
    for one that suppresses what it sees. Raises LanguageModelError where heads do not add up.
    """
    heads = [
        Part("head", layer, head)
        for layer in range(1, model.layers + 1)
        for head in range(1, model.heads + 1)
    ]
    halves = [Part("attention", 1), Part("mlp", 1), Part("layer", 1), Part("layer", model.layers)]
    reading = model.read(of.tokens)
    assert reading.attentions is not None
    given = values_of(model, parts, of.tokens, [*heads, *dict.fromkeys(halves)])
    _refuse_no_sum(model, *(given[half] for half in halves[:3]))
    with torch.inference_mode():
        state = reading.hidden_states[-2].to(model.device) + given[halves[3]]
        whole = norm(state)
        unembedding = model.net.get_output_embeddings().weight
        seen = unembedding[list(of.tokens.ids)] - unembedding.mean(dim=0)  # (T, D)
        scores = []
        for part in heads:
            written = given[part] @ head_writes(model, parts[part.layer - 1], part.head)
            effect = ((whole - norm(state - written)) @ seen.T).double().cpu()  # (T, T)
            weights = reading.attentions[part.layer - 1, part.head - 1].double()
            size = float((weights * effect.abs()).sum())
            scores.append(float((weights * effect).sum()) / size if size > 0 else 0.0)
    return torch.tensor(scores).reshape(model.layers, model.heads).clamp(-1, 1)


def _refuse_no_sum(model: CausalLM, attention: Tensor, mlp: Tensor, layer: Tensor) -> None:
    if float((attention + mlp - layer).norm()) > _SAME * float(layer.norm()):
        raise LanguageModelError(
            f"{model.description} normalises what its layers have added, so that a head has no "
            "direct effect on a logit; ask what ablating it does"
        )
