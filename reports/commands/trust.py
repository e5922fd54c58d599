"""``quizproof trust``: let a quiz's own probes run."""

from __future__ import annotations

import argparse
from pathlib import Path

from quizproof.reports.commands.commands import Commands


def add(commands: Commands, common: argparse.ArgumentParser) -> None:
    """Declare its arguments."""
    trust = commands.add_parser(
        "trust", parents=[common], help="let the probes.py in a quiz's folder run, as it is now"
    )
    trust.add_argument("folder", type=Path, metavar="DIR", help="the folder of the quiz")
    trust.add_argument("--yes", action="store_true", help="trust it without being asked")
    trust.set_defaults(run=_run)


def _run(options: argparse.Namespace) -> int:
    from quizproof.reports.trusting import trust_command

    return trust_command(options.folder, yes=options.yes)
