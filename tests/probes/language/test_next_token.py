"""Probability of what comes next, in worlds in which it is known."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pytest
import torch

from quizproof.probes.bench import Bench
from quizproof.probes.catalogue import catalogue
from quizproof.probes.draws import Draw
from quizproof.probes.models.causal_lm import CausalLM, load_causal_lm
from quizproof.probes.models.language_models import LanguageModelError
from quizproof.questions.problems import QuizproofError
from tests.planted_language import language_pack
from tests.planted_transformers import causal_folder

PROMPT = "The cat sat on the"


def planted(folder: Path, **logits: float) -> CausalLM:
    """A model that gives each word of ``logits`` that logit after "the", and all else 0.

    Its layers add nothing, so that the last state is the normalised embedding of the token.
    """
    model = load_causal_lm(
        causal_folder(folder / "gpt", tie_word_embeddings=False), "gpt", torch.device("cpu")
    )
    net = model.net
    with torch.no_grad():
        for name, weight in net.named_parameters():
            if ".c_proj." in name or name.endswith("wpe.weight") or name == "lm_head.weight":
                weight.zero_()
        the = model.tokenizer.convert_tokens_to_ids("Ġthe")
        state = net.transformer.ln_f(net.transformer.wte.weight[the])
        for word, logit in logits.items():
            token = model.tokenizer.convert_tokens_to_ids(f"Ġ{word}")
            net.lm_head.weight[token] = logit * state / (state @ state)
    return model


def asked(model: CausalLM, folder: Path, **parameters: Any) -> Draw:
    probe = catalogue()["next_token.probability"]
    bench = Bench(language_pack(folder / "pack"), seed=0, loaded={"gpt": model})
    [draw] = bench.run(probe, probe.complete({"prompt": PROMPT, **parameters}))
    return draw


def test_probabilities_are_those_that_were_planted(tmp_path: Path) -> None:
    rest = 288  # other tokens, each of logit 0
    model = planted(tmp_path, mat=math.log(3 * rest), dog=math.log(rest))
    assert len(model.tokenizer) == rest + 2
    first = asked(model, tmp_path, continuation=" mat").values
    assert first["probability"] == pytest.approx(0.6, abs=1e-5)
    assert first["surprisal"] == pytest.approx(-math.log2(0.6), abs=1e-5)
    assert (first["rank"], first["likeliest"]) == (1, "mat")
    second = asked(model, tmp_path, continuation=" dog").values
    assert second["probability"] == pytest.approx(0.2, abs=1e-5)
    assert second["rank"] == 2


def test_a_continuation_of_several_tokens_is_their_product(tmp_path: Path) -> None:
    model = planted(tmp_path, mat=2.0)
    draw = asked(model, tmp_path, continuation=" mat saw").values
    mat = asked(model, tmp_path, continuation=" mat").values["probability"]
    token = model.tokenizer.convert_tokens_to_ids("Ġsaw")
    saw = model.next_token(PROMPT + " mat").exp()[token]
    assert draw["probability"] == pytest.approx(float(mat) * float(saw), rel=1e-6)


def test_a_place_that_rounding_decides_is_unsure(tmp_path: Path) -> None:
    draw = asked(planted(tmp_path, mat=2.0, dog=2.00003), tmp_path, continuation=" mat")
    assert draw.unsure is not None
    assert draw.unsure.within == {"rank": (1, 2)}
    assert asked(planted(tmp_path, mat=2.0), tmp_path, continuation=" mat").unsure is None


def test_two_that_are_equally_likely_are_an_error(tmp_path: Path) -> None:
    with pytest.raises(QuizproofError, match="equally likely"):
        asked(planted(tmp_path), tmp_path, continuation=" mat")


def test_a_prompt_beyond_the_context_is_one_line(tmp_path: Path) -> None:
    model = planted(tmp_path, mat=2.0)
    with pytest.raises(LanguageModelError, match="takes 32 tokens, a sentence has 39") as caught:
        asked(model, tmp_path, prompt=" the" * 39, continuation=" mat")
    assert "\n" not in str(caught.value)
