"""``quizproof evidence``: look after the evidence that is kept."""

from __future__ import annotations

import argparse
import math

from quizproof.reports.commands.commands import Commands


def add(commands: Commands, common: argparse.ArgumentParser) -> None:
    """Declare its arguments."""
    evidence = commands.add_parser("evidence", help="look after the evidence that is kept")
    verbs = evidence.add_subparsers(title="commands", metavar="ls|gc|verify", required=True)
    for name, text in (
        ("ls", "list it"),
        ("gc", "take away what is damaged or was not used for long"),
        ("verify", "read every entry and say which are not whole"),
    ):
        verb = verbs.add_parser(name, parents=[common], help=text)
        verb.add_argument(
            "--store", metavar="PLACE", help="look into this folder or URL (the user's cache)"
        )
        verb.set_defaults(run=_run, verb=name, days=math.inf)
        if name == "gc":
            verb.add_argument(
                "--days",
                type=_days,
                default=90,
                metavar="N",
                help="remove what was unused for N days (90)",
            )


def _days(text: str) -> float:
    """A number of days from 0. Raises ArgumentTypeError."""
    try:
        days = float(text)
    except ValueError:
        days = math.nan
    if not 0 <= days < math.inf:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of days from 0")
    return days


def _run(options: argparse.Namespace) -> int:
    from quizproof.probes.engine.evidence.store import default_place
    from quizproof.reports.evidence import evidence_command

    return evidence_command(options.verb, options.store or default_place(), options.days)
