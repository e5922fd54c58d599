"""Ablation and patching, in a transformer whose heads' contributions are known by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch

from quizproof.probes.models.causal_lm import CausalLM, load_causal_lm
from quizproof.probes.models.language_models import LanguageModelError
from quizproof.probes.testing import draws_of, world
from quizproof.questions.problems import QuizproofError
from tests.planted_language import language_model, language_pack
from tests.planted_transformers import causal_folder, masked_folder

PROMPT = "The cat sat on the"
HEADS = {"L1H1": 3.0, "L1H2": -1.0, "L2H1": 0.5}  # what each writes onto the word's direction


def planted(folder: Path) -> CausalLM:
    """A Llama without a last norm's weight in its way: each head adds a number to one dimension.

    All embeddings are the vector of ones, so that what a head sees, whatever it attends to, is the
    same; the MLPs add nothing but the second one, which adds 2. The logit of " mat" is the
    dimension 0 of the last state over the state's root mean square.
    """
    model = load_causal_lm(
        causal_folder(folder / "llama", "Llama", tie_word_embeddings=False, rms_norm_eps=1e-12),
        "llama",
        torch.device("cpu"),
    )
    net = model.net
    with torch.no_grad():
        for name, weight in net.named_parameters():
            if "norm" not in name:
                weight.zero_()
        net.model.embed_tokens.weight[:] = 1.0
        for layer in net.model.layers:
            layer.self_attn.v_proj.weight.fill_(1 / 16)
        for part, number in HEADS.items():
            attention = net.model.layers[int(part[1]) - 1].self_attn
            first = 8 * (int(part[3]) - 1)
            attention.o_proj.weight[0, first : first + 8] = number / 8
        net.lm_head.weight[model.tokenizer.convert_tokens_to_ids("Ġmat"), 0] = 1.0
    return model


def seen(layer: int, removed: tuple[str, ...]) -> float:
    """What a head of ``layer`` sees where ``removed`` are: the mean of the normalised state."""
    state = torch.ones(16)
    for part, number in HEADS.items():
        if int(part[1]) < layer and part not in removed:
            state[0] += number * seen(int(part[1]), removed)
    return float(state.mean() / state.square().mean().sqrt())


def logit(*removed: str) -> float:
    state = torch.ones(16)
    for part, number in HEADS.items():
        if part not in removed:
            state[0] += number * seen(int(part[1]), removed)
    return float(state[0] / state.square().mean().sqrt())


def asked(probe: str, model: Any, folder: Path, **given: Any) -> Any:
    bench = world(language_pack(folder / "pack"), model=model)
    [draw] = draws_of(probe, bench, **given)
    return draw


def ablated(model: Any, folder: Path, **given: Any) -> Any:
    given = {"prompt": PROMPT, "word": " mat", "parts": list(HEADS), **given}
    return asked("ablation.effect", model, folder, **given)


def patched(model: Any, folder: Path, **given: Any) -> Any:
    told = {"clean": PROMPT, "corrupted": "The dog sat on the", "word": " mat", "parts": ["L1"]}
    return asked("patching.effect", model, folder, **{**told, "score": "logit", **given})


def test_each_head_takes_what_it_wrote_with_it(tmp_path: Path) -> None:
    values = ablated(planted(tmp_path), tmp_path).values
    assert values["before"] == pytest.approx(logit(), rel=1e-4)
    for part in HEADS:
        assert values[f"after_{part}"] == pytest.approx(logit(part), rel=1e-4)
        assert values[f"change_{part}"] == pytest.approx(logit(part) - logit(), rel=1e-3, abs=1e-5)
    assert values["most"] == "L1H1"
    assert values["after_all"] == pytest.approx(logit(*HEADS), rel=1e-4)
    assert values["after_all"] == pytest.approx(1.0, rel=1e-4)  # the embedding's own


def test_all_layers_without_which_nothing_is_left_but_the_embedding(tmp_path: Path) -> None:
    model = planted(tmp_path)
    values = ablated(model, tmp_path, parts=["L1", "L2"]).values
    lens = model.lens(PROMPT)[0]
    mat = model.tokenizer.convert_tokens_to_ids("Ġmat")
    assert values["after_all"] == pytest.approx(float(lens[mat]), rel=1e-4)


def test_a_head_that_gives_every_token_the_same_is_its_mean(tmp_path: Path) -> None:
    values = ablated(planted(tmp_path), tmp_path, by="mean").values
    assert all(values[f"change_{part}"] == pytest.approx(0, abs=1e-5) for part in HEADS)
    assert values["most"] == "none"


def test_another_place_than_the_last_changes_what_comes_by_attention_alone(tmp_path: Path) -> None:
    model = planted(tmp_path)
    values = ablated(model, tmp_path, at="cat", parts=["L2H1", "L1H1"]).values
    assert values["change_L2H1"] == pytest.approx(0, abs=1e-6)  # nobody looks at it after layer 2
    assert values["change_L1H1"] != pytest.approx(0, abs=1e-4)


def test_scores_are_those_of_the_logits(tmp_path: Path) -> None:
    model = planted(tmp_path)
    logits = model.logits(PROMPT)[-1].double()
    mat, dog = (model.tokenizer.convert_tokens_to_ids(f"Ġ{word}") for word in ("mat", "dog"))
    for score, by_hand in (
        ("probability", logits.softmax(0)[mat]),
        ("log_probability", logits.log_softmax(0)[mat]),
    ):
        values = ablated(model, tmp_path / score, score=score).values
        assert values["before"] == pytest.approx(float(by_hand), rel=1e-5)
    values = ablated(model, tmp_path / "d", score="logit_difference", against=" dog").values
    assert values["before"] == pytest.approx(float(logits[mat] - logits[dog]), rel=1e-5)


@pytest.fixture
def random_model(tmp_path: Path) -> CausalLM:
    return load_causal_lm(causal_folder(tmp_path / "gpt"), "gpt", torch.device("cpu"))


def test_the_state_where_the_prompts_differ_brings_all_back_before_anything_looks_there(
    random_model: CausalLM, tmp_path: Path
) -> None:
    draw = patched(random_model, tmp_path, parts=["L1", "L2", "L1H1", "L2MLP"])
    assert draw.values["restored_L1"] == pytest.approx(1, abs=1e-3)  # at every token
    assert draw.values["restored_L2"] == pytest.approx(1, abs=1e-3)
    mat = random_model.tokenizer.convert_tokens_to_ids("Ġmat")
    assert draw.values["clean"] == pytest.approx(float(random_model.logits(PROMPT)[-1, mat]))
    at = patched(random_model, tmp_path / "at", parts=["L1", "L2"], at="cat").values
    assert at["restored_L2"] == pytest.approx(0, abs=1e-3)  # no head comes after to look
    assert at["restored_L1"] != pytest.approx(0, abs=1e-2)


def test_a_head_s_patch_is_its_clean_output_added_by_hand(
    random_model: CausalLM, tmp_path: Path
) -> None:
    """A head of the last layer: its difference goes through nothing but the MLP and the norm."""
    draw = patched(random_model, tmp_path, parts=["L2H2"])
    net, states = random_model.net, {}
    block = net.transformer.h[1]
    for text in (PROMPT, "The dog sat on the"):
        kept: list[torch.Tensor] = []
        hook = block.attn.c_proj.register_forward_pre_hook(lambda _, given: kept.append(given[0]))  # noqa: B023
        random_model.net(torch.tensor([random_model.tokens(text).ids]))
        hook.remove()
        states[text] = kept[0][0, -1]
    mixed = torch.cat([states["The dog sat on the"][:8], states[PROMPT][8:]])
    before = random_model.hidden_states("The dog sat on the")[1, -1]
    middle = before + block.attn.c_proj(mixed[None])[0]
    last = middle + block.mlp(block.ln_2(middle[None]))[0]
    mat = random_model.tokenizer.convert_tokens_to_ids("Ġmat")
    by_hand = net.lm_head(net.transformer.ln_f(last))[mat]
    assert draw.values["patched_L2H2"] == pytest.approx(float(by_hand), rel=1e-4)


def test_a_masked_model_is_asked_at_its_mask(tmp_path: Path) -> None:
    model = language_model(tmp_path / "bert")
    given = {"masked": "cat", "word": "dog", "parts": ["L1H1", "L3MLP", "L2"]}
    values = ablated(model, tmp_path, prompt="The cat sat on a mat .", **given).values
    assert all(values[f"change_{part}"] != 0 for part in given["parts"])
    draw = patched(
        model,
        tmp_path / "patch",
        clean="The cat sat on a mat .",
        corrupted="The cat sat in a mat .",
        **{**given, "parts": ["L1", "L3"]},
    )
    assert draw.values["restored_L3"] == pytest.approx(1, abs=1e-3)


@pytest.mark.parametrize(
    ("probe", "given", "says"),
    [
        ("ablation", {"parts": ["L3H1"]}, "no layer 3, asked for as L3H1; its layers are 1 to 2"),
        ("ablation", {"parts": ["L1H9"]}, "no head 9, asked for as L1H9"),
        ("ablation", {"parts": []}, "parts"),
        ("ablation", {"score": "logit_difference"}, "name the other word, as against:"),
        ("ablation", {"against": " dog"}, "leave 'against' out"),
        ("ablation", {"at": "bird"}, "'bird' is not in"),
        ("ablation", {"prompt": ""}, "prompt"),
        (
            "patching",
            {"corrupted": "A dog saw the the cat"},
            "has 7 tokens, .* one 6: T h e",
        ),
        ("patching", {"corrupted": PROMPT}, "the same for both prompts"),
    ],
)
def test_what_cannot_be_asked_is_one_line(
    probe: str, given: dict[str, Any], says: str, random_model: CausalLM, tmp_path: Path
) -> None:
    ask = ablated if probe == "ablation" else patched
    with pytest.raises(QuizproofError, match=says) as caught:
        ask(random_model, tmp_path, **given)
    assert "\n" not in str(caught.value)


def test_a_layout_that_is_not_understood_is_one_line(tmp_path: Path) -> None:
    from quizproof.probes.models.language_loading import load_language_model

    masked_folder(tmp_path / "albert", "Albert")
    model = load_language_model(tmp_path / "albert", "albert", torch.device("cpu"))
    with pytest.raises(LanguageModelError, match="heads and MLPs are not told apart"):
        ablated(model, tmp_path, prompt="The cat sat", masked="cat", word="dog", parts=["L1H1"])
