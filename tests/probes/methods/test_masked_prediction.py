from __future__ import annotations

from pathlib import Path

import pytest
import torch

from quizproof.probes.methods.masked_prediction import (
    MaskedPredictionError,
    likeliest,
    masked_words,
    probabilities,
)
from quizproof.probes.models.language_models import LanguageModelError
from quizproof.probes.models.tokens import TokenError
from tests.planted_language import language_folder, language_model

SENTENCE = "The big dog playing saw her ."


def test_equals_a_plain_call_of_transformers(tmp_path: Path) -> None:
    from quizproof.probes.models.transformers_import import transformers

    model = language_model(tmp_path)
    plain = transformers().AutoModelForMaskedLM.from_pretrained(tmp_path)
    tokenizer = transformers().AutoTokenizer.from_pretrained(tmp_path)
    for words, text in (
        (["her"], "The big dog playing saw [MASK] ."),
        (["her", "dog"], "The big [MASK] playing saw [MASK] ."),
    ):
        tokens, places = masked_words(model.tokens(SENTENCE), words)
        coded = tokenizer(text, return_tensors="pt")
        assert list(tokens.ids) == coded["input_ids"][0].tolist()
        logits = plain(**coded).logits[0, places[0]].detach()
        found = probabilities(model.read(tokens), places[0])
        torch.testing.assert_close(found, logits.double().softmax(0), atol=1e-6, rtol=0)
        assert float(found.sum()) == pytest.approx(1, abs=1e-12)
        assert likeliest(found) == int(logits.argmax())


def test_places_of_the_masks_are_in_the_order_of_the_words(tmp_path: Path) -> None:
    whole = language_model(tmp_path).tokens(SENTENCE)
    tokens, places = masked_words(whole, ["her", "big", "dog"])
    assert [tokens.ids[place] for place in places] == [whole.mask] * 3
    assert places == [7, 2, 3]


def test_a_model_without_the_head_is_refused(tmp_path: Path) -> None:
    model = language_model(tmp_path, kind="BertModel")
    tokens, places = masked_words(model.tokens(SENTENCE), ["her"])
    with pytest.raises(MaskedPredictionError, match="no masked-language head"):
        probabilities(model.read(tokens), places[0])
    assert issubclass(MaskedPredictionError, LanguageModelError)


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("cat", "is not in"),
        ("aw", "inside"),
        ("garden", "is not in"),
        ("playing", "splits 'playing' of .* into play ##ing"),
    ],
)
def test_words_that_are_no_tokens(tmp_path: Path, word: str, said: str) -> None:
    language_folder(tmp_path)
    with pytest.raises(TokenError, match=said):
        masked_words(language_model(tmp_path).tokens(SENTENCE), [word])


def test_two_equally_likely_tokens_are_no_prediction() -> None:
    assert likeliest(torch.tensor([0.2, 0.5, 0.3], dtype=torch.double)) == 1
    with pytest.raises(MaskedPredictionError, match="equally likely"):
        likeliest(torch.full((4,), 0.25, dtype=torch.double))
