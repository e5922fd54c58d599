"""The main job on damaged language parts: each costs its own questions, and no others."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml
from safetensors.torch import load_file, save_file

from quizproof.probes.packs.manifest_file import named_file, named_folder, write_parts
from quizproof.probes.packs.pack import EMBEDDED, Pack
from quizproof.questions.quiz import bundled_quiz
from quizproof.reports.cli import main

LANGUAGE = "language"
STAND_IN = {"stand-in agrees", "stand-in differs", "undecided"}


def measured(folder: Path, pack: Path, only: str, quiz: Path | str = "hw09") -> dict[str, Any]:
    """The questions of a run's JSON by their ids."""
    file = folder / "run.json"
    main(["verify", str(quiz), "--pack", str(pack), "--only", only, "--json", str(file)])
    return {q["id"]: q for q in json.loads(file.read_text(encoding="utf-8"))["questions"]}


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    """A copy of the embedded pack to damage."""
    return Path(shutil.copytree(EMBEDDED, tmp_path / "pack"))


def test_damaged_parts_cost_their_own_questions(pack: Path, tmp_path: Path) -> None:
    english = pack / LANGUAGE / "english"
    state = load_file(english / "model.safetensors")
    headless = {name: tensor for name, tensor in state.items() if not name.startswith("cls.")}
    save_file(headless, english / "model.safetensors", metadata={"format": "pt"})
    (pack / LANGUAGE / "apples.json").write_text('[\n{"text": 1}]')
    parts: dict[str, Any] = {
        "english": {"kind": "masked-lm", "local": named_folder(pack, f"{LANGUAGE}/english")},
        "sentences": {
            "kind": "sentences",
            **named_file(pack, f"{LANGUAGE}/apples.json").model_dump(exclude_unset=True),
        },
    }
    write_parts(pack, parts, [])
    (pack / LANGUAGE / "reader2" / "more.json").write_text("{}")
    found = measured(tmp_path, pack, "q22,q24,q26,q27,q28,q29")
    for name, said in {
        "q22": "cls.predictions.bias is missing",
        "q24": "cls.predictions.bias is missing",
        "q26": "more.json is not in the manifest",
        "q29": "apples.json:2: text: Input should be a valid string",
    }.items():
        assert found[name]["state"] == "failed"
        assert said in found[name]["reason"]
        assert "\n" not in found[name]["reason"]
    assert found["q27"]["state"] in STAND_IN  # of reader 1 alone
    assert found["q28"]["state"] in STAND_IN


def test_what_a_pack_lacks_is_named(pack: Path, tmp_path: Path) -> None:
    manifest = yaml.safe_load((pack / "pack.yaml").read_text(encoding="utf-8"))
    for part in ("reader_1", "sentences", "reference_matrix", "corpus"):
        del manifest["parts"][part]
    (pack / "pack.yaml").write_text(yaml.safe_dump(manifest), encoding="utf-8")
    found = measured(tmp_path, pack, "q21,q25,q28,q29")
    assert {name: q["state"] for name, q in found.items() if name != "q28"} == {
        "q21": "missing",
        "q25": "missing",
        "q29": "missing",
    }
    assert "no sentences, no part reference_matrix" in found["q29"]["reason"]
    assert found["q28"]["state"] in STAND_IN


def test_language_that_the_quiz_names_settles_it(tmp_path: Path) -> None:
    quiz = Path(shutil.copytree(bundled_quiz("hw09"), tmp_path / "hw09"))
    head = yaml.safe_load((quiz / "quiz.yaml").read_text(encoding="utf-8"))
    embedded = Pack(EMBEDDED)
    named = {part: [embedded.identity(embedded.part(part))] for part in ("chinese", "sentences")}
    head["settled_by"] = {"parts": named}
    (quiz / "quiz.yaml").write_text(yaml.safe_dump(head), encoding="utf-8")
    found = measured(tmp_path, EMBEDDED, "q28,q29", quiz)
    assert found["q28"]["state"] in {"confirmed", "contradicted"}
    assert found["q29"]["state"] in STAND_IN  # its matrix is not named
