"""Folders of models that are damaged, partial, lying or hostile: each a named error."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file, save_file
from torch import Tensor

from quizproof.probes.models.language_loading import load_language_model
from quizproof.probes.models.language_models import LanguageModelError
from quizproof.probes.models.tokens import TokenError
from quizproof.questions.problems import QuizproofError
from tests.planted_language import SENTENCES, language_folder, language_tokenizer

CPU = torch.device("cpu")
Change = Callable[[Path], None]
BIAS = "bert.encoder.layer.1.output.dense.bias"


def refusal(folder: Path, kind: type[QuizproofError] = LanguageModelError) -> str:
    with pytest.raises(kind) as caught:
        load_language_model(folder, "planted", CPU)
    message = str(caught.value)
    assert "\n" not in message
    assert "; " in message  # what, and the mend
    return message


def config(**changes: Any) -> Change:
    """Other values in config.json; None takes one away."""

    def change(folder: Path) -> None:
        path = folder / "config.json"
        told = {**json.loads(path.read_text()), **changes}
        path.write_text(json.dumps({k: v for k, v in told.items() if v is not None}))

    return change


def weights(edit: Callable[[dict[str, Tensor]], Any]) -> Change:
    def change(folder: Path) -> None:
        state = load_file(folder / "model.safetensors")
        edit(state)
        save_file(state, folder / "model.safetensors", metadata={"format": "pt"})

    return change


def without(prefix: str) -> Change:
    def edit(state: dict[str, Tensor]) -> None:
        for name in [name for name in state if name.startswith(prefix)]:
            del state[name]

    return weights(edit)


def with_weight(name: str, value: Tensor) -> Change:
    return weights(lambda state: state.update({name: value}))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (without(BIAS), f"{BIAS} is missing;"),
        (without("cls."), "cls.predictions.bias is missing and 5 more"),
        (without("bert.embeddings.word"), "word_embeddings.weight is missing"),
        (with_weight("bert.more", torch.ones(2)), "bert.more is unexpected;"),
        (with_weight("more\nlines", torch.ones(2)), "more lines is unexpected;"),
        (with_weight(BIAS, torch.ones(3)), f"{BIAS} is 3, not 8;"),
        (with_weight(BIAS, torch.ones(8, 1)), f"{BIAS} is 8 × 1, not 8;"),
        (with_weight(BIAS, torch.full((8,), torch.nan)), f"{BIAS} holds NaN or infinity"),
        (config(architectures=None), "does not fit BertModel: cls.predictions.bias is unexpected"),
        (config(architectures=[]), "does not fit BertModel"),
        (config(architectures=["BertModel"]), "does not fit BertModel"),
        (config(architectures=[7]), "does not fit BertModel"),
        (config(architectures="BertForMaskedLM"), "does not fit BertModel"),
        (config(architectures=["BertForQuestionAnswering"]), "qa_outputs.bias is missing"),
        (config(num_hidden_layers=2), "bert.encoder.layer.2.attention"),
        (config(num_hidden_layers=4), "bert.encoder.layer.3.attention"),
        (config(vocab_size=60), " × 8, not 60 × 8 and 1 more"),
        (config(type_vocab_size=1), "token_type_embeddings.weight is 2 × 8, not 1 × 8"),
        (config(max_position_embeddings=512), "position_embeddings.weight is 32 × 8, not 512 × 8"),
        (config(tie_word_embeddings=False), "is missing"),
        (config(num_attention_heads=3), "no model that can be loaded"),
        (config(num_attention_heads=0), "no model that can be loaded"),
        (config(hidden_act="none"), "no model that can be loaded"),
        (config(layer_norm_eps="small"), "no model that can be loaded"),
        (config(num_hidden_layers="three"), "no model that can be loaded"),
        (config(model_type=None), "no model that can be loaded"),
        (config(model_type="gpt2"), "no model that can be loaded"),
        (config(num_hidden_layers=0), "has 0 layers"),
        (config(num_hidden_layers=-1), "has -1 layers"),
        (config(transformers_weights="other.safetensors"), "names other weights"),
    ],
)
def test_what_does_not_fit_is_named(tmp_path: Path, change: Change, said: str) -> None:
    change(language_folder(tmp_path))
    assert said in refusal(tmp_path)


def test_a_head_is_never_left_at_random(tmp_path: Path) -> None:
    language_folder(tmp_path, kind="BertModel")
    for head, name in (("MaskedLM", "cls.predictions"), ("QuestionAnswering", "qa_outputs")):
        config(architectures=[f"BertFor{head}"])(tmp_path)
        assert f"{name}.bias is missing" in refusal(tmp_path)


@pytest.mark.parametrize(
    "edit",
    [
        {"hidden_size": 10**9},
        {"intermediate_size": 10**9},
        {"max_position_embeddings": 10**12},
        {"vocab_size": 10**9},
        {"type_vocab_size": 10**9},
        {"num_hidden_layers": 10**6},
        {"hidden_size": 10**9, "num_attention_heads": 10**9},
    ],
)
@pytest.mark.parametrize("rest", [True, False])
def test_an_enormous_network_is_refused_before_it_is_made(
    tmp_path: Path, edit: Mapping[str, int], rest: bool
) -> None:
    language_folder(tmp_path)
    if not rest:  # what the file lacks, transformers would allocate and fill at random
        save_file({BIAS: torch.ones(8)}, tmp_path / "model.safetensors")
    config(**edit)(tmp_path)
    began = time.perf_counter()
    assert "config.json has" in (message := refusal(tmp_path)) or "asks for" in message
    assert time.perf_counter() - began < 3


def no_safetensors(folder: Path) -> None:
    state = load_file(folder / "model.safetensors")
    torch.save(state, folder / "pytorch_model.bin")
    (folder / "model.safetensors").unlink()


def in_pieces(folder: Path) -> None:
    """An index that names weights outside the folder."""
    (folder / "model.safetensors").rename(folder.parent / "outside.safetensors")
    index = {"weight_map": {BIAS: "../outside.safetensors"}}
    (folder / "model.safetensors.index.json").write_text(json.dumps(index))


def cut(share: float) -> Change:
    def change(folder: Path) -> None:
        path = folder / "model.safetensors"
        whole = path.read_bytes()
        path.write_bytes(whole[: int(share * len(whole))])

    return change


def written(name: str, text: str) -> Change:
    def change(folder: Path) -> None:
        (folder / name).write_text(text)

    return change


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (no_safetensors, "has no model.safetensors but pytorch_model.bin, which is not read"),
        (in_pieces, "is no index of safetensors beside it"),
        (lambda folder: (folder / "model.safetensors").unlink(), "has no model.safetensors; "),
        (lambda folder: (folder / "config.json").unlink(), "no model that can be loaded"),
        (written("config.json", "{"), "no model that can be loaded"),
        (written("config.json", "[]"), "no model that can be loaded"),
        (written("config.json", ""), "no model that can be loaded"),
        (written("adapter_config.json", "{}"), "holds an adapter"),
        (written("model.safetensors", "{}"), "model.safetensors is damaged"),
        *((cut(share), "is damaged") for share in (0, 0.001, 0.1, 0.5, 0.9, 0.999)),
    ],
)
def test_a_damaged_folder_is_named(tmp_path: Path, change: Change, said: str) -> None:
    folder = language_folder(tmp_path / "model")
    change(folder)
    assert said in refusal(folder)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda f: language_tokenizer(f, map(str, range(100))), "tokenizer of 105 tokens and a"),
        (
            lambda f: [p.unlink() for p in f.glob("*") if "token" in p.name or p.suffix == ".txt"],
            "holds no",
        ),
    ],
)
def test_the_tokenizer_is_the_model_s(tmp_path: Path, change: Change, said: str) -> None:
    change(language_folder(tmp_path))
    assert said in refusal(tmp_path, QuizproofError)


def test_code_in_the_folder_is_never_run(tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    code = f"open({str(mark)!r}, 'w')\n"
    code += "from transformers import BertConfig as C, BertForMaskedLM as M\n"
    names = {"AutoConfig": "code.C", "AutoModelForMaskedLM": "code.M", "AutoModel": "code.M"}
    for kind in ("bert", "code"):
        folder = language_folder(tmp_path / kind)
        config(auto_map=names, model_type=kind)(folder)
        (folder / "code.py").write_text(code)
        with nullcontext() if kind == "bert" else pytest.raises(LanguageModelError, match="code"):
            load_language_model(folder, "planted", CPU)
        assert not mark.exists()


def test_a_published_layout_is_read_whole(tmp_path: Path) -> None:
    """As BERT was first published: other names of normalisation, and heads that are not used."""
    folder = language_folder(tmp_path / "published", kind="BertForPreTraining")
    ours = load_file(folder / "model.safetensors")
    old = {
        name.replace("LayerNorm.weight", "LayerNorm.gamma").replace(
            "LayerNorm.bias", "LayerNorm.beta"
        ): tensor
        for name, tensor in ours.items()
    }
    assert old.keys() != ours.keys()
    save_file(old, folder / "model.safetensors", metadata={"format": "pt"})
    for head in ("BertForMaskedLM", "BertForPreTraining"):
        config(architectures=[head])(folder)
        model = load_language_model(folder, "published", CPU)
        for name, parameter in model.net.named_parameters():
            assert torch.equal(parameter, ours[name]), name
        assert model.read(model.tokens(SENTENCES[0]).masked([1])).logits is not None


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float64])
def test_weights_of_other_precision_are_used_in_single(tmp_path: Path, dtype: torch.dtype) -> None:
    language_folder(tmp_path)
    weights(lambda s: s.update({name: tensor.to(dtype) for name, tensor in s.items()}))(tmp_path)
    config(dtype=str(dtype).removeprefix("torch."))(tmp_path)
    model = load_language_model(tmp_path, "planted", CPU)
    assert {parameter.dtype for parameter in model.net.parameters()} == {torch.float32}
    assert model.read(model.tokens(SENTENCES[0])).attentions is not None


def test_loading_leaves_the_random_numbers_alone(tmp_path: Path) -> None:
    language_folder(tmp_path)
    state = torch.random.get_rng_state()
    load_language_model(tmp_path, "planted", CPU)
    assert torch.equal(torch.random.get_rng_state(), state)


def test_a_tokenizer_error_is_told_as_one(tmp_path: Path) -> None:
    language_folder(tmp_path)
    (tmp_path / "tokenizer.json").write_text("{")
    assert "no tokenizer that can be read" in refusal(tmp_path, TokenError)
