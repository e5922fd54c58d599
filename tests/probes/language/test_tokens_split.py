"""Tokens of texts, by tokenizers whose vocabulary is known."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch

from quizproof.probes.models.causal_lm import load_causal_lm
from quizproof.probes.models.encoder import load_encoder
from quizproof.probes.models.seq2seq_lm import load_seq2seq_lm
from quizproof.probes.testing import draws_of, world
from quizproof.questions.problems import QuizproofError
from tests.planted_language import language_folder, language_model
from tests.planted_transformers import causal_folder, seq2seq_folder

CPU = torch.device("cpu")


def split(model: Any, **texts: str) -> dict[str, Any]:
    [draw] = draws_of("tokens.split", world(model=model), model="model", texts=texts)
    found: dict[str, Any] = dict(draw.values)
    assert [len(table.columns) for table in draw.matrices] == [
        min(100, found[f"count_{name}"] + found[f"special_{name}"]) for name in texts
    ]
    return found


def test_pieces_of_a_wordpiece_tokenizer(tmp_path: Path) -> None:
    bert = language_model(tmp_path / "bert")
    found = split(bert, word="playing", sentence="It was playing , it sat .", odd="The zebra")
    assert (found["count_word"], found["special_word"]) == (2, 2)
    assert found["pieces_word"] == "play ##ing"
    assert found["ids_word"].split() == [
        str(bert.tokenizer.get_vocab()[piece]) for piece in ("play", "##ing")
    ]
    assert found["per_character_word"] == pytest.approx(2 / 7)
    assert (found["decoded_word"], found["differs_word"]) == ("playing", "nothing")
    assert found["differs_sentence"] == "spaces"
    assert (found["unknown_odd"], found["differs_odd"]) == (1, "unknown")
    assert bert.passes.forward == 0


def test_capitals_are_told_apart(tmp_path: Path) -> None:
    bert = language_model(tmp_path / "bert")
    bert.tokenizer = type(bert.tokenizer)(
        vocab={w: n for n, w in enumerate(("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "cat"))},
        do_lower_case=True,
    )
    found = split(bert, plain="cat", capital="Cat", accent="cät")
    assert [found[f"differs_{n}"] for n in ("plain", "capital", "accent")] == [
        "nothing",
        "capitals",
        "other",
    ]


def test_bytes_come_back_whole(tmp_path: Path) -> None:
    gpt = load_causal_lm(causal_folder(tmp_path / "gpt"), "gpt", CPU)
    found = split(gpt, spaces="  the  cat ", chinese="蘋果", emoji="🙂 cat")
    assert {found[f"differs_{name}"] for name in ("spaces", "chinese", "emoji")} == {"nothing"}
    assert found["count_chinese"] == 6  # bytes
    assert found["special_chinese"] == 0


def test_any_model_of_texts_has_tokens(tmp_path: Path) -> None:
    encoder = load_encoder(
        language_folder(tmp_path / "encoder", "BertModel"), "encoder", CPU, pooling="mean"
    )
    halves = load_seq2seq_lm(seq2seq_folder(tmp_path / "bart", "Bart"), "bart", CPU)
    assert split(encoder, cat="cat")["pieces_cat"] == "cat"
    assert split(encoder, long="cat " * 99)["count_long"] == 99  # three times its context
    assert split(halves, cat=" cat")["pieces_cat"] == "Ġcat"


@pytest.mark.parametrize("texts", [{}, {"empty": ""}, {"a name": "cat"}, {"1": "cat"}])
def test_texts_have_names_and_letters(texts: dict[str, str]) -> None:
    with pytest.raises(QuizproofError, match="parameter texts"):
        draws_of("tokens.split", texts=texts)
