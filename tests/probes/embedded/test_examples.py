"""Sentences and puzzles as tokens, batches of them, and what is masked."""

from __future__ import annotations

from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from quizproof.probes.embedded.language import english_grammar
from quizproof.probes.embedded.language.examples import batches, of_puzzles, of_sentences, padded
from quizproof.probes.embedded.language.puzzles import distinct_puzzles
from quizproof.probes.embedded.language.training import masked
from quizproof.probes.embedded.language.vocabulary import pieces, write_tokenizer
from quizproof.probes.language.grammar import chinese
from quizproof.probes.language.grammar.sentences import QUIZ_ENGLISH, distinct

SENTENCES = list(islice(distinct(english_grammar.write, 1, unseen=False), 300))
PUZZLES = list(islice(distinct_puzzles(1, unseen=False), 100))


@pytest.fixture(scope="module")
def tokenizer(tmp_path_factory: pytest.TempPathFactory) -> Any:
    words = {word for sentence in SENTENCES for word in sentence.words}
    asked = " ".join(f"{p.question} {p.context}" for p in PUZZLES)
    for mark in ".?":
        asked = asked.replace(mark, f" {mark}")
    return write_tokenizer(words | set(asked.split()), tmp_path_factory.mktemp("tokenizer"))


def test_a_word_of_several_pieces_is_cut_and_put_together_again(tokenizer: Any) -> None:
    assert pieces(["gardeners"]) == ["##er", "##s", "garden"]
    assert tokenizer.tokenize("The gardeners")[1:] == ["garden", "##er", "##s"]
    assert tokenizer.decode(tokenizer("The gardeners").input_ids[1:-1]) == "The gardeners"


def test_nothing_the_grammar_writes_is_unknown(tokenizer: Any) -> None:
    for sentence in SENTENCES:
        assert tokenizer.unk_token_id not in tokenizer(sentence.text).input_ids
    assert tokenizer.tokenize("zebra") == ["[UNK]"]


def test_pronouns_are_found_among_the_tokens(tokenizer: Any) -> None:
    for sentence, example in zip(SENTENCES, of_sentences(tokenizer, SENTENCES), strict=True):
        there = [
            tokenizer.convert_ids_to_tokens(example.tokens[k]) for k in sorted(example.pronouns)
        ]
        assert there == [sentence.words[k] for k in sorted(link.pronoun for link in sentence.links)]


def test_chinese_is_one_token_a_character(tmp_path: Path) -> None:
    sentences = list(islice(distinct(chinese.write, 1, unseen=False), 50))
    tokenizer = write_tokenizer("".join(sentence.text for sentence in sentences), tmp_path)
    for sentence, example in zip(sentences, of_sentences(tokenizer, sentences), strict=True):
        assert tokenizer.convert_ids_to_tokens(example.tokens[1:-1]) == [*sentence.text]
        assert len(example.pronouns) == len(sentence.links)


def test_the_answers_tokens_are_the_answer(tokenizer: Any) -> None:
    for puzzle, example in zip(PUZZLES, of_puzzles(tokenizer, PUZZLES), strict=True):
        assert tokenizer.decode(example.tokens[example.start : example.end + 1]) == puzzle.answer
        assert example.segments[example.start] == example.segments[example.end] == 1


def test_batches_hold_every_example_once_a_round_with_padding_masked(tokenizer: Any) -> None:
    examples = of_sentences(tokenizer, SENTENCES)
    source = batches(examples, 32, tokenizer.pad_token_id, np.random.default_rng(0))
    rows = []
    for batch in islice(source, -(-len(examples) // 32)):
        assert torch.equal(batch.mask == 0, batch.tokens == tokenizer.pad_token_id)
        rows += [
            tuple(row[mask.bool()].tolist())
            for row, mask in zip(batch.tokens, batch.mask, strict=True)
        ]
    assert sorted(rows) == sorted(example.tokens for example in examples)


def test_about_the_promised_shares_are_masked_and_no_special_token_is(tokenizer: Any) -> None:
    batch = padded(of_sentences(tokenizer, SENTENCES), tokenizer.pad_token_id)
    shown, hidden = masked(batch, tokenizer, torch.Generator().manual_seed(0))
    chosen = hidden != -100
    special = torch.isin(batch.tokens, torch.tensor(tokenizer.all_special_ids))
    assert not (chosen & special).any()
    assert torch.equal(hidden[chosen], batch.tokens[chosen])
    assert torch.equal(shown[~chosen], batch.tokens[~chosen])
    pronouns = batch.pronouns.bool()
    assert float(chosen[pronouns].float().mean()) == pytest.approx(0.4, abs=0.08)
    assert float(chosen[~special & ~pronouns].float().mean()) == pytest.approx(0.15, abs=0.03)
    became_mask = (shown == tokenizer.mask_token_id)[chosen].float().mean()
    assert float(became_mask) == pytest.approx(0.8, abs=0.06)


def test_the_quiz_sentence_is_known_word_by_word() -> None:
    sentences = islice(distinct(english_grammar.write, 2, unseen=False), 3000)
    known = {word for sentence in sentences for word in sentence.words}
    assert set(QUIZ_ENGLISH.replace(".", " .").split()) <= known
