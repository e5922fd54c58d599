"""The order of tokens: what is left of it without positions."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch

from quizproof.probes.models.causal_lm import CausalLM
from quizproof.probes.testing import draws_of
from quizproof.questions.problems import QuizproofError
from tests.planted_causal import causal_world, gpt, planted_causal

PROMPT, OTHER = " The cat sat on the", " The sat cat on the"


def changes(folder: Path, model: CausalLM, other: str = OTHER) -> tuple[float, float]:
    world = causal_world(folder, model)
    [draw] = draws_of("positions.order", world, prompt=PROMPT, other=other)
    return float(draw.values["change_own"]), float(draw.values["change_same"])


@pytest.mark.parametrize(
    ("altered", "own", "same"),
    [
        ({}, True, True),
        ({"layers": 1}, True, False),  # one layer's last token looks at a set
        ({"mask": "none"}, True, False),
        ({"mask": "none", "places": False}, False, False),
    ],
)
def test_the_mask_alone_tells_the_order(
    tmp_path: Path, altered: dict[str, Any], own: bool, same: bool
) -> None:
    found = changes(tmp_path, planted_causal(tmp_path / "net", **altered))
    assert [change > 1e-4 for change in found] == [own, same]


def test_the_same_place_is_as_good_as_none(tmp_path: Path) -> None:
    _, same = changes(tmp_path, gpt(tmp_path / "gpt"))
    bare = gpt(tmp_path / "bare")
    with torch.no_grad():
        table = bare.net.transformer.wpe.weight
        table.copy_(table[:1].expand_as(table))
    one, other = (bare.next_token(text).exp() for text in (PROMPT, OTHER))
    assert same == pytest.approx(float((one - other).abs().sum() / 2), rel=1e-4)


@pytest.mark.parametrize("other", [PROMPT, " The cat saw on the", " The cat sat the on"])
def test_another_order_of_the_same_tokens_is_asked_for(tmp_path: Path, other: str) -> None:
    with pytest.raises(QuizproofError, match="in another order, the last one last") as caught:
        changes(tmp_path, planted_causal(tmp_path / "net"), other)
    assert "\n" not in str(caught.value)
