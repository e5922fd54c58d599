"""What a question asks of an attribution: shares, places and signs of words."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch

from quizproof.probes.draws import Draw
from quizproof.probes.language.token_attribution import word_places
from quizproof.probes.methods.token_attribution import attribution
from quizproof.probes.methods.token_attribution_settings import Method
from quizproof.probes.methods.token_score import token_score
from quizproof.probes.models.causal_lm import load_causal_lm
from quizproof.probes.models.seq2seq_lm import load_seq2seq_lm
from quizproof.probes.models.tokens import TokenError
from quizproof.probes.testing import draws_of, world
from quizproof.questions.problems import QuizproofError
from tests.planted_language import language_model
from tests.planted_transformers import causal_folder, seq2seq_folder

CPU = torch.device("cpu")
TEXT = "The cat was playing , it sat"
DROP: Method = {"name": "erasure", "output": "logit", "by": "drop"}


def asked(model: Any, **parameters: Any) -> Draw:
    given = {"text": TEXT, "words": {"cat": "cat", "playing": "playing"}, "method": DROP}
    bench = world(model=model)
    [draw] = draws_of("token.attribution", bench, model="model", **{**given, **parameters})
    return draw


@pytest.fixture(scope="module")
def bert(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return language_model(tmp_path_factory.mktemp("bert"))


def test_words_are_summed_over_their_tokens(bert: Any) -> None:
    draw = asked(bert, masked="sat", of="dog")
    score = token_score(bert, TEXT, "dog", "sat", None)
    found = attribution(score, DROP).values
    names = list(score.tokens.names)
    pieces = [names.index("play"), names.index("##ing")]
    mass = float(found.abs().sum())
    assert draw.values["value_playing"] == pytest.approx(float(found[pieces].sum()))
    assert draw.values["share_playing"] == pytest.approx(float(found[pieces].abs().sum()) / mass)
    order = sorted(range(len(names)), key=lambda k: -abs(float(found[k])))
    assert draw.values["rank_cat"] == 1 + order.index(names.index("cat"))
    assert draw.values["top"] == names[order[0]]
    assert draw.values["sum"] == pytest.approx(float(found.sum()))
    logit = bert.read(score.tokens).logits[score.place, score.asked]
    assert draw.values["output"] == pytest.approx(float(logit), rel=1e-4)
    [table] = draw.matrices
    assert table.columns == tuple(name for name in names[1:-1] if name != "[MASK]")
    assert table.signed


@pytest.mark.parametrize("word", ["[CLS]", "sat"])
def test_nothing_is_said_of_what_a_method_leaves_as_it_is(word: str, bert: Any) -> None:
    path = {"name": "integrated_gradients", "output": "logit", "steps": 8}
    path |= {"rule": "gauss", "baseline": "mask"}
    for method in (DROP, path):
        with pytest.raises(QuizproofError, match=f"{method['name']} leaves special tokens as"):
            asked(bert, masked="sat", of="dog", method=method, special=True)
        with pytest.raises(QuizproofError, match=f"of which {method['name']} says nothing"):
            asked(bert, masked="sat", of="dog", method=method, words={"it": word})


def test_which_of_two_alike_is_said(bert: Any) -> None:
    given = {"text": "The cat saw the dog and the dog sat", "masked": "sat", "of": "dog"}
    with pytest.raises(QuizproofError, match=r"'dog' stands 2 times .* dog#1 is the first"):
        asked(bert, **given, words={"it": "dog"})
    both = asked(bert, **given, words={"one": "dog#1", "other": "dog#2"}).values
    assert both["value_one"] != both["value_other"]
    with pytest.raises(QuizproofError, match="'dog' is not 3 times"):
        asked(bert, **given, words={"it": "dog#3"})


def test_special_tokens_count_where_they_are_asked_for(bert: Any) -> None:
    attention = {"name": "attention", "layer": 1, "head": "mean"}
    given = {"masked": "sat", "of": "dog", "method": attention}
    alone = asked(bert, **given).values
    with_special = asked(
        bert, **given, special=True, words={"cat": "cat", "cls": "[CLS]", "end": "[SEP]"}
    ).values
    assert with_special["sum"] == pytest.approx(1, abs=1e-5)
    outside = float(with_special["share_cls"]) + float(with_special["share_end"])
    assert float(with_special["share_cat"]) == pytest.approx(
        float(alone["share_cat"]) * (1 - outside), rel=1e-5
    )
    with pytest.raises(QuizproofError, match="special token, and not counted; say special: true"):
        asked(bert, **given, words={"cls": "[CLS]"})


def test_models_that_write_are_asked_alike(tmp_path: Path) -> None:
    gpt = load_causal_lm(causal_folder(tmp_path / "gpt"), "gpt", CPU)
    assert 0 < float(asked(gpt, of=" mat").values["share_playing"]) < 1
    halves = load_seq2seq_lm(seq2seq_folder(tmp_path / "bart", "Bart"), "bart", CPU)
    crossed = {"name": "attention", "layer": 1, "head": "mean"}
    values = asked(halves, of="dog", target="it was a dog", method=crossed).values
    assert values["sum"] == pytest.approx(1, abs=1e-5)


def test_a_word_that_is_not_there_is_one_line(bert: Any) -> None:
    tokens = bert.tokens(TEXT)
    with pytest.raises(TokenError, match=r"'cta' is not in the text .*; did you mean cat"):
        word_places(tokens, "cta")
    with pytest.raises(TokenError, match="no token 'mxt'; did you mean mat"):
        asked(bert, masked="sat", of="mxt")


def test_passes_are_shared_between_questions(bert: Any) -> None:
    bench = world(model=bert)
    given: dict[str, Any] = {
        "model": "model",
        "text": TEXT,
        "masked": "sat",
        "of": "dog",
        "method": DROP,
    }
    draws_of("token.attribution", bench, words={"cat": "cat"}, **given)
    before = bench.made.forward
    draws_of("token.attribution", bench, words={"it": "it"}, **given)
    assert bench.made.forward == before


@pytest.mark.parametrize(
    "method",
    [
        {"name": "saliency"},
        {"name": "erasure", "output": "logit"},
        {"name": "attention", "layer": 0, "head": 1},
        {"name": "attention_rollout", "output": "logit"},
        {"name": "gradient_norm", "output": "loss"},
        {
            "name": "integrated_gradients",
            "output": "logit",
            "steps": 10**9,
            "rule": "gauss",
            "baseline": "zero",
        },
    ],
)
def test_methods_have_all_their_settings_and_no_other(method: dict[str, Any]) -> None:
    with pytest.raises(QuizproofError, match="parameter method"):
        draws_of("token.attribution", text=TEXT, of="x", words={"a": "a"}, method=method)
