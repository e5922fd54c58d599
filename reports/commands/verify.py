"""``quizproof verify``: measure every question and judge the key."""

from __future__ import annotations

import argparse
from pathlib import Path

from quizproof.questions.problems import QuizproofError
from quizproof.reports.commands.commands import Commands, add_quiz, add_trust
from quizproof.reports.commands.measuring import (
    add_measuring,
    add_seed,
    add_verify_key,
    by_of,
    store_of,
    verify_key_of,
)
from quizproof.reports.given import SEED


def add(commands: Commands, common: argparse.ArgumentParser) -> None:
    """Declare its arguments."""
    verify = commands.add_parser(
        "verify", parents=[common], help="measure every question and judge the key"
    )
    add_quiz(verify)
    add_trust(verify)
    source = verify.add_mutually_exclusive_group()
    source.add_argument(
        "--pack",
        action="append",
        default=[],
        metavar="DIR",
        help="measure this pack (the quiz's own); several, or a quoted pattern 'models/*/', are "
        "checked in one run, with a file for each in the folders that --report, --json … name",
    )
    source.add_argument(
        "--from",
        dest="source",
        type=Path,
        metavar="FILE",
        help="judge from a file that --evidence wrote; no model is run",
    )
    verify.add_argument("--only", metavar="q01,q10", help="take these questions alone")
    verify.add_argument("--report", type=Path, metavar="DIR", help="write DIR/index.html")
    verify.add_argument("--json", type=Path, metavar="FILE", help="write the results as JSON")
    verify.add_argument("--junit", type=Path, metavar="FILE", help="write them as JUnit XML")
    verify.add_argument(
        "--evidence", type=Path, metavar="FILE", help="write all that the verdicts rest on"
    )
    verify.add_argument(
        "--sign-key",
        type=Path,
        metavar="FILE",
        help="sign that file with this private Ed25519 key, as ssh-keygen makes them "
        "(quizproof[sign])",
    )
    add_verify_key(verify)
    verify.add_argument("--strict", action="store_true", help="exit 3 for anything left open")
    add_seed(verify, otherwise=f"{SEED}; an evidence file has its own")
    add_measuring(verify)
    verify.set_defaults(run=_run)


def _run(options: argparse.Namespace) -> int:
    from quizproof.reports.outputs import Outputs
    from quizproof.reports.verify import Source, verify

    if options.source is not None and options.seed is not None:
        raise QuizproofError("--from judges draws of the file's own seed; leave --seed out")
    of_draws = SEED if options.seed is None else options.seed
    return verify(
        options.quiz,
        Source(
            packs=options.pack,
            evidence=options.source,
            seed=of_draws,
            store=store_of(options),
            verify_key=verify_key_of(options),
        ),
        by_of(options),
        only=options.only,
        outputs=Outputs(
            report=options.report,
            json=options.json,
            junit=options.junit,
            evidence=options.evidence,
            sign_key=options.sign_key,
        ),
        strict=options.strict,
    )
