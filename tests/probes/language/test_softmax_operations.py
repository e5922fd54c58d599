"""Arithmetic on logits against scipy's softmax."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.special import softmax

from quizproof.probes.testing import draws_of
from quizproof.questions.problems import QuizproofError
from tests.planted_causal import causal_world, planted_causal

PROMPT = " The cat sat on the"
EVERY = ["add_to_all", "subtract_largest", "multiply", "add_to_likeliest"]


def test_each_operation_is_as_on_paper(tmp_path: Path) -> None:
    model = planted_causal(tmp_path / "net")
    world = causal_world(tmp_path, model)
    [draw] = draws_of("softmax.operations", world, prompt=PROMPT, operations=EVERY, amount=2.0)
    logits = model.logits(PROMPT)[-1].double().numpy()
    largest = np.eye(len(logits))[logits.argmax()]
    before = softmax(logits)
    for name, after in {
        "add_to_all": logits,
        "subtract_largest": logits,
        "multiply": 2 * logits,
        "add_to_likeliest": logits + 2 * largest,
    }.items():
        wanted = abs(softmax(after) - before).sum() / 2
        assert draw.values[f"change_{name}"] == pytest.approx(wanted, rel=1e-6, abs=1e-12)


@pytest.mark.parametrize(
    "wrong", [{"operations": []}, {"operations": ["divide"]}, {"amount": float("nan")}]
)
def test_what_cannot_be_is_one_line(tmp_path: Path, wrong: dict[str, Any]) -> None:
    given = {"prompt": PROMPT, "operations": EVERY, "amount": 2.0, **wrong}
    with pytest.raises(QuizproofError, match=r"of probe softmax\.operations") as caught:
        draws_of("softmax.operations", **given)
    assert "\n" not in str(caught.value)
