"""What a model of a table's columns predicts on average when one of them is set."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import count
from typing import TYPE_CHECKING, Annotated

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from quizproof.probes.methods.table_models import DRAWN, Family
from quizproof.probes.parameters import Count, Name, Names, TextName
from quizproof.probes.probe import Draw, Measure, Sampled, probe
from quizproof.questions.problems import QuizproofError
from quizproof.questions.spec import Text

if TYPE_CHECKING:
    from quizproof.probes import Table
    from quizproof.probes.bench import Bench
    from quizproof.probes.methods.table_models import Fitted

_CURVE = 20  # values of the feature that are shown, from its least to its most


@probe(
    "table.partial_dependence",
    finding=Text(
        en=(
            "With “{feature}” set to each of the values asked about, the mean prediction of “"
            "{target}” by the {model} model (a probability where it is a class) is {at_{item}}."
        ),
        zh_hant=(
            "把「{feature}」設為所問的各值時，{model} 模型對「{target}」的平均預測（類別則為機率）"
            "為 {at_{item}}。"
        ),
    ),
    stochastic=Sampled("model", DRAWN),
    tolerance=1e-6,
    measures=(
        Measure(
            "at_{item}",
            Text(en="unit of the target column, or probability", zh_hant="目標欄的單位，或機率"),
            -np.inf,
            np.inf,
            Text(
                en="mean prediction with the column set to the value",
                zh_hant="將該欄設為該值時的平均預測",
            ),
            each="values",
        ),
    ),
    example="""
    kind: single
    points: 1
    about: model
    prompt: Does a linear model of the price rise with the area?
    probe:
      name: table.partial_dependence
      with:
        target: price
        features: [area, age]
        model: linear
        feature: area
        values: {small: 50.0, large: 150.0}
    options:
      a: {text: It rises, rule: at_large > at_small}
      b: {text: It falls, rule: at_large < at_small}
    expected: [a]
    """,
)
def table_partial_dependence(
    bench: Bench,
    *,
    table: Table,
    target: Name,
    features: Names,
    model: Family,
    feature: Name,
    values: Annotated[dict[TextName, float], Field(min_length=1)],
    positive: str | None = None,
    fitted_rows: Count | None = None,
) -> Iterator[Draw]:
    """Partial dependence of a ``model`` of ``target``, fitted here, on one of its ``features``.

    The mean of its predictions with each of ``values``, by names of your own, in the column
    ``feature`` of every row (Friedman 2001, equation 53); of a target that is text, the mean
    probability of the class ``positive``. ``linear`` is least squares, or logistic regression where
    the target is text, ``tree`` one decision tree, ``forest`` a random forest, another one in every
    draw, with scikit-learn's defaults. The first ``fitted_rows`` fit it and the others are averaged
    over; where it is left out, all rows do both.
    """
    from quizproof.probes.methods.table_models import fitted
    from quizproof.questions.near import did_you_mean

    if feature not in features:
        raise QuizproofError(
            f"{feature!r} is none of the features; "
            + did_you_mean(feature, features, f"they are {', '.join(features)}")
        )
    for draw in count() if model in DRAWN else (0,):
        seed = bench.draw_seed(draw) if model in DRAWN else 0
        found = fitted(table, target, features, model, fitted_rows, seed)
        yield _told(found, table.numbers(feature), target, feature, values, positive)


def _told(
    found: Fitted,
    column: NDArray[np.float64],
    target: str,
    feature: str,
    values: Mapping[str, float],
    positive: str | None,
) -> Draw:
    from quizproof.probes.methods.predictions import is_positive

    if found.classifies:
        if positive is None:
            raise QuizproofError(f"{target!r} is of classes; name one under 'positive'")
        is_positive(found.model.classes_, positive)
    curve = np.linspace(column.min(), column.max(), _CURVE)
    return Draw(
        {
            f"at_{name}": found.dependence(feature, value, positive)
            for name, value in values.items()
        },
        series={"dependence": tuple(found.dependence(feature, v, positive) for v in curve)},
        captions={
            "dependence": Text(
                en=f"mean prediction, {feature} from {curve[0]:g} to {curve[-1]:g}",
                zh_hant=f"平均預測，{feature} 由 {curve[0]:g} 到 {curve[-1]:g}",
            )
        },
    )
