"""Whether scores are as probable as they say, in bins."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, TypeAlias

import numpy as np
from pydantic import Field

from quizproof.probes.parameters import Name, Times, distinct
from quizproof.probes.probe import Draw, Matrix, Measure, probe
from quizproof.probes.units import SHARE
from quizproof.questions.problems import QuizproofError
from quizproof.questions.spec import Text

if TYPE_CHECKING:
    from quizproof.probes import Table
    from quizproof.probes.bench import Bench

Bars: TypeAlias = Annotated[list[Times], distinct, Field(json_schema_extra={"uniqueItems": True})]
_CONFIDENCE = Text(en="mean score of the rows in the bin", zh_hant="該區間各列的平均分數")
_ACCURACY = Text(
    en="share of the rows in the bin that are of the class", zh_hant="該區間中屬於該類別的列的比例"
)


@probe(
    "table.calibration",
    finding=Text(
        en=(
            "The scores of the class “{positive}” are off by {error} on average, which is the "
            "expected calibration error, and by {largest_gap} in the worst of {bins} bins. Bin by "
            "bin, of those asked about, the mean score is {confidence_{item}}, the share of the "
            "class is {accuracy_{item}} and the rows are {rows_{item}}."
        ),
        zh_hant=(
            "類別「{positive}」的分數平均偏差（期望校準誤差）為 {error}，在 {bins} 個區間中最大的"
            "偏差為 {largest_gap}。所問各區間（冒號前為編號）的平均分數為 {confidence_{item}}；"
            "該類別的比例為 {accuracy_{item}}；列數為 {rows_{item}}。"
        ),
    ),
    tolerance=1e-9,
    measures=(
        Measure(
            "error",
            SHARE,
            0,
            1,
            Text(
                en=(
                    "expected calibration error: the bins' gaps between mean score and share of "
                    "the class, weighted by their rows"
                ),
                zh_hant="期望校準誤差：各區間平均分數與該類別比例之差，依列數加權的平均",
            ),
        ),
        Measure(
            "largest_gap",
            SHARE,
            0,
            1,
            Text(
                en="largest gap of a bin between its mean score and its share of the class",
                zh_hant="區間的平均分數與該類別比例之差的最大值",
            ),
        ),
        Measure("confidence_{item}", SHARE, 0, 1, _CONFIDENCE, each="bars"),
        Measure("accuracy_{item}", SHARE, 0, 1, _ACCURACY, each="bars"),
        Measure(
            "rows_{item}",
            Text(en="rows", zh_hant="列"),
            1,
            math.inf,
            Text(
                en="rows in the bin",
                zh_hant="該區間的列數",
            ),
            each="bars",
        ),
    ),
    example="""
    kind: single
    points: 1
    about: model
    prompt: Is what scores between 0.9 and 1 spam as often as its score says?
    probe:
      name: table.calibration
      with: {truth: label, score: p, positive: spam, bins: 10, bars: [10]}
    thresholds:
      near: {value: 0.05, from: a bar of a calibration table is read to a twentieth}
    options:
      a: {text: Less often, rule: accuracy_10 < confidence_10 - near}
      b: {text: As often, rule: abs(accuracy_10 - confidence_10) <= near}
      c: {text: More often, rule: accuracy_10 > confidence_10 + near}
    expected: [a]
    """,
)
def table_calibration(
    bench: Bench,
    *,
    table: Table,
    truth: Name,
    score: Name,
    positive: Name,
    bins: Annotated[int, Field(ge=1, le=1000)],
    bars: Bars = [],  # noqa: B006 (read as a declaration, and never written to)
) -> Iterator[Draw]:
    """Calibration of the probabilities in column ``score`` for rows of the class ``positive``.

    ``bins`` bins of equal width, each closed on the right: the mean score of a bin against the
    share of its rows that are of the class (Guo et al. 2017, section 2). ``bars`` are bins by their
    number from 1; an error where one has no row.
    """
    from quizproof.probes.methods.predictions import (
        calibration,
        expected_calibration_error,
        is_positive,
        labels,
    )

    [label] = labels(table, truth)
    found = calibration(is_positive(label, positive), table.numbers(score), bins)
    for number in bars:
        if number > bins or not found[number - 1].rows:
            what = "has no row" if number <= bins else f"is none of {bins}"
            full = ", ".join(str(k) for k, bar in enumerate(found, start=1) if bar.rows)
            raise QuizproofError(f"bin {number} {what}; ask of {full}")
    chosen = {number: found[number - 1] for number in bars}
    full_bars = [bar for bar in found if bar.rows]
    yield Draw(
        {
            "error": expected_calibration_error(found),
            "largest_gap": max(abs(bar.accuracy - bar.confidence) for bar in full_bars),
            **{f"confidence_{number}": bar.confidence for number, bar in chosen.items()},
            **{f"accuracy_{number}": bar.accuracy for number, bar in chosen.items()},
            **{f"rows_{number}": bar.rows for number, bar in chosen.items()},
        },
        matrices=(
            Matrix(
                Text(en="calibration by bin", zh_hant="各區間的校準"),
                np.array([[bar.confidence, bar.accuracy] for bar in found], np.float32),
                rows=tuple(f"{k / bins:g}–{(k + 1) / bins:g}" for k in range(bins)),
                columns=("score", "class"),
                row_name=Text(en="scores", zh_hant="分數"),
                column_name=SHARE,
            ),
        ),
    )
