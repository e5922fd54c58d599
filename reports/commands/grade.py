"""``quizproof grade``: a class's points, and what its answers say of the questions."""

from __future__ import annotations

import argparse
from pathlib import Path

from quizproof.reports.commands.commands import Commands, add_quiz, add_trust
from quizproof.reports.commands.measuring import add_verify_key, verify_key_of
from quizproof.reports.commands.points import add_policy

_EPILOG = """\
RESPONSES is Canvas's Student Analysis CSV, a CSV 'student,q01,q02,…' with cells 'a' or 'a,d', or
JSON. The key gives the points; evidence that is known is told beside it, nothing is measured.

exit codes: 0 nothing to complain of; 1 an option that many chose is supported by measurement
against the key; 2 something could not be read, and has no points: grades are written all the same
"""


def add(commands: Commands, common: argparse.ArgumentParser) -> None:
    """Declare its arguments."""
    grade = commands.add_parser(
        "grade",
        parents=[common],
        help="grade a class, and say what its answers tell of the questions",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add_quiz(grade)
    add_trust(grade)
    grade.add_argument(
        "responses",
        type=Path,
        metavar="RESPONSES",
        help="read Canvas's Student Analysis, or a table of one's own",
    )
    grade.add_argument(
        "-o",
        "--output",
        type=Path,
        required=True,
        metavar="GRADES",
        help="write the grades as CSV for Canvas",
    )
    grade.add_argument(
        "--assignment",
        metavar="TITLE",
        help="name the column TITLE, 'Title (123)' for Canvas's number 123",
    )
    add_policy(grade)
    grade.add_argument(
        "--attempt",
        choices=("highest", "latest"),
        default="highest",
        help="say which of several attempts counts (highest)",
    )
    grade.add_argument("--report", type=Path, metavar="DIR", help="write DIR/index.html")
    grade.add_argument(
        "--anonymous",
        action="store_true",
        help="make the report one to show: no name, no row, no group of fewer than five",
    )
    grade.add_argument("--json", type=Path, metavar="FILE", help="write the grades as JSON")
    grade.add_argument(
        "--gradescope", type=Path, metavar="DIR", help="write a results.json for each student"
    )
    grade.add_argument(
        "--before",
        metavar="OLD",
        help="say whose points change: the quiz with its old key, or an earlier file of --json",
    )
    grade.add_argument(
        "--nobody-loses",
        action="store_true",
        help="give each student the better of both keys, that of OLD, which is a quiz, and today's",
    )
    evidence = grade.add_mutually_exclusive_group()
    evidence.add_argument(
        "--from",
        dest="source",
        type=Path,
        metavar="FILE",
        help="take evidence from a file that verify --evidence wrote",
    )
    evidence.add_argument(
        "--store",
        metavar="PLACE",
        help="look for evidence in this folder or URL (the user's cache)",
    )
    grade.add_argument(
        "--pack", type=Path, metavar="DIR", help="tell of evidence about this pack (the quiz's own)"
    )
    add_verify_key(grade)
    grade.set_defaults(run=_run)


def _run(options: argparse.Namespace) -> int:
    from quizproof.probes.engine.evidence.store import place_of
    from quizproof.questions.grading import Attempt
    from quizproof.questions.scoring import Policy
    from quizproof.reports.classroom.grade import GradeOutputs, grade
    from quizproof.reports.known_results import Evidence

    return grade(
        options.quiz,
        options.responses,
        policy=Policy(options.policy),
        attempt=Attempt(options.attempt),
        evidence=Evidence(
            file=options.source,
            store=place_of(options.store),
            pack=options.pack,
            verify_key=verify_key_of(options),
        ),
        outputs=GradeOutputs(
            grades=options.output,
            assignment=options.assignment,
            report=options.report,
            json=options.json,
            gradescope=options.gradescope,
            anonymous=options.anonymous,
        ),
        before=options.before,
        nobody_loses=options.nobody_loses,
    )
