"""``quizproof import``: a quiz that another system wrote, as a folder of files."""

from __future__ import annotations

import argparse
from pathlib import Path

from quizproof.reports.commands.commands import Commands


def add(commands: Commands, common: argparse.ArgumentParser) -> None:
    """Declare its arguments."""
    parser = commands.add_parser(
        "import", parents=[common], help="make a quiz folder of what another system wrote"
    )
    parser.add_argument(
        "file", type=Path, metavar="FILE", help="read a file of Canvas, Moodle or text2qti"
    )
    parser.add_argument(
        "-o",
        "--output",
        type=Path,
        required=True,
        metavar="DIR",
        help="write the quiz into this folder",
    )
    parser.set_defaults(run=_run)


def _run(options: argparse.Namespace) -> int:
    from quizproof.reports.exchange import import_quiz

    return import_quiz(options.file, options.output)
