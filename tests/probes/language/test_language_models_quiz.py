"""Every option of the quiz ``language-models`` in a world, or by a method, in which it is right."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest
import torch
from tokenizers import Regex, normalizers
from torch import Tensor

from quizproof.probes.methods import distributions, next_token_distribution
from quizproof.probes.models import causal_passes
from quizproof.probes.models.causal_lm import CausalLM, load_causal_lm
from quizproof.probes.packs.pack import EMBEDDED
from quizproof.probes.testing import options_that_hold
from quizproof.questions.quiz import bundled_quiz, load_quiz
from quizproof.questions.spec import expected_answer
from tests.planted_causal import causal_world, gpt, planted_causal
from tests.planted_language import language_tokenizer
from tests.planted_transformers import byte_tokenizer, planted_transformer

SHAPE = {
    "vocab_size": 768,
    "bos_token_id": 0,
    "eos_token_id": 0,
    "hidden_size": 32,
    "intermediate_size": 48,
    "num_hidden_layers": 2,
    "num_attention_heads": 2,
    "max_position_embeddings": 64,
}
PROMPT, OTHER_ORDER = " The cat sat on the", " The sat cat on the"
TEXT, OTHER = " The cat sat on the mat", " The cat saw on the mat"


def found(folder: Path, question: str, model: CausalLM, **parameters: Any) -> set[str]:
    file = bundled_quiz("language-models") / f"{question}.yaml"
    return options_that_hold(file, causal_world(folder, model), **parameters)


def _unknown(folder: Path) -> Any:
    return language_tokenizer(folder)


def _bytes(folder: Path) -> Any:
    return byte_tokenizer(folder)


def _small(folder: Path) -> Any:
    tokenizer = byte_tokenizer(folder)
    tokenizer.backend_tokenizer.normalizer = normalizers.Lowercase()
    return tokenizer


def _one_space(folder: Path) -> Any:
    tokenizer = byte_tokenizer(folder)
    tokenizer.backend_tokenizer.normalizer = normalizers.Replace(Regex(" +"), " ")
    return tokenizer


@pytest.mark.parametrize(
    ("made", "option"), [(_bytes, "a"), (_unknown, "b"), (_small, "c"), (_one_space, "d")]
)
def test_tokenisers(tmp_path: Path, made: Callable[[Path], Any], option: str) -> None:
    model = planted_causal(tmp_path / "net")
    model.tokenizer = made(tmp_path / "tokenizer")
    assert found(tmp_path, "q01", model) == {option}


Distribution = Callable[..., Tensor]
_whole: Distribution = next_token_distribution.distribution


def _as_it_is(logits: Tensor, *settings: Any) -> Tensor:
    return _whole(logits, *settings)


def _inverse(logits: Tensor, temperature: float = 1.0, *more: Any) -> Tensor:
    return _whole(logits, 1 / temperature)


def _ignored(logits: Tensor, *settings: Any) -> Tensor:
    return _whole(logits)


def _turned(logits: Tensor, *settings: Any) -> Tensor:
    return _whole(-logits if settings else logits)


def _few(logits: Tensor, *settings: Any) -> Tensor:
    return _whole(logits, 1.0, 5 if settings else None)


def _warmer(logits: Tensor, *settings: Any) -> Tensor:
    return _whole(logits, 3.0 if settings else 1.0)


def _in_turn(*those: Distribution) -> Distribution:
    """Each of ``those`` for one prompt after the other, which is asked about twice."""
    following: Iterator[Distribution] = (one for one in cycle(those) for _ in range(2))
    return lambda logits, *settings: next(following)(logits, *settings)


@pytest.mark.parametrize(
    ("question", "method", "options"),
    [
        ("q02", _as_it_is, {"a"}),
        ("q02", _inverse, {"b"}),
        ("q02", _in_turn(_as_it_is, _inverse), {"c"}),
        ("q02", _ignored, {"d"}),
        ("q03", _as_it_is, {"a", "d"}),
        ("q03", _turned, {"b", "c", "d"}),
        ("q03", _few, {"a", "e"}),
        ("q04", _as_it_is, {"a", "b"}),
        ("q04", _warmer, {"c", "d"}),
        ("q05", _as_it_is, {"a"}),
        ("q05", _in_turn(_as_it_is, _turned), {"b"}),
        ("q05", _turned, {"c"}),
    ],
)
def test_settings(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    question: str,
    method: Distribution,
    options: set[str],
) -> None:
    monkeypatch.setattr(next_token_distribution, "distribution", method)
    model = planted_causal(tmp_path / "net")
    assert found(tmp_path, question, model) >= options


def test_a_softmax_is_none_where_each_logit_stands_for_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = planted_causal(tmp_path / "net")
    assert found(tmp_path, "q06", model) == {"b", "d"}

    def each(logits: Tensor) -> Tensor:
        shares = logits.double().sigmoid()
        return shares / shares.sum()

    monkeypatch.setattr(distributions, "softmax", each)
    assert found(tmp_path, "q06", model) == {"a", "b", "c"}


@pytest.mark.parametrize(
    ("mask", "option"), [("none", "a"), ("causal", "b"), ("self", "c"), ("backward", "d")]
)
def test_masks(tmp_path: Path, mask: str, option: str) -> None:
    model = planted_causal(tmp_path / "net", mask=mask)
    assert found(tmp_path, "q07", model, text=TEXT, other=OTHER) == {option}


@pytest.mark.parametrize(
    ("altered", "option"),
    [({}, "a"), ({"shares": -2}, "b"), ({"mask": "self"}, "c"), ({"gain": 2.0}, "d")],
)
def test_sums_of_attention(tmp_path: Path, altered: dict[str, Any], option: str) -> None:
    model = planted_causal(tmp_path / "net", **altered)
    assert found(tmp_path, "q08", model, text=TEXT) == {option}


@pytest.mark.parametrize(
    ("altered", "option"), [({}, "a"), ({"stale": 0.5}, "b"), ({"rough": True}, "c")]
)
def test_caches(tmp_path: Path, altered: dict[str, Any], option: str) -> None:
    model = planted_causal(tmp_path / "net", **altered)
    assert found(tmp_path, "q09", model, prompt=PROMPT) == {option}


def _prompt_left_out(model: CausalLM, tokens: Any, count: int) -> Any:
    whole = causal_passes.continued_anew(model, tokens, count)
    return replace(whole, places=count)


@pytest.mark.parametrize(
    ("cached", "option"),
    [
        (causal_passes.continued_cached, "a"),
        (_prompt_left_out, "b"),
        (causal_passes.continued_anew, "c"),
    ],
)
def test_what_a_cache_reads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cached: Any, option: str
) -> None:
    monkeypatch.setattr(causal_passes, "continued_cached", cached)
    model = planted_causal(tmp_path / "net")
    assert found(tmp_path, "q10", model, prompt=PROMPT) == {option}


@pytest.mark.parametrize(
    ("altered", "option"),
    [({"layers": 1}, "a"), ({}, "b"), ({"mask": "none", "places": False}, "c")],
)
def test_order(tmp_path: Path, altered: dict[str, Any], option: str) -> None:
    model = planted_causal(tmp_path / "net", **altered)
    assert found(tmp_path, "q11", model, prompt=PROMPT, other=OTHER_ORDER) == {option}


@pytest.mark.parametrize(("name", "option"), [("GPT2", "a"), ("Llama", "b")])
def test_places(tmp_path: Path, name: str, option: str) -> None:
    model = gpt(tmp_path / "gpt", name)
    assert found(tmp_path, "q12", model, prompt=PROMPT) == {option}


def test_output_matrices(tmp_path: Path) -> None:
    assert found(tmp_path, "q13", gpt(tmp_path / "tied")) == {"a"}
    model = gpt(tmp_path / "apart", tie_word_embeddings=False)
    assert found(tmp_path, "q13", model) == {"b"}
    given, out = model.net.get_input_embeddings().weight, model.net.lm_head.weight
    with torch.no_grad():
        out.copy_(torch.linalg.pinv(given).T)
    assert found(tmp_path, "q13", model) == {"c"}


@pytest.mark.parametrize(
    ("favourite", "option"), [("hat", "a"), ("doctor", "b"), ("garden", "c"), ("the", "d")]
)
def test_what_comes_next_in_a_list(tmp_path: Path, favourite: str, option: str) -> None:
    model = planted_causal(
        tmp_path / "net", words=("hat", "doctor", "garden", "the", "machine", "queen")
    )
    model.net.favourite = model.tokenizer.convert_tokens_to_ids(f"Ġ{favourite}")
    assert found(tmp_path, "q14", model) == {option}


@pytest.mark.parametrize("name", ["Llama", "GPTNeoX"])
def test_any_model_gives_the_answers_about_the_method(tmp_path: Path, name: str) -> None:
    folder = tmp_path / name
    shutil.copytree(EMBEDDED / "language" / "gpt", folder, ignore=shutil.ignore_patterns("model.*"))
    made = planted_transformer(f"{name}ForCausalLM", f"{name}Config", **SHAPE)
    made.save_pretrained(folder)
    model = load_causal_lm(folder, name, torch.device("cpu"))
    world = causal_world(tmp_path, model)
    for question in load_quiz(bundled_quiz("language-models")).questions:
        if question.about == "method":
            key = set(expected_answer(question) or ())
            assert options_that_hold(question, world) == key, question.id
    assert found(tmp_path, "q12", model) == {"b"}  # whose places are rotary
