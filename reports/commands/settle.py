"""``quizproof settle``: whose evidence settles a quiz's questions."""

from __future__ import annotations

import argparse
from pathlib import Path

from quizproof.reports.commands.commands import Commands, add_quiz


def add(commands: Commands, common: argparse.ArgumentParser) -> None:
    """Declare its arguments."""
    settle = commands.add_parser(
        "settle", parents=[common], help="write into a quiz which pack its questions are about"
    )
    add_quiz(settle)
    settle.add_argument(
        "--pack", type=Path, required=True, metavar="DIR", help="name the parts of this pack"
    )
    settle.set_defaults(run=_run)


def _run(options: argparse.Namespace) -> int:
    from quizproof.reports.settle import settle

    return settle(options.quiz, options.pack)
