"""Similarity of hidden states after each layer: of two words or texts, and of all on average.

Ethayarajh 2019 (arXiv 1909.00512), section 3: the cosine similarity of a word's vectors in two
contexts after a layer (equation 1), and the mean of that of words drawn from all contexts, which
says how narrow a cone the layer's vectors are in: its anisotropy.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from quizproof.probes.methods.embedding_similarity import unit_vectors
from quizproof.probes.models.language_models import LanguageModel, LanguageModelError, short
from quizproof.probes.models.word_vectors import word_vectors

Layers = NDArray[np.float64]


def vectors(model: LanguageModel, text: str, word: str | None) -> Layers:
    """After each layer, 0 the embedding output, the vector of ``word`` in ``text``: (L + 1, D).

    That of several tokens is their mean; of no word, that of all tokens, special ones among them,
    as sentence-transformers pools. Raises TokenError, LanguageModelError.
    """
    if word is not None:
        return word_vectors(model, [text], word)[:, 0]
    states: Layers = model.read(model.tokens(text)).hidden_states.double().mean(1).numpy()
    return states


def token_vectors(model: LanguageModel, texts: Sequence[str]) -> tuple[Layers, NDArray[np.int64]]:
    """The states of all texts' own tokens after each layer, (L + 1, N, D), and whose each is, (N,).

    Raises LanguageModelError where a text has none.
    """
    every, whose = [], []
    readings = model.read_all([model.tokens(text) for text in texts])
    for number, reading in enumerate(readings):
        own = [k for k, special in enumerate(reading.tokens.special()) if not special]
        if not own:
            raise LanguageModelError(
                f"{model.description} has no token of {short(reading.tokens.text)}; write a text"
            )
        every.append(reading.hidden_states[:, own].double().numpy())
        whose += [number] * len(own)
    return np.concatenate(every, axis=1), np.array(whose)


def mean_cosine(states: Layers, whose: NDArray[np.int64]) -> NDArray[np.float64]:
    """The mean cosine similarity of two of N vectors of different texts, by layer: (L + 1,).

    ``states`` are (L + 1, N, D), ``whose`` the text's number of each. Of the sum of a text's unit
    vectors, that of all pairs is what its square and the others' leave: no pair is looked at alone.
    """
    units = unit_vectors(states)
    numbers = np.unique(whose)
    sums = np.stack([units[:, whose == number].sum(1) for number in numbers], axis=1)
    counts = np.array([(whose == number).sum() for number in numbers])
    across = np.square(sums.sum(1)).sum(-1) - np.square(sums).sum((1, 2))
    pairs = float(counts.sum() ** 2 - np.square(counts).sum())
    found: NDArray[np.float64] = (across / pairs).clip(-1.0, 1.0)
    return found
