"""Language models whose hidden states are planted, for tests of what is made of them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any, TypeAlias

import torch
from torch import Tensor, nn

from quizproof.probes.bench import Bench
from quizproof.probes.models.language_models import LanguageModel
from quizproof.probes.models.transformers_import import transformers
from tests.planted_language import language_pack

States: TypeAlias = Callable[[Tensor, Tensor], Tensor]
"""From token ids and mask, both (B, T), to hidden states (L + 1, B, T, D)."""


class PlantedStates(nn.Module):
    """A network with hidden states given by a function, and attention to nothing in particular."""

    def __init__(self, states: States, layers: int) -> None:
        super().__init__()
        self.states = states
        self.config = SimpleNamespace(
            num_hidden_layers=layers,
            num_attention_heads=1,
            max_position_embeddings=64,
            type_vocab_size=1,
        )

    def forward(self, input_ids: Tensor, attention_mask: Tensor, **_: Any) -> Any:
        batch, length = input_ids.shape
        return transformers().modeling_outputs.BaseModelOutput(
            hidden_states=tuple(self.states(input_ids, attention_mask)),
            attentions=(torch.full((batch, 1, length, length), 1 / length),)
            * self.config.num_hidden_layers,
        )


def chinese_bench(folder: Path, model: LanguageModel) -> Bench:
    """A bench of a pack with nothing in it, whose Chinese model is ``model``."""
    return Bench(language_pack(folder / "pack"), seed=0, loaded={"chinese": model})


def planted_states(tokenizer: Any, states: States, layers: int) -> LanguageModel:
    """A model with planted hidden states after each of ``layers`` layers, and before them."""
    return LanguageModel(PlantedStates(states, layers), tokenizer, "planted", torch.device("cpu"))


def merge(model: LanguageModel, word: str) -> None:
    """From now on the tokenizer of ``model`` has one token for ``word``."""
    model.tokenizer.add_tokens([transformers().AddedToken(word, normalized=False)])
