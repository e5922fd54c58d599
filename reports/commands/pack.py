"""``quizproof pack``: make, build, check or show what is measured."""

from __future__ import annotations

import argparse
from pathlib import Path

from quizproof.reports.commands.commands import Commands


def add(commands: Commands, common: argparse.ArgumentParser) -> None:
    """Declare its arguments."""
    pack = commands.add_parser("pack", help="make, build, check or show what is measured")
    verbs = pack.add_subparsers(title="commands", metavar="init|build|check|show", required=True)
    for name, text in (
        ("init", "write the manifest of what lies in a folder: kinds, digests, classes"),
        ("build", "write the manifest of a course's folder, which is laid out as course.yaml says"),
        (
            "check",
            "say everything that is wrong with a pack; with --quiz, what it lacks for a quiz, too",
        ),
        ("show", "say what a pack holds, and its digests as quiz.yaml takes them"),
    ):
        verb = verbs.add_parser(name, parents=[common], help=text)
        verb.add_argument("folder", type=Path, metavar="DIR", help="the folder of the pack")
        verb.set_defaults(run=_run, verb=name, hub=False, quiz=None)
        if name == "build":
            verb.add_argument(
                "--hub",
                action="store_true",
                help="name public models on the Hugging Face hub where they are not in the folder",
            )
        if name in ("build", "check"):
            verb.add_argument(
                "--quiz",
                metavar="QUIZ",
                help="the quiz that it is to answer"
                + (" (default hw09)" if name == "build" else ", whose needs are told, too"),
            )


def _run(options: argparse.Namespace) -> int:
    from quizproof.probes.measure_extra import require_measure
    from quizproof.reports.pack import pack_command

    if options.verb != "init":
        require_measure(f"pack {options.verb}")
    return pack_command(options.verb, options.folder, hub=options.hub, quiz=options.quiz)
