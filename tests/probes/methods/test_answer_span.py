from __future__ import annotations

import math
from pathlib import Path

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from quizproof.probes.methods.answer_span import (
    best_span,
    gain,
    lead,
    normalised,
    span_scores,
    spans,
)
from tests.planted_language import TRIPLE, language_model


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("The Cat.", "cat", True),
        ("a  small   cat", "small cat", True),
        ("cat's", "cats", True),
        ("theatre", "tre", False),
        ("cat", "cats", False),
        ("The", "the", True),  # nothing but an article is itself
        ("the", "a", False),
        ("蘋果。", "蘋果。", True),
    ],
)
def test_normalised_as_squad_compares(one: str, other: str, same: bool) -> None:
    assert (normalised(one) == normalised(other)) is same


def test_the_best_span_equals_a_plain_search_over_a_plain_call(tmp_path: Path) -> None:
    from quizproof.probes.models.transformers_import import transformers

    for seed in range(4):
        folder = tmp_path / str(seed)
        model = language_model(folder, kind="BertForQuestionAnswering", seed=seed)
        read = model.read(model.tokens(TRIPLE["question"], TRIPLE["context"]))
        assert read.ends is not None

        tokenizer = transformers().AutoTokenizer.from_pretrained(folder)
        plain = transformers().AutoModelForQuestionAnswering.from_pretrained(folder)
        coded = tokenizer(
            TRIPLE["question"], TRIPLE["context"], return_tensors="pt", return_offsets_mapping=True
        )
        spans = coded.pop("offset_mapping")[0].tolist()
        given = plain(**coded)
        start, end = given.start_logits[0].tolist(), given.end_logits[0].tolist()
        inside = [k for k, text in enumerate(coded.sequence_ids()) if text == 1]
        scores = {(i, j): start[i] + end[j] for i in inside for j in inside if i <= j}
        first, last = max(scores, key=scores.__getitem__)
        found = TRIPLE["context"][spans[first][0] : spans[last][1]]
        assert best_span(read.ends, read.tokens) == found

        likely = {pair: math.exp(score) for pair, score in scores.items()}
        for answer in ("mat", "a mat", "dog saw her .", found):
            texts = {
                pair: TRIPLE["context"][spans[pair[0]][0] : spans[pair[1]][1]] for pair in likely
            }
            right = [p for p, text in texts.items() if normalised(text) == normalised(answer)]
            best = max(likely[p] for p in right)
            other = max(value for p, value in likely.items() if p not in right)
            expected = (best - other) / (best + other)
            assert lead(read.ends, read.tokens, answer) == pytest.approx(expected, abs=1e-5)
            assert (expected > 0) is (normalised(found) == normalised(answer))


def test_ends_of_the_lead(tmp_path: Path) -> None:
    tokens = language_model(tmp_path).tokens(TRIPLE["question"], TRIPLE["context"])
    ends = torch.zeros(2, len(tokens))
    assert lead(ends, tokens, "elephant") == -1
    assert lead(ends, tokens, TRIPLE["context"]) == 0  # no span is ahead
    place = tokens.find("mat", of=1)
    ends[:, place] = 500
    assert lead(ends, tokens, "mat") == 1
    ends[:, tokens.find("Where")] = 1000  # of the question, which is not asked
    assert best_span(ends, tokens) == "mat"


def test_what_a_head_gains_on_a_span_drawn_at_random(tmp_path: Path) -> None:
    tokens = language_model(tmp_path).tokens(TRIPLE["question"], TRIPLE["context"])
    ends = torch.zeros(2, len(tokens))
    assert gain(ends, tokens, "mat") == pytest.approx(0)  # it knows nothing
    assert gain(ends, tokens, "a mat") == pytest.approx(0)  # nor where two spans are right
    assert gain(ends, tokens, "elephant") == -20
    place = tokens.find("mat", of=1)
    ends[:, place] = 50  # six spans are “mat” to SQuAD: with “a” before it, signs at either end
    assert gain(ends, tokens, "mat") == pytest.approx(math.log(spans(tokens) / 6), abs=0.01)
    ends[:, tokens.find("dog", of=1)] = 90  # it is sure of another
    assert gain(ends, tokens, "mat") == -20


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000))
def test_no_span_ends_before_it_starts(seed: int) -> None:
    class Tokens:
        texts = (None, 0, 0, None, 1, 1, 1, 1, None)

    ends = torch.randn(2, 9, generator=torch.Generator().manual_seed(seed))
    scores = span_scores(ends, Tokens())  # type: ignore[arg-type]
    assert scores.shape == (4, 4)
    for first in range(4):
        for last in range(4):
            expected = ends[0, 4 + first] + ends[1, 4 + last] if first <= last else -math.inf
            assert float(scores[first, last]) == pytest.approx(float(expected), abs=1e-6)
