"""Calibration in bins, against a table made by hand and scikit-learn's curve."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn.calibration import calibration_curve

from quizproof.questions.problems import QuizproofError
from tests.probes.table.made_tables import asked

GIVEN: dict[str, Any] = {"truth": "y", "score": "p", "positive": "1"}


def test_a_table_made_by_hand(tmp_path: Path) -> None:
    # bins are closed on the right: 0.5 is in the first of two
    columns = {"y": [0, 1, 1, 1, 0], "p": [0.0, 0.5, 0.6, 1.0, 0.8]}
    draw = asked(tmp_path, "table.calibration", columns, **GIVEN, bins=2, bars=[1, 2])
    assert draw.values == pytest.approx(
        {
            "confidence_1": 0.25,
            "accuracy_1": 0.5,
            "rows_1": 2,
            "confidence_2": 0.8,
            "accuracy_2": 2 / 3,
            "rows_2": 3,
            "error": 2 / 5 * 0.25 + 3 / 5 * (0.8 - 2 / 3),
            "largest_gap": 0.25,
        }
    )


def test_bins_are_scikit_learns(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    score, true = rng.random(200), rng.integers(0, 2, 200)
    columns = {"y": true.tolist(), "p": score.tolist()}
    [shown] = asked(tmp_path, "table.calibration", columns, **GIVEN, bins=8).matrices
    share, confidence = calibration_curve(true, score, n_bins=8)
    assert shown.values == pytest.approx(np.stack([confidence, share], axis=1), rel=1e-6)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"bars": [1]}, "bin 1 has no row; ask of 10"),
        ({"bars": [11]}, "bin 11 is none of 10"),
        ({"positive": "2"}, "no row is of class '2'; there are 0, 1"),
        ({"bins": 0}, "of probe table.calibration"),
    ],
)
def test_what_cannot_be_is_one_line(tmp_path: Path, wrong: dict[str, Any], said: str) -> None:
    columns = {"y": [0, 1], "p": [0.95, 0.99]}
    with pytest.raises(QuizproofError) as caught:
        asked(tmp_path, "table.calibration", columns, **{**GIVEN, "bins": 10, **wrong})
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)
