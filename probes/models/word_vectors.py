"""A word's vectors in sentences that a language model reads."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from quizproof.probes.models.language_models import LanguageModel


def word_vectors(model: LanguageModel, sentences: Sequence[str], word: str) -> NDArray[np.float64]:
    """Of ``word`` in each of N sentences, after every layer: (L + 1, N, D).

    Layer 0 is the embedding output. The vector of a word of several tokens is their mean. Raises
    TokenError where a sentence lacks the word or the tokenizer has no tokens for it alone,
    LanguageModelError for a sentence that is too long.
    """
    sequences = [model.tokens(sentence) for sentence in sentences]
    places = [tokens.places(word) for tokens in sequences]
    readings = model.read_all(sequences)
    return np.stack(
        [
            reading.hidden_states[:, place].double().mean(dim=1).numpy()
            for reading, place in zip(readings, places, strict=True)
        ],
        axis=1,
    )
