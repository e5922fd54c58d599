"""Metrics of predicted labels, against their definitions counted by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from quizproof.questions.problems import InputError, QuizproofError
from tests.probes.table.made_tables import asked

CLASSES = ("cat", "dog", "owl")
DRAWN = np.random.default_rng(0).integers(0, 3, (2, 60))
TRUE, SAID = (np.array(CLASSES)[row] for row in DRAWN)
COLUMNS = {"true": TRUE.tolist(), "said": SAID.tolist()}
EVERY = ["accuracy", "balanced_accuracy", "f1", "f1_macro", "f1_micro", "precision", "recall"]


def one(name: str) -> tuple[float, float, float]:
    """Precision, recall and F1 of a class, counted."""
    both = sum((name == TRUE) & (name == SAID))
    precision, recall = both / sum(name == SAID), both / sum(name == TRUE)
    return precision, recall, 2 * precision * recall / (precision + recall)


def test_each_is_as_defined(tmp_path: Path) -> None:
    values = asked(
        tmp_path,
        "table.predictions",
        COLUMNS,
        truth="true",
        predicted="said",
        positive="dog",
        metrics=EVERY,
    ).values
    accuracy = np.mean(TRUE == SAID)
    precision, recall, f1 = one("dog")
    assert values == pytest.approx(
        {
            "accuracy": accuracy,
            "f1_micro": accuracy,  # of one label a row, both are the same
            "balanced_accuracy": np.mean([one(name)[1] for name in CLASSES]),
            "precision": precision,
            "recall": recall,
            "f1": f1,
            "f1_macro": np.mean([one(name)[2] for name in CLASSES]),
        }
    )


def test_numbers_are_one_label_however_they_are_written(tmp_path: Path) -> None:
    columns = {"true": ["1", "0", "1"], "said": ["1.0", "0", "0.0"]}
    given = {"truth": "true", "predicted": "said", "metrics": ["recall"], "positive": "1"}
    assert asked(tmp_path, "table.predictions", columns, **given).values == {"recall": 0.5}


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"metrics": ["f1"], "positive": None}, "f1 is of one class; name it under 'positive'"),
        ({"positive": "dgo"}, "did you mean dog?"),
        ({"positive": "fish"}, "there are cat, dog, owl"),
        ({"predicted": "sad"}, "did you mean 'said'?"),
        ({"metrics": []}, "of probe table.predictions"),
    ],
)
def test_what_cannot_be_is_one_line(tmp_path: Path, wrong: dict[str, Any], said: str) -> None:
    given = {
        "truth": "true",
        "predicted": "said",
        "metrics": ["precision"],
        "positive": "dog",
        **wrong,
    }
    with pytest.raises((QuizproofError, InputError)) as caught:
        asked(tmp_path, "table.predictions", COLUMNS, **given)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("metric", ["accuracy", "recall"])
def test_labels_against_probabilities_have_no_metric(tmp_path: Path, metric: str) -> None:
    columns = {"true": ["spam", "ham"], "score": [0.9, 0.2]}
    given = {"truth": "true", "predicted": "score", "metrics": [metric], "positive": "spam"}
    with pytest.raises(QuizproofError, match="'true' and 'score' share no value") as caught:
        asked(tmp_path, "table.predictions", columns, **given)
    assert "\n" not in str(caught.value)


def test_a_class_that_is_never_predicted_has_no_precision(tmp_path: Path) -> None:
    columns = {"true": ["cat", "dog"], "said": ["cat", "cat"]}
    given = {"truth": "true", "predicted": "said", "metrics": ["precision"], "positive": "dog"}
    with pytest.raises(QuizproofError, match="precision of class 'dog' is 0 ∕ 0"):
        asked(tmp_path, "table.predictions", columns, **given)
