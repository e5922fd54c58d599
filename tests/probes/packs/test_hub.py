"""Models of the hub: from a planted cache, from a hub on this machine, and from neither."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import huggingface_hub.constants
import pytest
import torch

from quizproof.probes.models.language_loading import load_language_model
from quizproof.probes.packs.files import HubModel
from quizproof.probes.packs.hub import HubError, cached, fetch, hub_models
from quizproof.probes.packs.pack import DigestError, MissingError, Pack, sha256
from quizproof.questions.quiz import bundled_quiz, load_quiz
from tests.planted_language import language_folder, language_pack
from tests.probes.fake_hub import fake_hub, plant

REPO = "google-bert/bert-base-cased"
REVISION = "cd5ef92a9fb2f889e972770a36d4ed042daf221e"
MODEL = HubModel(repo=REPO, revision=REVISION)
COMMAND = f"hf download {REPO} --revision {REVISION}"
SENTENCE = "The students visited the professor and asked her to teach them machine learning ."
RUN = [sys.executable, "-c", "import sys; from quizproof.reports.cli import main; sys.exit(main())"]


@pytest.fixture
def model(tmp_path: Path) -> Path:
    return language_folder(tmp_path / "model", words=[*SENTENCE.split(), "him"])


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache, and no network."""
    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_OFFLINE", True)
    monkeypatch.setattr(
        "huggingface_hub.file_download.constants.HF_HUB_CACHE", str(tmp_path / "cache")
    )
    return tmp_path / "cache"


def test_what_is_in_the_cache_is_taken_from_there(cache: Path, model: Path) -> None:
    snapshot = plant(cache, REPO, REVISION, model)
    assert cached(MODEL) == snapshot
    fetch(MODEL, bars=False)  # nothing to fetch, so no network is needed


def test_what_is_not_there_is_missing_with_the_command(cache: Path) -> None:
    with pytest.raises(MissingError, match=f"cd5ef92 .* is not on this machine; .*{COMMAND}$"):
        cached(MODEL)
    with pytest.raises(HubError, match=f"cannot be fetched .*{COMMAND}$") as caught:
        fetch(MODEL, bars=False)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("lost", ["config.json", "model.safetensors"])
def test_half_a_model_is_missing(cache: Path, model: Path, lost: str) -> None:
    (plant(cache, REPO, REVISION, model) / lost).unlink()
    with pytest.raises(MissingError, match=COMMAND):
        cached(MODEL)


def test_a_model_in_shards_is_there_with_all_of_them(cache: Path, model: Path) -> None:
    whole = load_language_model(model, "whole", torch.device("cpu"))
    (model / "model.safetensors").unlink()
    whole.net.save_pretrained(model, max_shard_size="2KB")
    snapshot = plant(cache, REPO, REVISION, model)
    shared = load_language_model(cached(MODEL), "shards", torch.device("cpu"))
    for one, other in zip(shared.net.parameters(), whole.net.parameters(), strict=True):
        assert torch.equal(one, other)
    sorted(snapshot.glob("model-*.safetensors"))[-1].unlink()
    with pytest.raises(MissingError, match=COMMAND):
        cached(MODEL)


def test_another_commit_is_missing(cache: Path, model: Path) -> None:
    plant(cache, REPO, REVISION[::-1], model)
    with pytest.raises(MissingError, match=COMMAND):
        cached(MODEL)


@pytest.mark.parametrize("name", ["config.json", "model.safetensors"])
def test_a_damaged_cache_is_no_evidence(cache: Path, model: Path, name: str) -> None:
    path = plant(cache, REPO, REVISION, model) / name
    path.resolve().write_bytes(path.read_bytes()[:-1])
    with pytest.raises(DigestError, match=f"{name} is damaged; take .* away"):
        cached(MODEL)


def copied(snapshot: Path) -> None:
    """Put copies in place of the links, as a cache that was copied or unpacked has them."""
    for path in list(snapshot.iterdir()):
        content = path.read_bytes()
        path.unlink()
        path.write_bytes(content)


def with_another_blob(path: Path) -> None:
    """Let a link lead to other content, which is named by its own digest as it should be."""
    content = path.read_bytes() + b" "
    blob = path.resolve().with_name(hashlib.sha256(content).hexdigest())
    blob.write_bytes(content)
    path.unlink()
    path.symlink_to(blob)


@pytest.mark.parametrize("name", ["config.json", "model.safetensors"])
def test_copies_are_compared_with_the_commit_s_list(cache: Path, model: Path, name: str) -> None:
    snapshot = plant(cache, REPO, REVISION, model)
    copied(snapshot)
    folder = cached(MODEL)
    assert (folder / name).read_bytes() == (model / name).read_bytes()
    (snapshot / name).write_bytes((model / name).read_bytes() + b" ")
    with pytest.raises(DigestError, match=f"{name} is damaged"):
        cached(MODEL)


def test_a_link_that_leads_to_another_file_s_digest_is_no_file_of_the_commit(
    cache: Path, model: Path
) -> None:
    snapshot = plant(cache, REPO, REVISION, model)
    with_another_blob(snapshot / "model.safetensors")
    with pytest.raises(DigestError, match=r"model\.safetensors is damaged"):
        cached(MODEL)


def test_a_file_that_the_commit_has_not_is_refused(cache: Path, model: Path) -> None:
    snapshot = plant(cache, REPO, REVISION, model)
    (snapshot / "added_tokens.json").write_text("{}")
    with pytest.raises(DigestError, match=r"added_tokens\.json is no file of that commit"):
        cached(MODEL)


def test_copies_without_a_list_are_refused_with_the_mend(cache: Path, model: Path) -> None:
    copied(plant(cache, REPO, REVISION, model, listed=False))
    with pytest.raises(DigestError, match=f"is not named by its digest, .*{COMMAND}; or name its"):
        cached(MODEL)


@pytest.mark.parametrize("written", ["", '{"files": {}}', '{"format_version": 2}', "{"])
def test_a_list_that_is_none_is_not_at_hand(cache: Path, model: Path, written: str) -> None:
    copied(plant(cache, REPO, REVISION, model))
    [place] = cache.glob("*/trees/*.json")
    place.write_text(written)
    with pytest.raises(DigestError, match="nothing here says what it is"):
        cached(MODEL)


def test_without_a_list_a_model_is_measured_and_settles_nothing(
    cache: Path, model: Path, tmp_path: Path
) -> None:
    pack = language_pack(tmp_path / "pack", english={"hub": MODEL})
    english = pack.part("english")
    # it will be fetched, with its list
    assert pack.identity(english) == f"{REPO}@{REVISION}"
    snapshot = plant(cache, REPO, REVISION, model, listed=False)
    with_another_blob(snapshot / "model.safetensors")
    cached(MODEL)  # whole, and of whatever commit
    unnamed = pack.identity(english)
    assert unnamed != f"{REPO}@{REVISION}"
    assert pack.unlisted_here() == [f"{REPO}@{REVISION}"]
    elsewhere = Pack(pack.folder)  # where the hub's cache is empty, judged from a file
    elsewhere.unlisted = [f"{REPO}@{REVISION}"]
    assert elsewhere.identity(elsewhere.part("english")) == unnamed
    with pytest.raises(HubError, match=f"without the list of that commit's files.*{COMMAND}"):
        fetch(MODEL, bars=False)


def test_files_that_the_pack_names_settle_by_their_digests_alone(
    cache: Path, model: Path, tmp_path: Path
) -> None:
    snapshot = plant(cache, REPO, REVISION, model, listed=False)
    copied(snapshot)
    files = {path.name: sha256(path) for path in snapshot.iterdir()}
    named = MODEL.model_copy(update={"files": files})
    cached(named)
    pack = language_pack(tmp_path / "pack", english={"hub": named})
    local = language_pack(tmp_path / "local", english={"local": {"folder": "x", "files": files}})
    # as the same files in a folder, and not as a commit that the pack says they are of
    assert pack.part("english").entry.identity() == local.part("english").entry.identity()
    assert pack.unlisted_here() == []
    for wrong in ({**files, "config.json": "0" * 64}, {"model.safetensors": "0" * 64}):
        with pytest.raises(DigestError, match="which the pack does not name for it"):
            cached(MODEL.model_copy(update={"files": wrong}))


def test_what_was_compared_is_what_is_read(cache: Path, model: Path) -> None:
    snapshot = plant(cache, REPO, REVISION, model)
    folder = cached(MODEL)
    path = snapshot / "config.json"
    path.unlink()
    path.write_text("{}")
    assert (folder / "config.json").read_bytes() == (model / "config.json").read_bytes()


def test_only_what_is_read_is_compared(cache: Path, model: Path) -> None:
    (model / "tf_model.h5").write_bytes(b"as it was")
    path = plant(cache, REPO, REVISION, model) / "tf_model.h5"
    path.resolve().write_bytes(b"as it is")
    cached(MODEL)


def test_the_hub_models_that_parts_are(tmp_path: Path) -> None:
    other = HubModel(repo="a/b", revision="0" * 40)
    pack = language_pack(
        tmp_path,
        english={"hub": MODEL},
        chinese={"hub": other},
        reader_1={"hub": MODEL},
        triples={"file": "a", "sha256": "0" * 64},
    )
    parts = pack.manifest.parts
    assert list(hub_models([parts["english"], parts["triples"]])) == [MODEL]
    assert list(hub_models(parts.values())) == [MODEL, other]
    assert list(hub_models([parts["triples"]])) == []


def test_the_quiz_names_the_models_that_are_public() -> None:
    named = load_quiz(bundled_quiz("hw09")).settled_by.parts
    assert named["english"] == [f"{REPO}@{REVISION}"]
    assert named["chinese"] == [
        "google-bert/bert-base-chinese@c30a6ed22ab4564dc1e3b2ecbf6e766b0611a33f"
    ]


def around(tmp_path: Path) -> dict[str, str]:
    """An environment with an empty cache of the hub's."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("HF_", "TRANSFORMERS_"))}
    return {**kept, "PYTHONPATH": os.pathsep.join(sys.path), "HF_HOME": str(tmp_path / "home")}


def verified(tmp_path: Path, pack: Pack, **environment: str) -> tuple[dict[str, Any], str]:
    """Question 22 of the JSON of a run in processes of its own, and its standard error."""
    file = tmp_path / "run.json"
    options: list[str | Path] = ["--only", "q22", "--pack", pack.folder]
    ran = subprocess.run(
        [*RUN, "verify", "hw09", *options, "--store", tmp_path / "store", "--json", file],
        env={**around(tmp_path), **environment},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert "Traceback" not in ran.stderr
    [question] = json.loads(file.read_text(encoding="utf-8"))["questions"]
    return question, ran.stderr


def test_a_model_is_fetched_once_and_its_evidence_settles_the_question(
    tmp_path: Path, model: Path
) -> None:
    (model / "pytorch_model.bin").write_bytes(b"not to be fetched")
    pack = language_pack(tmp_path / "pack", english={"hub": MODEL})
    with fake_hub(REPO, REVISION, model) as (address, asked):
        question, error = verified(tmp_path, pack, HF_ENDPOINT=address)
        # this model learned nothing, so it cannot bear the key out; but it may say so
        assert question["state"] == "contradicted", error
        assert any(path.endswith("/model.safetensors") for path in asked)
        assert not any(path.endswith(".bin") for path in asked)
        assert [line.split(":")[0] for line in error.splitlines()] == ["q22"]
    again, _ = verified(tmp_path, pack, HF_HUB_OFFLINE="1")
    assert {**again, "seconds": 0} == {**question, "seconds": 0}


def test_offline_and_not_in_the_cache_is_missing(tmp_path: Path) -> None:
    pack = language_pack(tmp_path / "pack", english={"hub": MODEL})
    question, error = verified(tmp_path, pack, HF_HUB_OFFLINE="1")
    assert question["state"] == "missing"
    assert COMMAND in question["reason"]
    warning, _ = error.splitlines()
    assert "cannot be fetched" in warning


def test_a_cache_without_a_list_is_given_one(tmp_path: Path, model: Path) -> None:
    """As an older library of the hub leaves it."""
    plant(tmp_path / "home" / "hub", REPO, REVISION, model, listed=False)
    with fake_hub(REPO, REVISION, model) as (address, asked):
        assert said_of_fetching(tmp_path, address) == ""
    [place] = (tmp_path / "home" / "hub").glob("*/trees/*.json")
    assert "model.safetensors" in json.loads(place.read_text())["files"]
    assert not any(path.endswith("/model.safetensors") for path in asked)


@pytest.mark.parametrize("name", ["config.json", "model.safetensors"])
def test_the_list_that_we_keep_is_one_that_is_read(
    tmp_path: Path, model: Path, monkeypatch: pytest.MonkeyPatch, cache: Path, name: str
) -> None:
    snapshot = plant(cache, REPO, REVISION, model, listed=False)
    copied(snapshot)
    with fake_hub(REPO, REVISION, model) as (address, _):
        ran = subprocess.run(
            [sys.executable, "-c", KEEP, REPO, REVISION],
            env={**around(tmp_path), "HF_ENDPOINT": address, "HF_HUB_CACHE": str(cache)},
            check=True,
        )
    assert ran.returncode == 0
    cached(MODEL)
    (snapshot / name).write_bytes((model / name).read_bytes() + b" ")
    with pytest.raises(DigestError):
        cached(MODEL)


KEEP = """
import sys
from quizproof.probes.packs.hub_list import keep_list
from quizproof.probes.packs.files import HubModel
keep_list(HubModel(repo=sys.argv[1], revision=sys.argv[2]))
"""

FETCH = """
import sys
from quizproof.probes.packs.hub import HubError, fetch
from quizproof.probes.packs.files import HubModel
try:
    fetch(HubModel(repo=sys.argv[1], revision=sys.argv[2]), bars=False)
except HubError as error:
    print(error)
"""


def said_of_fetching(tmp_path: Path, address: str) -> str:
    """All that a process says that fetches from the hub at ``address``."""
    ran = subprocess.run(
        [sys.executable, "-c", FETCH, REPO, REVISION],
        env={**around(tmp_path), "HF_ENDPOINT": address},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=60,
        check=True,
    )
    return ran.stdout


def test_a_hub_that_has_no_such_model_is_told_in_a_line(tmp_path: Path, model: Path) -> None:
    with fake_hub("another/model", REVISION, model) as (address, _):
        said = said_of_fetching(tmp_path, address)
    assert "cannot be fetched (RepositoryNotFoundError" in said
    assert len(said.splitlines()) == 1


def test_no_network_is_told_in_a_line_and_at_once(tmp_path: Path) -> None:
    began = time.monotonic()
    said = said_of_fetching(tmp_path, "http://127.0.0.1:9")
    assert "cannot be fetched (ConnectError" in said
    assert len(said.splitlines()) == 1
    assert time.monotonic() - began < 15  # the hub's library tries for half a minute


def test_a_model_without_safetensors_is_told(tmp_path: Path, model: Path) -> None:
    (model / "model.safetensors").rename(model / "pytorch_model.bin")
    with fake_hub(REPO, REVISION, model) as (address, _):
        said = said_of_fetching(tmp_path, address)
    assert "has no model.safetensors; name a commit that has" in said


def test_fetching_needs_no_torch() -> None:
    code = "import sys, huggingface_hub, quizproof.reports.verify, quizproof.probes.packs.hub\n"
    code += "from huggingface_hub import snapshot_download\n"
    code += "sys.exit('torch' in sys.modules or 'transformers' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)
