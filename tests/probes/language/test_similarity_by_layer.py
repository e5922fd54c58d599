from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor

from quizproof.probes.bench import Bench
from quizproof.probes.language.sentence_pairs import same_meaning
from quizproof.probes.methods.embedding_similarity import cosine_similarity
from quizproof.probes.models.causal_lm import load_causal_lm
from quizproof.probes.models.language_models import LanguageModelError
from quizproof.probes.models.tokens import TokenError
from quizproof.probes.models.word_vectors import word_vectors
from quizproof.probes.testing import draws_of
from quizproof.probes.testing import world as planted_world
from quizproof.questions.problems import QuizproofError
from quizproof.questions.spec import Question, SingleChoice
from tests.planted import found, look, question
from tests.planted_language import WORDS, language_model, language_tokenizer
from tests.planted_transformers import causal_folder
from tests.probes.language.planted_states import chinese_bench, merge, planted_states

SENTENCES = ("今天買了蘋果手機", "蘋果的股價又跌了")
RISING = [0.1, 0.15, 0.2, 0.3, 0.35, 0.4, 0.5, 0.55, 0.6, 0.7, 0.8, 0.9]
VALLEY = [0.9, 0.8, 0.6, 0.4, 0.3, 0.2, 0.3, 0.4, 0.5, 0.5, 0.6, 0.7]
STEP = 0.05  # of the cosine similarity of pairs that mean the same, from a layer to the next


def _world(
    folder: Path,
    cosines: Sequence[float],
    lengths: Sequence[float] | None = None,
    step: float = STEP,
) -> Bench:
    """蘋 in the quiz's two sentences has these cosine similarities from layer 0 on.

    In two others it has 1 throughout, or ½ and ½ − ``step`` by turns.
    """
    tokenizer = language_tokenizer(folder / "tokenizer")
    phone, stock = (tokenizer(text).input_ids for text in SENTENCES)
    depth = len(cosines)
    angles = {
        "phone": torch.tensor(cosines).double().arccos(),
        "wobbling": torch.tensor([0.5 - step * (k % 2) for k in range(depth)]).double().arccos(),
        "still": torch.zeros(depth).double(),
    }

    def kind(ids: list[int]) -> str:
        if ids[: len(phone)] == phone and not any(ids[len(phone) :]):
            return "phone"
        return "wobbling" if sum(ids) % 2 and ids[: len(stock)] != stock else "still"

    def states(ids: Tensor, mask: Tensor) -> Tensor:
        angle = torch.stack([angles[kind(row.tolist())] for row in ids], dim=1)
        size = torch.tensor(lengths or [1.0] * depth).double()[:, None, None]
        vectors = torch.stack([angle.cos(), angle.sin()], dim=-1) * size
        return vectors[:, :, None].expand(-1, -1, ids.shape[1], -1)

    return chinese_bench(folder, planted_states(tokenizer, states, depth - 1))


def asked(**changes: object) -> Question:
    """The question, with a tenth of the pairs: planted ones differ in one way alone."""
    return question("q28", **{"pairs": 10, **changes})


def _otherwise() -> Question:
    """The question with the rules of its other wording."""
    made = asked()
    assert isinstance(made, SingleChoice)
    assert made.wordings is not None
    options = {
        name: option.model_copy(update={"rule": made.wordings.otherwise[name]})
        for name, option in made.options.items()
    }
    return made.model_copy(update={"options": options})


WAYS = pytest.mark.parametrize(
    ("option", "cosines"),
    [
        ("a", VALLEY),
        ("b", RISING[::-1]),
        ("c", RISING),
        ("d", [1 - value for value in VALLEY]),
    ],
    ids=["falls then rises", "falls", "rises", "rises then falls"],
)


@WAYS
@pytest.mark.parametrize("last", [-0.9, 0.99])
def test_each_trend_is_found_whatever_the_last_layer_does(
    tmp_path: Path, option: str, cosines: list[float], last: float
) -> None:
    world = _world(tmp_path, [*cosines, last])
    assert found(asked(), world) == found(_otherwise(), world) == {option}


@WAYS
def test_the_two_wordings_differ_by_what_the_embedding_output_does(
    tmp_path: Path, option: str, cosines: list[float]
) -> None:
    """From layer 1 the trend is ``option``; what comes before turns some of them, or hides it."""
    far = -0.9 if option in "bd" else 1.0
    world = _world(tmp_path, [far, *cosines[1:], 0.0])
    taken = {"a": "a", "b": "d", "c": "a", "d": "d"}
    assert found(asked(), world) == {taken[option]}
    assert found(_otherwise(), world) == {option}


def test_a_leg_counts_when_it_is_longer_than_any_step_of_pairs_that_mean_the_same(
    tmp_path: Path,
) -> None:
    wobbling = [value + 0.04 * (-1) ** k for k, value in enumerate(RISING)]
    late = [*RISING[:-2], 0.8, 0.6]
    for name, cosines, step, options in (
        ("wobble", wobbling, 0.15, {"c"}),
        ("wobble that counts", [*wobbling, 0.1], 0.02, set()),
        ("a leg back", late, 0.05, {"d"}),
        ("a leg back that does not count", late, 0.3, {"c"}),
        ("a rise that does not count", RISING, 0.9, set()),
    ):
        world = _world(tmp_path / name, [*cosines, 0.0], step=step)
        assert found(asked(), world) == options, name


@pytest.mark.parametrize("cosines", [[0.5] * 12, [0.1, 0.9] * 6, [0.9, 0.1] * 6])
def test_no_trend_is_none_of_them(tmp_path: Path, cosines: list[float]) -> None:
    assert found(asked(), _world(tmp_path, [*cosines, 0.0])) == set()


def test_two_sentences_that_are_all_alike_have_no_trend(tmp_path: Path) -> None:
    measured = look(asked(), _world(tmp_path, [1.0] * 13, step=0.0))
    assert {finding.holds for finding in measured.findings.values()} == {False}
    assert {m.value for m in measured.measurements.values()} == {0.0}


GROWING = [1.5**k for k in range(13)]
SHRINKING = [1 / length for length in GROWING]


@pytest.mark.parametrize(
    ("cosines", "lengths"),
    [(VALLEY, GROWING), (RISING[::-1], SHRINKING), (RISING, GROWING)],
    ids=["valley, falls", "falls", "rises"],
)
def test_metrics_that_differ_are_none_of_them(
    tmp_path: Path, cosines: list[float], lengths: list[float]
) -> None:
    world = _world(tmp_path, [*cosines, 0.0], lengths, step=0.001)
    assert found(asked(), world) == set()


def test_metrics_that_agree_on_lengths_that_differ(tmp_path: Path) -> None:
    world = _world(tmp_path, [*RISING, 0.0], SHRINKING, step=0.01)
    assert found(asked(), world) == {"c"}


def test_series_start_at_the_embedding_output_and_leave_out_the_last(tmp_path: Path) -> None:
    measured = look(asked(), _world(tmp_path, [*VALLEY, -0.9]))
    assert measured.shown.series["cosine"] == pytest.approx(VALLEY)
    assert measured.shown.series["euclidean"] == pytest.approx(
        [-((2 - 2 * value) ** 0.5) for value in VALLEY]
    )
    assert measured.shown.series_start == 0
    values = {name: m.value for name, m in measured.measurements.items()}
    assert values["step_cosine_0"] == pytest.approx(STEP)
    assert values["fall_cosine_0"] == pytest.approx(0.7 / STEP)
    assert values["fall_cosine_1"] == pytest.approx(0.6 / STEP)
    assert values["valley_cosine_1"] == pytest.approx(0.5 / STEP)


def test_pairs_that_mean_the_same_are_as_many_as_asked_for(tmp_path: Path) -> None:
    pairs = same_meaning(np.random.default_rng(0), "蘋", 6, SENTENCES)
    texts = [text for pair in pairs for text in pair]
    assert len(set(texts) - set(SENTENCES)) == 12
    assert all(text.count("蘋") == 1 for text in texts)
    world = _world(tmp_path, [*VALLEY, 0.0])
    with pytest.raises(QuizproofError, match="no word but 蘋果"):
        look(asked(word="手", sentences=["手", "機手"]), world)
    with pytest.raises(QuizproofError, match=r"pairs .* is 0; it may be: whole number from 1"):
        look(asked(pairs=0), world)


def test_each_sentence_is_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    world = _world(tmp_path, [*VALLEY, 0.0])
    first = look(asked(pairs=5), world).forward
    assert 2 < first <= 12  # those that differ in words the tokenizer does not know are one
    monkeypatch.setattr(world.part("chinese"), "passed", None)  # not once more
    assert look(asked(pairs=5), world).forward == first  # it rests on them all the same


def test_a_word_without_a_token_of_its_own_is_said(tmp_path: Path) -> None:
    unknown = language_model(tmp_path / "unknown", words=[w for w in WORDS if w != "蘋"])
    with pytest.raises(TokenError, match=r"knows '蘋' .* only as \[UNK\]"):
        look(asked(), chinese_bench(tmp_path / "unknown", unknown))
    merging = language_model(tmp_path / "merging")
    merge(merging, "蘋果")
    with pytest.raises(TokenError, match=r"no token for '蘋' .* it is inside '蘋果'"):
        look(asked(), chinese_bench(tmp_path / "merging", merging))


def test_a_sentence_that_cannot_be_read_is_said(tmp_path: Path) -> None:
    world = chinese_bench(tmp_path, language_model(tmp_path / "model", num_hidden_layers=4))
    with pytest.raises(TokenError, match="'蘋' is not in “今天買了手機”"):
        look(asked(sentences=["今天買了手機", "蘋果的股價又跌了"]), world)
    with pytest.raises(QuizproofError, match="蘋果 stands in it twice"):
        look(asked(sentences=["蘋果", "蘋果", "蘋果"]), world)
    short = language_model(tmp_path / "short", num_hidden_layers=4, max_position_embeddings=9)
    with pytest.raises(LanguageModelError, match="takes 9 tokens, a sentence has 10"):
        look(asked(), chinese_bench(tmp_path / "short", short))


def test_a_model_too_shallow_for_a_trend_is_said(tmp_path: Path) -> None:
    shallow = language_model(tmp_path / "model", num_hidden_layers=2)
    with pytest.raises(LanguageModelError, match="2 layers, too few for a trend"):
        look(asked(), chinese_bench(tmp_path, shallow))


@pytest.mark.parametrize(
    ("first_layers", "said"),
    [
        ([], "1 or more"),
        ([-1], "whole number from 0"),
        ([11], "12 layers, too few for a trend"),
        ([0, 12], "12 layers, too few for a trend"),
    ],
)
def test_a_trend_from_a_layer_that_leaves_none_is_said(
    tmp_path: Path, first_layers: list[int], said: str
) -> None:
    with pytest.raises(QuizproofError, match=said):
        look(asked(first_layers=first_layers), _world(tmp_path, [*VALLEY, 0.0]))


def test_pairs_may_be_the_question_s_own(tmp_path: Path) -> None:
    causal = load_causal_lm(causal_folder(tmp_path / "gpt"), "gpt", torch.device("cpu"))
    given: dict[str, Any] = {"model": "gpt", "word": "cat", "first_layers": [0]}
    sentences = ["The cat sat", "it was the cat"]
    alike = ["A cat saw her", "A cat saw him", "that cat sat", "it was that cat"]
    [draw] = draws_of(
        "embedding.similarity_by_layer",
        planted_world(gpt=causal),
        sentences=sentences,
        alike=alike,
        **given,
    )
    asked_about, *nulls = (
        cosine_similarity(*np.moveaxis(word_vectors(causal, pair, "cat"), 1, 0))[:-1]
        for pair in (sentences, alike[:2], alike[2:])
    )
    assert draw.series["cosine"] == pytest.approx(asked_about.tolist())
    steps = [np.abs(np.diff(null)) for null in nulls]
    assert draw.values["step_cosine_0"] == pytest.approx(float(np.max(steps)))
    refused: list[tuple[dict[str, Any], str]] = [
        ({}, "say either pairs"),
        ({"pairs": 2, "alike": alike}, "say either pairs"),
        ({"alike": alike[:3]}, "3 sentences in alike make no pairs"),
    ]
    for wrong, said in refused:
        with pytest.raises(QuizproofError, match=said):
            draws_of(
                "embedding.similarity_by_layer",
                planted_world(gpt=causal),
                sentences=sentences,
                **given,
                **wrong,
            )
