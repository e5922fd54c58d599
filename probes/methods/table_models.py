"""Models fitted to columns of a table, by scikit-learn, and what they make of changed columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from quizproof.questions.problems import QuizproofError

if TYPE_CHECKING:
    from quizproof.probes import Table

Family: TypeAlias = Literal["linear", "tree", "forest"]
DRAWN: Final = ("forest",)  # the families whose models are drawn at random


@dataclass(frozen=True)
class Fitted:
    """A model of ``target`` by ``features``, and the rows that it is asked about."""

    model: Any
    features: tuple[str, ...]
    rows: NDArray[np.float64]  # (rows, features)
    target: NDArray[Any]
    classifies: bool

    def fall(self, feature: str, generator: np.random.Generator) -> float:
        """How much the score falls when the column of ``feature`` is permuted among the rows.

        Breiman, *Random Forests*, 2001, section 10.
        """
        changed = self.rows.copy()
        place = self.features.index(feature)
        changed[:, place] = generator.permutation(changed[:, place])
        return self._score(self.rows) - self._score(changed)

    def dependence(self, feature: str, value: float, positive: str | None) -> float:
        """The mean prediction with ``value`` in the column of ``feature``, in every row.

        Friedman, *Greedy function approximation*, 2001, equation 53. Of classes it is the
        probability of ``positive``.
        """
        changed = self.rows.copy()
        changed[:, self.features.index(feature)] = value
        if not self.classifies:
            return float(self.model.predict(changed).mean())
        assert positive is not None
        column = list(self.model.classes_).index(positive)
        return float(self.model.predict_proba(changed)[:, column].mean())

    def _score(self, rows: NDArray[np.float64]) -> float:
        return float(self.model.score(rows, self.target))


def fitted(
    table: Table,
    target: str,
    features: Sequence[str],
    family: Family,
    fitted_rows: int | None,
    seed: int = 0,
) -> Fitted:
    """A model of the column ``target``, a classifier where it is text; ``seed`` is a forest's.

    It is fitted to the first ``fitted_rows``, and asked about the others; to all, and about all,
    where there is none. Raises QuizproofError, InputError.
    """
    if target in features:
        raise QuizproofError(f"{target!r} is the target; leave it out of the features")
    if fitted_rows is not None and fitted_rows >= len(table):
        raise QuizproofError(
            f"the table has {len(table)} rows, so that none is left after {fitted_rows} that the "
            "model is fitted to; fit it to fewer"
        )
    column = table.column(target)
    classifies = not isinstance(column, np.ndarray)
    wanted = np.array(column)
    rows = np.stack([table.numbers(name) for name in features], axis=1)
    first, others = slice(fitted_rows), slice(fitted_rows or 0, None)
    if classifies and len(set(wanted[first].tolist())) < 2:
        raise QuizproofError(f"all rows of {target!r} are of one class; ask of another column")
    model = _new(family, classifies, seed).fit(rows[first], wanted[first])
    return Fitted(model, tuple(features), rows[others], wanted[others], classifies)


def _new(family: Family, classifies: bool, seed: int) -> Any:
    """scikit-learn's own defaults."""
    from sklearn import ensemble, linear_model, tree

    if family == "linear":
        return (
            linear_model.LogisticRegression(max_iter=1000)
            if classifies
            else linear_model.LinearRegression()
        )
    if family == "tree":
        grown = tree.DecisionTreeClassifier if classifies else tree.DecisionTreeRegressor
        return grown(random_state=0)  # it decides between splits that are equally good
    forest = ensemble.RandomForestClassifier if classifies else ensemble.RandomForestRegressor
    return forest(random_state=seed)
