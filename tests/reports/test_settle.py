"""`quizproof settle` writes which pack a quiz is about, and changes nothing else of its file."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from quizproof.probes.packs.pack import EMBEDDED
from quizproof.probes.testing import planted_pack
from quizproof.questions.quiz import bundled_quiz, read_head
from quizproof.reports.cli import main

HEAD = """\
# mine
id: mine  # its name
title: Mine
settled_by:
  parts:
    old: [abcdefab]  # gone

# of the questions
questions: [q01]
"""


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    planted_pack(tmp_path / "pack", [np.zeros((8, 8, 3), np.float32)])
    return tmp_path / "pack"


def quiz(folder: Path, head: str) -> Path:
    folder.mkdir()
    (folder / "quiz.yaml").write_text(head, encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    "head",
    [
        HEAD.replace("abcdefab", "ab" * 32),
        HEAD.partition("settled_by")[0] + "questions: [q01]",
        HEAD.partition("settled_by")[0] + "questions: [q01]\nsettled_by: {}\n",
    ],
)
def test_the_block_alone_is_changed(head: str, pack: Path, tmp_path: Path) -> None:
    folder = quiz(tmp_path / "quiz", head)
    for _ in range(2):
        assert main(["settle", str(folder), "--pack", str(pack)]) == 0
        written = (folder / "quiz.yaml").read_text(encoding="utf-8")
        found, _ = read_head(folder)
        assert list(found.settled_by.named("pictures")) == ["0"]
        assert not found.settled_by.named("old")
        kept = [line for line in head.splitlines() if line and "old" not in line]
        kept = [line for line in kept if not line.startswith((" ", "settled_by"))]
        assert [line for line in written.splitlines() if line in kept] == kept


def test_the_bundled_quiz_is_about_the_embedded_pack_once_it_is_copied(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["settle", "hw09", "--pack", str(EMBEDDED)]) == 2
    assert "quizproof copy hw09 DIR" in capsys.readouterr().err
    shutil.copytree(bundled_quiz("hw09"), tmp_path / "hw09")
    assert main(["settle", str(tmp_path / "hw09"), "--pack", str(EMBEDDED)]) == 0
    found, _ = read_head(tmp_path / "hw09")
    assert found.settled_by.architecture["classifier"] == ["course"]
    assert len(found.settled_by.named("pictures")) == 10


def test_what_cannot_be_edited_is_left_as_it_is(
    pack: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    head = "{id: mine, title: Mine, questions: [q01]}\n"
    folder = quiz(tmp_path / "quiz", head)
    assert main(["settle", str(folder), "--pack", str(pack)]) == 2
    assert "cannot be edited without another change" in capsys.readouterr().err
    assert (folder / "quiz.yaml").read_text(encoding="utf-8") == head
