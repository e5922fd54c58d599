"""What a quiz names a classifier by: no other network is settled by the same weights."""

from __future__ import annotations

from typing import Any

import pytest

from quizproof.probes.kinds.classifier import ClassifierEntry

WEIGHTS = "a" * 64
COURSE: dict[str, Any] = {
    "kind": "classifier",
    "architecture": {"course": {"width": 8}},
    "weights": {"file": "w.safetensors", "sha256": WEIGHTS},
    "input": {"size": [128, 128]},
    "classes": ["a", "b"],
}


def identity(**other: Any) -> str:
    return ClassifierEntry.model_validate({**COURSE, **other}).identity()


def test_the_course_s_network_is_known_by_its_weights() -> None:
    assert identity() == WEIGHTS
    assert identity(input={"size": [128, 128], "mean": [0.0] * 3, "std": [1.0] * 3}) == WEIGHTS
    assert identity(architecture={"course": {"width": 16}}) == WEIGHTS  # which say their width


OTHERS: list[dict[str, Any]] = [
    {"input": {"size": [128, 128], "mean": [0.9, 0.0, 0.0]}},
    {"input": {"size": [128, 128], "std": [0.5, 1.0, 1.0]}},
    {"input": {"size": [64, 128]}},
    {"architecture": {"callable": "their.module:net"}},
    {"architecture": {"callable": "their.module:net", "arguments": {"width": 8}}},
    {"architecture": {"torchvision": "resnet18"}},
    {"architecture": {"onnx": True}},
]


@pytest.mark.parametrize("other", OTHERS, ids=[str(each) for each in OTHERS])
def test_of_any_other_the_same_weights_are_not_enough(other: dict[str, Any]) -> None:
    assert identity(**other) != WEIGHTS
    assert identity(**other) == identity(**other)


def test_no_two_of_them_have_the_same_identity() -> None:
    assert len({identity(**other) for other in OTHERS}) == len(OTHERS)
    other = {"architecture": {"torchvision": "resnet18"}}
    more = {"weights": {"file": "w.safetensors", "sha256": "b" * 64}}
    assert identity(**other) != identity(**other, **more)
    assert identity(**other) == identity(**other, classes=["c", "d"])  # names change no number
