from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from quizproof.probes.methods.attention_relations import (
    RELATIONS,
    RelationError,
    attend_most,
    attention_along,
    attention_to_words,
    relation,
    without_special,
)
from quizproof.probes.models.tokens import Tokens, tokens_of
from tests.planted_language import language_tokenizer

# [CLS] The cat play ##ing saw a cat . [SEP]
TEXT = "The cat playing saw a cat ."
#           0  1  2  3  4  5  6  7  8  9
TARGETS = {
    "full_stop": {1: [8], 2: [8], 3: [8], 4: [8], 5: [8], 6: [8], 7: [8]},
    "previous": {2: [1], 3: [2], 4: [3], 5: [4], 6: [5], 7: [6], 8: [7]},
    "same": {1: [1], 2: [2, 7], 3: [3], 4: [4], 5: [5], 6: [6], 7: [2, 7], 8: [8]},
    "next": {1: [2], 2: [3], 3: [4], 4: [5], 5: [6], 6: [7], 7: [8]},
    "special": {row: [0, 9] for row in range(1, 9)},
    "first": {row: [1] for row in range(2, 9)},
    "delimiter": {row: [8] for row in range(1, 8)},
}


@pytest.fixture(name="tokens")
def _tokens(tmp_path: Path) -> Tokens:
    return tokens_of(language_tokenizer(tmp_path), TEXT)


def attentions(size: int, seed: int = 0, layers: int = 2, heads: int = 3) -> torch.Tensor:
    weights = np.random.default_rng(seed).random((layers, heads, size, size))
    return torch.from_numpy(weights / weights.sum(axis=3, keepdims=True)).float()


@pytest.mark.parametrize("name", RELATIONS)
def test_relations_are_those_written_by_hand(name: str, tokens: Tokens) -> None:
    found = relation(name, tokens)
    assert tokens.names[3:5] == ("play", "##ing")
    expected = np.zeros((10, 10), bool)
    for row, columns in TARGETS[name].items():
        expected[row, columns] = True
    np.testing.assert_array_equal(found, expected)


@pytest.mark.parametrize("name", RELATIONS)
def test_by_a_head_that_does_one_thing_all_attend_to_it_most(name: str, tokens: Tokens) -> None:
    weights = torch.zeros(1, 3, 10, 10)
    weights[:, 1] = 0.1
    weights[0, ::2, :, 0] = 1
    for row, columns in TARGETS[name].items():
        weights[0, 0, row] = 0
        weights[0, 0, row, columns] = 1 / len(columns)
    for row in list(TARGETS[name])[::2]:  # every other one
        weights[0, 2, row] = weights[0, 0, row]
    found = attend_most(name, [(tokens, weights)])
    rows = len(TARGETS[name])
    assert found.shape == (1, 3)
    elsewhere = 1.0 if name == "special" else (rows + 1) // 2 / rows
    assert found[0].tolist() == [1.0, 0.0, pytest.approx(elsewhere)]


@pytest.mark.parametrize("name", RELATIONS)
def test_every_token_of_every_sentence_counts_once(name: str, tmp_path: Path) -> None:
    tokenizer = language_tokenizer(tmp_path)
    readings = []
    for seed, text in enumerate((TEXT, "It sat .", "The big red dog saw her in a garden .")):
        tokens = tokens_of(tokenizer, text)
        readings.append((tokens, attentions(len(tokens), seed)))
    found = attend_most(name, readings)
    for layer in range(2):
        for head in range(3):
            most = []
            for tokens, weights in readings:
                targets = relation(name, tokens)
                hidden = tokens.special() if name != "special" else (False,) * len(tokens)
                for row in range(len(tokens)):
                    if any(targets[row]):
                        given = [
                            -1.0 if h else float(w)
                            for h, w in zip(hidden, weights[layer, head, row], strict=True)
                        ]
                        most.append(bool(targets[row, int(np.argmax(given))]))
            assert float(found[layer, head]) == pytest.approx(np.mean(most))


@pytest.mark.parametrize("name", RELATIONS)
def test_attention_along_a_relation_is_the_mean_of_what_goes_to_it(
    name: str, tokens: Tokens
) -> None:
    weights = attentions(len(tokens))
    found = attention_along(name, [(tokens, weights)])
    kept = range(10) if name == "special" else range(1, 9)
    shares = [
        float(weights[1, 2, row, columns].sum() / weights[1, 2, row, kept].sum())
        for row, columns in TARGETS[name].items()
    ]
    assert float(found[1, 2]) == pytest.approx(np.mean(shares))
    with pytest.raises(RelationError, match="no token has"):
        attention_along(name, [(tokens.masked([3]), torch.zeros(1, 1, 10, 10))][:0])


def test_special_tokens_are_hidden_and_rows_sum_to_one_again(tokens: Tokens) -> None:
    weights = attentions(10)
    weights[0, 0, 4] = 0
    weights[0, 0, 4, [0, 9]] = 0.5
    shown = without_special(weights, tokens)
    assert shown[..., [0, 9]].abs().max() == 0
    assert shown[0, 0, 4].sum() == 0
    row = weights[1, 2, 3].double()
    np.testing.assert_allclose(shown[1, 2, 3, 1:9], row[1:9] / row[1:9].sum(), atol=1e-12)
    np.testing.assert_allclose(shown[0, 1:].sum(dim=2), 1, atol=1e-12)


def test_a_relation_that_no_token_stands_in_is_an_error(tmp_path: Path) -> None:
    tokens = tokens_of(language_tokenizer(tmp_path), "The cat sat")
    with pytest.raises(RelationError, match="no token has a full stop token in “The cat sat”"):
        attend_most("full_stop", [(tokens, attentions(len(tokens)))])


def test_a_single_word_has_neither_a_next_nor_a_previous_one(tmp_path: Path) -> None:
    tokens = tokens_of(language_tokenizer(tmp_path), "cat")
    for name in ("previous", "next"):
        assert not relation(name, tokens).any()


def test_an_unknown_relation_is_an_error(tokens: Tokens) -> None:
    with pytest.raises(RelationError, match="they are full_stop, previous"):
        relation("nearest", tokens)


def test_to_a_word_is_the_sum_over_its_pieces_from_a_word_the_mean() -> None:
    weights = attentions(6)
    found = attention_to_words(weights, [1, 2], [[0], [3, 4], [], [5]])
    assert found.shape == (2, 3, 4)
    for layer in range(2):
        for head in range(3):
            rows = weights[layer, head].double().numpy()
            mean = (rows[1] + rows[2]) / 2
            expected = [mean[0], mean[3] + mean[4], 0, mean[5]]
            np.testing.assert_allclose(found[layer, head], expected, atol=1e-12)
