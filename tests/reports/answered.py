"""A planted quiz of every kind of question, for tests of what becomes of answers to it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

from tests.planted import planted_pack

TEXT = {"en": "What?", "zh-Hant": "什麼？"}
HIGH_LOW = {
    "a": {"text": {"en": "High", "zh-Hant": "高"}, "rule": "x > 0.5"},
    "b": {"text": {"en": "Low", "zh-Hant": "低"}, "rule": "x < 0.5"},
}
THREE = {**HIGH_LOW, "c": {"text": {"en": "Some", "zh-Hant": "有"}, "rule": "x > 0.1"}}
ONE_OF_THREE = {**THREE, "c": {"text": {"en": "Much", "zh-Hant": "多"}, "rule": "x > 2"}}


def quiz(folder: Path, **keys: Any) -> Path:
    """A quiz whose key is ``keys``, by question, and a pack beside it.

    x is 0.9 wherever it is measured; q03 leaves it open on which side of a half it lies, q04 cannot
    be measured, and q02 is about another model.
    """
    folder.mkdir(parents=True)
    head = {"id": "planted", "title": {"en": "Planted", "zh-Hant": "種"}}
    unclear = {"name": "planted.random", "with": {"x": 0.5}}
    questions: dict[str, dict[str, Any]] = {
        "q01": {"kind": "single", "options": HIGH_LOW},
        "q02": {"kind": "single", "options": HIGH_LOW, "about": "model"},
        "q03": {"kind": "single", "options": HIGH_LOW, "probe": unclear, "max_draws": 12},
        "q04": {"kind": "single", "options": HIGH_LOW, "probe": {"name": "planted.raises"}},
        "q05": {"kind": "multiple", "choose": 2, "options": THREE},
        "q06": {
            "kind": "blanks",
            "blanks": {
                "1": {"measure": "x", "tolerance": 0.05, "expected_number": keys.get("q06", 0.9)},
                "2": {"measure": "x", "tolerance": {"range": keys.get("range", [0.8, 1.0])}},
            },
        },
        "q07": {
            "kind": "dropdowns",
            "parts": {
                "1": {"options": HIGH_LOW, "expected": keys.get("q07", "a")},
                "2": {"options": ONE_OF_THREE, "expected": "b"},
            },
        },
    }
    for name in ("q01", "q02", "q03", "q04", "q05"):
        questions[name]["expected"] = keys.get(name, ["a"])
    common = {"points": 1, "about": "method", "prompt": TEXT, "probe": {"name": "planted.good"}}
    if why := keys.get("because"):
        common["because"] = why
    for name, data in questions.items():
        text = f"# it is {keys}\n{json.dumps(common | data)}"
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    head_text = json.dumps({**head, "questions": list(questions)})
    (folder / "quiz.yaml").write_text(head_text, encoding="utf-8")
    planted_pack(folder / "pack", [np.zeros((8, 8, 3), np.float32)], [])
    return folder


ANSWERS = """\
q01: a
q02: b
q03: a
q04: a
q05: [a, b]
q06: {1: 0.93, 2: "0.90"}
q07: {1: b, 2: a}
"""
