"""``quizproof schema``: what an editor completes and checks a quiz's files by."""

from __future__ import annotations

import argparse
from pathlib import Path

from quizproof.reports.commands.commands import Commands, add_quiz, add_trust


def add(commands: Commands, common: argparse.ArgumentParser) -> None:
    """Declare its arguments."""
    schema = commands.add_parser(
        "schema", parents=[common], help="write JSON Schemas for an editor, which know the probes"
    )
    add_quiz(schema)
    add_trust(schema)
    schema.add_argument(
        "-o",
        dest="out",
        type=Path,
        required=True,
        metavar="DIR",
        help="write them into this folder",
    )
    schema.set_defaults(run=_run)


def _run(options: argparse.Namespace) -> int:
    from quizproof.reports.editor_schemas import schema_command

    return schema_command(options.quiz, options.out)
