"""English models whose readings are planted, and corpora, for tests of what is made of them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any, TypeAlias

import torch
from torch import Tensor

from quizproof.probes.bench import Bench
from quizproof.probes.models.language_models import LanguageModel, Reading
from quizproof.probes.models.tokens import Tokens
from tests.planted_language import file_of, language_pack, language_tokenizer

LAYERS = HEADS = 12
QUIZ = "The students visited the professor and asked her to teach them machine learning."

Plant: TypeAlias = Callable[[Tokens], tuple[Tensor, Tensor]]
"""From tokens to hidden states (L + 1, T, D) and attentions (L, H, T, T)."""


@dataclass(eq=False)
class PlantedReadings(LanguageModel):
    """A model that reads as ``plant`` says."""

    plant: Plant = lambda tokens: (no_states(tokens), even(tokens))

    def passed(self, batch: Sequence[Tokens]) -> Iterator[Reading]:
        self.passes.forward += len(batch)
        for tokens in batch:
            yield Reading(tokens, *self.plant(tokens))


def planted_readings(tokenizer: Any, plant: Plant) -> LanguageModel:
    """A model of 12 layers of 12 heads that takes 64 tokens and reads as ``plant`` says."""
    config = SimpleNamespace(
        num_hidden_layers=LAYERS, num_attention_heads=HEADS, max_position_embeddings=64
    )
    net = SimpleNamespace(config=config)
    return PlantedReadings(net, tokenizer, "planted", torch.device("cpu"), plant=plant)


def no_states(tokens: Tokens) -> Tensor:
    return torch.ones(LAYERS + 1, len(tokens), 4)


def even(tokens: Tokens) -> Tensor:
    """Attention spread evenly, by every head."""
    return torch.full((LAYERS, HEADS, len(tokens), len(tokens)), 1 / len(tokens))


def sentence(tagged: str, *links: tuple[int, int]) -> dict[str, Any]:
    """A line of a corpus, from ``word/TAG word/TAG …`` and (pronoun, referent) by place."""
    words, tags = zip(*(one.split("/") for one in tagged.split()), strict=True)
    return {
        "text": " ".join(words).replace(" .", "."),
        "words": list(words),
        "pos": list(tags),
        "links": [{"pronoun": p, "referent": r, "settled": True} for p, r in links],
    }


def english_bench(
    folder: Path,
    plant: Plant,
    corpus: Iterable[dict[str, Any]] = (),
    words: Iterable[str] | None = None,
) -> Bench:
    """A bench with a planted English model that knows the quiz's words, and ``words``: where none
    are given, the corpus's."""
    lines = list(corpus)
    known = [word for line in lines for word in line["words"]] if words is None else words
    spaced = QUIZ.replace(".", " .").split()
    model = planted_readings(language_tokenizer(folder / "tokenizer", [*spaced, *known]), plant)
    text = "".join(json.dumps(line) + "\n" for line in lines)
    roles = {"corpus": file_of(folder / "pack", "corpus.jsonl", text)} if lines else {}
    return Bench(language_pack(folder / "pack", **roles), 0, loaded={"english": model})
