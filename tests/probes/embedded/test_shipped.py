"""What is shipped: the models load, know what they should, and are small."""

from __future__ import annotations

import json
from itertools import islice
from typing import Any

import numpy as np
import pytest
import torch

from quizproof.probes.embedded.language import english_grammar
from quizproof.probes.embedded.language.held_out_figures import (
    answers,
    masked_accuracy,
    pronoun_accuracy,
)
from quizproof.probes.embedded.language.language_part import FOLDER, language_parts
from quizproof.probes.embedded.language.puzzles import distinct_puzzles
from quizproof.probes.language.grammar import chinese
from quizproof.probes.language.grammar.sentences import (
    QUIZ_CHINESE,
    QUIZ_ENGLISH,
    TAGS,
    distinct,
    held_out,
)
from quizproof.probes.models.language_loading import load_language_model
from quizproof.probes.models.language_models import LanguageModel
from quizproof.probes.packs.pack import EMBEDDED, Pack

PACK = EMBEDDED / FOLDER
FRESH = 987_654_321
LANGUAGES = {"english": english_grammar.write, "chinese": chinese.write}
READERS = ("reader1", "reader2", "reader3")


def _json(name: str) -> Any:
    return json.loads((PACK / name).read_text(encoding="utf-8"))


def loaded(name: str) -> LanguageModel:
    return load_language_model(PACK / name, name, torch.device("cpu"))


@pytest.fixture(scope="module", params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> tuple[str, Any, Any]:
    model = loaded(request.param)
    return request.param, model.net, model.tokenizer


def test_twelve_layers_of_twelve_heads_and_thirteen_hidden_states(
    language: tuple[str, Any, Any],
) -> None:
    name, model, tokenizer = language
    text = QUIZ_ENGLISH if name == "english" else QUIZ_CHINESE[0]
    output = model(
        **tokenizer(text, return_tensors="pt"), output_hidden_states=True, output_attentions=True
    )
    assert len(output.hidden_states) == 13
    assert [attention.shape[1] for attention in output.attentions] == [12] * 12


def test_masked_tokens_beat_the_baseline_on_fresh_sentences(language: tuple[str, Any, Any]) -> None:
    name, model, tokenizer = language
    fresh = list(islice(distinct(LANGUAGES[name], FRESH, unseen=True), 200))
    figures = masked_accuracy(model, tokenizer, fresh, seed=FRESH)
    assert figures["accuracy"] > figures["baseline"] + 0.2


def test_pronouns_beat_the_baseline_on_fresh_sentences(language: tuple[str, Any, Any]) -> None:
    name, model, tokenizer = language
    fresh = list(islice(distinct(LANGUAGES[name], FRESH, unseen=True), 300))
    figures = pronoun_accuracy(model, tokenizer, fresh)
    assert figures["settled_accuracy"] > figures["baseline"] + 0.2


def test_every_token_of_the_quiz_is_known(language: tuple[str, Any, Any]) -> None:
    name, _, tokenizer = language
    for text in (QUIZ_ENGLISH,) if name == "english" else QUIZ_CHINESE:
        assert tokenizer.unk_token_id not in tokenizer(text).input_ids


def test_readers_are_as_good_as_their_fine_tuning() -> None:
    fresh = list(islice(distinct_puzzles(FRESH, unseen=True), 60))
    shares = []
    for name in READERS:
        model = loaded(name)
        given = answers(model.net, model.tokenizer, fresh)
        shares.append(np.mean([a == p.answer for a, p in zip(given, fresh, strict=True)]))
    assert shares[0] > shares[1] > shares[2]
    assert shares[2] < 0.2


def test_the_manifest_names_what_is_there() -> None:
    manifest = Pack(EMBEDDED).manifest
    named = language_parts(EMBEDDED)
    written = {name: manifest.parts[name].model_dump(exclude_unset=True) for name in named}
    folders = {
        n: {**e, "local": e["local"].model_dump(exclude_unset=True)}
        for n, e in named.items()
        if "local" in e
    }
    assert written == {**named, **folders}
    assert [figure.right for figure in manifest.held_out if "exact match" in figure.about.en]


def test_triples_are_held_out_and_their_answers_are_spans_of_their_contexts() -> None:
    triples = _json("triples.json")
    assert len(triples) == 3
    for triple in triples:
        assert triple["context"].count(triple["answer"]) == 1
        assert held_out(f"{triple['context']} {triple['question']}")


def test_the_corpus_is_large_enough_annotated_and_held_out() -> None:
    lines = (PACK / "corpus.jsonl").read_text(encoding="utf-8").splitlines()
    words, sentences = 0, [json.loads(line) for line in lines]
    for sentence in sentences:
        assert len(sentence["words"]) == len(sentence["pos"])
        assert set(sentence["pos"]) <= TAGS
        assert english_grammar.join(sentence["words"]) == sentence["text"]
        assert held_out(sentence["text"])
        for link in sentence["links"]:
            assert sentence["pos"][link["pronoun"]] == "PRON"
            assert sentence["pos"][link["referent"]] in {"NOUN", "PROPN"}
        words += sum(tag != "PUNCT" for tag in sentence["pos"])
    assert words >= 2000
    assert len({sentence["text"] for sentence in sentences}) == len(sentences)


def test_ten_sentences_about_apples_besides_the_quizs_two() -> None:
    texts = [apple["text"] for apple in _json("apples.json")]
    assert len(set(texts)) == 10
    assert all("蘋果" in text for text in texts)
    assert not set(texts) & set(QUIZ_CHINESE)


def test_the_reference_matrix_is_ten_by_ten_numbers_and_symmetric() -> None:
    lines = (PACK / "reference_matrix.csv").read_text(encoding="utf-8").splitlines()
    matrix = np.array([[float(value) for value in line.split(",")] for line in lines])
    assert matrix.shape == (10, 10)
    np.testing.assert_allclose(matrix, matrix.T, atol=1e-6)
    assert len(set(np.round(np.diag(matrix), 4))) == 1


def test_all_of_it_is_small() -> None:
    assert sum(file.stat().st_size for file in PACK.rglob("*") if file.is_file()) <= 7e6
