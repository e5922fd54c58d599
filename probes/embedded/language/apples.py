"""Ten sentences about 蘋果, and how alike one character is across them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import torch
from numpy.typing import NDArray

from quizproof.probes.language.grammar.chinese import APPLE, Sense, write
from quizproof.probes.language.grammar.sentences import held_out
from quizproof.probes.methods.embedding_similarity import (
    cosine_similarity,
    euclidean_distance,
    pairwise,
)
from quizproof.probes.models.language_models import LanguageModel
from quizproof.probes.models.word_vectors import word_vectors

COUNT: Final = 10
_METRICS: Final = {
    "cosine similarity": cosine_similarity,
    "euclidean distance": euclidean_distance,
}


@dataclass(frozen=True)
class AppleSentence:
    """A sentence with 蘋果 once, and which one is meant."""

    text: str
    sense: Sense


def ten_sentences(seed: int) -> list[AppleSentence]:
    """Ten held-out sentences, fruit and company by turns, in which each character stands once."""
    rng = np.random.default_rng(seed)
    found: list[AppleSentence] = []
    while len(found) < COUNT:
        sense: Sense = "company" if len(found) % 2 else "fruit"
        text = write(rng, sense, apple=True).text
        alone = all(text.count(character) == 1 for character in APPLE)
        if alone and held_out(text) and text not in {one.text for one in found}:
            found.append(AppleSentence(text, sense))
    return found


def reference_matrix(
    model: Any, tokenizer: Any, sentences: list[AppleSentence], seed: int
) -> NDArray[np.float64]:
    """(10, 10): one character in sentence i against sentence j, as the last layer has it.

    Which character and which measure is for the reader of the matrix to find out: the seed draws
    them, and nothing writes them down.
    """
    rng = np.random.default_rng([seed, COUNT])
    character = APPLE[int(rng.integers(len(APPLE)))]
    metric = list(_METRICS)[int(rng.integers(len(_METRICS)))]
    reader = LanguageModel(
        net=model, tokenizer=tokenizer, description="the Chinese model", device=torch.device("cpu")
    )
    vectors = word_vectors(reader, [one.text for one in sentences], character)
    return likeness(vectors[-1], metric)


def likeness(vectors: NDArray[np.float64], metric: str) -> NDArray[np.float64]:
    """(n, n) from vectors (n, d): cosine similarity, or Euclidean distance."""
    return pairwise(_METRICS[metric], vectors)
