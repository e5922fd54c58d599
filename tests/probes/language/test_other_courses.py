"""Questions of other courses that are about language: each is measured as it was written."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch

from quizproof.probes.models.causal_lm import load_causal_lm
from quizproof.probes.models.seq2seq_lm import load_seq2seq_lm
from quizproof.probes.testing import draws_of, world
from quizproof.questions.quiz import read_question
from tests.planted_language import language_model
from tests.planted_transformers import causal_folder, seq2seq_folder

COURSES = Path(__file__).parents[2] / "other_courses"
CPU = torch.device("cpu")


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("models")
    return {
        "gpt": load_causal_lm(causal_folder(folder / "gpt"), "gpt", CPU),
        "t5": load_seq2seq_lm(seq2seq_folder(folder / "t5", "T5"), "t5", CPU),
        "english": language_model(folder / "bert"),
    }


@pytest.mark.parametrize("number", ["q01", "q03", "q06", "q10"])
def test_they_are_measured_without_a_line_of_code(number: str, models: dict[str, Any]) -> None:
    question, _ = read_question(COURSES, number)
    assert question.probe is not None
    [draw] = draws_of(question.probe.name, world(**models), **question.probe.parameters)
    assert draw.values
