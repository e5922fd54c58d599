"""Declaration of a command, and of the quiz that most of them are about."""

from __future__ import annotations

import argparse
from typing import TypeAlias

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


def add_quiz(parser: argparse.ArgumentParser) -> None:
    """Declare the quiz that a command is about."""
    parser.add_argument(
        "quiz", metavar="QUIZ", help="name a bundled quiz (hw09), or a folder with a quiz.yaml"
    )
