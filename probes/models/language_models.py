"""Language models that read sentences: hidden states, attentions, logits; each sentence once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

import torch
from torch import Tensor, nn

from quizproof.probes.models.passes import Passes
from quizproof.probes.models.tokens import Tokens, tokens_of
from quizproof.questions.problems import QuizproofError, one_line

_BATCH = 32  # sentences
_MASS = 4096  # tokens a batch, padding counted: few sentences at once where they are long
_ROOM = 1 << 30  # bytes of readings that are remembered


class LanguageModelError(QuizproofError):
    """A language model that cannot be loaded whole, or that lacks what is asked of it."""


@dataclass(frozen=True)
class Reading:
    """Outputs of a model of L layers, H heads and D dimensions for one sequence of T tokens."""

    tokens: Tokens
    hidden_states: Tensor  # (L + 1, T, D): 0 is the embedding output, L the last layer
    attentions: Tensor | None = None  # (L, H, T, T): from a token (row) to a token (column)
    logits: Tensor | None = None  # (T, V) of a masked model, where one of the tokens is masked
    ends: Tensor | None = None  # (2, T) of a reader: logits of the answer's first and last token

    @property
    def bytes(self) -> int:
        parts = (self.hidden_states, self.attentions, self.logits, self.ends)
        return sum(part.nbytes for part in parts if part is not None)


@dataclass(eq=False)
class LanguageModel:
    """A transformer in evaluation mode with its tokenizer."""

    part_kind: ClassVar[str] = "masked-lm"

    net: Any
    tokenizer: Any
    description: str
    device: torch.device
    passes: Passes = field(default_factory=Passes)
    remarks: tuple[str, ...] = ()  # on how its weights were taken
    # tokens that it takes at most, None where nothing bounds them
    context: int | None = field(init=False)
    _read: dict[tuple[tuple[int, ...], tuple[int, ...]], Reading] = field(default_factory=dict)
    _room: int = _ROOM

    def __post_init__(self) -> None:
        self.context = context_of(self.net)

    @property
    def layers(self) -> int:
        return int(self.net.config.num_hidden_layers)

    @property
    def heads(self) -> int:
        return int(self.net.config.num_attention_heads)

    @property
    def weight_bytes(self) -> int:
        return weight_bytes(self.net)

    def forget(self) -> None:
        """Let go of all readings, which the next who asks has made again."""
        self._read.clear()
        self._room = _ROOM

    def tokens(self, text: str, pair: str | None = None) -> Tokens:
        """``text``, and ``pair`` after it, as tokens. Raises LanguageModelError if too long."""
        found = tokens_of(self.tokenizer, text, pair)
        if self.context is not None and self.context < len(found):
            raise LanguageModelError(
                f"{self.description} takes {self.context} tokens, a sentence has {len(found)}: "
                f"{short(text)}; shorten it"
            )
        return found

    def read(self, tokens: Tokens) -> Reading:
        """Return the model's reading of one sequence. Raises LanguageModelError."""
        return self.read_all([tokens])[0]

    def read_all(self, sequences: Sequence[Tokens]) -> list[Reading]:
        """Return the model's reading of each, remembered: the same sequence goes through it once.

        Sequences of about one length go together; padding is masked and changes nothing. One that
        was read for an earlier question counts as a pass of this one, too, since it rests on it.
        Once a gigabyte is remembered, what is new goes through it each time. Raises
        LanguageModelError.
        """
        asked = {(s.ids, s.types): s for s in sequences}
        found = {key: self._read[key] for key in asked if key in self._read}
        fresh = {key: s for key, s in asked.items() if key not in found}
        self.passes.count(forward=len(asked.keys() - fresh.keys() - self.passes.counted))
        self.passes.counted |= asked.keys()
        for batch in batches(list(fresh.values())):
            for tokens, reading in zip(batch, self.passed(batch), strict=True):
                found[tokens.ids, tokens.types] = reading
                if self._room > 0:
                    self._room -= reading.bytes
                    self._read[tokens.ids, tokens.types] = reading
        return [replace(found[s.ids, s.types], tokens=s) for s in sequences]

    def passed(self, batch: Sequence[Tokens]) -> Iterator[Reading]:
        """Yield the model's reading of each of a batch, in one pass, and not remembered.

        Raises LanguageModelError.
        """
        self.passes.count(forward=len(batch))
        given = self.through(batch)
        states, attentions = self._whole(given)
        for row, tokens in enumerate(batch):
            used = len(tokens)
            ends = None
            if "start_logits" in given:
                ends = torch.stack([given.start_logits[row, :used], given.end_logits[row, :used]])
            kept = "logits" in given and self._keeps_logits(tokens)
            yield self._finite(
                Reading(
                    tokens=tokens,
                    hidden_states=torch.stack([state[row, :used] for state in states]).cpu(),
                    attentions=torch.stack(
                        [maps[row, :, :used, :used] for maps in attentions]
                    ).cpu(),
                    logits=given.logits[row, :used].cpu() if kept else None,
                    ends=None if ends is None else ends.cpu(),
                )
            )

    def _keeps_logits(self, tokens: Tokens) -> bool:
        # a vocabulary's worth for each token of a corpus would be most of what is kept
        return tokens.mask in tokens.ids

    def through(self, batch: Sequence[Tokens]) -> Any:
        """Return all that the network gives for ``batch``, padded; no pass is counted.

        Raises LanguageModelError.
        """
        longest = max(map(len, batch))
        ids, types, there = (torch.zeros(len(batch), longest, dtype=torch.long) for _ in range(3))
        ids += getattr(self.net.config, "pad_token_id", None) or 0
        for row, tokens in enumerate(batch):
            ids[row, : len(tokens)] = torch.tensor(tokens.ids)
            types[row, : len(tokens)] = torch.tensor(tokens.types)
            there[row, : len(tokens)] = 1
        taken = {"input_ids": ids, "attention_mask": there}
        if getattr(self.net.config, "type_vocab_size", 0) > 1:
            taken["token_type_ids"] = types
        try:
            with torch.inference_mode():
                return self.net(
                    **{name: value.to(self.device) for name, value in taken.items()},
                    output_hidden_states=True,
                    output_attentions=True,
                )
        except LanguageModelError:  # of a hook
            raise
        except Exception as error:  # the network may be of any kind
            raise LanguageModelError(
                f"{self.description} cannot read {short(batch[-1].text)} "
                f"({one_line(f'{type(error).__name__}: {error}', 120)}); take a model like BERT"
            ) from None

    def _whole(self, given: Any) -> tuple[tuple[Tensor, ...], tuple[Tensor, ...]]:
        states, attentions = given.get("hidden_states"), given.get("attentions")
        if not attentions or any(maps is None for maps in attentions):
            raise LanguageModelError(
                f"{self.description} gives no attention weights; "
                'load it with attn_implementation="eager"'
            )
        if not states or len(states) != self.layers + 1 or len(attentions) != self.layers:
            raise LanguageModelError(
                f"{self.description} gives {len(states or ())} hidden states and "
                f"{len(attentions)} attention maps for {self.layers} layers; take a model like BERT"
            )
        return states, attentions

    def _finite(self, reading: Reading) -> Reading:
        parts = (reading.hidden_states, reading.attentions, reading.logits, reading.ends)
        if any(part is not None and not part.isfinite().all() for part in parts):
            raise LanguageModelError(
                f"{self.description} gives NaN or infinity for {short(reading.tokens.text)}; "
                "take a checkpoint from before training diverged"
            )
        return reading


def context_of(net: Any) -> int | None:
    """The tokens that ``net`` has positions for, None where nothing bounds them."""
    most = getattr(net.config, "max_position_embeddings", None)
    if not isinstance(most, int) or most <= 0:
        return None
    for name, module in net.named_modules() if isinstance(net, nn.Module) else ():
        # RoBERTa's and those after it count positions from behind that of padding
        if name.endswith("position_embeddings") and isinstance(module, nn.Embedding):
            return most - (0 if module.padding_idx is None else module.padding_idx + 1)
    return most


def weight_bytes(net: Any) -> int:
    """The bytes of all weights of ``net``, each once."""
    return sum(weight.nbytes for weight in net.parameters())


def batches(sequences: list[Tokens]) -> Iterator[list[Tokens]]:
    """Sequences of about one length together, few of them where they are long."""
    batch: list[Tokens] = []
    for tokens in sorted(sequences, key=len):
        if batch and (len(batch) == _BATCH or len(tokens) * (len(batch) + 1) > _MASS):
            yield batch
            batch = []
        batch.append(tokens)
    if batch:
        yield batch


def short(text: str) -> str:
    """``text`` in a line of some forty characters, in quotes."""
    line = one_line(text)
    return f"“{line if len(line) <= 40 else line[:39] + '…'}”"
