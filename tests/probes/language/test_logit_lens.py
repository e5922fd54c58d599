"""Place of a word by layer, in worlds in which a layer writes it."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pytest
import torch

from quizproof.probes.models.causal_lm import CausalLM, load_causal_lm
from quizproof.probes.models.language_models import LanguageModelError
from quizproof.probes.models.tokens import TokenError
from quizproof.probes.testing import draws_of, world
from quizproof.questions.problems import QuizproofError
from tests.planted_language import language_model, language_pack
from tests.planted_transformers import causal_folder

PROMPT = "The cat sat on the"
LAYERS = 4


def planted(folder: Path, writes: dict[int, tuple[str, float]]) -> CausalLM:
    """A model whose layer k, from 1, adds a direction of its own to every token's state.

    The unembedding gives each word of ``writes`` its logit for that of its layer; every embedding
    is one direction, which gives "saw" a logit and takes one from "mat".
    """
    model = load_causal_lm(
        causal_folder(folder / "gpt", tie_word_embeddings=False, n_layer=LAYERS),
        "gpt",
        torch.device("cpu"),
    )
    net = model.net
    with torch.no_grad():
        for name, weight in net.named_parameters():
            if any(part in name for part in (".c_proj.", "wte", "wpe", "lm_head")):
                weight.zero_()
        net.transformer.wte.weight[:, :2] = torch.tensor([1.0, -1.0])
        for word, logit in (("saw", 1.0), ("mat", -1.0)):
            net.lm_head.weight[model.tokenizer.convert_tokens_to_ids(f"Ġ{word}"), 0] = logit
        for layer, (word, logit) in writes.items():
            block = net.transformer.h[layer - 1]
            block.mlp.c_proj.bias[2 * layer] = 1.0
            block.mlp.c_proj.bias[2 * layer + 1] = -1.0
            token = model.tokenizer.convert_tokens_to_ids(f"Ġ{word}")
            net.lm_head.weight[token, 2 * layer] += logit
    return model


def asked(model: Any, folder: Path, **given: Any) -> Any:
    bench = world(language_pack(folder / "pack"), gpt=model)
    [draw] = draws_of("logit_lens.word", bench, **{"prompt": PROMPT, "word": " mat", **given})
    return draw


def test_the_layer_that_writes_a_word_is_the_first(tmp_path: Path) -> None:
    draw = asked(planted(tmp_path, {3: ("mat", 4.0)}), tmp_path, layers=[2, 3])
    assert draw.values["first_layer"] == draw.values["lasting_layer"] == 3
    tokens = 290

    def softmax(directions: int, mat: float) -> float:
        scale = 1 / math.sqrt(2 * directions / 16 + 1e-5)  # of each (1, −1) among 16 dimensions
        saw, rest = math.exp(scale), tokens - 2
        return math.exp(mat * scale) / (math.exp(mat * scale) + saw + rest)

    assert draw.values["probability_2"] == pytest.approx(softmax(1, -1.0), rel=1e-4)
    assert draw.values["probability_3"] == pytest.approx(softmax(2, 3.0), rel=1e-4)
    assert draw.series["probability"][3] == pytest.approx(softmax(2, 3.0), rel=1e-4)
    assert (draw.values["rank_2"], draw.values["rank_3"]) == (tokens, 1)
    assert draw.values["likeliest"] == "mat"
    assert len(draw.series["rank"]) == LAYERS + 1
    assert draw.series_start == 0


def test_a_word_that_another_takes_the_place_of_is_there_and_does_not_stay(tmp_path: Path) -> None:
    model = planted(tmp_path, {2: ("mat", 4.0), 3: ("dog", 8.0)})
    draw = asked(model, tmp_path)
    assert (draw.values["first_layer"], draw.values["lasting_layer"]) == (2, LAYERS + 1)
    draw = asked(model, tmp_path, top=2)
    assert (draw.values["first_layer"], draw.values["lasting_layer"]) == (2, 2)
    assert draw.unsure is None


def test_a_place_that_rounding_decides_leaves_the_layer_open(tmp_path: Path) -> None:
    model = planted(tmp_path, {2: ("mat", 4.0), 3: ("mat", 0.0)})
    with torch.no_grad():
        saw = model.tokenizer.convert_tokens_to_ids("Ġsaw")
        model.net.lm_head.weight[saw, 6] = 2.00001  # as much as "mat" has, from layer 3 on
    with pytest.raises(QuizproofError, match="equally likely"):
        asked(model, tmp_path)
    with torch.no_grad():
        dog = model.tokenizer.convert_tokens_to_ids("Ġdog")
        model.net.lm_head.weight[dog, 6] = 9.0
    draw = asked(model, tmp_path, top=2)
    assert draw.unsure is not None
    assert draw.unsure.within == {"lasting_layer": (2, LAYERS + 1)}


def test_a_masked_word_is_asked_of_where_it_is_hidden(tmp_path: Path) -> None:
    model = language_model(tmp_path / "bert")
    given = {"prompt": "The cat sat on a mat .", "masked": "cat", "word": "dog"}
    draw = asked(model, tmp_path, **given, layers=[0, 3])
    tokens = model.tokens("The cat sat on a mat .").masked([2])
    logits = model.read(tokens).logits
    assert logits is not None
    dog = model.tokenizer.get_vocab()["dog"]
    row = logits[2].double()
    assert draw.values["probability_3"] == pytest.approx(float(row.softmax(0)[dog]), rel=1e-4)
    assert draw.values["rank_3"] == 1 + int((row > row[dog]).sum())


@pytest.mark.parametrize(
    ("given", "error", "says"),
    [
        ({"layers": [5]}, QuizproofError, "no layer 5; its layers are 0 .* to 4"),
        ({"word": " matter"}, LanguageModelError, "no one token for “ ?matter” .* but Ġmat t e r"),
        ({"masked": "cat"}, LanguageModelError, "leave 'masked' out"),
        ({"prompt": ""}, QuizproofError, "prompt of probe logit_lens.word"),
        ({"top": 290}, QuizproofError, "top 290 leaves no token out: the vocabulary has 290"),
        ({"top": 0}, QuizproofError, "top of probe logit_lens.word"),
    ],
)
def test_what_cannot_be_asked_is_one_line(
    given: dict[str, Any], error: type[Exception], says: str, tmp_path: Path
) -> None:
    with pytest.raises(error, match=says) as caught:
        asked(planted(tmp_path, {2: ("mat", 2.0)}), tmp_path, **given)
    assert "\n" not in str(caught.value)


def test_a_masked_model_needs_a_mask_and_a_token_that_it_knows(tmp_path: Path) -> None:
    model = language_model(tmp_path / "bert")
    with pytest.raises(LanguageModelError, match="name the prompt's word to mask"):
        asked(model, tmp_path, prompt="The cat sat", word="dog")
    with pytest.raises(TokenError, match="no token 'gardens'; did you mean garden"):
        asked(model, tmp_path, prompt="The cat sat", word="gardens", masked="cat")
