"""A number that says how much a language model is for a word: what interventions change."""

from __future__ import annotations

from typing import Literal, TypeAlias

from torch import Tensor

Score: TypeAlias = Literal["logit", "logit_difference", "probability", "log_probability"]


def word_score(logits: Tensor, score: Score, word: int, against: int | None) -> float:
    """The ``score`` of ``word`` in logits (V,); ``logit_difference`` is that ``against`` another.

    Logits are told in their own unit, ``log_probability`` in natural logarithms.
    """
    found = logits.double()
    match score:
        case "logit":
            return float(found[word])
        case "logit_difference":
            assert against is not None
            return float(found[word] - found[against])
        case "probability":
            return float(found.softmax(0)[word])
        case "log_probability":
            return float(found.log_softmax(0)[word])
