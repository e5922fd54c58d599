"""Models of the hub: from a planted cache, from a hub on this machine, and from neither."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import huggingface_hub.constants
import pytest

from quizproof.probes.packs.hub import HubError, cached, fetch, hub_models
from quizproof.probes.packs.language_roles import HubModel
from quizproof.probes.packs.pack import DigestError, MissingError, Pack
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


def test_only_what_is_read_is_compared(cache: Path, model: Path) -> None:
    (model / "tf_model.h5").write_bytes(b"as it was")
    path = plant(cache, REPO, REVISION, model) / "tf_model.h5"
    path.resolve().write_bytes(b"as it is")
    cached(MODEL)


def test_the_hub_models_behind_roles(tmp_path: Path) -> None:
    other = HubModel(repo="a/b", revision="0" * 40)
    pack = language_pack(
        tmp_path,
        english={"hub": MODEL},
        chinese={"hub": other},
        readers=[{"hub": MODEL}, {"hub": other}, {"hub": MODEL}],
    )
    assert list(hub_models(pack.manifest, {"english", "corpus"})) == [MODEL]
    assert list(hub_models(pack.manifest, {"chinese", "english"})) == [MODEL, other]
    assert list(hub_models(pack.manifest, {"readers"})) == [MODEL, other]
    assert list(hub_models(pack.manifest, {"classifier", "triples"})) == []


def test_the_quiz_names_the_models_that_are_public() -> None:
    named = load_quiz(bundled_quiz("hw09")).settled_by.language
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


FETCH = """
import sys
from quizproof.probes.packs.hub import HubError, fetch
from quizproof.probes.packs.language_roles import HubModel
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
