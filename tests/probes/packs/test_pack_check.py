from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
import yaml
from PIL import Image

from quizproof.probes.packs.course import course_network
from quizproof.probes.packs.pack import Pack, sha256
from quizproof.probes.packs.pack_check import check_pack
from quizproof.probes.packs.pack_show import show_pack
from quizproof.questions.spec import SettledBy
from tests.planted import classifier_in, pictures_in, planted_pack
from tests.probes.course_folder import build_course, course_folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return build_course(course_folder(tmp_path / "ours", labels=(1, 1, 2))).manifest.parent


def rewrite(folder: Path, change: Any) -> None:
    manifest = yaml.safe_load((folder / "pack.yaml").read_text(encoding="utf-8"))
    change(manifest)
    (folder / "pack.yaml").write_text(yaml.safe_dump(manifest), encoding="utf-8")


def test_a_pack_as_built_is_well(folder: Path) -> None:
    assert check_pack(folder).problems == ()


def test_a_pack_without_a_classifier_is_well(tmp_path: Path) -> None:
    grey = np.full((32, 32, 3), 0.5, np.float32)
    planted_pack(tmp_path, [grey], [{"food": np.eye(32, dtype=bool)}])
    assert check_pack(tmp_path).problems == ()


def test_all_that_is_wrong_is_told_at_once(folder: Path) -> None:
    (folder / "food" / "1_5.jpg").unlink()
    Image.new("RGB", (9, 9)).save(folder / "food" / "1_42.jpg")
    Image.new("L", (9, 9)).save(folder / "food" / "2_79.jpg")
    torch.save(course_network(3).state_dict(), folder / "checkpoint.pth")

    def change(manifest: dict[str, Any]) -> None:
        speck = {"polygons": [[[0, 0], [0.001, 0], [0, 0.001]]]}
        pictures = manifest["parts"]["pictures"]["pictures"]
        pictures[2]["sha256"] = sha256(folder / "food" / "2_79.jpg")
        pictures[2]["regions"] = {
            "speck": speck,
            "mark": {"mask": "mark.png", "sha256": "0" * 64},
            "rest": {"outside": "mark"},
        }
        manifest["parts"]["classifier"]["weights"]["sha256"] = sha256(folder / "checkpoint.pth")

    rewrite(folder, change)
    lines = check_pack(folder).problems
    assert [any(said in line for line in lines) for said in WRONG] == [True] * len(WRONG)
    assert len(lines) == len(WRONG)
    assert not any("\n" in line for line in lines)


WRONG = (
    "does not fit the architecture",
    "1_5.jpg is no file",
    "1_42.jpg has SHA-256",
    "2_79.jpg has mode L",
    "region speck of picture 2 is empty",
    "mark.png is no file",
)


def test_a_wrong_manifest_is_told_by_line(folder: Path) -> None:
    def change(manifest: dict[str, Any]) -> None:
        manifest["parts"]["pictures"]["pictures"][0]["label"] = 11

    rewrite(folder, change)
    assert "picture 0 has label 11, but the classes are 0–10" in check_pack(folder).problems[0]
    assert "pack build" in check_pack(folder / "food").problems[0]


def test_what_is_in_a_pack_is_shown(folder: Path) -> None:
    pack = Pack(folder)
    text = "\n".join(show_pack(folder))
    parameters = sum(parameter.numel() for parameter in course_network(2).parameters())
    for said in (
        "pack      ours",
        f"digest    {pack.digest}",
        "part      classifier (classifier): checkpoint.pth",
        "part      pictures (pictures): 3 pictures",
        f"network   the course's, 2 channels wide: {parameters:,} parameters",
        f"weights   checkpoint.pth {classifier_in(pack).weights.sha256}",
        "input     128 × 128 pixels",
        "classes   0 Bread, 1 Dairy product,",
        "picture 0 food/1_5.jpg (Dairy product): no regions",
        "picture 2 food/2_79.jpg (Dessert): no regions",
    ):
        assert said in text


def test_the_digests_are_shown_as_a_quiz_takes_them(folder: Path) -> None:
    lines = show_pack(folder)
    shown = yaml.safe_load("\n".join(lines[lines.index("settled_by:") :]))
    settled_by = SettledBy.model_validate(shown["settled_by"])
    pack = Pack(folder)
    assert settled_by.parts == {
        "classifier": [classifier_in(pack).weights.sha256],
        "pictures": {str(k): one.sha256 for k, one in enumerate(pictures_in(pack).pictures)},
    }


def test_a_pack_without_a_classifier_is_shown(tmp_path: Path) -> None:
    planted_pack(tmp_path, [np.full((32, 32, 3), 0.5, np.float32)], [{"food": np.eye(32) > 0}])
    text = "\n".join(show_pack(tmp_path))
    assert "picture 0 0.png (0): food" in text
    assert "classifier:" not in text
