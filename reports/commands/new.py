"""``quizproof new``: a quiz of one's own to begin with."""

from __future__ import annotations

import argparse
from pathlib import Path

from quizproof.reports.commands.commands import Commands


def add(commands: Commands, common: argparse.ArgumentParser) -> None:
    """Declare its arguments."""
    new = commands.add_parser(
        "new", parents=[common], help="make a folder with a quiz that verifies, to change"
    )
    new.add_argument("folder", type=Path, metavar="DIR", help="make it there; new or empty")
    new.add_argument(
        "--about",
        choices=("function", "language", "pictures", "table"),
        default="function",
        help="begin with questions about this (function)",
    )
    new.set_defaults(run=_run)


def _run(options: argparse.Namespace) -> int:
    from quizproof.reports.new_quiz import new_quiz

    return new_quiz(options.folder, options.about)
