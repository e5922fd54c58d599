"""A prompt some places further back: seen by absolute positions, not by rotary ones."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch

from quizproof.probes.models.causal_lm import CausalLM
from quizproof.probes.models.language_models import LanguageModelError
from quizproof.probes.testing import draws_of
from tests.planted_causal import causal_world, gpt, planted_causal

PROMPT = " The cat sat on the"


def shifted(folder: Path, model: CausalLM, shift: int = 8) -> float:
    [draw] = draws_of("positions.shift", causal_world(folder, model), prompt=PROMPT, shift=shift)
    return float(draw.values["change"])


def test_learned_places_see_the_shift_and_rotary_ones_do_not(tmp_path: Path) -> None:
    assert shifted(tmp_path, gpt(tmp_path / "gpt")) > 1e-2
    assert shifted(tmp_path, gpt(tmp_path / "llama", "Llama")) < 1e-5
    assert shifted(tmp_path, planted_causal(tmp_path / "net", places=False)) < 1e-6


def test_it_is_that_of_a_table_of_places_moved_by_hand(tmp_path: Path) -> None:
    model = gpt(tmp_path / "gpt")
    found = shifted(tmp_path, model, shift=3)
    before = model.next_token(PROMPT).exp()
    moved = gpt(tmp_path / "moved")
    table = moved.net.transformer.wpe.weight
    with torch.no_grad():
        table.copy_(table.roll(-3, dims=0))
    after = moved.next_token(PROMPT).exp()
    assert found == pytest.approx(float((before - after).abs().sum() / 2), rel=1e-4)


def test_a_place_beyond_the_context_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(LanguageModelError, match=r"has 32 places.* would reach place 36"):
        shifted(tmp_path, gpt(tmp_path / "gpt"), shift=31)


def test_a_model_that_takes_no_places_is_one_line(tmp_path: Path) -> None:
    model = planted_causal(tmp_path / "net")
    whole = model.net.forward

    def forward(input_ids: Any, use_cache: bool = False) -> Any:
        return whole(input_ids, use_cache=use_cache)

    model.net.forward = forward
    with pytest.raises(LanguageModelError, match="takes no position_ids"):
        shifted(tmp_path, model)
