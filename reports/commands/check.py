"""``quizproof check``: a student's own answers, judged by measuring."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from quizproof.reports.commands.commands import Commands, add_quiz, add_trust
from quizproof.reports.commands.measuring import (
    add_measuring,
    add_seed,
    add_verify_key,
    by_of,
    store_of,
    verify_key_of,
)
from quizproof.reports.commands.points import add_policy


def add(commands: Commands, common: argparse.ArgumentParser) -> None:
    """Declare its arguments."""
    check = commands.add_parser(
        "check",
        parents=[common],
        help="judge one's own answers by measuring; the key is not looked at",
    )
    add_quiz(check)
    add_trust(check)
    check.add_argument(
        "answers",
        type=Path,
        nargs="?",
        metavar="ANSWERS",
        help="read answers from a .yaml, .json or .csv file; without one they are asked for",
    )
    check.add_argument("--template", action="store_true", help="print a file of answers to fill in")
    source = check.add_mutually_exclusive_group()
    source.add_argument("--pack", metavar="DIR", help="measure this pack (the quiz's own)")
    source.add_argument(
        "--from",
        dest="source",
        type=Path,
        metavar="FILE",
        help="judge from a file that verify --evidence wrote; no model is run",
    )
    add_verify_key(check)
    check.add_argument("--only", metavar="q01,q10", help="take these questions alone")
    check.add_argument("--report", type=Path, metavar="DIR", help="write DIR/index.html")
    check.add_argument("--json", type=Path, metavar="FILE", help="write the results as JSON")
    add_policy(check)
    check.add_argument(
        "--language",
        metavar="TAG",
        help="ask in this language, as en or fr (the terminal's); a template has all of the quiz's",
    )
    check.add_argument(
        "--save", type=Path, metavar="FILE", help="keep the answers that were asked for in FILE"
    )
    add_seed(check)
    add_measuring(check)
    check.set_defaults(run=_run)


def _run(options: argparse.Namespace) -> int:
    from quizproof.questions.scoring import Policy
    from quizproof.reports.output_paths import check_outputs
    from quizproof.reports.student.check import (
        Judge,
        check,
        language_of,
        print_template,
        read_or_ask,
        to_answer,
    )

    quiz = to_answer(options.quiz, options.only, options.source)
    asked = language_of(quiz, options.language) if options.language else None
    if options.template:
        return print_template(quiz, asked)
    check_outputs([options.json, options.save], [options.report])
    language = asked or _own_language()
    answers = read_or_ask(quiz, options.answers, language, options.save)
    judge = Judge(
        pack=options.pack,
        evidence=options.source,
        verify_key=verify_key_of(options),
        seed=options.seed,
        store=store_of(options),
        policy=Policy(options.policy),
        illustrated=options.report is not None,
    )
    return check(
        quiz,
        answers,
        judge,
        by_of(options),
        report=options.report,
        json=options.json,
        language=language,
    )


def _own_language() -> str:
    """The language this person's terminal is set to."""
    from quizproof.questions.text import language_tag

    set_to = next(filter(None, map(os.environ.get, ("LC_ALL", "LC_MESSAGES", "LANG"))), "")
    return language_tag(set_to.partition(".")[0].partition("@")[0]) or "en"
