"""A word that a language model is asked about, and the place where it is predicted."""

from __future__ import annotations

from dataclasses import dataclass

from quizproof.probes.models.causal_lm import CausalLM
from quizproof.probes.models.language_models import LanguageModel, LanguageModelError
from quizproof.probes.models.tokens import Tokens, token_id


@dataclass(frozen=True)
class AskedWord:
    """A token of the vocabulary, and where in a sequence the model says how likely it is."""

    tokens: Tokens
    place: int
    token: int


def asked_word(model: LanguageModel, prompt: str, word: str, masked: str | None) -> AskedWord:
    """``word`` after ``prompt`` of a causal model, or in the place of ``masked`` of a masked one.

    It is one token: after a prompt it begins with its space, ``" mat"``; in the place of a mask it
    stands as the vocabulary has it. Raises LanguageModelError, TokenError.
    """
    if isinstance(model, CausalLM):
        if masked is not None:
            raise LanguageModelError(
                f"{model.description} is a causal model and has no mask; leave 'masked' out"
            )
        tokens = model.tokens(prompt)
        return AskedWord(tokens, len(tokens) - 1, model.next_token_id(prompt, word))
    if masked is None:
        raise LanguageModelError(
            f"{model.description} is a masked model; name the prompt's word to mask, as masked:"
        )
    tokens = model.tokens(prompt)
    place = tokens.find_whole(masked)
    token = token_id(model.tokenizer, word, model.description)
    return AskedWord(tokens.masked([place]), place, token)
