"""`pack init` tells kinds by files' names and forms, takes classes by name, and loads nothing."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from quizproof.probes.packs.pack import Pack, sha256
from quizproof.probes.packs.pack_init import init_pack
from quizproof.questions.problems import QuizproofError
from quizproof.reports.cli import main
from tests.planted_language import language_folder


def picture(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(np.zeros((8, 8, 3), np.uint8)).save(path)


def entry(folder: Path, name: str) -> Any:
    return Pack(folder).manifest.parts[name]


def test_each_kind_is_told_by_its_files(tmp_path: Path) -> None:
    language_folder(tmp_path / "bert-small")
    (tmp_path / "Numbers.csv").write_text("1,2\n3,4\n", encoding="utf-8")
    (tmp_path / "sentences.txt").write_text("One.\nTwo.\n", encoding="utf-8")
    (tmp_path / "notes.txt").write_text("x", encoding="utf-8")
    (tmp_path / "2024.json").write_text("{}", encoding="utf-8")
    picture(tmp_path / "photos" / "one.png")
    made = init_pack(tmp_path)
    assert made.left_out == []
    kinds = {
        "bert_small": "masked-lm",
        "numbers": "matrix",
        "sentences": "sentences",
        "notes": "file",
        "part_2024": "file",
        "photos": "pictures",
    }
    assert Pack(tmp_path).manifest.kinds == kinds
    assert entry(tmp_path, "numbers").sha256 == sha256(tmp_path / "Numbers.csv")
    assert main(["pack", "check", str(tmp_path)]) == 0


def test_pictures_get_the_labels_of_imagenet_s_classes_by_name(tmp_path: Path) -> None:
    (tmp_path / "resnet18-f37072fd.pth").write_bytes(b"weights")
    for name in ("goldfish", "great_white_shark", "tench"):
        picture(tmp_path / "photos" / name / "1.png")
    made = init_pack(tmp_path)
    network = entry(tmp_path, "resnet18_f37072fd")
    assert network.architecture.torchvision == "resnet18"
    assert (len(network.classes), network.classes[1]) == (1000, "goldfish")
    assert network.input.size == [224, 224]
    assert network.input.mean == [0.485, 0.456, 0.406]
    labels = [one.label for one in entry(tmp_path, "photos").pictures]
    assert labels == [1, 2, 0]
    assert any("labels: 1 goldfish, 2 great_white_shark, 0 tench" in line for line in made.remarks)


def test_folders_of_other_classes_are_numbered_in_order(tmp_path: Path) -> None:
    for name in ("b", "a"):
        picture(tmp_path / "photos" / name / "1.png")
    init_pack(tmp_path)
    assert [one.label for one in entry(tmp_path, "photos").pictures] == [0, 1]


def test_what_is_left_out_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "mine.pth").write_bytes(b"weights")
    (tmp_path / "empty").mkdir()
    odd = tmp_path / "odd"
    odd.mkdir()
    (odd / "config.json").write_text(json.dumps({"architectures": ["Odd"]}), encoding="utf-8")
    (tmp_path / "link.txt").symlink_to(tmp_path / "mine.pth")
    (tmp_path / "notes.txt").write_text("x", encoding="utf-8")
    assert main(["pack", "init", str(tmp_path)]) == 2
    said = capsys.readouterr().err
    for line in (
        "left out: mine.pth: weights of a network that its name does not tell",
        "left out: empty: neither a model with a config.json nor pictures",
        "left out: odd: its config.json names no architecture",
        "left out: link.txt: a link",
    ):
        assert line in said
    assert list(Pack(tmp_path).manifest.parts) == ["notes"]
    with pytest.raises(QuizproofError, match="is there already; remove it first"):
        init_pack(tmp_path)


def test_a_folder_with_nothing_is_no_pack(tmp_path: Path) -> None:
    with pytest.raises(QuizproofError, match="holds nothing that is known here: it is empty"):
        init_pack(tmp_path)
    assert not list(tmp_path.iterdir())
    with pytest.raises(QuizproofError, match="is no folder"):
        init_pack(tmp_path / "none")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes there")
def test_a_pipe_is_left_out_and_never_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "scores.csv")
    picture(tmp_path / "photos" / "a.png")
    os.mkfifo(tmp_path / "photos" / "b.png")
    made = init_pack(tmp_path)
    assert made.left_out == ["scores.csv: no file but a pipe or a device; put a file here"]
    assert [each.file for each in entry(tmp_path, "photos").pictures] == ["photos/a.png"]
