"""How good scores for a class are."""

from __future__ import annotations

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

Metrics: TypeAlias = Annotated[list[Literal["auc", "average_precision", "brier"]], some, distinct]


@probe(
    "table.scores",
    finding=Text(
        en=(
            "As scores of the class “{positive}”, the numbers in “{score}” have these metrics: "
            "{{item}}. By chance, auc is 0.5; the best brier is 0, the best of the others 1."
        ),
        zh_hant=(
            "把「{score}」的數字當作類別「{positive}」的分數，各項指標為：{{item}}。隨機時 auc 為"
            " 0.5；brier 最好為 0，其他最好為 1。"
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
                en="metric of the scores that the measure is named after",
                zh_hant="分數依名稱所示指標之值",
            ),
            each="metrics",
        ),
    ),
    example="""
    kind: single
    points: 1
    about: model
    prompt: Do the scores put spam before the rest better than chance would?
    probe: {name: table.scores, with: {truth: label, score: p, positive: spam, metrics: [auc]}}
    options:
      a: {text: They do, rule: auc > 0.5}
      b: {text: They do not, rule: auc <= 0.5}
    expected: [a]
    """,
)
def table_scores(
    bench: Bench, *, table: Table, truth: Name, score: Name, positive: Name, metrics: Metrics
) -> Iterator[Draw]:
    """Metrics of the numbers in column ``score`` as scores of rows of the class ``positive``.

    ``auc`` is the share of pairs, one of the class and one not, that the score puts in order, ties
    counting half (Hanley & McNeil 1982); ``average_precision`` sums precision over the steps of
    recall; ``brier`` is the mean squared difference from 1 for the class and 0 for the others
    (Brier 1950), of scores that are probabilities. They are scikit-learn's.
    """
    from quizproof.probes.methods.predictions import is_positive, labels, score_metrics

    [label] = labels(table, truth)
    true = is_positive(label, positive)
    if true.all():
        raise QuizproofError(f"every row is of class {positive!r}; ask of a table with others, too")
    known = score_metrics(true, table.numbers(score))
    yield Draw({name: float(known[name]()) for name in metrics})
