"""``quizproof export``: a quiz in the form that another system reads."""

from __future__ import annotations

import argparse
from pathlib import Path

from quizproof.reports.commands.commands import Commands, add_quiz

FORMATS = ("canvas", "moodle", "gradescope")


def add(commands: Commands, common: argparse.ArgumentParser) -> None:
    """Declare its arguments."""
    export = commands.add_parser(
        "export", parents=[common], help="write a quiz in the form that another system reads"
    )
    add_quiz(export)
    export.add_argument(
        "-o", "--output", type=Path, required=True, metavar="OUT", help="write it to OUT"
    )
    as_what = export.add_mutually_exclusive_group(required=True)
    as_what.add_argument(
        "--format",
        choices=FORMATS,
        help="write a QTI 1.2 package, Moodle XML, or an autograder",
    )
    as_what.add_argument(
        "--for-students",
        action="store_true",
        help="write a folder with prompts, options, rules and probes, but no expected answers",
    )
    export.add_argument(
        "--language",
        type=lambda given: "all" if given == "both" else given,
        default="all",
        metavar="TAG",
        help="write one of the quiz's languages, as en or fr (all of them)",
    )
    export.set_defaults(run=_run)


def _run(options: argparse.Namespace) -> int:
    if options.for_students:
        from quizproof.reports.student.for_students import export_for_students

        return export_for_students(options.quiz, options.output)
    from quizproof.reports.exchange import export_quiz

    return export_quiz(options.quiz, options.output, options.format, options.language)
