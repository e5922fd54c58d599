"""Language models that read sentences: hidden states, attentions, logits; each sentence once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from quizproof.probes.passes import Passes
from quizproof.probes.tokens import Tokens, load_tokenizer, tokens_of
from quizproof.probes.transformers_import import transformers
from quizproof.questions.problems import QuizproofError, one_line

MASKED, READER, ENCODER = "ForMaskedLM", "ForQuestionAnswering", "Model"
_CLASSES = {
    MASKED: "AutoModelForMaskedLM",
    READER: "AutoModelForQuestionAnswering",
    ENCODER: "AutoModel",
}
_BATCH = 32  # sentences
_MASS = 4096  # tokens a batch, padding counted: few sentences at once where they are long
# heads that published checkpoints carry and that nothing here looks at
_UNUSED = ("pooler.", "cls.seq_relationship.")


class LanguageModelError(QuizproofError):
    """A language model that cannot be loaded whole, or that lacks what is asked of it."""


@dataclass(frozen=True)
class Reading:
    """What a model of L layers, H heads and D dimensions made of one sequence of T tokens."""

    tokens: Tokens
    hidden_states: Tensor  # (L + 1, T, D): 0 is the embedding output, L the last layer
    attentions: Tensor | None = None  # (L, H, T, T): from a token (row) to a token (column)
    logits: Tensor | None = None  # (T, V) of a masked model
    ends: Tensor | None = None  # (2, T) of a reader: logits of the answer's first and last token


@dataclass
class LanguageModel:
    """A transformer in evaluation mode with its tokenizer."""

    net: Any
    tokenizer: Any
    description: str
    device: torch.device
    passes: Passes = field(default_factory=Passes)
    _read: dict[tuple[tuple[int, ...], tuple[int, ...]], Reading] = field(default_factory=dict)

    @property
    def layers(self) -> int:
        return int(self.net.config.num_hidden_layers)

    @property
    def heads(self) -> int:
        return int(self.net.config.num_attention_heads)

    def tokens(self, text: str, pair: str | None = None) -> Tokens:
        """``text``, and ``pair`` after it, as tokens. Raises LanguageModelError if too long."""
        found = tokens_of(self.tokenizer, text, pair)
        most = getattr(self.net.config, "max_position_embeddings", None)
        if isinstance(most, int) and 0 < most < len(found):
            raise LanguageModelError(
                f"{self.description} takes {most} tokens, a sentence has {len(found)}: "
                f"“{one_line(text)[:40]}…”; shorten it"
            )
        return found

    def read(self, tokens: Tokens) -> Reading:
        """What the model makes of one sequence."""
        return self.read_all([tokens])[0]

    def read_all(self, sequences: Sequence[Tokens]) -> list[Reading]:
        """What it makes of each, remembered: the same sequence goes through it once.

        Sequences of about one length go together; padding is masked and changes nothing. A
        sequence that was read before counts once more: what rests on it rests on a pass.
        """
        asked = {(s.ids, s.types): s for s in sequences}
        fresh = {key: s for key, s in asked.items() if key not in self._read}
        self.passes.forward += len(asked) - len(fresh)
        for batch in batches(list(fresh.values())):
            for tokens, reading in zip(batch, self.passed(batch), strict=True):
                self._read[tokens.ids, tokens.types] = reading
        return [self._read[s.ids, s.types] for s in sequences]

    def passed(self, batch: Sequence[Tokens]) -> Iterator[Reading]:
        """What it makes of each of a batch, in one pass, and not remembered."""
        self.passes.forward += len(batch)
        longest = max(map(len, batch))
        ids, types, there = (torch.zeros(len(batch), longest, dtype=torch.long) for _ in range(3))
        for row, tokens in enumerate(batch):
            ids[row, : len(tokens)] = torch.tensor(tokens.ids)
            types[row, : len(tokens)] = torch.tensor(tokens.types)
            there[row, : len(tokens)] = 1
        taken = {"input_ids": ids, "attention_mask": there}
        if getattr(self.net.config, "type_vocab_size", 0) > 1:
            taken["token_type_ids"] = types
        with torch.inference_mode():
            given = self.net(
                **{name: value.to(self.device) for name, value in taken.items()},
                output_hidden_states=True,
                output_attentions=True,
            )
        states, attentions = self._whole(given)
        for row, tokens in enumerate(batch):
            used = len(tokens)
            ends = None
            if "start_logits" in given:
                ends = torch.stack([given.start_logits[row, :used], given.end_logits[row, :used]])
            yield Reading(
                tokens,
                torch.stack([state[row, :used] for state in states]).cpu(),
                torch.stack([maps[row, :, :used, :used] for maps in attentions]).cpu(),
                given.logits[row, :used].cpu() if "logits" in given else None,
                None if ends is None else ends.cpu(),
            )

    def _whole(self, given: Any) -> tuple[tuple[Tensor, ...], tuple[Tensor, ...]]:
        states, attentions = given.hidden_states, given.attentions
        if not attentions or any(maps is None for maps in attentions):
            raise LanguageModelError(
                f"{self.description} gives no attention weights; "
                'load it with attn_implementation="eager"'
            )
        if not states or len(states) != self.layers + 1 or len(attentions) != self.layers:
            raise LanguageModelError(
                f"{self.description} gives {len(states or ())} hidden states and "
                f"{len(attentions)} attention maps for {self.layers} layers"
            )
        return states, attentions


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


def load_language_model(folder: Path, description: str, device: torch.device) -> LanguageModel:
    """The model in ``folder``, as ``from_pretrained`` lays it out, with the head it was saved with.

    Only safetensors is read, no code of the folder is run, and every weight must come from the
    file. Raises LanguageModelError, TokenError.
    """
    tokenizer = load_tokenizer(folder)
    try:
        config = transformers().AutoConfig.from_pretrained(
            folder, local_files_only=True, trust_remote_code=False
        )
        net, told = _auto(config).from_pretrained(
            folder,
            config=config,
            local_files_only=True,
            trust_remote_code=False,
            use_safetensors=True,
            attn_implementation="eager",
            dtype=torch.float32,
            output_loading_info=True,
        )
    except Exception as error:  # a damaged file raises nearly anything from its reader
        raise LanguageModelError(
            f"{folder} holds no model that can be loaded "
            f"({one_line(f'{type(error).__name__}: {error}')[:160]}); "
            "it takes config.json and model.safetensors"
        ) from None
    _refuse_partial(folder, net, told)
    return _model(net, tokenizer, description, device)


def random_language_model(model: LanguageModel, seed: int) -> LanguageModel:
    """The same architecture and tokenizer with random weights."""
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        net = type(model.net)(model.net.config)
    net.set_attn_implementation("eager")
    description = f"{model.description} with random weights"
    return _model(net, model.tokenizer, description, model.device)


def _model(net: Any, tokenizer: Any, description: str, device: torch.device) -> LanguageModel:
    net.eval().requires_grad_(False).to(device)
    return LanguageModel(net, tokenizer, description, device)


def _auto(config: Any) -> Any:
    """The class for the head that the checkpoint says it has."""
    name = str((config.architectures or [ENCODER])[0])
    head = next((head for head in (MASKED, READER) if name.endswith(head)), ENCODER)
    return getattr(transformers(), _CLASSES[head])


def _refuse_partial(folder: Path, net: Any, told: dict[str, Any]) -> None:
    """Raises LanguageModelError where a weight was left at random, or left out."""
    wrong = [
        *(f"{name} is missing" for name in sorted(told["missing_keys"]) if not _unused(name)),
        *(f"{name} is unexpected" for name in sorted(told["unexpected_keys"]) if not _unused(name)),
        *(f"{item[0]} has another shape" for item in sorted(told.get("mismatched_keys") or ())),
    ]
    if wrong:
        raise LanguageModelError(
            f"{folder} does not fit {type(net).__name__}: {one_line(wrong[0])}"
            + (f" and {len(wrong) - 1} more" if len(wrong) > 1 else "")
            + "; 'architectures' in config.json must name the model that was saved"
        )
    if bad := next((n for n, p in net.named_parameters() if not p.isfinite().all()), None):
        raise LanguageModelError(f"{folder} has a weight that is no number, in {bad}")


def _unused(name: str) -> bool:
    return any(name.removeprefix("bert.").startswith(part) for part in _UNUSED)
