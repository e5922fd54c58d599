"""The causal model: what it is trained on, that training repeats exactly, and what is shipped."""

from __future__ import annotations

from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from quizproof.probes.embedded.language import english_grammar
from quizproof.probes.embedded.language.causal import (
    FOLDER,
    NAME,
    VOCABULARY,
    Size,
    build,
    held_out_figures,
    trained,
    write_tokenizer,
)
from quizproof.probes.embedded.language.causal_texts import list_words, repeated, rows
from quizproof.probes.embedded.language.vocabulary import POSITIONS
from quizproof.probes.kinds.causal_lm import CausalLMEntry
from quizproof.probes.language.grammar.sentences import distinct
from quizproof.probes.packs.manifest_file import named_folder
from quizproof.probes.packs.pack import EMBEDDED, Pack

SENTENCES = list(islice(distinct(english_grammar.write, 1, unseen=False), 400))
TINY = Size(sentences=400, steps=12, batch=8, counted=20)
FRESH = 987_654_321


@pytest.fixture(scope="module")
def tokenizer(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return write_tokenizer([s.text for s in SENTENCES], tmp_path_factory.mktemp("tokenizer"))


def test_pieces_are_learned_and_any_text_is_some_of_them(tokenizer: Any, tmp_path: Path) -> None:
    assert len(tokenizer) == VOCABULARY
    text = "Ein  Zebra zahlt 5 € 🙂, and the farmer\n"
    assert tokenizer.decode(tokenizer(text).input_ids) == text
    assert len(tokenizer(" the").input_ids) == 1
    again = write_tokenizer([sentence.text for sentence in SENTENCES], tmp_path)
    assert again.get_vocab() == tokenizer.get_vocab()


def test_rows_are_full_and_follow_their_seed(tokenizer: Any) -> None:
    def some(seed: int) -> torch.Tensor:
        return next(rows(tokenizer, SENTENCES, 16, np.random.default_rng(seed)))

    assert some(1).shape == (16, POSITIONS)
    assert torch.equal(some(1), some(1))
    assert not torch.equal(some(1), some(2))


def test_a_list_repeats_after_its_own_length(tokenizer: Any) -> None:
    words = [tokenizer(f" {word}").input_ids for word in list_words(SENTENCES)]
    rng = np.random.default_rng(0)
    periods = set()
    for _ in range(20):
        row, period = repeated(words, rng)
        assert len(row) == POSITIONS
        assert row[period:] == row[:-period]
        periods.add(period)
    assert len(periods) > 5  # no one place back is where to look


def test_a_seed_gives_the_same_weights_another_gives_others_and_the_loss_falls(
    tokenizer: Any,
) -> None:
    told: list[str] = []
    one, again, other = (
        trained(tokenizer, SENTENCES, seed, TINY, told.append).state_dict() for seed in (1, 1, 2)
    )
    assert all(torch.equal(one[name], again[name]) for name in one)
    assert not all(torch.equal(one[name], other[name]) for name in one)
    assert float(told[0].split("loss ")[1].split(",")[0]) < np.log(VOCABULARY)


def test_what_is_built_is_a_part_of_a_pack(tmp_path: Path) -> None:
    figures = build(tmp_path, 3, TINY, lambda line: None)
    model = Pack(tmp_path).loaded(NAME, None)
    assert model.next_token("The farmer").shape == (VOCABULARY,)
    assert Pack(tmp_path).manifest.held_out == figures


def test_the_one_shipped_knows_its_sentences_and_copies_lists() -> None:
    pack = Pack(EMBEDDED)
    part = pack.manifest.parts[NAME]
    assert isinstance(part, CausalLMEntry)
    assert part.local == named_folder(EMBEDDED, FOLDER)
    sentence, copied = held_out_figures(EMBEDDED / FOLDER, FRESH, 200)
    for figure in (sentence, copied):
        assert figure.baseline is not None
        assert figure.right > figure.baseline + 0.3
        [kept] = [each for each in pack.manifest.held_out if each.about == figure.about]
        assert kept.right == pytest.approx(figure.right, abs=0.05)
    size = sum(file.stat().st_size for file in (EMBEDDED / FOLDER).iterdir())
    assert size <= 2e6


def test_heads_of_its_third_layer_look_behind_the_last_copy_of_a_token() -> None:
    model = Pack(EMBEDDED).loaded(NAME, None)
    words = " key garden lamp doctor bridge nurse met river"
    attentions, period = model.attentions(words + words), len(model.tokens(words))
    again = torch.arange(period, 2 * period)
    behind = attentions[:, :, again, again - period + 1].mean(dim=2)  # (layers, heads)
    assert (behind[2] > 0.4).all()  # a head that looks at all alike has a twelfth
    assert (behind[:2] < 0.2).all()
