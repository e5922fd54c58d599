"""A manifest written is the manifest read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from quizproof.probes.packs.manifest import HeldOutFigure, Manifest
from quizproof.probes.packs.manifest_file import (
    manifest_text,
    named_file,
    named_folder,
    write_parts,
)
from quizproof.probes.packs.pack import EMBEDDED, Pack, sha256
from quizproof.questions.problems import InputError
from quizproof.questions.spec import Text

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
        "parts": {
            "photos": {
                "kind": "pictures",
                "pictures": [{"file": file[:999], "sha256": "a" * 64, "label": label}],
            },
            "corpus": {"kind": "corpus", "file": file[:999], "sha256": "0" * 64},
        },
    }
    manifest = Manifest.model_validate(told)
    assert read(tmp_path_factory.mktemp("pack"), manifest_text(manifest)) == manifest


def hub(repo: str, kind: str = "masked-lm") -> dict[str, Any]:
    return {"kind": kind, "hub": {"repo": repo, "revision": "0" * 40}}


def test_parts_take_the_place_of_their_own_and_others_stay(tmp_path: Path) -> None:
    write_parts(tmp_path / ".", {"english": hub("a/b")}, [figure("one", 0.5), figure("two", 0.5)])
    assert Pack(tmp_path).manifest.name == tmp_path.name
    write_parts(tmp_path, {"english": hub("a/c"), "chinese": hub("a/b")}, [figure("two", 1.0)])
    write_parts(tmp_path, {"reader_1": hub("a/b", "reader")}, [])
    pack = Pack(tmp_path)
    assert pack.part("english").entry.hub.repo == "a/c"
    assert pack.manifest.kinds == {
        "english": "masked-lm",
        "chinese": "masked-lm",
        "reader_1": "reader",
    }
    held_out = pack.manifest.held_out
    assert [(f.about.en, f.right) for f in held_out] == [("one", 0.5), ("two", 1.0)]


def test_what_is_no_part_leaves_the_manifest_as_it_was(tmp_path: Path) -> None:
    write_parts(tmp_path, {"english": hub("a/b")}, [])
    before = (tmp_path / "pack.yaml").read_bytes()
    wrongs: tuple[dict[str, Any], ...] = (
        {"english": {}},
        {"english": {"kind": "masked-lm"}},
        {"english": hub("a/b", "nothing")},
        {"1st": hub("a/b")},
    )
    for wrong in wrongs:
        with pytest.raises(ValidationError):
            write_parts(tmp_path, wrong, [])
    assert (tmp_path / "pack.yaml").read_bytes() == before
    (tmp_path / "pack.yaml").write_text("name: [")
    with pytest.raises(InputError):
        write_parts(tmp_path, {"chinese": hub("a/b")}, [])


def test_files_and_folders_are_named_with_their_digests(tmp_path: Path) -> None:
    for name in ("a.json", "sub/b.txt", ".hidden", ".git/c.json", "d.bin"):
        (tmp_path / "model" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "model" / name).write_text(name)
    role = named_folder(tmp_path, "model")
    assert role.files == {
        name: sha256(tmp_path / "model" / name) for name in ("a.json", "sub/b.txt")
    }
    assert named_file(tmp_path, "model/a.json").sha256 == role.files["a.json"]
    with pytest.raises(OSError, match="No such file"):
        named_file(tmp_path, "nowhere")
