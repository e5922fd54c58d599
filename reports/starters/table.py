"""``--about table``: numbers in a file beside the quiz."""

from __future__ import annotations

from typing import Final

from quizproof.reports.starters.starter import Starter

STARTER: Final = Starter(
    title="What a table says",
    probes='''\
"""Probes of this quiz's own."""

import csv
import statistics

from quizproof.probes import Draw, File, Measure, probe


@probe(
    "own.columns",
    measures=(
        Measure("mean_{item}", "", -1e9, 1e9, "mean of the column", each="columns"),
        Measure("correlation", "", -1, 1, "correlation of the first two columns (Pearson)"),
    ),
    tolerance=1e-9,
)
def columns_of_a_table(bench, *, table: File, columns: list[str]):
    """Means of a table's columns, and the correlation of the first two."""
    with bench.file(table).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    values = {name: [float(row[name]) for row in rows] for name in columns}
    first, second, *_ = values.values()
    yield Draw(
        {
            **{f"mean_{name}": statistics.fmean(each) for name, each in values.items()},
            "correlation": statistics.correlation(first, second),
        }
    )
''',
    test='''\
"""The probe tells what it should, and each option can be the right one."""

from pathlib import Path

import probes
from quizproof.probes.testing import draws_of, options_that_hold, world

HERE = Path(__file__).parent


def test_means(tmp_path: Path) -> None:
    (tmp_path / "planted.csv").write_text("a,b\\n1,6\\n3,2\\n", encoding="utf-8")
    bench = world(quiz=tmp_path)
    [draw] = draws_of(
        probes.columns_of_a_table, bench, table="planted.csv", columns=["a", "b"]
    )
    assert draw.values == {"mean_a": 2.0, "mean_b": 4.0, "correlation": -1.0}


def test_each_option_can_hold(tmp_path: Path) -> None:
    assert options_that_hold(HERE / "q01.yaml", world(quiz=HERE)) == {"a"}
    (tmp_path / "losses.csv").write_text("width,loss\\n1,1\\n2,2\\n", encoding="utf-8")
    assert options_that_hold(HERE / "q01.yaml", world(quiz=tmp_path)) == {"b"}
    (tmp_path / "losses.csv").write_text("width,loss\\n1,1\\n2,2\\n3,1\\n", encoding="utf-8")
    assert options_that_hold(HERE / "q01.yaml", world(quiz=tmp_path)) == {"c"}
''',
    right="""\
kind: single
points: 1
about: method  # the table is this quiz's own file; of a part of a pack: model, with settled_by
prompt: The table has the losses of networks by their width. How does the loss go with the width?
probe: {name: own.columns, with: {table: losses.csv, columns: [width, loss]}}
options:
  a: {text: It falls, rule: correlation < -0.5}
  b: {text: It rises, rule: correlation > 0.5}
  c: {text: Neither, rule: abs(correlation) <= 0.5}
expected: [a]
""",
    wrong="""\
kind: single
points: 1
about: method
prompt: What is the mean loss?
probe: {name: own.columns, with: {table: losses.csv, columns: [width, loss]}}
options:
  a: {text: Less than 1, rule: mean_loss < 1}
  b: {text: 1 or more, rule: mean_loss >= 1}
# this key is wrong on purpose: quizproof verify contradicts it, and says where to mend it
expected: [b]
""",
    files={"losses.csv": "width,loss\n8,1.31\n16,0.98\n32,0.71\n64,0.55\n128,0.48\n"},
)
