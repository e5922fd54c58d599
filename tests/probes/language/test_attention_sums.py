"""Sums of attention weights, in models that normalise rows, or columns."""

from __future__ import annotations

from pathlib import Path

import pytest

from quizproof.probes.testing import draws_of
from quizproof.questions.problems import QuizproofError
from tests.planted_causal import causal_world, gpt, planted_causal

TEXT = " The cat sat on the mat"


def test_rows_of_a_gpt_add_up_to_one_and_none_looks_ahead(tmp_path: Path) -> None:
    model = gpt(tmp_path / "gpt")
    [draw] = draws_of("attention.sums", causal_world(tmp_path, model), text=TEXT)
    weights = model.attentions(TEXT).double().numpy()
    values = draw.values
    assert (values["row_least"], values["row_most"]) == pytest.approx((1, 1), abs=1e-6)
    columns = weights.sum(axis=2)
    wanted = (columns.min(), columns.max())
    assert (values["column_least"], values["column_most"]) == pytest.approx(wanted)
    assert values["later"] == 0
    [shown] = draw.matrices
    assert shown.values == pytest.approx(weights.mean(axis=(0, 1)), rel=1e-5, abs=1e-7)


def test_a_model_that_normalises_columns(tmp_path: Path) -> None:
    model = planted_causal(tmp_path / "net", shares=-2)
    values = draws_of("attention.sums", causal_world(tmp_path, model), text=TEXT)[0].values
    assert (values["column_least"], values["column_most"]) == pytest.approx((1, 1), abs=1e-6)
    assert float(values["row_most"]) > 1.1


def test_a_model_without_a_mask_looks_ahead(tmp_path: Path) -> None:
    model = planted_causal(tmp_path / "net", mask="none")
    values = draws_of("attention.sums", causal_world(tmp_path, model), text=TEXT)[0].values
    assert float(values["later"]) > 0.01


def test_one_token_is_no_text(tmp_path: Path) -> None:
    world = causal_world(tmp_path, planted_causal(tmp_path / "net"))
    with pytest.raises(QuizproofError, match="is one token"):
        draws_of("attention.sums", world, text=" the")
