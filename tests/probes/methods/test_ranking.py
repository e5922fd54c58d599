"""Places among numbers, sure and unsure."""

from __future__ import annotations

import pytest
import torch

from quizproof.probes.methods.ranking import likeliest, rank
from quizproof.questions.problems import QuizproofError

SCORES = torch.tensor([0.0, 3.0, 1.0, 2.0])


@pytest.mark.parametrize(("of", "place"), [(1, 1), (3, 2), (2, 3), (0, 4)])
def test_the_largest_is_first(of: int, place: int) -> None:
    assert rank(SCORES, of, 0.1) == (place, place, place)


def test_what_is_near_may_be_before_or_after() -> None:
    assert rank(torch.tensor([1.0, 1.05, 0.95, 3.0, 0.0]), 0, 0.1) == (2, 3, 4)
    assert rank(torch.tensor([1.0, 1.0]), 0, 0.1) == (1, 1, 2)


def test_the_likeliest_is_one_or_none() -> None:
    assert likeliest(SCORES, 0.1, "classes") == 1
    with pytest.raises(QuizproofError, match=r"classes 1 and 3 are equally likely, .*; ask about"):
        likeliest(SCORES, 1.0, "classes")
