"""How good predicted labels are."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Literal, TypeAlias

from quizproof.probes.parameters import Name, distinct, some
from quizproof.probes.probe import Draw, Measure, probe
from quizproof.probes.units import SHARE
from quizproof.questions.problems import QuizproofError
from quizproof.questions.spec import Text

if TYPE_CHECKING:
    from quizproof.probes import Table
    from quizproof.probes.bench import Bench

Metrics: TypeAlias = Annotated[
    list[
        Literal[
            "accuracy", "balanced_accuracy", "f1", "f1_macro", "f1_micro", "precision", "recall"
        ]
    ],
    some,
    distinct,
]  # fmt: skip


@probe(
    "table.predictions",
    finding=Text(
        en=(
            "Against the labels in “{truth}”, those in “{predicted}” have these metrics, of "
            "which 1 is the best (class: {positive}): {{item}}."
        ),
        zh_hant=(
            "以「{truth}」的標籤為準，「{predicted}」的各項指標（1 為最好；類別：{positive}）："
            "{{item}}。"
        ),
    ),
    tolerance=1e-9,
    measures=(
        Measure(
            "{item}",
            SHARE,
            0,
            1,
            Text(
                en="metric of the predictions that the measure is named after",
                zh_hant="預測結果依名稱所示指標之值",
            ),
            each="metrics",
        ),
    ),
    example="""
    kind: single
    points: 1
    about: model
    prompt: Is the precision for spam above its recall?
    probe:
      name: table.predictions
      with: {truth: label, predicted: said, positive: spam, metrics: [precision, recall]}
    options:
      a: {text: It is above, rule: precision > recall}
      b: {text: It is below, rule: precision < recall}
    expected: [a]
    """,
)
def table_predictions(
    bench: Bench,
    *,
    table: Table,
    truth: Name,
    predicted: Name,
    metrics: Metrics,
    positive: str | None = None,
) -> Iterator[Draw]:
    """Metrics of the labels in column ``predicted`` against those in column ``truth``.

    ``precision``, ``recall`` and ``f1`` (van Rijsbergen 1979, chapter 7) are those of the class
    ``positive``; the others are of all classes: ``f1_macro`` the mean over classes, ``f1_micro`` of
    all decisions together, ``balanced_accuracy`` the mean recall. They are scikit-learn's. An error
    where a metric is 0 ∕ 0, and where the two columns share no label.
    """
    from quizproof.probes.methods.predictions import (
        class_metrics,
        is_positive,
        label_metrics,
        labels,
        require_shared,
    )

    true, said = labels(table, truth, predicted)
    require_shared(true, said, truth, predicted)
    known = dict(label_metrics(true, said))
    if of_one := [name for name in metrics if name not in known]:
        if positive is None:
            raise QuizproofError(
                f"{of_one[0]} is of one class; name it under 'positive', or ask for f1_macro"
            )
        known |= class_metrics(is_positive(true, positive), said == positive)
    values: dict[str, float] = {name: float(known[name]()) for name in metrics}
    if undefined := [name for name, value in values.items() if math.isnan(value)]:
        raise QuizproofError(
            f"{undefined[0]} of class {positive!r} is 0 ∕ 0: no row is predicted to be of it; "
            "ask for another metric"
        )
    yield Draw(values)
