"""Settings of sampling, against what transformers' own samplers make of the same logits."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from scipy import stats

from quizproof.probes.draws import Draw
from quizproof.probes.methods import next_token_distribution
from quizproof.probes.models.transformers_import import transformers
from quizproof.probes.testing import draws_of
from quizproof.questions.problems import QuizproofError
from tests.planted_causal import causal_world, planted_causal

PROMPTS = [" The cat sat on the", " the dog saw her", " it was"]
SETTINGS: dict[str, dict[str, Any]] = {
    "hot": {"temperature": 2.0},
    "few": {"top_k": 5},
    "nucleus": {"top_p": 0.7},
    "all": {"temperature": 0.5, "top_k": 20, "top_p": 0.6},
}


def asked(folder: Path, **settings: Any) -> Draw:
    world = causal_world(folder, planted_causal(folder / "net"))
    [draw] = draws_of("next_token.settings", world, prompts=PROMPTS, **settings)
    return draw


def sampled(logits: torch.Tensor, settings: dict[str, Any]) -> Any:
    """Probabilities as ``generate`` would draw from them."""
    kinds = {
        "temperature": "TemperatureLogitsWarper",
        "top_k": "TopKLogitsWarper",
        "top_p": "TopPLogitsWarper",
    }
    scores = logits[None].double()
    for name, value in settings.items():
        scores = getattr(transformers(), kinds[name])(value)(None, scores)
    return scores.softmax(1)[0].numpy()


@pytest.mark.parametrize("settings", SETTINGS.values(), ids=SETTINGS)
def test_numbers_are_those_of_transformers(tmp_path: Path, settings: dict[str, Any]) -> None:
    values = asked(tmp_path, **settings).values
    model = planted_causal(tmp_path / "net")
    pairs = [
        (logits.double().softmax(0).numpy(), sampled(logits, settings))
        for logits in (model.logits(prompt)[-1] for prompt in PROMPTS)
    ]
    gains = [stats.entropy(b, base=2) - stats.entropy(a, base=2) for a, b in pairs]
    assert values["entropy_gain_least"] == pytest.approx(min(gains), rel=1e-6)
    assert values["entropy_gain_most"] == pytest.approx(max(gains), rel=1e-6)
    mosts = [b.max() / a.max() for a, b in pairs]
    assert values["most_factor_least"] == pytest.approx(min(mosts), rel=1e-6)
    assert values["most_factor_most"] == pytest.approx(max(mosts), rel=1e-6)
    kept = [int((b > 0).sum()) for _, b in pairs]
    assert (values["kept_least"], values["kept_most"]) == (min(kept), max(kept))
    moved = [np.log(b[b > 0] / a[b > 0]) for a, b in pairs]
    wanted = max(each.max() - each.min() for each in moved)
    assert values["ratios"] == pytest.approx(wanted, rel=1e-6, abs=1e-9)
    assert (values["likeliest_changed"], values["reordered"]) == (0, 0)


def test_other_orders_are_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = next_token_distribution.distribution

    def turned(logits: Any, temperature: float = 1.0, *more: Any) -> Any:
        return whole(logits if temperature == 1 else -logits)

    monkeypatch.setattr(next_token_distribution, "distribution", turned)
    values = asked(tmp_path, temperature=2.0).values
    assert (values["likeliest_changed"], values["reordered"]) == (3, 3)


def test_a_token_more_or_less_is_left_open(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    model = planted_causal(tmp_path / "net")
    shares = torch.tensor([0.5, 0.4, 0.06, 0.04], dtype=torch.float64)
    monkeypatch.setattr(model, "next_token", lambda prompt: shares.log())
    world = causal_world(tmp_path, model)
    [draw] = draws_of("next_token.settings", world, prompts=PROMPTS, top_p=0.9)
    assert draw.unsure is not None
    for name in ("kept_least", "kept_most"):
        least, most = draw.unsure.within[name]
        assert least < float(draw.values[name]) < most
    assert asked(tmp_path, top_p=0.9).unsure is None


@pytest.mark.parametrize("same", [{}, {"temperature": 1.0, "top_p": 1.0}])
def test_settings_that_change_nothing_are_refused(tmp_path: Path, same: dict[str, Any]) -> None:
    with pytest.raises(QuizproofError, match="no setting differs"):
        asked(tmp_path, **same)


def test_a_top_k_of_all_tokens_is_refused(tmp_path: Path) -> None:
    size = int(asked(tmp_path, top_k=5).values["vocabulary"])
    assert asked(tmp_path, top_k=size - 1).values["vocabulary"] == size
    with pytest.raises(QuizproofError, match=f"top_k {size} leaves no .* has {size}; ask with a"):
        asked(tmp_path, top_k=size)


@pytest.mark.parametrize("wrong", [{"temperature": 0.0}, {"top_k": 0}, {"top_p": 1.5}])
def test_what_cannot_be_is_one_line(tmp_path: Path, wrong: dict[str, Any]) -> None:
    with pytest.raises(QuizproofError, match=r"of probe next_token\.settings") as caught:
        asked(tmp_path, **wrong)
    assert "\n" not in str(caught.value)
