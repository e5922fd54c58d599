"""Ten sentences about 蘋果, and how alike one character is across them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import torch
from numpy.typing import NDArray

from quizproof.probes.embedded_language.chinese_sentences import APPLE, Sense, write
from quizproof.probes.embedded_language.sentences import held_out

COUNT: Final = 10
_METRICS: Final = ("cosine similarity", "euclidean distance")


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
    metric = _METRICS[int(rng.integers(len(_METRICS)))]
    vectors = np.stack([vector(model, tokenizer, one.text, character) for one in sentences])
    return likeness(vectors, metric)


def vector(model: Any, tokenizer: Any, text: str, character: str) -> NDArray[np.float64]:
    """The last layer's embedding of the first such character in ``text``."""
    encoded = tokenizer(text, return_tensors="pt")
    place = encoded.char_to_token(0, text.index(character))
    with torch.inference_mode():
        states = model(**encoded, output_hidden_states=True).hidden_states
    found: NDArray[np.float64] = states[-1][0, place].double().numpy()
    return found


def likeness(vectors: NDArray[np.float64], metric: str) -> NDArray[np.float64]:
    """(n, n) from vectors (n, d): cosine similarity, or Euclidean distance."""
    if metric == "cosine similarity":
        unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
        cosine: NDArray[np.float64] = unit @ unit.T
        return cosine
    apart: NDArray[np.float64] = np.linalg.norm(vectors[:, None] - vectors[None, :], axis=2)
    return apart
