"""Exchanging a token changes what sees it, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest
from scipy.special import softmax

from quizproof.probes.testing import draws_of
from quizproof.questions.problems import QuizproofError
from tests.planted_causal import causal_world, gpt, planted_causal

TEXT, OTHER = " The cat sat on the mat", " The cat saw on the mat"
EXCHANGED = 2


@pytest.mark.parametrize(
    ("mask", "moved"),
    [
        ("causal", ("at", "after")),
        ("none", ("before", "at", "after")),
        ("self", ("at",)),
        ("backward", ("before", "at")),
    ],
)
def test_what_sees_it_moves(tmp_path: Path, mask: str, moved: tuple[str, ...]) -> None:
    world = causal_world(tmp_path, planted_causal(tmp_path / "net", mask=mask))
    [draw] = draws_of("causal_mask.exchange", world, text=TEXT, other=OTHER)
    for where in ("before", "at", "after"):
        assert (float(draw.values[f"change_{where}"]) > 1e-3) is (where in moved)


def test_it_is_total_variation_at_each_token(tmp_path: Path) -> None:
    model = gpt(tmp_path / "gpt")
    [draw] = draws_of("causal_mask.exchange", causal_world(tmp_path, model), text=TEXT, other=OTHER)
    one, two = (softmax(model.logits(text).numpy(), axis=1) for text in (TEXT, OTHER))
    wanted = abs(one - two).sum(axis=1) / 2
    assert draw.series["change"] == pytest.approx(wanted, rel=1e-4, abs=1e-7)
    assert draw.values["change_before"] == pytest.approx(0, abs=1e-6)
    assert draw.values["change_at"] == draw.series["change"][EXCHANGED]
    assert draw.values["change_after"] == max(draw.series["change"][EXCHANGED + 1 :])
    assert model.passes.forward == 2


@pytest.mark.parametrize(
    ("other", "said"),
    [
        (" The cat sat on the", "has 6 tokens and other 5"),
        (TEXT, r"differ in 0 tokens \(none\)"),
        (" The dog saw on the mat", "differ in 2 tokens"),
        (" The cat sat on the dog", "others before it and after it"),
    ],
)
def test_one_token_in_the_middle_is_exchanged(tmp_path: Path, other: str, said: str) -> None:
    world = causal_world(tmp_path, planted_causal(tmp_path / "net"))
    with pytest.raises(QuizproofError, match=said) as caught:
        draws_of("causal_mask.exchange", world, text=TEXT, other=other)
    assert "\n" not in str(caught.value)
