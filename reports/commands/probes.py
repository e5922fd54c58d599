"""``quizproof probes``: what can be asked."""

from __future__ import annotations

import argparse

from quizproof.reports import exit_codes
from quizproof.reports.commands.commands import Commands


def add(commands: Commands, common: argparse.ArgumentParser) -> None:
    """Declare its arguments."""
    probes = commands.add_parser(
        "probes", parents=[common], help="list what can be measured, or explain one probe"
    )
    probes.add_argument(
        "name", nargs="?", metavar="NAME", help="explain this probe, with a question to paste"
    )
    probes.set_defaults(run=_run)


def _run(options: argparse.Namespace) -> int:
    from quizproof.reports.known_probes import known_probes
    from quizproof.reports.probes import explained, list_of, probe_called
    from quizproof.reports.telling import tell

    probes = known_probes()
    lines = list_of(probes)
    if options.name is not None:
        lines = explained(probe_called(options.name, probes))
    for line in lines:
        tell(line)
    return exit_codes.NOTHING_TO_COMPLAIN_OF
