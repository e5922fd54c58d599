"""How much a model of a table's columns rests on each of them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from typing import TYPE_CHECKING

from quizproof.probes.methods.table_models import DRAWN, Family
from quizproof.probes.parameters import Count, Name, Names, Times
from quizproof.probes.probe import Draw, Measure, probe
from quizproof.questions.spec import Text

if TYPE_CHECKING:
    from quizproof.probes import Table
    from quizproof.probes.bench import Bench


@probe(
    "table.permutation_importance",
    finding=Text(
        en=(
            "When a column is permuted, the score of the {model} model of “{target}” (R², or "
            "accuracy of a class) falls by so much: {importance_{item}}. Below 0, it rises."
        ),
        zh_hant=(
            "打亂一欄時，預測「{target}」的 {model} 模型的分數（R²，類別則為正確率）下降："
            "{importance_{item}}。小於 0 表示上升。"
        ),
    ),
    stochastic=True,
    measures=(
        Measure(
            "importance_{item}",
            Text(en="R² or accuracy", zh_hant="R² 或正確率"),
            float("-inf"),
            float("inf"),
            Text(
                en="fall of the model's score when the column is permuted",
                zh_hant="打亂該欄後模型分數下降的量",
            ),
            each="features",
        ),
    ),
    example="""
    kind: single
    points: 1
    about: model
    prompt: Which column does a random forest rest on more, in rows that it was not fitted to?
    probe:
      name: table.permutation_importance
      with: {target: price, features: [area, age], model: forest, fitted_rows: 200, repeats: 5}
    estimate: share
    options:
      a: {text: area, rule: importance_area > importance_age}
      b: {text: age, rule: importance_age > importance_area}
    expected: [a]
    """,
)
def table_permutation_importance(
    bench: Bench,
    *,
    table: Table,
    target: Name,
    features: Names,
    model: Family,
    repeats: Times,
    fitted_rows: Count | None = None,
) -> Iterator[Draw]:
    """Permutation importance of ``features`` to a ``model`` of ``target``, fitted here.

    The fall of its score when a column is permuted, the mean of ``repeats`` (Breiman 2001, section
    10; Fisher, Rudin & Dominici 2019). ``linear`` is least squares, or logistic regression where
    the target is text, ``tree`` one decision tree, ``forest`` a random forest, another one in every
    draw, with scikit-learn's defaults; the score is R², or accuracy. The first ``fitted_rows`` fit
    it and the others are measured; where it is left out, all rows do both.
    """
    import numpy as np

    from quizproof.probes.methods.table_models import fitted

    found = fitted(table, target, features, model, fitted_rows, bench.draw_seed(0))
    for draw in count():
        if draw and model in DRAWN:
            found = fitted(table, target, features, model, fitted_rows, bench.draw_seed(draw))
        generator = np.random.default_rng(bench.draw_seed(draw))
        yield Draw(
            {
                f"importance_{name}": float(
                    np.mean([found.fall(name, generator) for _ in range(repeats)])
                )
                for name in features
            }
        )
