"""A manifest written is the manifest read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from quizproof.probes.packs.manifest import HeldOutFigure, Manifest
from quizproof.probes.packs.manifest_file import file_role, folder_role, manifest_text, write_roles
from quizproof.probes.packs.pack import EMBEDDED, Pack, sha256
from quizproof.questions.problems import InputError
from quizproof.questions.spec import Text

HUB = {"hub": {"repo": "a/b", "revision": "0" * 40}}
names = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1)


def figure(name: str, right: float) -> HeldOutFigure:
    return HeldOutFigure(about=Text(en=name, zh_hant=name), right=right, count=10)


def read(folder: Path, text: str) -> Manifest:
    (folder / "pack.yaml").write_text(text, encoding="utf-8")
    return Pack(folder).manifest


def test_the_embedded_manifest_survives(tmp_path: Path) -> None:
    manifest = Pack(EMBEDDED).manifest
    assert read(tmp_path, manifest_text(manifest)) == manifest


@settings(max_examples=60, deadline=None)
@given(name=names.filter(str.strip), file=names, label=st.integers(0, 10**6))
def test_any_names_survive(
    tmp_path_factory: pytest.TempPathFactory, name: str, file: str, label: int
) -> None:
    told: dict[str, Any] = {
        "name": name[:200],
        "pictures": [{"file": file[:999], "sha256": "a" * 64, "label": label}],
        "corpus": {"file": file[:999], "sha256": "0" * 64},
    }
    manifest = Manifest.model_validate(told)
    assert read(tmp_path_factory.mktemp("pack"), manifest_text(manifest)) == manifest


def test_roles_take_the_place_of_their_own_and_others_stay(tmp_path: Path) -> None:
    write_roles(tmp_path / ".", {"english": HUB}, [figure("one", 0.5), figure("two", 0.5)])
    assert Pack(tmp_path).manifest.name == tmp_path.name
    other = {"hub": {"repo": "a/c", "revision": "0" * 40}}
    write_roles(tmp_path, {"english": other, "chinese": HUB}, [figure("two", 1.0)])
    write_roles(tmp_path, {"readers": [HUB]}, [])
    manifest = Pack(tmp_path).manifest
    assert manifest.english is not None
    assert manifest.english.hub is not None
    assert manifest.english.hub.repo == "a/c"
    assert manifest.chinese is not None
    assert len(manifest.readers) == 1
    assert [(f.about.en, f.right) for f in manifest.held_out] == [("one", 0.5), ("two", 1.0)]


def test_what_is_no_role_leaves_the_manifest_as_it_was(tmp_path: Path) -> None:
    write_roles(tmp_path, {"english": HUB}, [])
    before = (tmp_path / "pack.yaml").read_bytes()
    wrongs: tuple[dict[str, Any], ...] = ({"english": {}}, {"nothing": HUB}, {"readers": HUB})
    for wrong in wrongs:
        with pytest.raises(ValidationError):
            write_roles(tmp_path, wrong, [])
    assert (tmp_path / "pack.yaml").read_bytes() == before
    (tmp_path / "pack.yaml").write_text("name: [")
    with pytest.raises(InputError):
        write_roles(tmp_path, {"chinese": HUB}, [])


def test_files_and_folders_are_named_with_their_digests(tmp_path: Path) -> None:
    for name in ("a.json", "sub/b.txt", ".hidden", ".git/c.json", "d.bin"):
        (tmp_path / "model" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "model" / name).write_text(name)
    role = folder_role(tmp_path, "model")
    assert role.files == {
        name: sha256(tmp_path / "model" / name) for name in ("a.json", "sub/b.txt")
    }
    assert file_role(tmp_path, "model/a.json").sha256 == role.files["a.json"]
    with pytest.raises(OSError, match="No such file"):
        file_role(tmp_path, "nowhere")
