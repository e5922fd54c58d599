"""Likelihood of a text to a language model, token by token.

A causal model gives each token's probability given those before it, and their product is the
text's (Bengio, Ducharme, Vincent & Jauvin 2003, equation 1). A masked model gives no probability of
a text; its pseudo-log-likelihood sums, over the tokens, the logarithm of the probability of each
where it alone is masked (Salazar, Liang, Nguyen & Kirchhoff 2020, arXiv 1910.14659, equation 2).
"""

from __future__ import annotations

from dataclasses import replace
from typing import Literal, TypeAlias

import torch
from torch import Tensor

from quizproof.probes.methods.masked_prediction import MaskedPredictionError
from quizproof.probes.models.causal_lm import CausalLM
from quizproof.probes.models.language_models import LanguageModel, LanguageModelError, short
from quizproof.probes.models.tokens import Tokens

Given: TypeAlias = Literal["start", "nothing"]


def log_probabilities(model: LanguageModel, text: str, given: Given) -> tuple[Tensor, list[str]]:
    """Of each token of ``text``, natural logarithms, float64 (T,), and the tokens' names.

    To a causal model, the first token is ``given`` the start's token, or where nothing is given, is
    left out. Raises LanguageModelError.
    """
    tokens = model.tokens(text)
    if isinstance(model, CausalLM):
        return _causal(model, tokens, given)
    return _masked(model, tokens)


def _causal(model: CausalLM, tokens: Tokens, given: Given) -> tuple[Tensor, list[str]]:
    if given == "start" and tokens.texts[0] is not None:
        tokens = _after_start(model, tokens)
    own = [place for place, text in enumerate(tokens.texts) if text is not None and place > 0]
    if given == "nothing" and tokens.texts[0] is None:
        own = own[1:]
    if not own:
        raise LanguageModelError(
            f"{short(tokens.text)} is one token to {model.description}, and nothing goes before "
            "it; take a longer text, or given: start"
        )
    logits = model.read(tokens).logits
    assert logits is not None
    asked = torch.tensor([tokens.ids[place] for place in own])
    before = torch.tensor(own) - 1
    found = logits[before].double().log_softmax(1).gather(1, asked[:, None])[:, 0]
    return found, [tokens.names[place] for place in own]


def _after_start(model: CausalLM, tokens: Tokens) -> Tokens:
    start = model.tokenizer.bos_token_id
    if start is None:
        raise LanguageModelError(
            f"{model.description} has no token that a text starts with; say given: nothing"
        )
    if model.context is not None and len(tokens) >= model.context:
        raise LanguageModelError(
            f"{model.description} takes {model.context} tokens, and {short(tokens.text)} fills "
            "them; shorten it, or say given: nothing"
        )
    return replace(
        tokens,
        ids=(start, *tokens.ids),
        types=(0, *tokens.types),
        names=(str(model.tokenizer.bos_token), *tokens.names),
        spans=((0, 0), *tokens.spans),
        texts=(None, *tokens.texts),
    )


def _masked(model: LanguageModel, tokens: Tokens) -> tuple[Tensor, list[str]]:
    own = [place for place, text in enumerate(tokens.texts) if text is not None]
    if not own:
        raise LanguageModelError(
            f"{model.description} has no token of {short(tokens.text)}; write a text"
        )
    found = []
    readings = model.read_all([tokens.masked([place]) for place in own])
    for place, reading in zip(own, readings, strict=True):
        if reading.logits is None:
            raise MaskedPredictionError(
                "the model has no masked-language head; take one saved as …ForMaskedLM"
            )
        found.append(reading.logits[place].double().log_softmax(0)[tokens.ids[place]])
    return torch.stack(found), [tokens.names[place] for place in own]
