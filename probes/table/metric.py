"""One number of a table: of a column, or of two that belong together row by row."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal, TypeAlias

from quizproof.probes.probe import Draw, Measure, probe
from quizproof.questions.problems import QuizproofError
from quizproof.questions.spec import Text

if TYPE_CHECKING:
    from quizproof.probes import Table
    from quizproof.probes.bench import Bench

Metric: TypeAlias = Literal[
    "mean",
    "median",
    "standard_deviation",
    "minimum",
    "maximum",
    "accuracy",
    "pearson",
    "spearman",
    "mean_absolute_error",
    "root_mean_square_error",
]


@probe(
    "table.metric",
    finding=Text(
        en=("The metric {metric} of the column {column} is {value}, computed from {rows} rows."),
        zh_hant="欄位 {column} 的 {metric} 為 {value}，由 {rows} 列算出。",
    ),
    tolerance=1e-9,
    measures=(
        Measure(
            "value",
            Text(en="unit of the metric", zh_hant="指標的單位"),
            -math.inf,
            math.inf,
            Text(
                en="value of the metric asked about",
                zh_hant="所問指標之值",
            ),
        ),
        Measure(
            "rows",
            Text(en="rows", zh_hant="列"),
            1,
            math.inf,
            Text(
                en="rows that the metric is computed from",
                zh_hant="計算該指標所用的列數",
            ),
        ),
    ),
    example="""
    kind: single
    points: 1
    about: model
    prompt: Is more than half of what the model said right?
    probe:
      name: table.metric
      with: {metric: accuracy, column: said, against: label}
    options:
      a: {text: It is, rule: value > 0.5}
      b: {text: It is not, rule: value <= 0.5}
    expected: [a]
    """,
)
def table_metric(
    bench: Bench, *, table: Table, metric: Metric, column: str, against: str | None = None
) -> Iterator[Draw]:
    """A metric of ``column``: alone, or ``against`` another that belongs to it row by row.

    Alone: ``mean``, ``median``, ``standard_deviation`` (divided by the number of rows),
    ``minimum``, ``maximum``. Against another: ``accuracy``, the share of rows that are equal, as
    numbers where both are of numbers and else as text; ``pearson`` and ``spearman``, correlations
    (Spearman 1904; equal values share their mean rank); ``mean_absolute_error`` and
    ``root_mean_square_error``. Text where numbers belong is an error that names the row, and so is
    the accuracy of two columns that share no value.
    """
    from quizproof.probes.methods.column_metrics import OF_ONE, OF_TWO, accuracy

    if (metric in OF_ONE) != (against is None):
        mend = "leave 'against' out" if metric in OF_ONE else "name the other under 'against'"
        count = "one column" if metric in OF_ONE else "two columns"
        raise QuizproofError(f"{metric} is of {count}; {mend}")
    if against is None:
        value = OF_ONE[metric](table.numbers(column))
    elif metric == "accuracy":
        value = accuracy(table, column, against)
    else:
        value = OF_TWO[metric](table.numbers(column), table.numbers(against))
    if not math.isfinite(value):
        raise QuizproofError(
            f"{metric} of {column} is no finite number ({value}): "
            "a column in which all is the same has no correlation; ask for another metric"
        )
    yield Draw({"value": value, "rows": len(table)})
