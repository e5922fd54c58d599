"""Causal language models, such as GPT-2: what comes next, and what is inside on the way there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import ClassVar

import torch
from torch import Tensor

from quizproof.probes.models.language_loading import CAUSAL, load_network
from quizproof.probes.models.language_models import LanguageModel, LanguageModelError, short
from quizproof.probes.models.logit_lens import logit_lens
from quizproof.probes.models.passes import Passes
from quizproof.probes.models.steadiness import refuse_unsteady_model, same_numbers
from quizproof.probes.models.tokens import Tokens, made_up


@dataclass(eq=False)
class CausalLM(LanguageModel):
    """A transformer that gives logits for the token after each of a prompt's.

    L layers, H heads, D dimensions, V tokens in the vocabulary, T in a text. All tensors are on the
    CPU. A text goes through the model once, however much is asked of it.
    """

    part_kind: ClassVar[str] = "causal-lm"

    def tokens(self, text: str, pair: str | None = None) -> Tokens:
        """``text`` as tokens. Raises LanguageModelError where it is empty or too long."""
        found = super().tokens(text, pair)
        if not len(found):
            raise LanguageModelError(f"{self.description} has no token of {text!r}; write a prompt")
        return found

    def logits(self, text: str) -> Tensor:
        """Float32 (T, V): row t is of what comes after token t, which sees no later one."""
        found = self.read(self.tokens(text)).logits
        assert found is not None
        return found

    def next_token(self, text: str) -> Tensor:
        """Natural logarithms of the probabilities of the token after ``text``, float64 (V,)."""
        return self.logits(text)[-1].double().log_softmax(0)

    def continued(self, text: str, continuation: str) -> Tokens:
        """``text`` with ``continuation`` after it, whose tokens come after the text's own.

        Raises LanguageModelError where a token would be of both: most tokenizers take the space
        before a word to the word, so that a continuation begins with it.
        """
        before, whole = self.tokens(text), self.tokens(text + continuation)
        if len(whole) <= len(before) or whole.ids[: len(before)] != before.ids:
            raise LanguageModelError(
                f"{self.description} has no tokens for {short(continuation)} alone after "
                f"{short(text)}; end the prompt with a whole word, begin the rest with its space"
            )
        return whole

    def next_token_id(self, text: str, token: str) -> int:
        """The number of ``token`` after ``text``: a special one's name, or what goes on from it.

        Raises LanguageModelError where that is no one token.
        """
        if token in self.tokenizer.all_special_tokens:
            return int(self.tokenizer.convert_tokens_to_ids(token))
        before = len(self.tokens(text))
        whole = self.continued(text, token)
        pieces = whole.names[before:]
        if len(pieces) > 1 or whole.ids[before] == whole.unknown:
            raise LanguageModelError(
                f"{self.description} has no one token for {short(token)} after {short(text)}, "
                f"but {' '.join(pieces)}; ask for one of its vocabulary"
            )
        return whole.ids[before]

    def log_probabilities(self, text: str, continuation: str) -> Tensor:
        """Of each token of ``continuation`` given all before it, natural logarithms, float64."""
        whole, first = self.continued(text, continuation), len(self.tokens(text))
        logits = self.read(whole).logits
        assert logits is not None
        asked = torch.tensor(whole.ids[first:])
        return logits[first - 1 : -1].double().log_softmax(1).gather(1, asked[:, None])[:, 0]

    @property
    def ends(self) -> list[int]:
        """The tokens that end a text."""
        told = self.net.generation_config.eos_token_id
        return [
            token for token in (told if isinstance(told, list) else [told]) if token is not None
        ]

    def decoded(self, text: str, written: Sequence[int]) -> str:
        """What was written after ``text``, as text without special tokens."""
        before = self.tokens(text).ids
        given, whole = (
            str(self.tokenizer.decode(ids, skip_special_tokens=True))
            for ids in (before, [*before, *written])
        )
        return whole.removeprefix(given)

    def greedy_tokens(self, text: str, most: int = 128) -> tuple[int, ...]:
        """The likeliest token at each step after ``text``, to its end or ``most`` tokens.

        The end's token is the last where one is written. A step is a pass. Raises
        LanguageModelError where the model has no room for a token more.
        """
        tokens = self.tokens(text)
        if self.context is not None:
            most = min(most, self.context - len(tokens))
        if most < 1:
            raise LanguageModelError(
                f"{self.description} takes {self.context} tokens, which {short(text)} fills; "
                "shorten it"
            )
        written: list[int] = []
        fresh, kept = list(tokens.ids), None
        with torch.inference_mode():
            while len(written) < most and not (written and written[-1] in self.ends):
                taken = torch.tensor([fresh], device=self.device)
                given = self.net(input_ids=taken, past_key_values=kept, use_cache=True)
                self.passes.count(forward=1)
                written.append(int(given.logits[0, -1].argmax()))
                fresh, kept = written[-1:], given.past_key_values
        return tuple(written)

    def hidden_states(self, text: str) -> Tensor:
        """Float32 (L + 1, T, D): 0 is the embedding output; L comes after the last layer's norm."""
        return self.read(self.tokens(text)).hidden_states

    def attentions(self, text: str) -> Tensor:
        """Float32 (L, H, T, T): from a token (row) to itself and those before it (column)."""
        found = self.read(self.tokens(text)).attentions
        assert found is not None
        return found

    def lens(self, text: str) -> Tensor:
        """Logits that the last token's state after each layer would give, float32 (L + 1, V).

        The logit lens (``logit_lens.py``); the last row is the model's own. A pass each time.
        Raises LanguageModelError for a model whose logits are not made so.
        """
        return logit_lens(self, self.tokens(text), -1)

    def _keeps_logits(self, tokens: Tokens) -> bool:
        return True


def load_causal_lm(
    folder: Path, description: str, device: torch.device, randomized: int | None = None
) -> CausalLM:
    """The causal language model in ``folder``, with random weights if ``randomized``.

    Raises LanguageModelError, TokenError; the former, too, for one that looks ahead, or answers
    differently each time.
    """
    model = CausalLM(**vars(load_network(folder, description, device, CAUSAL, randomized)))
    refuse_unsteady_model(model)
    _refuse_looking_ahead(model)
    model.passes = Passes()
    return model


def _refuse_looking_ahead(model: CausalLM) -> None:
    whole = made_up(model.tokenizer, 5)
    first = replace(whole, ids=whole.ids[:2], types=whole.types[:2])
    [[long], [short]] = (list(model.passed([tokens])) for tokens in (whole, first))
    if not same_numbers(long.hidden_states[:, :2], short.hidden_states):
        raise LanguageModelError(
            f"{model.description} looks at what comes after a token; "
            "name the part's kind as the model was trained"
        )
