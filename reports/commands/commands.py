"""Declaration of a command, and of the quiz that most of them are about."""

from __future__ import annotations

import argparse
from typing import TypeAlias

from quizproof.questions.bundled import bundled_names

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


def add_trust(parser: argparse.ArgumentParser) -> None:
    """Declare that what lies beside the quiz may run, in this run."""
    parser.add_argument(
        "--trust",
        action="store_true",
        help="run the quiz's own probes.py in this run, whatever it is (else: quizproof trust)",
    )


def add_quiz(parser: argparse.ArgumentParser) -> None:
    """Declare the quiz that a command is about."""
    parser.add_argument(
        "quiz",
        metavar="QUIZ",
        help=f"name a bundled quiz ({', '.join(bundled_names())}), or a folder with a quiz.yaml",
    )
