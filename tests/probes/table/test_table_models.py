"""Permutation importance and partial dependence, against closed forms and scikit-learn's own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn import inspection
from sklearn.ensemble import RandomForestRegressor
from sklearn.linear_model import LinearRegression, LogisticRegression

from quizproof.probes.catalogue import catalogue
from quizproof.probes.draws import Draw
from quizproof.probes.methods import table_models
from quizproof.probes.packs.data_table import read_data_table
from quizproof.probes.testing import draws_of, world
from quizproof.questions.problems import InputError, QuizproofError
from tests.planted_language import language_pack
from tests.probes.table.made_tables import asked

RNG = np.random.default_rng(0)
X, Y, NOISE = RNG.normal(size=(3, 120)).round(3)
PRICE = 3 * X - Y + 10  # nothing of noise
COLUMNS: dict[str, Any] = {
    "x": X.tolist(),
    "y": Y.tolist(),
    "noise": NOISE.tolist(),
    "price": PRICE.tolist(),
    "kind": ["high" if price > 10 else "low" for price in PRICE],
}
FEATURES = ["x", "y", "noise"]
ROWS = np.stack([X, Y, NOISE], axis=1)
LINEAR: dict[str, Any] = {"target": "price", "features": FEATURES, "model": "linear"}
DEPENDENCE = {**LINEAR, "feature": "x", "values": {"low": -1.0, "high": 2.0}}


def test_a_linear_model_depends_by_its_coefficient(tmp_path: Path) -> None:
    values = asked(tmp_path, "table.partial_dependence", COLUMNS, **DEPENDENCE).values
    assert values == pytest.approx(
        {"at_low": -3 - Y.mean() + 10, "at_high": 6 - Y.mean() + 10}, rel=1e-6
    )


def drawn(folder: Path, probe: str, draws: int, **given: Any) -> list[Draw]:
    asked(folder, "table.partial_dependence", COLUMNS, **DEPENDENCE)  # writes the table
    bench = world(language_pack(folder / "pack"), t=read_data_table(folder / "table.csv", "table"))
    return draws_of(probe, bench, draws=draws, **given)


def test_a_forest_is_grown_anew_in_every_draw(tmp_path: Path) -> None:
    given: dict[str, Any] = {**DEPENDENCE, "model": "forest", "fitted_rows": 80}
    assert catalogue()["table.partial_dependence"].draws_anew(given)
    assert not catalogue()["table.partial_dependence"].draws_anew(DEPENDENCE)
    first, second = drawn(tmp_path, "table.partial_dependence", 2, **given)
    assert first.values["at_low"] != second.values["at_low"]


def test_what_a_forest_rests_on_is_of_another_forest_in_every_draw(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(table_models.Fitted, "fall", lambda self, *_: self.model.random_state)
    given: dict[str, Any] = {**LINEAR, "model": "forest", "repeats": 1}
    found = drawn(tmp_path, "table.permutation_importance", 3, **given)
    assert len({draw.values["importance_x"] for draw in found}) == 3


def test_a_forest_depends_as_scikit_learn_says(tmp_path: Path) -> None:
    given: dict[str, Any] = {**DEPENDENCE, "model": "forest", "fitted_rows": 80}
    [draw] = drawn(tmp_path, "table.partial_dependence", 1, **given)
    seed = world(language_pack(tmp_path / "other")).draw_seed(0)
    forest = RandomForestRegressor(random_state=seed).fit(ROWS[:80], PRICE[:80])
    wanted = inspection.partial_dependence(
        forest, ROWS[80:], [0], method="brute", custom_values={0: np.array([-1.0, 2.0])}
    )["average"][0]
    assert list(draw.values.values()) == pytest.approx(wanted, rel=1e-6)
    assert len(draw.series["dependence"]) == 20


def test_of_classes_it_is_a_probability(tmp_path: Path) -> None:
    given = {**DEPENDENCE, "target": "kind", "positive": "high"}
    values = asked(tmp_path, "table.partial_dependence", COLUMNS, **given).values
    model = LogisticRegression(max_iter=1000).fit(ROWS, COLUMNS["kind"])
    changed = ROWS.copy()
    changed[:, 0] = 2.0
    assert values["at_high"] == pytest.approx(model.predict_proba(changed)[:, 0].mean(), rel=1e-6)
    assert float(values["at_low"]) < 0.5 < float(values["at_high"])


def importances(folder: Path, draws: int, **given: Any) -> dict[str, np.ndarray[Any, Any]]:
    found = drawn(folder, "table.permutation_importance", draws, repeats=5, **given)
    names = found[0].values
    return {name: np.array([float(draw.values[name]) for draw in found]) for name in names}


def test_what_is_not_in_the_target_has_no_importance(tmp_path: Path) -> None:
    found = importances(tmp_path, 30, **LINEAR)
    # permuting moves a prediction by 3 (x' − x), twice the variance on average: 2 · 9 var x ∕ var
    wanted = 2 * 9 * X.var() / PRICE.var()
    assert found["importance_x"].mean() == pytest.approx(wanted, rel=0.05)
    assert found["importance_y"].mean() == pytest.approx(2 * Y.var() / PRICE.var(), rel=0.1)
    assert abs(found["importance_noise"]).max() < 1e-6
    assert found["importance_x"].std() > 0


def test_it_is_scikit_learns_but_for_the_draws(tmp_path: Path) -> None:
    found = importances(tmp_path, 30, **{**LINEAR, "fitted_rows": 80})
    model = LinearRegression().fit(ROWS[:80], PRICE[:80])
    wanted = inspection.permutation_importance(
        model, ROWS[80:], PRICE[80:], n_repeats=150, random_state=0
    )
    assert [found[f"importance_{name}"].mean() for name in FEATURES] == pytest.approx(
        wanted.importances_mean, rel=0.1, abs=1e-6
    )


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"feature": "nose"}, "'nose' is none of the features; did you mean noise?"),
        ({"features": ["x", "price"]}, "'price' is the target; leave it out"),
        ({"features": ["x", "kind"]}, "row 1 of column 'kind' is"),
        ({"target": "kind"}, "'kind' is of classes; name one under 'positive'"),
        ({"target": "kind", "positive": "hihg"}, "did you mean high?"),
        ({"fitted_rows": 120}, "none is left after 120"),
        ({"values": {}}, "of probe table.partial_dependence"),
    ],
)
def test_what_cannot_be_is_one_line(tmp_path: Path, wrong: dict[str, Any], said: str) -> None:
    with pytest.raises((QuizproofError, InputError)) as caught:
        asked(tmp_path, "table.partial_dependence", COLUMNS, **{**DEPENDENCE, **wrong})
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_one_class_alone_is_one_line(tmp_path: Path) -> None:
    columns = {"x": [1, 2], "kind": ["a", "a"]}
    given = {"target": "kind", "features": ["x"], "model": "tree", "repeats": 1}
    with pytest.raises(QuizproofError, match="all rows of 'kind' are of one class"):
        asked(tmp_path, "table.permutation_importance", columns, **given)
