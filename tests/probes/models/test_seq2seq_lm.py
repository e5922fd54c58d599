"""Sequence-to-sequence models, held to what transformers gives and writes."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch

from quizproof.probes.models import tokens as tokens_module
from quizproof.probes.models.language_models import LanguageModelError
from quizproof.probes.models.seq2seq_lm import Seq2SeqLM, load_seq2seq_lm
from quizproof.probes.models.tokens import TokenError
from quizproof.probes.models.transformers_import import transformers
from tests.planted_transformers import (
    SEQ2SEQ,
    causal_folder,
    planted_transformer,
    seq2seq_folder,
)

CPU = torch.device("cpu")
SOURCE, TARGET = "The cat sat on the mat", "A dog saw her"
PARTS = ("encoder_hidden_states", "decoder_hidden_states", "cross_attentions")


def near(one: torch.Tensor, other: torch.Tensor) -> bool:
    return one.shape == other.shape and bool((one - other).abs().max() <= 1e-5)


@pytest.fixture(scope="module", params=SEQ2SEQ)
def case(request: pytest.FixtureRequest, tmp_path_factory: Any) -> tuple[Seq2SeqLM, Any]:
    """A model, and the same one as transformers itself loads it."""
    folder = seq2seq_folder(tmp_path_factory.mktemp(request.param), request.param)
    plain = transformers().AutoModelForSeq2SeqLM.from_pretrained(
        folder, attn_implementation="eager"
    )
    return load_seq2seq_lm(folder, request.param, CPU), plain.eval()


def test_it_gives_what_transformers_gives(case: tuple[Seq2SeqLM, Any]) -> None:
    model, plain = case
    reading = model.read(SOURCE, TARGET)
    labels = torch.tensor([reading.target.ids])
    with torch.no_grad():  # which shifts the labels itself
        given = plain(
            torch.tensor([reading.source.ids]),
            labels=labels,
            output_hidden_states=True,
            output_attentions=True,
        )
    assert near(reading.logits, given.logits[0])
    assert near(reading.encoder_states, torch.cat(given.encoder_hidden_states))
    assert near(reading.decoder_states, torch.cat(given.decoder_hidden_states))
    assert near(reading.encoder_attentions, torch.cat(given.encoder_attentions))
    assert near(reading.decoder_attentions, torch.cat(given.decoder_attentions))
    assert near(reading.cross_attentions, torch.cat(given.cross_attentions))
    assert near(-model.log_probabilities(SOURCE, TARGET).mean().float(), given.loss)


def test_its_outputs_have_the_shapes_they_are_said_to(case: tuple[Seq2SeqLM, Any]) -> None:
    reading = case[0].read(SOURCE, TARGET)
    s, t = len(reading.source), len(reading.target)
    assert reading.encoder_states.shape == (3, s, 16)
    assert reading.decoder_states.shape == (2, t, 16)
    assert reading.cross_attentions.shape == (1, 2, t, s)
    assert near(reading.cross_attentions.sum(-1), torch.ones(1, 2, t))
    assert not reading.decoder_attentions.triu(1).any()


def test_what_is_written_later_changes_nothing_before(case: tuple[Seq2SeqLM, Any]) -> None:
    model, _ = case
    one, other = model.logits(SOURCE, TARGET), model.logits(SOURCE, TARGET + " that")
    same = len(model.tokenizer(TARGET, add_special_tokens=False).input_ids)
    assert near(one[:same], other[:same])


@pytest.mark.parametrize("forbidden", [False, True])
def test_it_writes_what_transformers_writes(case: tuple[Seq2SeqLM, Any], forbidden: bool) -> None:
    model, plain = case
    before = plain.generation_config.bad_words_ids
    first = int(model.logits(SOURCE, TARGET)[0].argmax())  # the likeliest to begin with
    for net in (model.net, plain):
        net.generation_config.bad_words_ids = [[first]] if forbidden else before
    ids = torch.tensor([model.source(SOURCE).ids])
    with torch.no_grad():
        theirs = plain.generate(ids, max_new_tokens=12, num_beams=1, do_sample=False)
    assert model.greedy(SOURCE, 12) == model.tokenizer.decode(theirs[0], skip_special_tokens=True)
    for net in (model.net, plain):
        net.generation_config.bad_words_ids = before


def test_a_token_that_is_forced_comes_first(tmp_path: Path) -> None:
    model = load_seq2seq_lm(seq2seq_folder(tmp_path, "Bart"), "planted", CPU)
    word = model.tokenizer.convert_tokens_to_ids("Ġdog")
    model.net.generation_config.forced_bos_token_id = word
    assert model.greedy(SOURCE, 1) == " dog"


def test_the_same_two_go_through_once(tmp_path: Path) -> None:
    model = load_seq2seq_lm(seq2seq_folder(tmp_path), "planted", CPU)
    assert model.passes.forward == 0
    model.logits(SOURCE, TARGET)
    model.read(SOURCE, TARGET)
    assert model.passes.forward == 1
    model.passes.counted.clear()
    model.read(SOURCE, TARGET)
    assert model.passes.forward == 2  # another question rests on it
    model.greedy(SOURCE, 3)
    assert 3 <= model.passes.forward <= 5


def test_its_twin_has_other_weights_the_same_in_every_run(tmp_path: Path) -> None:
    folder = seq2seq_folder(tmp_path, seed=16)
    own, one, again = (
        load_seq2seq_lm(folder, "planted", CPU, number).logits(SOURCE, TARGET)
        for number in (None, 0, 0)
    )
    assert torch.equal(one, again)
    assert not near(own, one)


@pytest.mark.parametrize("name", ["Bart", "Marian"])
@pytest.mark.parametrize(
    "ask",
    [lambda model: model.logits(" the" * 40, "a"), lambda model: model.logits("a", " the" * 40)],
)
def test_a_text_beyond_the_positions_is_one_line(
    tmp_path: Path, name: str, ask: Callable[[Seq2SeqLM], Any]
) -> None:
    model = load_seq2seq_lm(seq2seq_folder(tmp_path, name), "planted", CPU)
    with pytest.raises(LanguageModelError, match="takes 32 tokens, a text has 4") as caught:
        ask(model)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"decoder_start_token_id": None}, "says not what its target begins with"),
        ({"architectures": ["BartForSequenceClassification"]}, "which is no sequence-to-sequence"),
        ({"decoder_layers": 2}, "model.decoder.layers.1"),
    ],
)
def test_what_does_not_fit_is_named(tmp_path: Path, changes: dict[str, Any], said: str) -> None:
    folder = seq2seq_folder(tmp_path, "Bart")
    (folder / "generation_config.json").unlink()
    path = folder / "config.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **changes}))
    with pytest.raises(LanguageModelError, match=said) as caught:
        load_seq2seq_lm(folder, "planted", CPU).read(SOURCE, TARGET)
    assert "\n" not in str(caught.value)


def test_a_causal_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LanguageModelError, match="GPT2LMHeadModel, which is no sequence-to-seq"):
        load_seq2seq_lm(causal_folder(tmp_path), "planted", CPU)


def translation_folder(folder: Path) -> Path:
    """A Marian model with vocabularies of SentencePiece, as translation models have them."""
    pieces = pytest.importorskip("sentencepiece")
    pytest.importorskip("sacremoses")
    folder.mkdir()
    text = folder / "text.txt"
    text.write_text("\n".join([SOURCE, TARGET, "Der Hund sah sie", "Die Katze"] * 20))
    for side in ("source", "target"):
        pieces.SentencePieceTrainer.train(
            input=str(text), model_prefix=str(folder / side), vocab_size=30, minloglevel=2
        )
        (folder / f"{side}.model").rename(folder / f"{side}.spm")
    read = pieces.SentencePieceProcessor(model_file=str(folder / "source.spm"))
    known = ["</s>", "<unk>", *(read.id_to_piece(k) for k in range(3, len(read))), "<pad>"]
    (folder / "vocab.json").write_text(json.dumps({name: k for k, name in enumerate(known)}))
    settings = {"tokenizer_class": "MarianTokenizer", "source_lang": "en", "target_lang": "de"}
    (folder / "tokenizer_config.json").write_text(json.dumps(settings))
    ids = {"pad_token_id": len(known) - 1, "decoder_start_token_id": len(known) - 1}
    planted_transformer(
        "MarianMTModel",
        "MarianConfig",
        vocab_size=len(known),
        eos_token_id=0,
        **ids,
        **SEQ2SEQ["Marian"],
    ).save_pretrained(folder)
    return folder


def test_a_translation_model_reads_with_its_own_vocabulary(tmp_path: Path) -> None:
    model = load_seq2seq_lm(translation_folder(tmp_path / "marian"), "planted", CPU)
    source, target = model.source(SOURCE), model.target(TARGET)
    assert source.ids == tuple(model.tokenizer(SOURCE).input_ids)
    assert target.ids == tuple(model.tokenizer(text_target=TARGET).input_ids)
    assert source.texts[-1] is None  # the end
    for tokens in (source, target):
        for name, (first, last) in zip(tokens.names[:-1], tokens.spans[:-1], strict=True):
            assert tokens.text[first:last] == name.removeprefix("\u2581")
    assert source.names[source.find("cat")].removeprefix("\u2581").startswith("c")
    assert model.logits(SOURCE, TARGET).shape == (len(target), len(model.tokenizer))
    theirs = model.net.generate(
        torch.tensor([source.ids]), max_new_tokens=9, num_beams=1, do_sample=False
    )
    written = model.tokenizer.decode(theirs[0], skip_special_tokens=True)
    assert model.greedy(SOURCE, 9) == written


def test_without_sentencepiece_the_mend_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_tokenizer(folder: Path) -> Any:
        raise ImportError("MarianTokenizer requires the SentencePiece library")

    monkeypatch.setattr(tokens_module, "find_spec", lambda name: None)
    monkeypatch.setattr(tokens_module, "_read_tokenizer", no_tokenizer)
    with pytest.raises(TokenError, match=r"pip install 'quizproof\[translation\]'"):
        load_seq2seq_lm(seq2seq_folder(tmp_path), "planted", CPU)
