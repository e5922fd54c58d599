"""``quizproof export``: a quiz in the form that another system reads."""

from __future__ import annotations

import argparse
from pathlib import Path

from quizproof.reports.commands.commands import Commands

FORMATS = ("canvas", "moodle")
LANGUAGES = ("both", "en", "zh-Hant")


def add(commands: Commands, common: argparse.ArgumentParser) -> None:
    """Declare its arguments."""
    export = commands.add_parser(
        "export", parents=[common], help="write a quiz in the form that another system reads"
    )
    export.add_argument("quiz", metavar="QUIZ")
    export.add_argument("-o", "--output", type=Path, required=True, metavar="OUT")
    as_what = export.add_mutually_exclusive_group(required=True)
    as_what.add_argument(
        "--format", choices=FORMATS, help="of another system: a QTI 1.2 zip for Canvas, …"
    )
    export.add_argument("--language", choices=LANGUAGES, default="both", help="of the texts (both)")
    export.set_defaults(run=_run)


def _run(options: argparse.Namespace) -> int:
    from quizproof.reports.exchange import export_quiz

    return export_quiz(options.quiz, options.output, options.format, options.language)
