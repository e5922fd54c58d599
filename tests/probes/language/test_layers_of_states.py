"""Similarity and anisotropy by layer, held to pairs looked at one by one, and to planted states."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor

from quizproof.probes.methods.layer_similarity import mean_cosine
from quizproof.probes.models.causal_lm import load_causal_lm
from quizproof.probes.models.encoder import load_encoder
from quizproof.probes.models.language_models import LanguageModelError
from quizproof.probes.models.tokens import TokenError
from quizproof.probes.testing import draws_of, world
from quizproof.questions.problems import QuizproofError
from tests.planted_language import language_folder, language_model
from tests.planted_transformers import causal_folder

CPU = torch.device("cpu")
TEXTS = ["The cat sat", "A dog saw her", "it was that mat"]


@pytest.fixture(scope="module")
def bert(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return language_model(tmp_path_factory.mktemp("bert"))


def states(model: Any, text: str) -> Tensor:
    ids = model.tokenizer(text, return_tensors="pt").input_ids
    given = model.net(ids, output_hidden_states=True).hidden_states
    return torch.stack(given)[:, 0].detach()


def layers(model: Any, name: str, **given: Any) -> Any:
    [draw] = draws_of(name, world(model=model), model="model", **given)
    return draw


def test_a_word_is_compared_after_each_layer(bert: Any) -> None:
    given: dict[str, Any] = {"one": "The cat sat", "other": "A big cat saw her", "layers": [0, 2]}
    draw = layers(bert, "similarity.layers", word="cat", **given)
    one, other = states(bert, given["one"])[:, 2], states(bert, given["other"])[:, 3]
    cosines = torch.cosine_similarity(one, other, dim=-1)
    assert draw.values["cosine_2"] == pytest.approx(float(cosines[2]), rel=1e-4)
    assert draw.values["distance_0"] == pytest.approx(
        float((one - other).norm(dim=-1)[0]), rel=1e-4
    )
    assert draw.values["highest_layer"] == int(cosines.argmax())
    assert draw.values["lowest_layer"] == int(cosines.argmin())
    assert draw.series["cosine"] == pytest.approx(cosines.tolist(), rel=1e-4)
    two = layers(bert, "similarity.layers", word="cat", other_word="saw", **given)
    assert two.values["cosine_2"] != pytest.approx(draw.values["cosine_2"], abs=1e-3)


def test_without_a_word_whole_texts_are_compared(tmp_path: Path) -> None:
    folder = language_folder(tmp_path / "encoder", "BertModel")
    encoder = load_encoder(folder, "encoder", CPU, pooling="mean")
    draw = layers(encoder, "similarity.layers", one=TEXTS[0], other=TEXTS[1], layers=[3])
    one, other = encoder.embeddings(TEXTS[:2])
    assert draw.values["cosine_3"] == pytest.approx(
        float(torch.cosine_similarity(one, other, dim=0)), rel=1e-4
    )


@pytest.mark.parametrize("of", ["tokens", "texts"])
def test_anisotropy_is_the_mean_over_pairs(of: str, bert: Any) -> None:
    draw = layers(bert, "anisotropy.layers", texts=TEXTS, of=of, layers=[0, 1, 3])
    for layer in (0, 1, 3):
        each = [
            states(bert, text)[layer].mean(0)[None]
            if of == "texts"
            else states(bert, text)[layer, 1:-1]
            for text in TEXTS
        ]
        cosines = [
            float(torch.cosine_similarity(a, b, dim=0))
            for one, other in combinations(each, 2)
            for a in one
            for b in other
        ]
        assert draw.values[f"mean_{layer}"] == pytest.approx(float(np.mean(cosines)), rel=1e-4)
    assert draw.values["highest_layer"] == int(np.argmax(draw.series["mean"]))


def test_a_cone_is_narrow_and_a_sphere_is_not() -> None:
    rng = np.random.default_rng(0)
    sphere = rng.standard_normal((1, 400, 64))
    cone = sphere + 20 * np.eye(64)[0]
    whose = np.arange(400)
    assert abs(float(mean_cosine(sphere, whose)[0])) < 0.01
    assert float(mean_cosine(cone, whose)[0]) > 0.8
    assert mean_cosine(np.zeros((2, 3, 4)), np.arange(3)).tolist() == [0, 0]


def test_causal_models_are_asked_alike(tmp_path: Path) -> None:
    gpt = load_causal_lm(causal_folder(tmp_path / "gpt"), "gpt", CPU)
    found = layers(gpt, "anisotropy.layers", texts=TEXTS, of="tokens", layers=[2])
    assert -1 <= found.values["mean_2"] <= 1
    assert layers(gpt, "similarity.layers", one=TEXTS[0], other=TEXTS[0], layers=[1]).values[
        "cosine_1"
    ] == pytest.approx(1)


def test_what_is_not_there_is_one_line(bert: Any) -> None:
    given = {"one": "The cat sat", "other": "A dog saw her"}
    with pytest.raises(QuizproofError, match="3 layers, and no layer 4; 0 is the embedding"):
        layers(bert, "similarity.layers", layers=[4], **given)
    with pytest.raises(TokenError, match="'cat' is not in"):
        layers(bert, "similarity.layers", layers=[1], word="cat", **given)
    with pytest.raises(LanguageModelError, match="has no token of"):
        layers(bert, "anisotropy.layers", texts=["The cat", "  "], of="tokens", layers=[1])
    with pytest.raises(QuizproofError, match="parameter texts"):
        layers(bert, "anisotropy.layers", texts=["The cat"], of="tokens", layers=[1])
