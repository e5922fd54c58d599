"""Likelihood of texts, held to transformers' loss and to masks put by hand."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pytest
import torch
from tokenizers.processors import TemplateProcessing

from quizproof.probes.models.causal_lm import CausalLM, load_causal_lm
from quizproof.probes.models.language_models import LanguageModelError
from quizproof.probes.testing import draws_of, world
from tests.planted_language import language_model
from tests.planted_transformers import causal_folder

TEXT = "The cat sat on the mat"


@pytest.fixture(scope="module")
def gpt(tmp_path_factory: pytest.TempPathFactory) -> CausalLM:
    folder = causal_folder(tmp_path_factory.mktemp("gpt"))
    return load_causal_lm(folder, "gpt", torch.device("cpu"))


def asked(model: Any, text: str = TEXT, **parameters: Any) -> dict[str, Any]:
    given = {"model": "model", "texts": {"text": text}, **parameters}
    [draw] = draws_of("text.likelihood", world(model=model), **given)
    return {name.removesuffix("_text"): value for name, value in draw.values.items()}


def test_given_nothing_it_is_transformers_loss(gpt: CausalLM) -> None:
    ids = gpt.tokenizer(TEXT, return_tensors="pt").input_ids
    loss = float(gpt.net(ids, labels=ids).loss)
    found = asked(gpt, given="nothing")
    assert found["per_token"] == pytest.approx(-loss, rel=1e-5)
    assert found["tokens"] == ids.shape[1] - 1
    assert found["total"] == pytest.approx(-loss * found["tokens"], rel=1e-5)
    assert found["perplexity"] == pytest.approx(math.exp(loss), rel=1e-4)
    assert found["bits_per_character"] == pytest.approx(
        loss * found["tokens"] / len(TEXT) / math.log(2), rel=1e-5
    )


def test_given_the_start_the_first_token_counts(gpt: CausalLM) -> None:
    ids = gpt.tokenizer(gpt.tokenizer.bos_token + TEXT, return_tensors="pt").input_ids
    loss = float(gpt.net(ids, labels=ids).loss)
    found = asked(gpt)
    assert found["tokens"] == ids.shape[1] - 1
    assert found["per_token"] == pytest.approx(-loss, rel=1e-5)


def test_a_masked_model_is_asked_for_each_token_alone(tmp_path: Path) -> None:
    bert = language_model(tmp_path / "bert")
    ids = bert.tokenizer("The cat sat", return_tensors="pt").input_ids
    total = 0.0
    for place in (1, 2, 3):
        masked = ids.clone()
        masked[0, place] = bert.tokenizer.mask_token_id
        total += float(bert.net(masked).logits[0, place].log_softmax(0)[ids[0, place]])
    bench = world(model=bert)
    texts = {"text": "The cat sat"}
    [draw] = draws_of("text.likelihood", bench, model="model", texts=texts)
    assert draw.values["total_text"] == pytest.approx(total, rel=1e-5)
    assert bench.made.forward == 3


def test_what_has_no_likelihood_is_one_line(gpt: CausalLM, tmp_path: Path) -> None:
    with pytest.raises(LanguageModelError, match="is one token to gpt, and nothing goes before"):
        asked(gpt, " cat", given="nothing")
    with pytest.raises(LanguageModelError, match=r"takes 32 tokens, and .* fills them"):
        asked(gpt, " cat" * 32)
    headless = language_model(tmp_path / "headless", kind="BertModel")
    with pytest.raises(LanguageModelError, match="no masked-language head"):
        asked(headless)
    with pytest.raises(LanguageModelError, match="no token of"):
        asked(language_model(tmp_path / "bert"), "   ")


def test_a_tokenizer_may_put_the_start_there_itself(tmp_path: Path) -> None:
    starting = load_causal_lm(causal_folder(tmp_path / "gpt"), "gpt", torch.device("cpu"))
    plain = asked(starting)
    start = starting.tokenizer.bos_token
    starting.tokenizer.backend_tokenizer.post_processor = TemplateProcessing(
        single=f"{start} $A", special_tokens=[(start, starting.tokenizer.bos_token_id)]
    )
    assert asked(starting) == pytest.approx(plain)
    shorter = asked(starting, given="nothing")
    assert shorter["tokens"] == plain["tokens"] - 1
    assert shorter["total"] > plain["total"]
