"""Predictions of a masked language model where words are masked, one or several at once.

Devlin, Chang, Lee & Toutanova 2019 (arXiv 1810.04805), section 3.1: a softmax over the vocabulary
at the masked place. A masked word is one token, and so is its mask: what is predicted is a token.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from quizproof.probes.models.language_models import LanguageModelError, Reading
from quizproof.probes.models.tokens import Tokens

TIED = 1e-6  # two probabilities nearer than this are the same, in float32 logits


class MaskedPredictionError(LanguageModelError):
    """A model that predicts no word, or no one word, at a masked place."""


def masked_words(tokens: Tokens, words: Sequence[str]) -> tuple[Tokens, list[int]]:
    """``tokens`` with a mask for each of ``words``, and the masks' places
    in the order of ``words``. Raises TokenError, too for a word that is several tokens."""
    places = [tokens.find_whole(word) for word in words]
    return tokens.masked(*([place] for place in places)), places


def probabilities(reading: Reading, place: int) -> Tensor:
    """Probability of every token of the vocabulary at ``place``: (V,), doubles that sum to 1.

    Raises MaskedPredictionError for a model without a masked-language head.
    """
    if reading.logits is None:
        raise MaskedPredictionError(
            "the model has no masked-language head; take one saved as …ForMaskedLM"
        )
    return torch.softmax(reading.logits[place].double(), dim=-1)


def likeliest(found: Tensor) -> int:
    """The id of the likeliest token of (V,). Raises MaskedPredictionError where two are equal."""
    values, ids = found.topk(2)
    if not float(values[0] - values[1]) > TIED:
        raise MaskedPredictionError(
            f"the tokens {int(ids[0])} and {int(ids[1])} are equally likely at the masked place "
            f"({float(values[0]):.3g}): the model predicts no one token there"
        )
    return int(ids[0])
