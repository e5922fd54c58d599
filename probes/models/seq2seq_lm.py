"""Sequence-to-sequence models, such as T5 or a translation model: a text read, a text written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar

import torch
from torch import Tensor

from quizproof.probes.models.language_loading import SEQ2SEQ, load_network
from quizproof.probes.models.language_models import (
    LanguageModelError,
    context_of,
    short,
    weight_bytes,
)
from quizproof.probes.models.passes import Passes
from quizproof.probes.models.steadiness import refuse_unsteady_reading
from quizproof.probes.models.tokens import Tokens, made_up, tokens_of
from quizproof.questions.problems import one_line

_ROOM = 1 << 30  # bytes of readings that are remembered
_OUTPUTS = {  # what transformers calls each part of a reading
    "encoder_states": "encoder_hidden_states",
    "decoder_states": "decoder_hidden_states",
    "encoder_attentions": "encoder_attentions",
    "decoder_attentions": "decoder_attentions",
    "cross_attentions": "cross_attentions",
}


@dataclass(frozen=True)
class Seq2SeqReading:
    """Outputs for a source of S tokens and a target of T, float32 on the CPU.

    The encoder has L layers, the decoder M, each of H heads and D dimensions; V tokens are in the
    vocabulary. Row t of what the decoder gives is of where target token t is predicted: it sees the
    source and the target's tokens before t.
    """

    source: Tokens
    target: Tokens
    logits: Tensor  # (T, V)
    encoder_states: Tensor  # (L + 1, S, D), 0 the embedding output
    decoder_states: Tensor  # (M + 1, T, D)
    encoder_attentions: Tensor  # (L, H, S, S)
    decoder_attentions: Tensor  # (M, H, T, T)
    cross_attentions: Tensor  # (M, H, T, S): from the target (row) to the source (column)

    @property
    def bytes(self) -> int:
        return sum(part.nbytes for part in vars(self).values() if isinstance(part, Tensor))


@dataclass(eq=False)
class Seq2SeqLM:
    """A transformer that reads a source and writes a target, in evaluation mode."""

    part_kind: ClassVar[str] = "seq2seq-lm"

    net: Any
    tokenizer: Any
    description: str
    device: torch.device
    remarks: tuple[str, ...] = ()  # on how its weights were taken
    passes: Passes = field(default_factory=Passes)
    # tokens that source and target take at most, None where nothing bounds them
    context: int | None = field(init=False)
    _read: dict[tuple[tuple[int, ...], tuple[int, ...]], Seq2SeqReading] = field(
        default_factory=dict, init=False, repr=False
    )
    _room: int = field(default=_ROOM, init=False, repr=False)

    def __post_init__(self) -> None:
        self.context = context_of(self.net)

    @property
    def ends(self) -> list[int]:
        """The tokens that end a text."""
        return _several(self.net.generation_config.eos_token_id)

    @property
    def weight_bytes(self) -> int:
        return weight_bytes(self.net)

    def forget(self) -> None:
        """Let go of all readings, which the next who asks has made again."""
        self._read.clear()
        self._room = _ROOM

    def source(self, text: str) -> Tokens:
        """``text`` as the encoder's tokens. Raises LanguageModelError where it is too long."""
        return self._fitting(tokens_of(self.tokenizer, text))

    def target(self, text: str) -> Tokens:
        """``text`` as what the decoder is to write, its end among it. Raises LanguageModelError."""
        return self._fitting(tokens_of(self.tokenizer, text, target=True))

    def read(self, source: str, target: str) -> Seq2SeqReading:
        """Return all that the model gives where it reads ``source`` and has to write ``target``.

        The same two go through it once. Raises LanguageModelError.
        """
        tokens = self.source(source), self.target(target)
        key = tokens[0].ids, tokens[1].ids
        if key not in self._read:
            reading = self._passed(*tokens)
            if self._room > 0:
                self._room -= reading.bytes
                self._read[key] = reading
            self.passes.counted.add(key)
            return reading
        self.passes.count(forward=int(key not in self.passes.counted))
        self.passes.counted.add(key)
        return self._read[key]

    def logits(self, source: str, target: str) -> Tensor:
        """Float32 (T, V): row t is of token t of the target, given those before it."""
        return self.read(source, target).logits

    def log_probabilities(self, source: str, target: str) -> Tensor:
        """Of each token of ``target`` given all before it, natural logarithms, float64 (T,)."""
        reading = self.read(source, target)
        asked = torch.tensor(reading.target.ids)[:, None]
        return reading.logits.double().log_softmax(1).gather(1, asked)[:, 0]

    def greedy(self, source: str, most: int = 128) -> str:
        """The text of what ``greedy_tokens`` gives. Raises LanguageModelError."""
        return self.decoded(self.greedy_tokens(source, most))

    def decoded(self, written: Sequence[int]) -> str:
        """What was written, as text without special tokens."""
        return str(self.tokenizer.decode(written, skip_special_tokens=True))

    def greedy_tokens(self, source: str, most: int = 128) -> tuple[int, ...]:
        """The likeliest token at each step, to its end or ``most`` tokens.

        Tokens that the model's ``generation_config.json`` forbids are not written, and one that it
        forces comes first. A step is a pass. Raises LanguageModelError.
        """
        if self.context is not None:
            most = min(most, self.context)
        told = self.net.generation_config
        never = _several([run[0] for run in told.bad_words_ids or () if len(run) == 1])
        never += _several(told.suppress_tokens)
        first = _several(told.forced_bos_token_id)
        tokens = self.source(source)
        written: list[int] = []
        with torch.inference_mode():
            read = self._through(self.net.get_encoder(), tokens, input_ids=_row(tokens.ids))
            while len(written) < most and not (written and written[-1] in self.ends):
                given = self._through(
                    self.net,
                    tokens,
                    encoder_outputs=read,
                    decoder_input_ids=_row([self.start(), *written]),
                )
                self.passes.count(forward=1)
                scores = given.logits[0, -1]
                scores[[token for token in never if 0 <= token < len(scores)]] = -torch.inf
                written.append(first[0] if first and not written else int(scores.argmax()))
        return tuple(written)

    def _passed(self, source: Tokens, target: Tokens) -> Seq2SeqReading:
        if not len(source) or not len(target):
            raise LanguageModelError(f"{self.description} was given no token; write a text")
        self.passes.count(forward=1)
        with torch.inference_mode():
            given = self._through(
                self.net,
                source,
                input_ids=_row(source.ids),
                decoder_input_ids=_row([self.start(), *target.ids[:-1]]),
                output_hidden_states=True,
                output_attentions=True,
            )
        parts = {"logits": given.logits[0].cpu()}
        for name, theirs in _OUTPUTS.items():
            layers = given.get(theirs)
            if not layers or any(layer is None for layer in layers):
                raise LanguageModelError(
                    f"{self.description} gives no {theirs}; take a model like T5 or BART"
                )
            parts[name] = torch.cat(layers).cpu()
        if not all(part.isfinite().all() for part in parts.values()):
            raise LanguageModelError(
                f"{self.description} gives NaN or infinity for {short(source.text)}; "
                "take a checkpoint from before training diverged"
            )
        return Seq2SeqReading(source=source, target=target, **parts)

    def _through(self, net: Any, source: Tokens, **given: Any) -> Any:
        put = {k: v.to(self.device) if isinstance(v, Tensor) else v for k, v in given.items()}
        cached = {} if net is not self.net else {"use_cache": False}
        try:
            return net(**put, **cached)
        except Exception as error:  # the network may be of any kind
            raise LanguageModelError(
                f"{self.description} cannot read {short(source.text)} "
                f"({one_line(f'{type(error).__name__}: {error}', 120)}); "
                "take a model like T5 or BART"
            ) from None

    def start(self) -> int:
        """The token that a target begins with. Raises LanguageModelError."""
        found = self.net.generation_config.decoder_start_token_id
        if found is None:
            found = getattr(self.net.config, "decoder_start_token_id", None)
        if not isinstance(found, int):
            raise LanguageModelError(
                f"{self.description} says not what its target begins with; "
                "name decoder_start_token_id in its config.json"
            )
        return found

    def _fitting(self, tokens: Tokens) -> Tokens:
        if self.context is not None and self.context < len(tokens):
            raise LanguageModelError(
                f"{self.description} takes {self.context} tokens, a text has {len(tokens)}: "
                f"{short(tokens.text)}; shorten it"
            )
        return tokens


def load_seq2seq_lm(
    folder: Path, description: str, device: torch.device, randomized: int | None = None
) -> Seq2SeqLM:
    """The sequence-to-sequence model in ``folder``, with random weights if ``randomized``.

    Raises LanguageModelError, TokenError.
    """
    model = Seq2SeqLM(**vars(load_network(folder, description, device, SEQ2SEQ, randomized)))
    short_one, long_one = (made_up(model.tokenizer, length) for length in (3, 6))

    def read(texts: Sequence[Tokens]) -> list[Tensor]:
        return [model._passed(tokens, tokens).logits for tokens in texts]

    refuse_unsteady_reading(read, short_one, long_one, model.description)
    model.passes = Passes()
    return model


def _row(ids: Sequence[int]) -> Tensor:
    return torch.tensor([list(ids)])


def _several(told: Any) -> list[int]:
    """The tokens that a configuration names, which may be one, several or none."""
    named = told if isinstance(told, list | tuple) else [told]
    return [token for token in named if isinstance(token, int)]
