"""Causal language models, held to what transformers gives, to arithmetic, and to their masks."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file, save_file

from quizproof.probes.models.causal_lm import CausalLM, load_causal_lm
from quizproof.probes.models.language_models import LanguageModelError
from quizproof.probes.models.transformers_import import transformers
from tests.planted_language import language_folder
from tests.planted_transformers import PROMPTS, causal_folder

CPU = torch.device("cpu")
NAMES = ("GPT2", "Llama", "OPT", "GPTNeoX")
SHAPES: dict[str, dict[str, Any]] = {
    "OPT": {"ffn_dim": 24, "word_embed_proj_dim": 16, "init_std": 0.3},
}


def loaded(folder: Path, **planted: Any) -> CausalLM:
    return load_causal_lm(causal_folder(folder, **planted), "planted", CPU)


@pytest.fixture(scope="module", params=NAMES)
def case(request: pytest.FixtureRequest, tmp_path_factory: Any) -> tuple[CausalLM, Any]:
    """A model, and the same one as transformers itself loads it."""
    name = request.param
    folder = causal_folder(tmp_path_factory.mktemp(name), name, **SHAPES.get(name, {}))
    plain = transformers().AutoModelForCausalLM.from_pretrained(folder, attn_implementation="eager")
    return load_causal_lm(folder, name, CPU), plain.eval()


def near(one: torch.Tensor, other: torch.Tensor) -> bool:
    return one.shape == other.shape and bool((one - other).abs().max() <= 1e-5)


def test_it_gives_what_transformers_gives(case: tuple[CausalLM, Any]) -> None:
    model, plain = case
    model.read_all([model.tokens(text) for text in PROMPTS])  # padded, in one batch
    for text in PROMPTS:
        ids = model.tokenizer(text, return_tensors="pt").input_ids
        with torch.no_grad():
            given = plain(ids, output_hidden_states=True, output_attentions=True)
        assert near(model.logits(text), given.logits[0])
        assert near(model.hidden_states(text), torch.cat(given.hidden_states))
        assert near(model.attentions(text), torch.cat(given.attentions))
        by_hand = given.logits[0, -1].exp() / given.logits[0, -1].exp().sum()
        assert near(model.next_token(text).exp(), by_hand.double())


def test_what_comes_later_changes_nothing_before(case: tuple[CausalLM, Any]) -> None:
    model, _ = case
    text, longer = PROMPTS[0], PROMPTS[0] + " mat"
    assert near(model.logits(longer)[: len(model.tokens(text))], model.logits(text))
    upper = model.attentions(longer).triu(1)
    assert not upper.any()
    assert near(model.attentions(longer).sum(-1), torch.ones(upper.shape[:-1]))


def test_the_probability_of_a_continuation_is_the_product_of_its_tokens(
    case: tuple[CausalLM, Any],
) -> None:
    model, _ = case
    found = model.log_probabilities(PROMPTS[0], " mat sat")
    mat, sat = (model.tokens(word).ids[0] for word in (" mat", " sat"))
    first = model.next_token(PROMPTS[0])[mat]
    second = model.next_token(PROMPTS[0] + " mat")[sat]
    assert torch.allclose(found, torch.stack([first, second]), atol=1e-6)
    assert bool((found < 0).all())


def test_the_lens_ends_in_the_model_s_own_logits(case: tuple[CausalLM, Any]) -> None:
    model, plain = case
    shown = model.lens(PROMPTS[0])
    assert near(shown[-1], model.logits(PROMPTS[0])[-1])
    norm = {
        "GPT2": "transformer.ln_f",
        "Llama": "model.norm",
        "OPT": "model.decoder.final_layer_norm",
        "GPTNeoX": "gpt_neox.final_layer_norm",
    }[model.description]
    with torch.no_grad():
        inner = plain.get_submodule(norm)(model.hidden_states(PROMPTS[0])[1, -1])
        assert near(shown[1], plain.get_output_embeddings()(inner))


def test_a_text_goes_through_once(tmp_path: Path) -> None:
    model = loaded(tmp_path)
    assert model.passes.forward == 0  # trying it out is nobody's pass
    for ask in (model.logits, model.next_token, model.hidden_states, model.attentions):
        ask(PROMPTS[0])
    assert model.passes.forward == 1


def test_what_is_remembered_is_bounded(tmp_path: Path) -> None:
    model = loaded(tmp_path)
    model._room = 1
    for text in (*PROMPTS, *PROMPTS):
        model.logits(text)
    assert model.passes.forward == 2 * len(PROMPTS) - 1  # the first alone had room


def test_a_twin_has_other_weights_the_same_in_every_run(tmp_path: Path) -> None:
    folder = causal_folder(tmp_path, seed=16)
    own, one, again, other = (
        load_causal_lm(folder, "planted", CPU, number).logits(PROMPTS[0])
        for number in (None, 0, 0, 1)
    )
    assert torch.equal(one, again)
    assert not near(own, one)
    assert not near(one, other)


def test_shards_are_the_whole(tmp_path: Path) -> None:
    whole = loaded(tmp_path / "whole")
    net = transformers().AutoModelForCausalLM.from_pretrained(tmp_path / "whole")
    folder = causal_folder(tmp_path / "shards")
    (folder / "model.safetensors").unlink()
    net.save_pretrained(folder, max_shard_size="8KB")
    assert len(list(folder.glob("model-*.safetensors"))) > 2
    model = load_causal_lm(folder, "planted", CPU)
    assert torch.equal(model.logits(PROMPTS[0]), whole.logits(PROMPTS[0]))


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16])
def test_half_precision_is_measured_in_single(tmp_path: Path, dtype: torch.dtype) -> None:
    causal_folder(tmp_path)
    path = tmp_path / "model.safetensors"
    halves = {name: tensor.to(dtype) for name, tensor in load_file(path).items()}
    save_file(halves, path, metadata={"format": "pt"})
    half = load_causal_lm(tmp_path, "planted", CPU)
    assert half.remarks == (f"{path}: weights in {str(dtype)[6:]} are measured in float32",)
    save_file({name: t.float() for name, t in halves.items()}, path, metadata={"format": "pt"})
    assert torch.equal(
        half.logits(PROMPTS[0]), load_causal_lm(tmp_path, "planted", CPU).logits(PROMPTS[0])
    )


def test_a_tied_head_is_not_missed_and_another_is(tmp_path: Path) -> None:
    tied = causal_folder(tmp_path / "tied")
    assert "lm_head.weight" not in load_file(tied / "model.safetensors")
    model = load_causal_lm(tied, "planted", CPU)
    assert torch.equal(model.net.lm_head.weight, model.net.transformer.wte.weight)
    change_config(tied, tie_word_embeddings=False)
    assert "lm_head.weight is missing" in refusal(tied)


def test_gpt_2_as_it_was_published_is_read(tmp_path: Path) -> None:
    """Without the prefix of its body, and with masks among its weights."""
    folder = causal_folder(tmp_path)
    path = folder / "model.safetensors"
    own = load_causal_lm(folder, "planted", CPU).logits(PROMPTS[0])
    published = {k.removeprefix("transformer."): v for k, v in load_file(path).items()}
    assert published.keys() != load_file(path).keys()
    for layer in range(2):
        published[f"h.{layer}.attn.bias"] = torch.ones(1, 1, 32, 32).tril()
        published[f"h.{layer}.attn.masked_bias"] = torch.tensor(-1e4)
    save_file(published, path, metadata={"format": "pt"})
    change_config(folder, dtype=None)
    assert torch.equal(load_causal_lm(folder, "planted", CPU).logits(PROMPTS[0]), own)


def change_config(folder: Path, **changes: Any) -> None:
    path = folder / "config.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **changes}))


def refusal(folder: Path) -> str:
    with pytest.raises(LanguageModelError) as caught:
        load_causal_lm(folder, "planted", CPU)
    message = str(caught.value)
    assert "\n" not in message
    assert "; " in message
    return message


@pytest.mark.parametrize("architectures", [["BertForMaskedLM"], ["BertModel"], None])
def test_a_model_of_another_task_is_refused(tmp_path: Path, architectures: Any) -> None:
    language_folder(tmp_path)
    change_config(tmp_path, architectures=architectures)
    said = refusal(tmp_path)
    if architectures == ["BertForMaskedLM"]:
        assert "is of BertForMaskedLM, which is no causal language model" in said
    else:  # its weights would fit, but it sees the whole text
        assert "looks at what comes after a token" in said


def test_capitals_that_the_tokenizer_takes_away_are_refused(tmp_path: Path) -> None:
    causal_folder(tmp_path)
    for name, changes in (
        ("tokenizer.json", {"normalizer": {"type": "Lowercase"}}),
        ("tokenizer_config.json", {"tokenizer_class": "PreTrainedTokenizerFast"}),
    ):
        told = json.loads((tmp_path / name).read_text())
        (tmp_path / name).write_text(json.dumps({**told, **changes}))
    assert "takes capitals away though its vocabulary has them" in refusal(tmp_path)


def test_quantised_weights_are_refused(tmp_path: Path) -> None:
    causal_folder(tmp_path)
    change_config(tmp_path, quantization_config={"quant_method": "bitsandbytes"})
    assert "quantised weights, which are not read" in refusal(tmp_path)


def test_a_network_that_answers_differently_each_time_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kind = transformers().GPT2Model
    forward = kind.forward

    def noisy(self: Any, *given: Any, **named: Any) -> Any:
        found = forward(self, *given, **named)
        found.hidden_states = tuple(s + torch.rand(()) for s in found.hidden_states)
        return found

    monkeypatch.setattr(kind, "forward", noisy)
    assert "gives other numbers for the same text each time" in refusal(causal_folder(tmp_path))


@pytest.mark.parametrize(
    ("ask", "said"),
    [
        (lambda model: model.logits(" the" * 33), "takes 32 tokens, a sentence has 33"),
        (lambda model: model.logits(""), "has no token of ''; write a prompt"),
        (lambda model: model.log_probabilities("The cat sa", "t"), "no tokens for “t” alone"),
        (lambda model: model.log_probabilities("The cat", ""), "no tokens for “” alone"),
    ],
)
def test_a_prompt_that_cannot_be_is_one_line(
    tmp_path: Path, ask: Callable[[CausalLM], Any], said: str
) -> None:
    with pytest.raises(LanguageModelError, match=said) as caught:
        ask(loaded(tmp_path))
    assert "\n" not in str(caught.value)


def spoilt_index(folder: Path, edit: Callable[[dict[str, Any]], Any]) -> str:
    causal_folder(folder)
    net = transformers().AutoModelForCausalLM.from_pretrained(folder)
    (folder / "model.safetensors").unlink()
    net.save_pretrained(folder, max_shard_size="8KB")
    path = folder / "model.safetensors.index.json"
    told = json.loads(path.read_text())
    path.write_text(json.dumps(told if (other := edit(told)) is None else other))
    return refusal(folder)


def drop(listed: dict[str, str]) -> None:
    del listed["transformer.h.0.ln_1.weight"]


def more(listed: dict[str, str]) -> None:
    listed["more"] = next(iter(listed.values()))


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        (lambda told: drop(told["weight_map"]), "nowhere, but a shard holds it"),
        (lambda told: more(told["weight_map"]), "more in model-0000"),
        (lambda told: told["weight_map"].update(more="lost.safetensors"), "lacks lost.safetensors"),
        (lambda told: told["weight_map"].update(more="/etc/passwd"), "no index of safetensors"),
        (lambda told: told["weight_map"].update(more=7), "no index of safetensors"),
        (lambda told: told.update(weight_map={}), "no index of safetensors"),
        (lambda told: [], "no index of safetensors"),
    ],
)
def test_an_index_that_lies_is_named(
    tmp_path: Path, edit: Callable[[dict[str, Any]], Any], said: str
) -> None:
    assert said in spoilt_index(tmp_path, edit)
