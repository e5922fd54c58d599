"""Metrics of tables, held to scikit-learn and scipy."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy import stats
from sklearn import metrics

from quizproof.probes.bench import Bench
from quizproof.probes.catalogue import catalogue
from quizproof.probes.packs.data_table import read_data_table
from quizproof.questions.problems import InputError, QuizproofError
from tests.planted_language import language_pack

ROWS = np.random.default_rng(0).integers(0, 4, (40, 2))
ONE, OTHER = ROWS.T.astype(float)


def value(folder: Path, text: str | None = None, **parameters: Any) -> float:
    path = folder / "scores.csv"
    rows = "\n".join(f"{a},{b},{'cat' if a else 'dog'},{'cat' if b else 'dog'}" for a, b in ROWS)
    path.write_text(text or f"one,other,said,true\n{rows}\n")
    probe = catalogue()["table.metric"]
    bench = Bench(
        language_pack(folder / "pack"), seed=0, loaded={"t": read_data_table(path, "scores")}
    )
    [draw] = bench.run(probe, probe.complete(parameters))
    assert draw.values["rows"] == (len(ROWS) if text is None else text.count("\n") - 1)
    return float(draw.values["value"])


@pytest.mark.parametrize(
    ("metric", "wanted"),
    [
        ("mean", ONE.mean()),
        ("median", np.median(ONE)),
        ("standard_deviation", ONE.std()),
        ("minimum", 0),
        ("maximum", 3),
    ],
)
def test_a_metric_of_one_column(tmp_path: Path, metric: str, wanted: float) -> None:
    assert value(tmp_path, metric=metric, column="one") == pytest.approx(wanted, abs=1e-12)


@pytest.mark.parametrize(
    ("metric", "wanted"),
    [
        ("accuracy", metrics.accuracy_score(ONE, OTHER)),
        ("pearson", stats.pearsonr(ONE, OTHER).statistic),
        ("spearman", stats.spearmanr(ONE, OTHER).statistic),
        ("mean_absolute_error", metrics.mean_absolute_error(ONE, OTHER)),
        ("root_mean_square_error", metrics.root_mean_squared_error(ONE, OTHER)),
    ],
)
def test_a_metric_of_two_columns(tmp_path: Path, metric: str, wanted: float) -> None:
    found = value(tmp_path, metric=metric, column="one", against="other")
    assert found == pytest.approx(wanted, abs=1e-12)


def test_texts_are_equal_as_they_are_written(tmp_path: Path) -> None:
    found = value(tmp_path, metric="accuracy", column="said", against="true")
    assert found == np.mean((ONE > 0) == (OTHER > 0))
    text = "a,b\n1,1.0\n2,3\nx,x\n"
    assert value(tmp_path, text, metric="accuracy", column="a", against="b") == 1 / 3
    assert value(tmp_path, text[:-4], metric="accuracy", column="a", against="b") == 0.5


@pytest.mark.parametrize(
    ("parameters", "said"),
    [
        ({"metric": "mean", "column": "one", "against": "other"}, "of one column; leave 'against'"),
        ({"metric": "accuracy", "column": "one"}, "of two columns; name the other"),
        ({"metric": "mean", "column": "said"}, "row 1 of column 'said' is 'cat'"),
        ({"metric": "mean", "column": "ones"}, "did you mean 'one'?"),
        ({"metric": "means", "column": "one"}, "parameter metric of probe table.metric"),
    ],
)
def test_what_cannot_be_is_one_line(tmp_path: Path, parameters: dict[str, str], said: str) -> None:
    with pytest.raises((QuizproofError, InputError)) as caught:
        value(tmp_path, **parameters)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("table", ["a,b\nspam,0.9\nham,0.2\n", "a,b\n1,0.9\n0,0.2\n"])
def test_two_columns_that_share_no_value_have_no_accuracy(tmp_path: Path, table: str) -> None:
    with pytest.raises(QuizproofError, match="'a' and 'b' share no value"):
        value(tmp_path, table, metric="accuracy", column="a", against="b")


def test_a_column_that_is_all_the_same_has_no_correlation(tmp_path: Path) -> None:
    with pytest.raises(QuizproofError, match="no finite number"):
        value(tmp_path, "a,b\n1,1\n1,2\n", metric="pearson", column="a", against="b")
