"""The main job on the embedded pack, whole and damaged."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml
from PIL import Image

from quizproof.probes.packs.pack import EMBEDDED
from quizproof.questions.quiz import bundled_quiz
from quizproof.reports.cli import main


def verified(folder: Path, *arguments: str | Path, quiz: str | Path = "hw09") -> dict[str, Any]:
    """The JSON of a run without what differs from run to run."""
    folder.mkdir(exist_ok=True)
    file = folder / "run.json"
    main(["verify", str(quiz), "--json", str(file), *(str(argument) for argument in arguments)])
    run: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    for question in run["questions"]:
        del question["seconds"]
    return run


def states(run: dict[str, Any]) -> dict[str, str]:
    return {question["id"]: question["state"] for question in run["questions"]}


@pytest.mark.slow
def test_every_question_is_answered_or_says_why_not(tmp_path: Path) -> None:
    run = verified(tmp_path, "--report", tmp_path / "report")
    found = states(run)
    assert list(found) == [f"q{number:02d}" for number in range(1, 31)]
    assert not {"failed", "missing"} & set(found.values())
    assert [name for name, state in found.items() if state == "key invalid"] == ["q16"]
    # what questions about a method or an architecture come to is settled, whatever it is
    about_method = [q for q in run["questions"] if q["about"] != "model"]
    assert {question["state"] for question in about_method} <= {"confirmed", "contradicted"}
    for question in run["questions"]:
        assert question["reason"]
        assert question["measurements"]
        assert all(option["margin"] for option in question["options"].values())
    assert (tmp_path / "report" / "index.html").stat().st_size < 5_000_000


def test_the_same_seed_and_pack_give_the_same_file(tmp_path: Path) -> None:
    only = ("--only", "q05,q15,q23,q25,q30")
    once, again = verified(tmp_path, *only), verified(tmp_path, *only)
    assert once == again
    other = verified(tmp_path, *only, "--seed", "1")
    assert other["questions"] != once["questions"]


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    """A copy of the embedded pack to damage."""
    return Path(shutil.copytree(EMBEDDED, tmp_path / "pack"))


def manifest(pack: Path, change: Any) -> None:
    """Rewrite the pack's manifest as ``change`` leaves it."""
    data = yaml.safe_load((pack / "pack.yaml").read_text(encoding="utf-8"))
    change(data)
    (pack / "pack.yaml").write_text(yaml.safe_dump(data), encoding="utf-8")


def test_a_damaged_picture_costs_its_own_question(pack: Path, tmp_path: Path) -> None:
    (pack / "food" / "02_00.png").write_bytes(b"no picture")
    run = verified(tmp_path, "--pack", pack, "--only", "q05,q06")
    assert states(run) == {"q05": "stand-in differs", "q06": "failed"}
    assert "the manifest names" in run["questions"][1]["reason"]


def test_a_grey_picture_costs_its_own_question(pack: Path, tmp_path: Path) -> None:
    path = pack / "food" / "02_00.png"
    with Image.open(path) as picture:
        grey = picture.convert("L")
    grey.save(path)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    manifest(pack, lambda data: data["parts"]["pictures"]["pictures"][2].update(sha256=digest))
    run = verified(tmp_path, "--pack", pack, "--only", "q05,q06")
    assert states(run) == {"q05": "stand-in differs", "q06": "failed"}
    assert "mode L" in run["questions"][1]["reason"]


def test_a_missing_region_costs_its_own_question(pack: Path, tmp_path: Path) -> None:
    manifest(
        pack, lambda data: data["parts"]["pictures"]["pictures"][2]["regions"].pop("telephone")
    )
    run = verified(tmp_path, "--pack", pack, "--only", "q05,q06")
    assert states(run) == {"q05": "stand-in differs", "q06": "missing"}
    assert "no region telephone" in run["questions"][1]["reason"]


def test_weights_that_are_not_the_manifests_settle_nothing(pack: Path, tmp_path: Path) -> None:
    (pack / "classifier.safetensors").write_bytes(b"\0" * 100)
    run = verified(tmp_path, "--pack", pack, "--only", "q04,q05,q20")
    assert states(run) == {"q04": "confirmed", "q05": "failed", "q20": "failed"}


def test_the_model_and_picture_that_the_quiz_names_settle_it(tmp_path: Path) -> None:
    quiz = Path(shutil.copytree(bundled_quiz("hw09"), tmp_path / "hw09"))
    data = yaml.safe_load((EMBEDDED / "pack.yaml").read_text(encoding="utf-8"))
    head = yaml.safe_load((quiz / "quiz.yaml").read_text(encoding="utf-8"))
    head["settled_by"] = {
        "classifier": [data["parts"]["classifier"]["weights"]["sha256"]],
        "pictures": {"1": data["parts"]["pictures"]["pictures"][1]["sha256"], "2": "0" * 64},
    }
    (quiz / "quiz.yaml").write_text(yaml.safe_dump(head), encoding="utf-8")
    only = ("--only", "q05,q06,q14")
    run = verified(tmp_path, *only, quiz=quiz)
    assert states(run) == {"q05": "contradicted", "q06": "stand-in agrees", "q14": "confirmed"}
    head["settled_by"]["classifier"] = ["0" * 64]
    (quiz / "quiz.yaml").write_text(yaml.safe_dump(head), encoding="utf-8")
    assert set(states(verified(tmp_path, *only, quiz=quiz)).values()) == {
        "stand-in agrees",
        "stand-in differs",
    }


@pytest.mark.parametrize("of_quiz", [True, False])
def test_a_region_that_the_pack_lacks_is_what_is_told(tmp_path: Path, of_quiz: bool) -> None:
    """Of the quiz's pack, and of one that --pack names."""
    quiz = tmp_path / "quiz"
    quiz.mkdir()
    named = f"pack: {EMBEDDED}\n" if of_quiz else ""
    head = f"id: planted\ntitle: Planted\n{named}questions: [q01]\n"
    (quiz / "quiz.yaml").write_text(head, "utf-8")
    question = {
        "kind": "single",
        "points": 1,
        "about": "model",
        "prompt": "Which?",
        "probe": {
            "name": "filter.regions",
            "with": {"layer": "cnn.0", "filter": 0, "picture": 6, "regions": ["fod"]},
        },
        "options": {
            "a": {"text": "A", "rule": "density_food > 1"},
            "b": {"text": "B", "rule": "density_food <= 1"},
        },
        "expected": ["a"],
    }
    (quiz / "q01.yaml").write_text(yaml.safe_dump(question), "utf-8")
    pack = [] if of_quiz else ["--pack", str(EMBEDDED)]
    [found] = verified(tmp_path, "--store", "none", *pack, quiz=quiz)["questions"]
    assert found["reason"].endswith("picture 6 has no region fod; did you mean food?")
