"""Readers: models that are asked, and hidden states that were saved, which may be anything."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
import torch
from torch import Tensor

from quizproof.probes.models.language_loading import load_language_model
from quizproof.probes.models.reading_comprehension import ModelReader, SavedReader, SavedStatesError
from quizproof.probes.models.weights import WeightsError, read_tensors
from quizproof.probes.packs.manifest_file import named_file, named_folder
from quizproof.probes.packs.texts import Triple
from quizproof.questions.problems import QuizproofError
from tests.planted_language import (
    TRIPLE,
    language_folder,
    language_pack,
    language_tokenizer,
    local,
)

CPU = torch.device("cpu")
ASKED = Triple(**TRIPLE)
LENGTH = 20  # of the triple's tokens, with [CLS] and twice [SEP]


@pytest.fixture
def saved(tmp_path: Path) -> SavedReader:
    return SavedReader(language_tokenizer(tmp_path / "tokenizer"), [tmp_path / "states"], "planted")


def states(length: int = LENGTH, layers: int = 13) -> list[Tensor]:
    return [torch.full((1, length, 4), float(layer)) for layer in range(layers)]


def test_a_model_is_asked_with_question_and_context(tmp_path: Path) -> None:
    folder = language_folder(tmp_path, kind="BertForQuestionAnswering")
    model = load_language_model(folder, "planted", CPU)
    reader = ModelReader(model)
    reading = reader.reading(0, ASKED)
    assert reading.tokens == model.tokens(ASKED.question, ASKED.context)
    assert reading.ends is not None
    assert reading.ends.shape == (2, len(reading.tokens)) == (2, LENGTH)
    reader.reading(0, ASKED)
    assert reader.passes.forward == 1


@pytest.mark.parametrize("kind", [tuple, list])
@pytest.mark.parametrize("zipped", [True, False])
@pytest.mark.parametrize("dtype", [torch.float32, torch.float16, torch.float64])
def test_saved_states_are_read(
    saved: SavedReader, kind: type, zipped: bool, dtype: torch.dtype
) -> None:
    given = kind(state.to(dtype).requires_grad_() for state in states())
    torch.save(given, saved.files[0], _use_new_zipfile_serialization=zipped)
    reading = saved.reading(0, ASKED)
    assert reading.hidden_states.shape == (13, LENGTH, 4)
    assert reading.hidden_states.dtype == torch.float32
    assert reading.hidden_states[:, 0, 0].tolist() == list(range(13))
    assert not reading.hidden_states.requires_grad
    assert reading.attentions is reading.logits is reading.ends is None
    assert saved.passes.forward == 0


def test_states_of_a_model_are_what_the_model_reads(tmp_path: Path) -> None:
    folder = language_folder(tmp_path / "model", kind="BertForQuestionAnswering")
    model = load_language_model(folder, "planted", CPU)
    coded = model.tokenizer(ASKED.question, ASKED.context, return_tensors="pt")
    given = model.net(**coded, output_hidden_states=True)  # as courses run it, gradients and all
    torch.save(given.hidden_states, tmp_path / "states")
    reader = SavedReader(model.tokenizer, [tmp_path / "states"], "planted")
    one, other = reader.reading(0, ASKED), ModelReader(model).reading(0, ASKED)
    assert one.tokens == other.tokens
    assert (one.hidden_states - other.hidden_states).abs().max() <= 1e-5


class Code:
    """Unpickled by plain pickle, it would end the program."""

    def __reduce__(self) -> tuple[object, tuple[int]]:
        return exit, (1,)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (states(LENGTH - 1), f"of {LENGTH - 1} tokens, the triple has {LENGTH}: it is another"),
        (states(0), "of 0 tokens"),
        (states()[:1], "no tuple of hidden states"),
        ([], "no tuple of hidden states"),
        ([*states()[:12], torch.ones(1, LENGTH, 5)], "no tuple of hidden states of one shape"),
        ([state[0] for state in states()], "not of (1, tokens, dimensions)"),
        ([state[..., :0] for state in states()], "not of (1, tokens, dimensions)"),
        ([state.expand(2, -1, -1).clone() for state in states()], "not of (1, tokens"),
        ([state.long() for state in states()], "not of (1, tokens"),
        (states()[0], "holds no tuple of tensors"),
        ({"hidden_states": states()}, "holds no tuple of tensors"),
        ([*states(), None], "holds no tuple of tensors"),
        ([*states()[:12], torch.full((1, LENGTH, 4), torch.nan)], "12 holds NaN or infinity"),
        ([*states()[:12], torch.ones(1).expand(1, LENGTH, 4)], "is no plain tensor"),
        ([*states()[:12], torch.empty(1, LENGTH, 4, device="meta")], "is no plain tensor"),
        ([*states(), Code()], "nothing of it was run"),
        (torch.nn.Linear(2, 2), "nothing of it was run"),
    ],
)
def test_what_is_no_saved_state_of_the_triple_is_named(
    saved: SavedReader, content: object, said: str
) -> None:
    torch.save(content, saved.files[0])
    with pytest.raises(QuizproofError) as caught:
        saved.reading(0, ASKED)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)
    assert "; " in str(caught.value)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"no", b"\x80\x02."])
def test_what_is_no_file_of_torch_is_named(saved: SavedReader, content: bytes) -> None:
    saved.files[0].write_bytes(content)
    with pytest.raises(WeightsError, match="damaged"):
        saved.reading(0, ASKED)


def test_compressed_states_are_not_unfolded(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "states", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("states/data.pkl", bytes(5_000_000))
    with pytest.raises(WeightsError, match="compressed"):
        read_tensors(tmp_path / "states")


def test_a_triple_without_states_is_named(saved: SavedReader) -> None:
    with pytest.raises(SavedStatesError, match="planted has no hidden states of triple 2; "):
        saved.reading(1, ASKED)


def test_readers_of_a_pack(tmp_path: Path) -> None:
    language_tokenizer(tmp_path / "tokenizer")
    torch.save(tuple(states()), tmp_path / "model2_q1")
    kept = {
        "tokenizer": named_folder(tmp_path, "tokenizer"),
        "hidden_states": [named_file(tmp_path, "model2_q1")],
    }
    pack = language_pack(
        tmp_path,
        reader_1=local(tmp_path, "one", kind="BertForQuestionAnswering"),
        reader_2={"saved": kept},
    )
    model, saved = pack.loaded("reader_1"), pack.loaded("reader_2")
    assert model.reading(0, ASKED).tokens == saved.reading(0, ASKED).tokens
    assert saved.description.endswith("(saved hidden states)")
