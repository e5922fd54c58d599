"""``quizproof regress``: what moved since the baseline."""

from __future__ import annotations

import argparse
from pathlib import Path

from quizproof.reports.commands.commands import Commands, add_quiz, add_trust
from quizproof.reports.commands.measuring import add_measuring, add_seed, by_of, store_of


def add(commands: Commands, common: argparse.ArgumentParser) -> None:
    """Declare its arguments."""
    regress = commands.add_parser(
        "regress",
        parents=[common],
        help="compare a model, library or machine with a baseline: same, moved or flipped",
    )
    add_quiz(regress)
    add_trust(regress)
    regress.add_argument(
        "--baseline",
        type=Path,
        required=True,
        metavar="FILE",
        help="compare with a file that baseline wrote",
    )
    regress.add_argument(
        "--pack", metavar="DIR", help="measure this pack (the quiz's own, or the embedded)"
    )
    regress.add_argument("--only", metavar="q01,q10", help="take these questions alone")
    regress.add_argument("--report", type=Path, metavar="DIR", help="write DIR/index.html")
    regress.add_argument(
        "--markdown", type=Path, metavar="FILE", help="write a comment for a pull request"
    )
    regress.add_argument("--json", type=Path, metavar="FILE", help="write the comparison as JSON")
    regress.add_argument("--junit", type=Path, metavar="FILE", help="write it as JUnit XML")
    regress.add_argument(
        "--strict", action="store_true", help="exit 3 for a move, or what could not be compared"
    )
    add_seed(regress, otherwise="the baseline's")
    add_measuring(regress)
    regress.set_defaults(run=_run)


def _run(options: argparse.Namespace) -> int:
    from quizproof.reports.watch.regress import RegressOutputs, regress

    return regress(
        options.quiz,
        options.baseline,
        options.pack,
        by_of(options),
        only=options.only,
        seed=options.seed,
        store=store_of(options),
        outputs=RegressOutputs(options.report, options.markdown, options.json, options.junit),
        strict=options.strict,
    )
