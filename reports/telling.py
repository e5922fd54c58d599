"""Lines for a terminal or a log, in which nothing from outside moves or forges anything."""

from __future__ import annotations

import sys
from collections.abc import Iterable

from quizproof.questions.problems import visible


def tell(line: object) -> None:
    """Print ``line`` on standard output, on one line whatever stands in it."""
    print(visible(str(line)))


def complain(line: object) -> None:
    """Print ``line`` on standard error, on one line whatever stands in it."""
    print(visible(str(line)), file=sys.stderr)


def text_of(lines: Iterable[str]) -> str:
    """``lines``, each on one line whatever stands in it, ending in a newline."""
    return "\n".join(map(visible, lines)) + "\n"


def tell_all(text: str) -> None:
    """Print a ``text`` of many lines, as ``text_of`` makes it, on standard output."""
    print(text_of(text.removesuffix("\n").split("\n")), end="")
