"""Causal models whose method is altered on purpose: other masks, caches and positions."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Literal

import torch
from torch import Tensor, nn

from quizproof.probes.bench import Bench
from quizproof.probes.models.causal_lm import CausalLM, load_causal_lm
from quizproof.probes.models.transformers_import import transformers
from tests.planted_language import language_pack
from tests.planted_transformers import WORDS, byte_tokenizer, causal_folder

Mask = Literal["causal", "none", "self", "backward"]


class PlantedNet(nn.Module):
    """A transformer of one head without MLPs, its weights random, that attends as ``mask`` says.

    Args:
        layers: of attention.
        mask: ``causal`` sees itself and what is before, ``backward`` itself and what is after.
        places: whether each token's place is added to it.
        shares: the dimension of the attention that is normalised: -1 rows, -2 columns.
        stale: what is added to the keys that a cache keeps.
        rough: whether what is read with a cache is rounded to halves.
        gain: what every weight of the attention is multiplied by.
        favourite: a token that is always the likeliest.
    """

    def __init__(
        self,
        vocabulary: int,
        *,
        layers: int = 2,
        mask: Mask = "causal",
        places: bool = True,
        shares: int = -1,
        stale: float = 0.0,
        rough: bool = False,
        gain: float = 1.0,
        favourite: int | None = None,
    ) -> None:
        super().__init__()
        self.rough, self.gain, self.favourite = rough, gain, favourite
        self.mask, self.places, self.shares, self.stale = mask, places, shares, stale
        self.config = SimpleNamespace(
            num_hidden_layers=layers, num_attention_heads=1, max_position_embeddings=32
        )
        generator = torch.Generator().manual_seed(0)

        def drawn(*shape: int) -> Tensor:
            return torch.randn(*shape, generator=generator)

        self.words: nn.Embedding = nn.Embedding(vocabulary, 8, _weight=drawn(vocabulary, 8))
        self.where = nn.Embedding(32, 8, _weight=drawn(32, 8))
        self.layers = [[drawn(8, 8) / 8**0.5 for _ in range(3)] for _ in range(layers)]

    def get_input_embeddings(self) -> nn.Embedding:
        return self.words

    def get_output_embeddings(self) -> nn.Embedding:
        return self.words

    def forward(
        self,
        input_ids: Tensor,
        attention_mask: Tensor | None = None,
        position_ids: Tensor | None = None,
        past_key_values: Any = None,
        use_cache: bool = False,
        output_hidden_states: bool = False,
        output_attentions: bool = False,
    ) -> Any:
        begun = 0 if past_key_values is None else past_key_values[0][0].shape[1]
        if position_ids is None:
            position_ids = torch.arange(input_ids.shape[1])[None] + begun
        state = self.words(input_ids)
        if self.places:
            state = state + self.where(position_ids)
        states, maps, kept = [state], [], []
        for number, (query, key, value) in enumerate(self.layers):
            keys, values = state @ key, state @ value
            if past_key_values is not None:
                old_keys, old_values = past_key_values[number]
                keys = torch.cat([old_keys + self.stale, keys], dim=1)
                values = torch.cat([old_values, values], dim=1)
            kept.append((keys, values))
            seen = self._seen(input_ids.shape[1], keys.shape[1])
            if attention_mask is not None:
                seen = seen & attention_mask.bool()[:, None]
            scores = (state @ query @ keys.transpose(1, 2)).masked_fill(~seen, -1e9)
            weights = scores.softmax(self.shares) * self.gain
            state = state + weights @ values
            states.append(state)
            maps.append(weights[:, None])
        logits = state @ self.words.weight.T
        if self.favourite is not None:
            logits[..., self.favourite] += 1e3
        if self.rough and use_cache:
            logits = (2 * logits).round() / 2
        return transformers().modeling_outputs.CausalLMOutputWithPast(
            logits=logits,
            hidden_states=tuple(states),
            attentions=tuple(maps),
            past_key_values=kept if use_cache else None,
        )

    def _seen(self, rows: int, columns: int) -> Tensor:
        place = torch.arange(columns - rows, columns)[:, None]
        other = torch.arange(columns)[None]
        return {
            "causal": other <= place,
            "none": other >= 0,
            "self": other == place,
            "backward": other >= place,
        }[self.mask] | torch.zeros(rows, columns, dtype=torch.bool)


def planted_causal(folder: Path, words: Iterable[str] = WORDS, **altered: Any) -> CausalLM:
    """A ``PlantedNet`` with a byte tokenizer that knows ``words``, taken as it is."""
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer = byte_tokenizer(folder, words)
    return CausalLM(
        net=PlantedNet(len(tokenizer), **altered).eval(),
        tokenizer=tokenizer,
        description="planted",
        device=torch.device("cpu"),
    )


def gpt(folder: Path, name: str = "GPT2", **config: Any) -> CausalLM:
    """A GPT-2, or another model of ``causal_folder``, with random weights."""
    return load_causal_lm(causal_folder(folder, name, **config), "gpt", torch.device("cpu"))


def causal_world(folder: Path, model: CausalLM) -> Bench:
    """A bench with ``model`` and nothing else."""
    return Bench(language_pack(folder / "pack"), seed=0, loaded={"gpt": model})
