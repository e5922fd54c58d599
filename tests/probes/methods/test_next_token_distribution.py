"""Temperature, top-k and top-p, held to transformers' own and to what is known on paper."""

from __future__ import annotations

import math
from typing import Any

import pytest
import torch

from quizproof.probes.methods.next_token_distribution import distribution, entropy
from quizproof.probes.models.transformers_import import transformers
from quizproof.questions.problems import QuizproofError


def theirs(logits: torch.Tensor, **asked: Any) -> torch.Tensor:
    """What transformers samples from."""
    kinds = {
        "temperature": "TemperatureLogitsWarper",
        "top_k": "TopKLogitsWarper",
        "top_p": "TopPLogitsWarper",
    }
    scores = logits[None]
    for name, kind in kinds.items():
        if name in asked:
            scores = getattr(transformers(), kind)(asked[name])(None, scores)
    return scores[0].softmax(0)


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"temperature": 0.7},
        {"top_k": 5},
        {"top_p": 0.8},
        {"temperature": 2.0, "top_k": 20, "top_p": 0.9},
        {"top_k": 1},
        {"top_p": 1e-4},
    ],
)
def test_it_is_what_transformers_samples_from(asked: dict[str, Any]) -> None:
    logits = torch.randn(50, generator=torch.Generator().manual_seed(1)).double() * 2
    found = distribution(logits, **asked)
    assert torch.allclose(found, theirs(logits, **asked), rtol=1e-9, atol=0)
    assert float(found.sum()) == pytest.approx(1)


def test_the_nucleus_holds_what_crosses_its_bound() -> None:
    logits = torch.tensor([0.5, 0.3, 0.15, 0.05]).log()
    assert distribution(logits, top_p=0.6).tolist() == pytest.approx([0.625, 0.375, 0, 0])
    assert distribution(logits, top_p=0.4).tolist() == pytest.approx([1, 0, 0, 0])


def test_what_rounding_would_decide_is_an_error() -> None:
    logits = torch.tensor([0.5, 0.25, 0.25]).log()
    with pytest.raises(QuizproofError, match="bound of top_k 2 are equally likely"):
        distribution(logits, top_k=2)
    with pytest.raises(QuizproofError, match=r"hold top_p 0.5 of the probability but for rounding"):
        distribution(logits, top_p=0.5)
    assert distribution(logits, top_k=1).tolist() == [1, 0, 0]


def test_entropy_is_in_bits() -> None:
    assert entropy(torch.full((8,), 1 / 8)) == pytest.approx(3)
    assert entropy(torch.tensor([1.0, 0.0])) == 0
    rising = [entropy(distribution(torch.tensor([0.0, 1, 3]), t)) for t in (0.1, 1, 10, 1e6)]
    assert rising == sorted(rising)
    assert rising[-1] == pytest.approx(math.log2(3))
