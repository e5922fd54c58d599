"""Evidence files that nobody wrote with this program."""

from __future__ import annotations

import hashlib
import json
import os
import zipfile
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest

from quizproof.probes.draws import Draw, Map
from quizproof.probes.engine.evidence import record
from quizproof.probes.engine.evidence.file import EvidenceFileError, open_evidence_file
from quizproof.probes.engine.evidence.record import (
    Evidence,
    EvidenceError,
    from_bytes,
    sealed,
    to_bytes,
)
from quizproof.probes.engine.evidence.store import Store


def written(path: Path, members: Mapping[str, bytes], format: int = 1) -> Path:
    """A file whose digests are right, whatever is in it."""
    made = json.dumps({"format": format, "versions": {}, "code": {}, "seed": 16}).encode()
    content = {"made.json": made, **members}
    digests = {name: hashlib.sha256(data).hexdigest() for name, data in content.items()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for name, data in {**content, "digests.json": json.dumps(digests).encode()}.items():
            archive.writestr(zipfile.ZipInfo(name), data)
    return path


def test_one_that_is_as_it_should_be_opens(tmp_path: Path) -> None:
    name = f"{'a' * 64}.evidence"
    path = written(tmp_path / "file", {"pack/pack.yaml": b"name: p", f"evidence/{name}": b"x"})
    opened = open_evidence_file(path, tmp_path / "to")
    assert (opened.pack / "pack.yaml").read_bytes() == b"name: p"
    assert (Path(opened.store) / "aa" / name).read_bytes().endswith(b"x")


def test_an_entry_is_under_its_own_key(tmp_path: Path) -> None:
    """Whoever takes one for another has to make it anew, not the file's digests alone."""
    a, b = "a" * 64, "b" * 64
    right = {f"evidence/{key}.evidence": sealed(key, b"x") for key in (a, b)}
    opened = open_evidence_file(written(tmp_path / "right", right, 2), tmp_path / "to")
    assert Store(opened.store).read(a) == b"x"
    wrong = dict(zip(right, reversed(right.values()), strict=True))
    with pytest.raises(EvidenceFileError, match=r"aaaaaaaaaaaa is damaged: .* of another key"):
        open_evidence_file(written(tmp_path / "wrong", wrong, 2), tmp_path / "elsewhere")
    plain = {f"evidence/{a}.evidence": b"x"}
    with pytest.raises(EvidenceFileError, match="no evidence of this version"):
        open_evidence_file(written(tmp_path / "plain", plain, 2), tmp_path / "else")


@pytest.mark.parametrize(
    "names",
    [
        [""],
        ["."],
        ["./"],
        ["/"],
        ["pack"],
        ["evidence/"],
        ["pack/.."],
        ["/pack/a"],
        ["pack/../../a"],
        ["pack/a", "pack/a/b"],
        ["pack/" + "x" * 300],
        ["elsewhere/a"],
        ["\x1b[31m"],
    ],
)
def test_names_of_all_kinds_are_refused_in_a_line(names: list[str], tmp_path: Path) -> None:
    path = written(tmp_path / "file", dict.fromkeys(names, b"x"))
    (tmp_path / "to").mkdir()
    with pytest.raises(EvidenceFileError) as caught:
        open_evidence_file(path, tmp_path / "to")
    assert str(caught.value).isprintable()
    assert {found.name for found in tmp_path.iterdir()} == {"file", "to"}


def test_what_is_no_file_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", tmp_path, Path("/dev/zero")):
        with pytest.raises(EvidenceFileError, match="no evidence file"):
            open_evidence_file(path, tmp_path / "to")


def test_what_has_no_end_is_not_hashed(tmp_path: Path) -> None:
    with (tmp_path / "file").open("wb") as file:
        file.truncate(1 << 42)
    with pytest.raises(EvidenceFileError, match="no evidence file"):
        open_evidence_file(tmp_path / "file", tmp_path / "to")


def test_an_entry_that_unpacks_beyond_bounds_is_damaged(monkeypatch: pytest.MonkeyPatch) -> None:
    draw = Draw({"x": 1.0}, maps=(Map("t", np.zeros((100, 100), np.float32), picture=None),))
    kept = Evidence((draw,), (1,), (0,), seconds=0.0, model="", device="", ended=True, of="")
    content = to_bytes(kept)
    assert len(content) < 10_000  # of which 40,000 come out
    assert from_bytes(content).of == ""
    monkeypatch.setattr(record, "_MAX_BYTES", 20_000)
    with pytest.raises(EvidenceError, match="no evidence that can be read"):
        from_bytes(content)
