"""``quizproof evidence``: look after the evidence that is kept."""

from __future__ import annotations

import argparse
import math
from pathlib import Path

from quizproof.reports.commands.commands import Commands, add_trust
from quizproof.reports.commands.measuring import add_seed, store_of


def add(commands: Commands, common: argparse.ArgumentParser) -> None:
    """Declare its arguments."""
    evidence = commands.add_parser("evidence", help="look after the evidence that is kept")
    verbs = evidence.add_subparsers(title="commands", metavar="ls|show|gc|verify", required=True)
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
    _add_show(verbs, common)


def _add_show(verbs: Commands, common: argparse.ArgumentParser) -> None:
    show = verbs.add_parser("show", parents=[common], help="print the draws of a question")
    show.add_argument("question", metavar="QUESTION", help="such as q11")
    show.add_argument("--quiz", default="hw09", help="of this quiz (hw09)")
    add_trust(show)
    source = show.add_mutually_exclusive_group()
    source.add_argument("--pack", metavar="DIR", help="measured on this pack (the quiz's own)")
    source.add_argument(
        "--from", dest="source", type=Path, metavar="FILE", help="a file that --evidence wrote"
    )
    show.add_argument(
        "--store", metavar="PLACE", help="look into this folder or URL (the user's cache)"
    )
    add_seed(show)
    show.add_argument("--csv", type=Path, metavar="FILE", help="write the draws as CSV")
    show.add_argument(
        "--npz", type=Path, metavar="FILE", help="write the draws and the maps for numpy.load"
    )
    show.set_defaults(run=_show)


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


def _show(options: argparse.Namespace) -> int:
    from quizproof.reports.evidence_show import Shown, evidence_show

    return evidence_show(
        Shown(
            quiz=options.quiz,
            question=options.question,
            pack=options.pack,
            source=options.source,
            seed=options.seed,
            store=store_of(options),
            csv=options.csv,
            npz=options.npz,
        )
    )
