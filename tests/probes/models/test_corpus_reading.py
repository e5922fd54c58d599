from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from quizproof.probes.models import corpus_reading
from quizproof.probes.models.corpus_reading import CorpusError, read
from quizproof.probes.models.language_models import LanguageModel
from quizproof.probes.packs.texts import CorpusSentence
from tests.planted_language import language_model
from tests.probes.language.planted_readings import sentence

LINES = [
    sentence("The/DET cat/NOUN sat/VERB on/ADP a/DET mat/NOUN ./PUNCT"),
    sentence("The/DET playing/ADJ dog/NOUN saw/VERB it/PRON ./PUNCT", (4, 2)),
    sentence("It/PRON sat/VERB ./PUNCT"),
    sentence("The/DET bird/NOUN saw/VERB a/DET dog/NOUN playing/VERB her/PRON ./PUNCT", (6, 1)),
]


@pytest.fixture(name="model")
def _model(tmp_path: Path) -> LanguageModel:
    return language_model(tmp_path)


def corpus(*lines: dict[str, Any]) -> list[CorpusSentence]:
    return [CorpusSentence.model_validate(line) for line in lines]


def alone(model: LanguageModel, text: str) -> Any:
    """What transformers says of one sentence, asked without our code."""
    coded = model.tokenizer(text, return_tensors="pt")
    with torch.inference_mode():
        return model.net(**coded, output_hidden_states=True, output_attentions=True)


def test_every_word_has_the_embeddings_of_its_pieces(model: LanguageModel) -> None:
    found = read(model, corpus(*LINES))
    assert found.left_out == 0
    expected, tags = [], []
    for line in LINES:
        given = alone(model, line["text"])
        states = torch.stack(given.hidden_states)[:, 0]
        place = 1
        for word, tag in zip(line["words"], line["pos"], strict=True):
            for _ in model.tokenizer.tokenize(word):
                expected.append(states[:, place])
                tags.append(tag)
                place += 1
    assert found.tags == tuple(tags)
    assert found.tags.count("ADJ") == 2  # play ##ing
    np.testing.assert_allclose(found.embeddings, torch.stack(expected, dim=1), atol=1e-5)
    assert found.embeddings.dtype == torch.float32


def test_attention_from_pronouns_is_that_of_the_sentence_alone(model: LanguageModel) -> None:
    found = read(model, corpus(*LINES))
    assert [one.sentence.text for one in found.linked] == [LINES[1]["text"], LINES[3]["text"]]
    one = found.linked[1]
    # [CLS] The bird saw a dog play ##ing her . [SEP]
    assert (one.tokens, one.pieces) == (9, (1, 1, 1, 1, 1, 2, 1, 1))
    [given] = one.attention.values()
    maps = torch.stack(alone(model, LINES[3]["text"]).attentions)[:, 0, :, 8]
    expected = torch.cat([maps[..., 1:6], maps[..., 6:8].sum(-1, keepdim=True), maps[..., 8:10]], 2)
    expected /= expected.sum(dim=2, keepdim=True)  # what goes to [CLS] and [SEP] is hidden
    np.testing.assert_allclose(given, expected, atol=1e-5)


def test_a_sentence_that_comes_twice_is_read_once_and_kept_twice(model: LanguageModel) -> None:
    found = read(model, corpus(LINES[0], LINES[2], LINES[0]))
    assert model.passes.forward == 2
    torch.testing.assert_close(found.embeddings[:, :7], found.embeddings[:, 10:])


def test_an_unknown_word_is_left_out_and_its_sentence_has_no_links(model: LanguageModel) -> None:
    line = sentence(
        "The/DET elephant/NOUN saw/VERB a/DET dog/NOUN and/CCONJ it/PRON ./PUNCT", (6, 4)
    )
    found = read(model, corpus(LINES[0], line))
    assert found.tags == (*LINES[0]["pos"], "DET", "VERB", "DET", "NOUN", "PRON", "PUNCT")
    assert found.left_out == pytest.approx(2 / 15)
    assert found.linked == ()


def test_a_sentence_that_is_too_long_is_left_out(model: LanguageModel) -> None:
    long = sentence(" ".join(["cat/NOUN"] * 31))
    found = read(model, corpus(LINES[0], long))
    assert found.tags == tuple(LINES[0]["pos"])
    assert found.left_out == pytest.approx(31 / 38)


def test_a_corpus_of_unknown_words_is_an_error(model: LanguageModel) -> None:
    with pytest.raises(CorpusError, match=r"no word of the corpus can be read: .* only as \[UNK\]"):
        read(model, corpus(sentence("Elephants/NOUN fly/VERB")))


def test_what_is_too_much_to_keep_in_single_precision_is_kept_in_half(
    model: LanguageModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = read(model, corpus(*LINES)).embeddings
    monkeypatch.setattr(corpus_reading, "_EXACT", 100)
    half = read(model, corpus(*LINES)).embeddings
    assert half.dtype == torch.float16
    np.testing.assert_allclose(half, whole, rtol=1e-3, atol=1e-6)


def test_too_much_to_keep_at_all_is_an_error(
    model: LanguageModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(corpus_reading, "_EXACT", 100)
    monkeypatch.setattr(corpus_reading, "_MOST", 4 * 8 * 2 * 10)  # ten words'
    with pytest.raises(CorpusError, match="has 26 word pieces; take a part of it, 10 at most"):
        read(model, corpus(*LINES))
