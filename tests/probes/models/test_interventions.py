"""Parts replaced as a model runs, held to what its own modules give by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch

from quizproof.probes.models.causal_lm import load_causal_lm
from quizproof.probes.models.interventions import Part, Replacement, replaced, values_of
from quizproof.probes.models.language_loading import load_language_model
from quizproof.probes.models.language_models import LanguageModel, LanguageModelError
from quizproof.probes.models.layer_parts import head_width, head_writes, layer_parts
from quizproof.probes.models.logit_lens import logit_lens
from tests.planted_language import SENTENCES
from tests.planted_transformers import LIKE_BERT, PROMPTS, causal_folder, masked_folder

CPU = torch.device("cpu")
CAUSAL: dict[str, dict[str, Any]] = {
    "GPT2": {},
    "Llama": {"num_attention_heads": 4, "num_key_value_heads": 2},
    "GPTNeoX": {},
    "OPT": {"ffn_dim": 24, "word_embed_proj_dim": 16, "init_std": 0.3},
}
OUT = {  # where the heads' output is written, and where the MLP ends
    "GPT2": ("transformer.h.1.attn.c_proj", "transformer.h.1.mlp.c_proj"),
    "Llama": ("model.layers.1.self_attn.o_proj", "model.layers.1.mlp.down_proj"),
    "GPTNeoX": ("gpt_neox.layers.1.attention.dense", "gpt_neox.layers.1.mlp.dense_4h_to_h"),
    "OPT": ("model.decoder.layers.1.self_attn.out_proj", "model.decoder.layers.1.fc2"),
    "Roberta": (
        "roberta.encoder.layer.1.attention.output.dense",
        "roberta.encoder.layer.1.output.dense",
    ),
    "DistilBert": (
        "distilbert.transformer.layer.1.attention.out_lin",
        "distilbert.transformer.layer.1.ffn.lin2",
    ),
}
UNDERSTOOD = [name for name in (*CAUSAL, *LIKE_BERT) if name != "Albert"]


def planted(name: str, folder: Path) -> LanguageModel:
    if name in CAUSAL:
        return load_causal_lm(causal_folder(folder, name, **CAUSAL[name]), name, CPU)
    masked_folder(folder, name)
    return load_language_model(folder, name, CPU)


@pytest.fixture(scope="module", params=UNDERSTOOD)
def model(request: pytest.FixtureRequest, tmp_path_factory: Any) -> LanguageModel:
    return planted(request.param, tmp_path_factory.mktemp(request.param))


def tokens_for(model: LanguageModel) -> Any:
    if model.description in CAUSAL:
        return model.tokens(PROMPTS[0])
    return model.tokens(SENTENCES[0]).masked([2])


def near(one: torch.Tensor, other: torch.Tensor) -> bool:
    return one.shape == other.shape and bool((one - other).abs().max() <= 1e-5)


def test_the_parts_are_those_that_the_class_calls_so(model: LanguageModel) -> None:
    parts = layer_parts(model)
    assert len(parts) == model.layers
    if model.description in OUT:
        heads_out, mlp_out = (model.net.get_submodule(name) for name in OUT[model.description])
        assert parts[1].heads_out is heads_out
        assert parts[1].mlp_out is mlp_out


def test_what_a_part_gives_can_be_put_back(model: LanguageModel) -> None:
    parts, tokens = layer_parts(model), tokens_for(model)
    names = ["L1H1", "L1H2", "L1MLP", "L2ATT", "L2"]
    asked = [Part.called(name, model) for name in names]
    given = values_of(model, parts, tokens, asked)
    own = model.read(tokens).logits
    assert own is not None
    back = replaced(model, parts, tokens, {part: Replacement(given[part]) for part in asked})
    assert near(back.logits[0], own)
    zero = replaced(model, parts, tokens, {asked[0]: Replacement(torch.zeros(1))})
    assert not near(zero.logits[0], own)


def test_a_head_s_output_is_its_attention_times_its_values(model: LanguageModel) -> None:
    """The heads' outputs, written one by one, are what the attention writes but for its bias."""
    parts, tokens = layer_parts(model), tokens_for(model)
    heads = [Part("head", 2, head) for head in range(1, model.heads + 1)]
    attention = Part("attention", 2)
    given = values_of(model, parts, tokens, [*heads, attention])
    written = torch.stack(
        [given[part] @ head_writes(model, parts[1], part.head) for part in heads]
    ).sum(dim=0)
    bias = getattr(parts[1].heads_out, "bias", None)
    assert near(written if bias is None else written + bias, given[attention])
    attentions = model.read(tokens).attentions
    assert attentions is not None
    for part in heads:  # every row is a mixture of values: of the first token alone, its own
        assert given[part].shape == (len(tokens), head_width(model, parts[1]))
        if model.description in CAUSAL:
            assert torch.equal(attentions[1, part.head - 1, 0, 1:], torch.zeros(len(tokens) - 1))


def test_without_its_layers_a_model_is_its_embedding(model: LanguageModel) -> None:
    parts, tokens = layer_parts(model), tokens_for(model)
    nothing = {
        Part("layer", layer): Replacement(torch.zeros(1)) for layer in range(1, model.layers + 1)
    }
    place = 2
    found = replaced(model, parts, tokens, nothing).logits[0, place]
    assert near(found, logit_lens(model, tokens, place)[0])
    if model.description in ("GPT2", "Llama", "GPTNeoX", "OPT"):
        halves = {
            Part(sort, layer): Replacement(torch.zeros(1))
            for layer in range(1, model.layers + 1)
            for sort in ("attention", "mlp")
        }
        assert near(replaced(model, parts, tokens, halves).logits[0, place], found)


def test_one_place_is_changed_alone(model: LanguageModel) -> None:
    parts, tokens = layer_parts(model), tokens_for(model)
    last = Part("layer", model.layers)
    before = model.net(**_ids(tokens)).logits[0]
    after = replaced(model, parts, tokens, {last: Replacement(torch.zeros(1), places=[1])})
    changed = (after.logits[0] - before).abs().amax(dim=1) > 1e-4
    assert changed.tolist() == [k == 1 for k in range(len(tokens))]


def _ids(tokens: Any) -> dict[str, torch.Tensor]:
    return {"input_ids": torch.tensor([tokens.ids])}


def test_a_state_that_is_patched_in_makes_the_rest_the_other_text_s(model: LanguageModel) -> None:
    parts, tokens = layer_parts(model), tokens_for(model)
    other = type(tokens)(
        **{**vars(tokens), "ids": (*tokens.ids[:3], tokens.ids[1], *tokens.ids[4:])}
    )
    states = model.read(other).hidden_states
    patch = {Part("layer", 1): Replacement(states[1], state=True)}
    own = model.read(other).logits
    assert own is not None
    assert near(replaced(model, parts, tokens, patch).logits[0], own)


def test_hooks_are_gone_after_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    model = planted("GPT2", tmp_path)
    parts, tokens = layer_parts(model), tokens_for(model)
    model.read(tokens)

    def hooks() -> list[int]:
        return [len(m._forward_hooks) + len(m._forward_pre_hooks) for m in model.net.modules()]

    before = hooks()

    def fail(*_: Any, **__: Any) -> None:
        raise RuntimeError("no memory")

    with monkeypatch.context() as patched:
        patched.setattr(model.net.lm_head, "forward", fail)
        every = [Part.called(name, model) for name in ("L1H1", "L1MLP", "L2", "L2ATT")]
        with pytest.raises(LanguageModelError, match="no memory"):
            replaced(model, parts, tokens, {p: Replacement(torch.zeros(1)) for p in every})
        with pytest.raises(LanguageModelError, match="no memory"):
            layer_parts(model)
    assert hooks() == before


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("L3", "no layer 3, asked for as L3; its layers are 1 to 2"),
        ("L1H3", "no head 3, asked for as L1H3; each layer has heads 1 to 2"),
        ("L0", "no layer 0"),
        ("H1", "names no part"),
    ],
)
def test_a_part_that_is_not_there_is_one_line(name: str, says: str, tmp_path: Path) -> None:
    model = planted("GPT2", tmp_path)
    with pytest.raises(LanguageModelError, match=says):
        Part.called(name, model)


def test_a_layout_that_is_not_understood_is_one_line(tmp_path: Path) -> None:
    model = planted("Albert", tmp_path)
    with pytest.raises(LanguageModelError, match=r"no list of 2 layers.*take a model"):
        layer_parts(model)
