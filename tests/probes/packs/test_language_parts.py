"""What a manifest says of language, what a quiz names it by, and what of it is handed out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor

from quizproof.probes.bench import Bench
from quizproof.probes.models.passes import Passes
from quizproof.probes.models.reading_comprehension import ModelReader
from quizproof.probes.packs.pack import DigestError, MissingError, Pack
from quizproof.questions.problems import InputError
from quizproof.questions.spec import SettledBy
from tests.planted_language import file_of, language_pack, local
from tests.probes.language.planted_readers import noise, planted_bench

NO_DIGEST, COMMIT = "0" * 64, "c" * 40
FILE = {"file": "a.txt", "sha256": NO_DIGEST}
FOLDER = {"folder": "model", "files": {"config.json": NO_DIGEST}}
HUB = {"repo": "a/b", "revision": COMMIT}
SAVED = {"tokenizer": FOLDER, "hidden_states": [FILE]}


def opened(folder: Path, **roles: Any) -> Pack:
    text = json.dumps({"name": "a pack", **roles})  # which is YAML without aliases
    (folder / "pack.yaml").write_text(text, encoding="utf-8")
    return Pack(folder)


def test_parts_are_there_or_not(tmp_path: Path) -> None:
    pack = opened(tmp_path, english={"hub": HUB}, readers=[{"saved": SAVED}], corpus=FILE)
    assert pack.manifest.kinds == {
        "english": "masked-lm",
        "reader_1": "reader",
        "corpus": "corpus",
    }
    for missing in ("chinese", "reader_2", "reader_0", "triples"):
        with pytest.raises(MissingError, match="has no"):
            pack.loaded(missing)
    with pytest.raises(MissingError, match="did you mean english"):
        pack.part("englisch")


@pytest.mark.parametrize(
    ("roles", "said"),
    [
        ({"english": {}}, "name one of local and hub"),
        ({"english": {"local": FOLDER, "hub": HUB}}, "name one of local and hub"),
        ({"english": {"saved": SAVED}}, "saved"),
        ({"chinese": {"hub": {**HUB, "revision": "main"}}}, "'revision'"),
        ({"chinese": {"hub": {**HUB, "revision": COMMIT[:7]}}}, "'revision'"),
        ({"chinese": {"hub": {**HUB, "repo": "../../etc"}}}, "'repo'"),
        ({"chinese": {"hub": {**HUB, "repo": "a"}}}, "'repo'"),
        ({"chinese": {"local": {**FOLDER, "files": {}}}}, "'files'"),
        ({"chinese": {"local": {**FOLDER, "folder": "a\nb"}}}, "'folder'"),
        ({"readers": [{}]}, "name one of local, hub and saved"),
        ({"readers": [{"hub": HUB, "saved": SAVED}]}, "name one of local, hub and saved"),
        ({"readers": [{"saved": {**SAVED, "hidden_states": []}}]}, "'hidden_states'"),
        ({"readers": {"saved": SAVED}}, "'readers'"),
        ({"triples": {"file": "a"}}, "'sha256'"),
        ({"corpus": "a.jsonl"}, "'corpus'"),
    ],
)
def test_wrong_roles_are_told(tmp_path: Path, roles: dict[str, Any], said: str) -> None:
    with pytest.raises(InputError) as caught:
        opened(tmp_path, **roles)
    assert said in str(caught.value)


def test_an_identity_is_what_the_part_is_and_not_where_it_lies(tmp_path: Path) -> None:
    pack = language_pack(
        tmp_path,
        english=local(tmp_path, "one"),
        chinese=local(tmp_path, "same"),
        reader_1=local(tmp_path, "other", seed=1),
        reader_2={"hub": HUB},
        corpus=(corpus := file_of(tmp_path, "c.jsonl", "text")),
    )
    of = {name: pack.identity(part) for name, part in pack.parts.items()}
    assert of["english"] == of["chinese"]
    assert of["reader_1"] != of["english"]
    assert of["reader_2"] == f"a/b@{COMMIT}"
    assert of["corpus"] == corpus.sha256
    # a quiz can name all of them
    SettledBy(parts={name: [identity] for name, identity in of.items()})


def test_saved_states_are_known_by_all_their_files(tmp_path: Path) -> None:
    def named(**changes: Any) -> str:
        pack = opened(tmp_path, readers=[{"saved": {**SAVED, **changes}}])
        return pack.identity(pack.part("reader_1"))

    other = {**FOLDER, "files": {"config.json": "1" * 64}}
    assert len({named(), named(tokenizer=other), named(hidden_states=[FILE, FILE])}) == 3


@pytest.fixture
def pack(tmp_path: Path) -> Pack:
    return language_pack(tmp_path, english=local(tmp_path, "model", seed=1))


def test_a_model_of_the_pack_is_loaded(pack: Pack) -> None:
    model = pack.loaded("english")
    assert (model.layers, model.heads) == (3, 2)
    assert model.description == f"english of {pack.manifest.name}"


@pytest.mark.parametrize("name", ["config.json", "model.safetensors", "vocab.txt"])
def test_a_changed_file_of_a_model_is_never_used(pack: Pack, name: str) -> None:
    path = pack.folder / "model" / name
    path.write_bytes(path.read_bytes() + b" ")
    with pytest.raises(DigestError, match=f"{name} has SHA-256"):
        pack.loaded("english")


@pytest.mark.parametrize("name", ["added_tokens.json", "sub/more.json", "code.py", "merges.txt"])
def test_an_unlisted_file_in_a_model_s_folder_is_an_error(pack: Pack, name: str) -> None:
    (pack.folder / "model" / name).parent.mkdir(exist_ok=True)
    (pack.folder / "model" / name).write_text("{}")
    with pytest.raises(DigestError, match=f"{name} is not in the manifest; take it away"):
        pack.loaded("english")


@pytest.mark.parametrize("name", [".DS_Store", ".git/config.json", "README.md", "tf_model.h5"])
def test_what_loading_never_reads_is_let_be(pack: Pack, name: str) -> None:
    (pack.folder / "model" / name).parent.mkdir(exist_ok=True)
    (pack.folder / "model" / name).write_text("{}")
    pack.loaded("english")


def test_a_model_s_folder_out_of_the_pack_is_refused(tmp_path: Path) -> None:
    role = local(tmp_path, "elsewhere")["local"]
    inside = tmp_path / "pack"
    named = {"local": {"folder": "../elsewhere", "files": role.files}}
    with pytest.raises(MissingError, match="outside the pack"):
        language_pack(inside, english=named).loaded("english")
    (inside / "link").symlink_to(tmp_path / "elsewhere")
    named = {"local": {"folder": "link", "files": role.files}}
    with pytest.raises(MissingError, match="outside the pack"):
        language_pack(inside, english=named).loaded("english")
    named = {"local": {"folder": "gone", "files": role.files}}
    with pytest.raises(MissingError, match="is no file; put it back"):
        language_pack(inside, english=named).loaded("english")


def test_a_bench_loads_each_model_once(pack: Pack) -> None:
    bench = Bench(pack, seed=3)
    model = bench.part("english")
    assert bench.part("english") is model
    assert bench.made == Passes(0, 0)
    model.read_all([model.tokens("The cat"), model.tokens("The dog")])
    assert bench.made == Passes(2, 0)


def test_each_randomized_network_is_one_of_its_own_whatever_the_seed(tmp_path: Path) -> None:
    part = local(tmp_path, "model", seed=1)
    pack = language_pack(tmp_path, english=part, reader_1=part)

    def states(randomized: int | None, seed: int, reader: bool) -> Tensor:
        bench = Bench(pack, seed, randomized)
        model = bench.part("english")
        if reader:
            asked = bench.part("reader_1")
            assert isinstance(asked, ModelReader)
            model = asked.model
        assert ("with random weights" in model.description) == (randomized is not None)
        found: Tensor = model.read(model.tokens("The cat")).hidden_states
        return found

    for reader in (False, True):
        one, two = states(0, 3, reader), states(1, 3, reader)
        assert torch.equal(one, states(0, 4, reader))
        assert not torch.equal(one, two)
        assert not torch.equal(one, states(None, 3, reader))


def test_saved_states_cannot_be_randomized(tmp_path: Path) -> None:
    saved = planted_bench(tmp_path, [lambda n, tokens, _: noise(n, tokens)], saved=True)
    with pytest.raises(MissingError, match=r"reader 1 of .* has no weights to randomise"):
        Bench(saved.pack, 0, randomized=0).part("reader_1")
