from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from quizproof.probes.models.tokens import TokenError
from quizproof.probes.models.word_vectors import word_vectors
from tests.planted_language import language_model

SENTENCES = ("The cat sat on a mat .", "It was playing in a garden", "playing dog playing")


def test_they_are_what_a_plain_call_gives(tmp_path: Path) -> None:
    model = language_model(tmp_path)
    found = word_vectors(model, SENTENCES[1:], "playing#1")  # play ##ing
    assert found.shape == (4, 2, 8)
    for column, (sentence, places) in enumerate(
        ((SENTENCES[1], slice(3, 5)), (SENTENCES[2], slice(1, 3)))  # the first of two
    ):
        given = model.net(
            **model.tokenizer(sentence, return_tensors="pt"), output_hidden_states=True
        )
        plain = torch.stack([state[0, places].mean(dim=0) for state in given.hidden_states])
        np.testing.assert_allclose(found[:, column], plain.numpy(), atol=1e-5)


def test_each_sentence_is_read_once(tmp_path: Path) -> None:
    model = language_model(tmp_path)
    word_vectors(model, SENTENCES[1:], "playing#1")
    word_vectors(model, SENTENCES[1:2], "garden")
    assert model.passes.forward == 2


def test_nothing_is_read_where_it_is_not_said_which_is_meant(tmp_path: Path) -> None:
    model = language_model(tmp_path)
    with pytest.raises(TokenError, match="'playing' stands 2 times in “playing dog playing”"):
        word_vectors(model, SENTENCES[1:], "playing")
    assert model.passes.forward == 0


def test_nothing_is_read_where_a_sentence_lacks_the_word(tmp_path: Path) -> None:
    model = language_model(tmp_path)
    with pytest.raises(TokenError, match="'playing' is not in “The cat sat"):
        word_vectors(model, SENTENCES, "playing")
    assert model.passes.forward == 0
