"""The same seed and pack give the same numbers, whoever measures and however busy the machine is.

Nothing is kept of earlier runs here: each is as cold as the first on a new machine.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from distributed import LocalCluster

from quizproof.reports.cli import main

# one that draws, one with gradients on a path, one of language
QUESTIONS = ["q11", "q18", "q30"]


def measured(folder: Path, threads: int, *by: str) -> Any:
    """What ``verify --json`` tells, without the seconds."""
    found = folder / "found.json"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OMP_NUM_THREADS", str(threads))
        patch.setenv("QUIZPROOF_STORE", str(folder / "store"))
        code = main(["verify", "hw09", "--only", ",".join(QUESTIONS), "--json", str(found), *by])
    assert code in (0, 1)
    report = json.loads(found.read_text(encoding="utf-8"))
    assert [question["id"] for question in report["questions"]] == QUESTIONS
    for question in report["questions"]:
        assert question.pop("seconds") > 0
        assert question["model_passes"]["forward"] > 0
    return report


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """By one worker with one thread."""
    return measured(tmp_path_factory.mktemp("once"), 1)


def test_on_two_workers_at_once(once: Any, tmp_path: Path) -> None:
    assert measured(tmp_path, 1, "--workers", "2") == once


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with LocalCluster(
        n_workers=2,
        threads_per_worker=1,
        processes=True,
        dashboard_address="127.0.0.1:0",
        silence_logs=50,
    ) as running:
        yield running.scheduler_address


@pytest.mark.slow
def test_on_a_cluster(once: Any, address: str, tmp_path: Path) -> None:
    assert measured(tmp_path, 1, "--scheduler", address) == once


@pytest.mark.slow
def test_with_two_threads_but_for_rounding(once: Any, tmp_path: Path) -> None:
    assert apart(once, measured(tmp_path, 2)) < 1e-5


def apart(one: Any, other: Any) -> float:
    """How far numbers are from each other, of their size; all that is no number is the same."""
    if isinstance(one, dict):
        assert one.keys() == other.keys()
        return max((apart(one[key], other[key]) for key in one), default=0.0)
    if isinstance(one, list):
        assert len(one) == len(other)
        return max((apart(a, b) for a, b in zip(one, other, strict=True)), default=0.0)
    if isinstance(one, float) and isinstance(other, float) and math.isfinite(one):
        # what is itself a difference of two numbers is as exact as they are
        return abs(one - other) / max(abs(one), abs(other), 1.0)
    assert one == other
    return 0.0


def test_a_number_that_is_another_is_apart() -> None:
    assert apart({"a": [1, 2.0]}, {"a": [1, 2.002]}) == pytest.approx(1e-3, rel=0.01)
    with pytest.raises(AssertionError):
        apart({"draws": 3}, {"draws": 4})
