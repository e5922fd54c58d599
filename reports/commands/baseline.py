"""``quizproof baseline``: keep what is true today."""

from __future__ import annotations

import argparse
from pathlib import Path

from quizproof.reports.commands.commands import Commands, add_quiz, add_trust
from quizproof.reports.commands.measuring import add_measuring, add_seed, by_of, count, store_of


def add(commands: Commands, common: argparse.ArgumentParser) -> None:
    """Declare its arguments."""
    baseline = commands.add_parser(
        "baseline", parents=[common], help="keep what is true today, for regress to compare with"
    )
    add_quiz(baseline)
    add_trust(baseline)
    baseline.add_argument(
        "-o",
        dest="out",
        type=Path,
        required=True,
        metavar="FILE",
        help="write the baseline to FILE",
    )
    baseline.add_argument(
        "--pack", metavar="DIR", help="measure this pack (the quiz's own, or the embedded)"
    )
    baseline.add_argument("--only", metavar="q01,q10", help="take these questions alone")
    add_seed(baseline)
    baseline.add_argument(
        "--draws",
        type=count,
        default=1,
        metavar="N",
        help="make at least N of what draws decide: the more, the smaller a move that is seen",
    )
    add_measuring(baseline)
    baseline.set_defaults(run=_run)


def _run(options: argparse.Namespace) -> int:
    from quizproof.reports.watch.baseline import baseline

    return baseline(
        options.quiz,
        options.out,
        options.pack,
        by_of(options),
        only=options.only,
        seed=options.seed,
        store=store_of(options),
        least_draws=options.draws,
    )
