"""A cache of keys and values: right under a causal mask, and only there."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from quizproof.probes.draws import Draw
from quizproof.probes.models.causal_lm import CausalLM
from quizproof.probes.models.language_models import LanguageModelError
from quizproof.probes.testing import draws_of
from tests.planted_causal import causal_world, gpt, planted_causal

PROMPT = " The cat sat on the"


def asked(folder: Path, model: CausalLM, tokens: int = 4) -> Draw:
    world = causal_world(folder, model)
    [draw] = draws_of("kv_cache.agreement", world, prompt=PROMPT, tokens=tokens)
    return draw


@pytest.mark.parametrize("name", ["GPT2", "Llama"])
def test_what_is_kept_is_what_is_computed_anew(tmp_path: Path, name: str) -> None:
    model = gpt(tmp_path / "gpt", name)
    values = asked(tmp_path, model).values
    assert values["change_first"] == pytest.approx(0, abs=1e-6)
    assert values["change_later"] == pytest.approx(0, abs=1e-6)
    assert values["prompt_tokens"] == 5
    assert (values["read_kept"], values["read_anew"]) == (5 + 3, 5 + 6 + 7 + 8)
    assert model.passes.forward == 8


@pytest.mark.parametrize("altered", [{"mask": "none"}, {"stale": 0.5}])
def test_later_tokens_differ_where_keys_would_have_changed(
    tmp_path: Path, altered: dict[str, Any]
) -> None:
    draw = asked(tmp_path, planted_causal(tmp_path / "net", **altered))
    assert draw.values["change_first"] == pytest.approx(0, abs=1e-6)
    assert float(draw.values["change_later"]) > 1e-3
    assert draw.values["change_later"] == max(draw.series["change"][1:])


def test_too_many_tokens_are_one_line(tmp_path: Path) -> None:
    with pytest.raises(LanguageModelError, match=r"takes 32 tokens.* and 28 after it are 33"):
        asked(tmp_path, gpt(tmp_path / "gpt"), tokens=28)


def test_a_model_that_keeps_nothing_is_one_line(tmp_path: Path) -> None:
    model = planted_causal(tmp_path / "net")
    whole = model.net.forward

    def forward(input_ids: Any, past_key_values: Any = None, use_cache: bool = False) -> Any:
        return whole(input_ids)

    model.net.forward = forward
    with pytest.raises(LanguageModelError, match="keeps no keys and values"):
        asked(tmp_path, model)
