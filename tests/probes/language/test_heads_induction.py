"""Induction scores, in a transformer whose heads are set to look back and to copy."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from quizproof.probes.catalogue import catalogue
from quizproof.probes.methods.induction import copying, prefix_matching, repeated
from quizproof.probes.models.causal_lm import CausalLM, load_causal_lm
from quizproof.probes.models.language_models import LanguageModelError
from quizproof.probes.models.layer_parts import layer_parts
from quizproof.probes.testing import draws_of, world
from quizproof.questions.problems import QuizproofError
from tests.planted_language import language_pack
from tests.planted_transformers import causal_folder

PERIOD = 6
TOKENS, PLACES, HEADS = 290, 30, 2
WIDE = (TOKENS + PLACES) // HEADS


def looking_back(folder: Path, copies: tuple[float, float]) -> CausalLM:
    """A model of one layer whose heads both look at what came after a token's copy ``PERIOD`` back.

    An embedding is the token and its place; what a head sees it writes with the sign of ``copies``
    onto the token itself.
    """
    model = load_causal_lm(
        causal_folder(folder, n_layer=1, n_embd=TOKENS + PLACES, n_head=HEADS, n_positions=PLACES),
        "gpt",
        torch.device("cpu"),
    )
    body = model.net.transformer
    seen = torch.randn(TOKENS, WIDE, generator=torch.Generator().manual_seed(0)) / WIDE**0.5
    with torch.no_grad():
        for name, weight in model.net.named_parameters():
            if ".attn." in name or ".mlp." in name or "wte" in name or "wpe" in name:
                weight.zero_()
        body.wte.weight[:, :TOKENS] = torch.eye(TOKENS)
        body.wpe.weight[:, TOKENS:] = torch.eye(PLACES)
        queries, keys, values = body.h[0].attn.c_attn.weight.split(TOKENS + PLACES, dim=1)
        for head, sign in enumerate(copies):
            first = head * WIDE
            places = slice(first, first + PLACES)
            queries[TOKENS:, places] = 2 * torch.ones(PLACES - PERIOD + 1).diag(1 - PERIOD)
            keys[TOKENS:, places] = 2 * torch.eye(PLACES)
            values[:TOKENS, first : first + WIDE] = seen
            body.h[0].attn.c_proj.weight[first : first + WIDE, :TOKENS] = sign * seen.T
    return model


def asked(model: CausalLM, folder: Path, **given: Any) -> Any:
    bench = world(language_pack(folder / "pack"), gpt=model)
    parameters = {"heads": ["L1H1", "L1H2"], "tokens": PERIOD, "repeats": 2, **given}
    [draw] = draws_of("heads.induction", bench, **parameters)
    return draw


def test_a_head_that_looks_behind_the_copy_matches_and_one_that_writes_it_copies(
    tmp_path: Path,
) -> None:
    draw = asked(looking_back(tmp_path / "gpt", (1.0, -1.0)), tmp_path)
    for head in ("L1H1", "L1H2"):
        assert draw.values[f"matching_{head}"] == pytest.approx(1, abs=1e-4)
    assert draw.values["copying_L1H1"] > 0.8
    assert draw.values["copying_L1H2"] < -0.8
    assert draw.values["copying_head"] == "L1H1"
    assert draw.values["matching_head"] == "none"
    assert draw.matrices[0].values.shape == (1, HEADS)


def test_the_scores_of_attention_by_hand(tmp_path: Path) -> None:
    model = looking_back(tmp_path / "gpt", (1.0, 1.0))
    text = repeated(model, np.random.default_rng(0), PERIOD, 3)
    ids = text.tokens.ids
    assert len(set(ids[:PERIOD])) == PERIOD
    assert ids == ids[:PERIOD] * 3
    size = len(ids)
    even = torch.ones(size, size).tril()
    even /= even.sum(dim=1, keepdim=True)
    by_hand = np.mean([(row // PERIOD) / (row + 1) for row in range(PERIOD, size)])
    assert prefix_matching(even[None, None], text).item() == pytest.approx(by_hand)
    itself = torch.eye(size)
    assert prefix_matching(itself[None, None], text).item() == 0


def test_copying_is_the_direct_effect_on_all_logits_by_hand(tmp_path: Path) -> None:
    """Of a model with random weights: whole logits, with and without what a head's slice writes."""
    model = load_causal_lm(causal_folder(tmp_path), "gpt", torch.device("cpu"))
    net, body = model.net, model.net.transformer
    text = repeated(model, np.random.default_rng(0), PERIOD, 2)
    found = copying(model, layer_parts(model), body.ln_f, text)
    kept: list[torch.Tensor] = []
    hooks = [
        b.attn.c_proj.register_forward_pre_hook(lambda _, x: kept.append(x[0])) for b in body.h
    ]
    hooks += [body.ln_f.register_forward_pre_hook(lambda _, x: kept.append(x[0]))]
    ids = torch.tensor([text.tokens.ids])
    given = net(ids, output_attentions=True)
    for hook in hooks:
        hook.remove()
    *heads, last = (each[0] for each in kept)
    for layer in (0, 1):
        for head in (0, 1):
            alone = torch.zeros_like(heads[layer])
            alone[:, 8 * head : 8 * head + 8] = heads[layer][:, 8 * head : 8 * head + 8]
            out = body.h[layer].attn.c_proj
            without = last - (out(alone) - out.bias)
            effect = (net.lm_head(body.ln_f(last)) - net.lm_head(body.ln_f(without))).double()
            effect = (effect - effect.mean(dim=1, keepdim=True))[:, ids[0]]
            weights = given.attentions[layer][0, head].double()
            by_hand = (weights * effect).sum() / (weights * effect.abs()).sum()
            assert float(found[layer, head]) == pytest.approx(float(by_hand), rel=1e-4)


def test_every_draw_is_of_new_texts_and_the_same_in_every_run(tmp_path: Path) -> None:
    model = load_causal_lm(causal_folder(tmp_path / "gpt"), "gpt", torch.device("cpu"))
    given: dict[str, Any] = {"heads": ["L1H1"], "tokens": PERIOD, "repeats": 2, "sequences": 1}
    runs = [
        draws_of(
            "heads.induction", world(language_pack(tmp_path / name), gpt=model), draws=3, **given
        )
        for name in "ab"
    ]
    first, again = ([draw.values for draw in run] for run in runs)
    assert first == again
    assert len({draw["matching_L1H1"] for draw in first}) == 3


def test_how_long_the_texts_are_is_said_by_the_question() -> None:
    with pytest.raises(QuizproofError, match="tokens"):
        catalogue()["heads.induction"].complete({"heads": ["L1H1"], "repeats": 2})


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"heads": ["L1H3"]}, "no head 3, asked for as L1H3; each layer has heads 1 to 2"),
        ({"heads": ["L2H1"]}, "no layer 2, asked for as L2H1; its layers are 1 to 1"),
        ({"tokens": 16}, "are 32; ask for fewer 'repeats', or for 15 'tokens' at most"),
        ({"repeats": 31}, "are 186; ask for fewer 'repeats'$"),
        ({"tokens": 300}, "has 289 tokens, 300 different ones are asked for"),
        ({"repeats": 1}, "repeats"),
        ({"heads": ["1.2"]}, "heads"),
    ],
)
def test_what_cannot_be_asked_is_one_line(given: dict[str, Any], says: str, tmp_path: Path) -> None:
    with pytest.raises(QuizproofError, match=says) as caught:
        asked(looking_back(tmp_path / "gpt", (1.0, 1.0)), tmp_path, **given)
    assert "\n" not in str(caught.value)


def test_heads_whose_output_is_normalised_once_added_have_no_direct_effect(tmp_path: Path) -> None:
    shape: dict[str, Any] = {"ffn_dim": 24, "word_embed_proj_dim": 16, "init_std": 0.3}
    folder = causal_folder(tmp_path / "opt", "OPT", do_layer_norm_before=False, **shape)
    model = load_causal_lm(folder, "opt", torch.device("cpu"))
    with pytest.raises(LanguageModelError, match="normalises what its layers have added"):
        asked(model, tmp_path)
