"""Metrics of scores, against sums over pairs and rows."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from quizproof.questions.problems import QuizproofError
from tests.probes.table.made_tables import asked

RNG = np.random.default_rng(1)
TRUE = RNG.integers(0, 2, 50)
SCORE = RNG.integers(0, 21, 50) / 20  # some are the same
COLUMNS = {"label": ["spam" if one else "ham" for one in TRUE], "p": SCORE.tolist()}
GIVEN: dict[str, Any] = {"truth": "label", "score": "p", "positive": "spam"}


def test_each_is_as_defined(tmp_path: Path) -> None:
    metrics = ["auc", "average_precision", "brier"]
    values = asked(tmp_path, "table.scores", COLUMNS, **GIVEN, metrics=metrics).values
    pairs = [(a > b) + (a == b) / 2 for a in SCORE[TRUE == 1] for b in SCORE[TRUE == 0]]
    steps, before = 0.0, 0.0
    for limit in sorted(set(SCORE), reverse=True):
        kept = limit <= SCORE
        recall = TRUE[kept].sum() / TRUE.sum()
        steps += (recall - before) * TRUE[kept].mean()
        before = recall
    assert values == pytest.approx(
        {
            "auc": np.mean(pairs),
            "average_precision": steps,
            "brier": np.mean((SCORE - TRUE) ** 2),
        }
    )


def test_logits_have_an_auc_and_no_brier_score(tmp_path: Path) -> None:
    columns = {**COLUMNS, "p": (SCORE * 10 - 5).tolist()}
    auc = asked(tmp_path, "table.scores", columns, **GIVEN, metrics=["auc"]).values
    assert auc == asked(tmp_path, "table.scores", COLUMNS, **GIVEN, metrics=["auc"]).values
    with pytest.raises(QuizproofError, match="which is no probability"):
        asked(tmp_path, "table.scores", columns, **GIVEN, metrics=["brier"])


def test_one_class_alone_is_one_line(tmp_path: Path) -> None:
    columns = {"label": ["spam", "spam"], "p": [0.1, 0.2]}
    with pytest.raises(QuizproofError, match="every row is of class 'spam'"):
        asked(tmp_path, "table.scores", columns, **GIVEN, metrics=["auc"])
