"""Output matrices that are the input's, others, or its inverse."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from quizproof.probes.testing import draws_of
from quizproof.questions.problems import QuizproofError
from tests.planted_causal import causal_world, gpt


def test_one_matrix_for_both(tmp_path: Path) -> None:
    model = gpt(tmp_path / "gpt")
    values = draws_of("weight_tying.embeddings", causal_world(tmp_path, model))[0].values
    counted = sum(one.numel() for one in model.net.parameters())
    assert (values["tied"], values["difference"]) == ("yes", 0)
    assert values["parameters"] == counted
    assert values["parameters_apart"] == counted + model.net.config.vocab_size * 16
    assert model.passes.forward == 0


def test_a_matrix_of_its_own_and_an_inverse(tmp_path: Path) -> None:
    model = gpt(tmp_path / "gpt", tie_word_embeddings=False)
    values = draws_of("weight_tying.embeddings", causal_world(tmp_path, model))[0].values
    given, out = model.net.get_input_embeddings().weight, model.net.lm_head.weight
    assert values["tied"] == "no"
    assert values["difference"] == pytest.approx(float((given - out).abs().max()), rel=1e-6)
    assert values["parameters"] == values["parameters_apart"]
    with torch.no_grad():
        out.copy_(torch.linalg.pinv(given).T)
    values = draws_of("weight_tying.embeddings", causal_world(tmp_path, model))[0].values
    assert values["from_inverse"] == pytest.approx(0, abs=1e-5)


def test_shapes_that_differ_are_one_line(tmp_path: Path) -> None:
    model = gpt(tmp_path / "gpt", tie_word_embeddings=False)
    model.net.lm_head = torch.nn.Linear(16, 5)
    with pytest.raises(QuizproofError, match="no output matrix of its input embedding's shape"):
        draws_of("weight_tying.embeddings", causal_world(tmp_path, model))
