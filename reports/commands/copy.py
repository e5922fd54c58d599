"""``quizproof copy``: a bundled quiz made one's own."""

from __future__ import annotations

import argparse
from pathlib import Path

from quizproof.reports.commands.commands import Commands, add_quiz


def add(commands: Commands, common: argparse.ArgumentParser) -> None:
    """Declare its arguments."""
    copy = commands.add_parser(
        "copy", parents=[common], help="copy a quiz into a new folder, where it can be changed"
    )
    add_quiz(copy)
    copy.add_argument("folder", type=Path, metavar="DIR", help="make this folder, which is new")
    copy.set_defaults(run=_run)


def _run(options: argparse.Namespace) -> int:
    from quizproof.reports.copied import copy_quiz

    return copy_quiz(options.quiz, options.folder)
