"""Models of language as a pack's parts: loaded by their kinds, known by digest, with twins."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch
import yaml

from quizproof.probes.bench import Bench
from quizproof.probes.catalogue import catalogue
from quizproof.probes.kinds.every import every_kind
from quizproof.probes.models.causal_lm import CausalLM, load_causal_lm
from quizproof.probes.models.encoder import Encoder
from quizproof.probes.models.seq2seq_lm import Seq2SeqLM
from quizproof.probes.packs.manifest_file import named_folder, write_parts
from quizproof.probes.packs.pack import DigestError, MissingError, Pack
from quizproof.questions.problems import InputError
from tests.planted_language import language_folder
from tests.planted_transformers import causal_folder, seq2seq_folder

HUB = {"repo": "a/b", "revision": "0" * 40}


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Pack:
    """Two causal models, one of two halves, and an encoder."""
    folder = tmp_path_factory.mktemp("pack")
    causal_folder(folder / "one", seed=16)
    causal_folder(folder / "other", "Llama")
    seq2seq_folder(folder / "t5")
    language_folder(folder / "bert")
    parts: dict[str, Any] = {
        "one": {"kind": "causal-lm", "local": named_folder(folder, "one")},
        "other": {"kind": "causal-lm", "local": named_folder(folder, "other")},
        "t5": {"kind": "seq2seq-lm", "local": named_folder(folder, "t5")},
        "bert": {"kind": "encoder", "local": named_folder(folder, "bert"), "pooling": "cls"},
    }
    write_parts(folder, parts, [])
    return Pack(folder)


def test_each_kind_loads_what_its_type_says(pack: Pack) -> None:
    for name, kind in (
        ("one", CausalLM),
        ("other", CausalLM),
        ("t5", Seq2SeqLM),
        ("bert", Encoder),
    ):
        loaded = pack.loaded(name)
        assert isinstance(loaded, kind)
        assert loaded.part_kind == pack.part(name).entry.kind
        assert loaded.description == f"{name} of {pack.manifest.name}"
        assert loaded.passes.forward == 0
    assert pack.loaded("bert").pooling == "cls"


def test_each_has_an_architecture_and_a_twin(pack: Pack) -> None:
    for name, architecture in (("one", "gpt2"), ("other", "llama"), ("t5", "t5"), ("bert", "bert")):
        part = pack.part(name)
        known = every_kind()[part.entry.kind].architecture
        assert known is not None
        assert known(part) == architecture
        assert part.entry.randomizes
    own, one, again = (pack.loaded("one", number).logits("The cat") for number in (None, 0, 0))
    assert torch.equal(one, again)
    assert not torch.allclose(own, one)


def test_pooling_and_length_are_a_part_of_what_it_is_named_by(pack: Pack) -> None:
    entry = pack.part("bert").entry
    others = [{"pooling": "mean"}, {"normalise": True}, {"normalise": False}]
    names = {entry.model_copy(update=other).identity() for other in others}
    assert len(names | {entry.identity()}) == 4


def test_a_probe_takes_the_model_that_it_names(pack: Pack) -> None:
    probe = catalogue()["next_token.probability"]
    bench = Bench(pack, seed=0)
    with pytest.raises(MissingError, match="several of kind causal-lm: one, other"):
        next(bench.run(probe, probe.complete({"prompt": "The cat", "continuation": " sat"})))
    one, other = (
        next(
            bench.run(
                probe,
                probe.complete({"model": name, "prompt": "The cat", "continuation": " sat"}),
            )
        )
        for name in ("one", "other")
    )
    assert one.values["probability"] != other.values["probability"]
    assert bench.made.forward == 4  # two sequences through either


def test_a_shard_that_was_changed_is_refused(tmp_path: Path) -> None:
    whole = load_causal_lm(causal_folder(tmp_path / "gpt"), "whole", torch.device("cpu"))
    (tmp_path / "gpt" / "model.safetensors").unlink()
    whole.net.save_pretrained(tmp_path / "gpt", max_shard_size="8KB")
    part = {"kind": "causal-lm", "local": named_folder(tmp_path, "gpt")}
    write_parts(tmp_path, {"gpt": part}, [])
    logits = Pack(tmp_path).loaded("gpt").logits("The cat")
    assert torch.equal(logits, whole.logits("The cat"))
    shard = sorted((tmp_path / "gpt").glob("model-*.safetensors"))[1]
    content = bytearray(shard.read_bytes())
    content[-1] ^= 1
    shard.write_bytes(content)
    with pytest.raises(DigestError, match=shard.name):
        Pack(tmp_path).loaded("gpt")


@pytest.mark.parametrize(
    ("part", "said"),
    [
        ({"kind": "causal-lm"}, "name one of local and hub"),
        (
            {"kind": "encoder", "hub": {"repo": "a/b", "revision": "0" * 40}, "pooling": "max"},
            "cls",
        ),
        ({"kind": "causal-lm", "pooling": "mean"}, "pooling"),
    ],
)
def test_a_manifest_that_is_wrong_is_told(tmp_path: Path, part: dict[str, Any], said: str) -> None:
    (tmp_path / "pack.yaml").write_text(yaml.safe_dump({"name": "p", "parts": {"gpt": part}}))
    with pytest.raises(InputError, match=said):
        Pack(tmp_path)
