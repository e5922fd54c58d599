"""The logit lens, held to the model's own head put by hand after each layer."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch

from quizproof.probes.models.causal_lm import load_causal_lm
from quizproof.probes.models.language_loading import load_language_model
from quizproof.probes.models.language_models import LanguageModel, LanguageModelError
from quizproof.probes.models.logit_lens import logit_lens
from tests.planted_language import SENTENCES, language_folder, language_model, language_tokenizer
from tests.planted_transformers import (
    LIKE_BERT,
    PROMPTS,
    causal_folder,
    masked_folder,
    planted_transformer,
)

CPU = torch.device("cpu")
NORMS = {"GPT2": "transformer.ln_f", "Llama": "model.norm", "GPTNeoX": "gpt_neox.final_layer_norm"}


def near(one: torch.Tensor, other: torch.Tensor) -> bool:
    return one.shape == other.shape and bool((one - other).abs().max() <= 1e-5)


@pytest.mark.parametrize("name", NORMS)
def test_a_causal_model_s_final_norm_comes_before_the_unembedding(
    name: str, tmp_path: Path
) -> None:
    model = load_causal_lm(causal_folder(tmp_path, name), name, CPU)
    tokens = model.tokens(PROMPTS[0])
    for place in (1, -1):
        found = logit_lens(model, tokens, place)
        states = model.read(tokens).hidden_states[:, place]
        with torch.inference_mode():
            inner = model.net.get_submodule(NORMS[name])(states[:-1])
            by_hand = model.net.get_output_embeddings()(torch.cat([inner, states[-1:]]))
        assert near(found, by_hand)
        assert near(found[-1], model.logits(PROMPTS[0])[place])
    assert model.passes.forward == 3  # two lenses, and the text itself


@pytest.mark.parametrize("name", LIKE_BERT)
def test_a_masked_model_s_whole_head_is_put_after_every_layer(name: str, tmp_path: Path) -> None:
    masked_folder(tmp_path, name)
    model = load_language_model(tmp_path, name, CPU)
    whole = model.tokens(SENTENCES[0])
    tokens = whole.masked([2])
    found = logit_lens(model, tokens, 2)
    reading = model.read(tokens)
    assert reading.logits is not None
    assert near(found[-1], reading.logits[2])
    assert len(found) == len(reading.hidden_states)
    if name == "Roberta":
        with torch.inference_mode():
            assert near(found, model.net.lm_head(reading.hidden_states[:, 2]))


SMALL: dict[str, Any] = {
    "hidden_size": 16,
    "num_hidden_layers": 2,
    "num_attention_heads": 2,
    "intermediate_size": 16,
    "max_position_embeddings": 40,
    "initializer_range": 0.3,
    "pad_token_id": 0,
}


@pytest.mark.parametrize("name", ["DebertaV2", "ModernBert"])
def test_a_head_that_takes_its_state_from_elsewhere_is_given_all_too(
    name: str, tmp_path: Path
) -> None:
    """DeBERTa's takes the last of its encoder's states, ModernBERT's comes behind a norm."""
    size = len(language_tokenizer(tmp_path))
    net = planted_transformer(f"{name}ForMaskedLM", f"{name}Config", vocab_size=size, **SMALL)
    net.save_pretrained(tmp_path)
    model = load_language_model(tmp_path, name, CPU)
    tokens = model.tokens(SENTENCES[0]).masked([2])
    found, own = logit_lens(model, tokens, 2), model.read(tokens).logits
    assert own is not None
    assert near(found[-1], own[2])
    with torch.inference_mode():
        norm = net.model.final_norm if name == "ModernBert" else torch.nn.Identity()
        first = norm(model.read(tokens).hidden_states[1:2, 2:3])
        if name == "ModernBert":
            assert near(found[1], net.decoder(net.head(first))[0, 0])
        else:
            assert near(found[1], net.cls(first)[0, 0])


def test_a_layer_that_is_the_identity_changes_nothing(tmp_path: Path) -> None:
    model = load_causal_lm(causal_folder(tmp_path), "planted", CPU)
    for name, weight in model.net.named_parameters():
        if ".h.1." in name and ".c_proj." in name:
            weight.zero_()
    found = model.lens(PROMPTS[0])
    assert near(found[1], found[2])
    assert not near(found[0], found[1])


def test_hooks_are_gone_afterwards_and_after_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = language_model(tmp_path)
    tokens = model.tokens(SENTENCES[0]).masked([1])
    model.read(tokens)
    before = [len(module._forward_hooks) for module in model.net.modules()]  # transformers' own
    logit_lens(model, tokens, 1)

    def fail(*_: Any, **__: Any) -> None:
        raise RuntimeError("no memory")

    with monkeypatch.context() as patched:
        patched.setattr(model.net.cls, "forward", fail)
        with pytest.raises(LanguageModelError, match="no memory"):
            logit_lens(model, tokens, 1)
    assert [len(module._forward_hooks) for module in model.net.modules()] == before


def test_a_model_without_a_head_is_one_line(tmp_path: Path) -> None:
    folder = language_folder(tmp_path, "BertModel")
    model: LanguageModel = load_language_model(folder, "bare", CPU)
    with pytest.raises(LanguageModelError, match="bare has no head that makes logits"):
        logit_lens(model, model.tokens(SENTENCES[0]), 1)
