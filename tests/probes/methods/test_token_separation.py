from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from quizproof.probes.methods.token_separation import (
    Passage,
    TokenSeparationError,
    answer_lead,
    apart,
    candidates,
    distances,
    passage,
    question_gap,
    separation,
    standardised,
)
from quizproof.probes.models.tokens import TokenError, Tokens, tokens_of
from tests.planted_language import language_tokenizer

WORDS = """
    In the big dog cat sat on a mat , while her red bird saw . ? Where What did Tesla was born
    1856 ( ) ; play ##ing it The It 貓 坐 在 墊 上 狗 走 了 。 誰
""".split()  # noqa: SIM905


def read(folder: Path, question: str, context: str) -> Tokens:
    return tokens_of(language_tokenizer(folder, WORDS), question, context)


def names(tokens: Tokens, places: Sequence[int]) -> str:
    return " ".join(tokens.names[place] for place in places)


@pytest.mark.parametrize(
    ("question", "context", "answer", "relevant", "rest"),
    [
        (
            "Where was the cat ?",
            "The dog saw her . The cat sat on a mat . It saw the bird .",
            "a mat",
            "The cat sat on",
            "The dog saw her It saw the bird",
        ),
        (  # of two, the one in the sentence that has more of the question's words
            "What saw the bird ?",
            "The cat sat on a mat . The cat saw the bird .",
            "The cat",
            "saw the bird",
            "The cat sat on a mat",
        ),
        (  # one sentence: the clause
            "Where was the bird ?",
            "The cat sat on a mat , while her bird was on it ( the dog ) .",
            "it",
            "while her bird was on",
            "The cat sat on a mat the dog",
        ),
        (  # a clause that is nothing but the answer
            "Where was Tesla born ?",
            "Tesla ( 1856 ) was born .",
            "1856",
            "1856",
            "Tesla was born",
        ),
        (  # a word, not a part of one
            "What was it ?",
            "The cat sat . It playing dog saw a red bird playing .",
            "a",
            "It play ##ing dog saw red bird play ##ing",
            "The cat sat",
        ),
        ("誰", "貓坐在墊上。狗走了。", "狗", "走 了", "貓 坐 在 墊 上"),
    ],
)
def test_places_of_a_passage(
    question: str, context: str, answer: str, relevant: str, rest: str, tmp_path: Path
) -> None:
    tokens = read(tmp_path, question, context)
    places = passage(tokens, answer)
    assert names(tokens, places.answer) == answer
    assert names(tokens, places.relevant) == relevant
    assert names(tokens, places.rest) == rest
    assert set(places.context) == {*places.relevant, *places.rest, *places.answer}
    assert names(tokens, places.question) == question.replace(" ?", "")


def test_an_answer_the_tokenizer_does_not_know(tmp_path: Path) -> None:
    tokens = read(tmp_path, "Where ?", "The elephant sat . The cat saw it .")
    with pytest.raises(TokenError, match="only as"):
        passage(tokens, "elephant")
    assert len(passage(tokens, "cat").rest) == 3  # elsewhere an unknown word is a word


def _passage() -> Passage:
    return Passage((1, 2), (4, 5, 6, 7, 9, 10), (6, 7), (4, 5), (9, 10))


def _states(seed: int = 0) -> torch.Tensor:
    drawn = torch.Generator().manual_seed(seed)
    return 3 * torch.randn(5, 12, 7, generator=drawn) + 2


def test_equals_sklearn() -> None:
    preprocessing = pytest.importorskip("sklearn.preprocessing")
    pairwise = pytest.importorskip("sklearn.metrics.pairwise")
    states, places = _states(), _passage()
    gaps, found = question_gap(states, places), distances(states, places)
    for layer in range(5):
        words = [*places.question, *places.context]
        scaled = dict(
            zip(
                words,
                preprocessing.StandardScaler().fit_transform(states[layer, words].double()),
                strict=True,
            )
        )

        def mean(others: Sequence[int], scaled: dict[int, np.ndarray] = scaled) -> float:
            question = [scaled[p] for p in places.question]
            return float(pairwise.cosine_similarity(question, [scaled[p] for p in others]).mean())

        assert float(gaps[layer]) == pytest.approx(mean(places.relevant) - mean(places.rest))
        alone = preprocessing.StandardScaler().fit_transform(
            states[layer, list(places.context)].double()
        )
        expected = np.linalg.norm(alone, axis=1) / np.sqrt(7)
        np.testing.assert_allclose(found[layer], expected, atol=1e-9)
    assert float(found.square().mean()) == pytest.approx(1)


def test_neither_scale_nor_shift_of_a_dimension_matters() -> None:
    states, places = _states(), _passage()
    other = states.double() * torch.logspace(-2, 3, 7, dtype=torch.double) + 40
    torch.testing.assert_close(question_gap(other, places), question_gap(states, places))
    torch.testing.assert_close(distances(other, places), distances(states, places))


def test_dimensions_in_which_nothing_varies_count_for_nothing() -> None:
    states, places = _states(), _passage()
    constant = torch.full((5, 12, 4), 0.1) * (1 + 1e-7 * torch.randn(5, 12, 4))
    more = torch.cat([states, constant], dim=-1)
    torch.testing.assert_close(distances(more, places), distances(states, places))
    torch.testing.assert_close(question_gap(more, places), question_gap(states, places))
    assert not standardised(torch.ones(2, 4, 3)).any()
    assert not distances(torch.ones(2, 12, 3), places).any()
    assert apart(distances(torch.ones(2, 12, 3), places), places).tolist() == [1, 1]
    assert not question_gap(torch.ones(2, 12, 3), places).any()


@pytest.mark.parametrize("bad", [float("nan"), float("inf")])
def test_states_that_are_no_numbers(bad: float) -> None:
    states = _states()
    states[2, 5, 3] = bad
    with pytest.raises(TokenSeparationError, match="NaN or infinity"):
        distances(states, _passage())


def test_lead_and_ratio_on_paper() -> None:
    places = _passage()
    found = torch.tensor([1.0, 1.0, 3.0, 1.0, 2.0, 1.0])
    assert answer_lead(found, places) == pytest.approx((3 - 2) / (3 + 2))
    assert float(apart(found[None], places)[0]) == pytest.approx(2 / 1.25)
    # spans of two from word to word: (4, 5), (5, 6), (6, 7), (9, 10); 8 is punctuation
    assert candidates(places) == [(4, 5), (5, 6), (6, 7), (9, 10)]
    assert answer_lead(torch.zeros(6), places) == 0


def test_separation_on_paper() -> None:
    places = _passage()
    found = torch.ones(9, 6)  # 8 layers: the last two against the third to the sixth
    found[7:] += torch.tensor(
        [0.0, 1, 3, 1, 2, 1]
    )  # spans of two: ½, 2, 2, 1½; the answer is (5, 6)
    spread = float(torch.tensor([0.5, 2, 2, 1.5]).std(correction=0))
    here = candidates(places).index(places.answer)
    expected = ([0.5, 2, 2, 1.5][here] - 1.5) / spread
    assert separation(found, places) == pytest.approx(expected)
    assert separation(5 * found, places) == pytest.approx(expected)  # whatever the scale
    found[3:7] += 0.5 * torch.tensor([0.0, 1, 3, 1, 2, 1])  # half of it is there before
    assert separation(found, places) == pytest.approx(expected)
    found[3:7] += 0.5 * torch.tensor([0.0, 1, 3, 1, 2, 1])  # all of it
    assert separation(found, places) == 0
    found[:3] += 9 * torch.rand(6)  # what the first layers do does not count
    assert separation(found, places) == 0
    with pytest.raises(TokenSeparationError, match="3 layers are too few"):
        separation(found[:4], places)


def test_nothing_to_set_against() -> None:
    places = _passage()
    with pytest.raises(TokenSeparationError, match="one clause"):
        question_gap(_states(), replace(places, rest=()))
    with pytest.raises(TokenSeparationError, match="no word"):
        question_gap(_states(), replace(places, question=()))
    whole = replace(places, context=places.answer)
    with pytest.raises(TokenSeparationError, match="nothing but the answer"):
        answer_lead(torch.ones(2), whole)
