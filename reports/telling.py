"""Lines for a terminal or a log, in which nothing from outside moves or forges anything.

On a terminal they are broken between words, what goes on a little further in: no table and no
reason loses its shape at 80 columns. In a pipe or a file each is one line.
"""

from __future__ import annotations

import re
import shutil
import sys
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Final

from quizproof.questions.problems import visible

_FURTHER: Final = "  "  # what goes on stands so much further in
_LEAST: Final = 40  # columns


def tell(line: object) -> None:
    """Print ``line`` on standard output, on one line whatever stands in it."""
    _print(visible(str(line)))


def complain(line: object) -> None:
    """Print ``line`` on standard error, on one line whatever stands in it."""
    print(visible(str(line)), file=sys.stderr)


def text_of(lines: Iterable[str]) -> str:
    """``lines``, each on one line whatever stands in it, ending in a newline."""
    return "\n".join(map(visible, lines)) + "\n"


def tell_all(text: str) -> None:
    """Print a ``text`` of many lines, as ``text_of`` makes it, on standard output."""
    for line in text_of(text.removesuffix("\n").split("\n")).splitlines():
        _print(line)


def broken(line: str, width: int) -> Iterator[str]:
    """``line`` in lines of ``width`` columns, broken between words; a longer word has its own.

    >>> list(broken("  q11 contradicted: c does not hold", 22))
    ['  q11 contradicted: c', '    does not hold']
    """
    inset = line[: len(line) - len(line.lstrip())] + _FURTHER
    now, wide = "", 0
    for space, word in re.findall(r"(\s*)(\S+)", line):
        more = columns(space) + columns(word)
        if now.strip() and wide + more > width:
            yield now
            now, wide, more = inset, len(inset), columns(word)
            space = ""
        now, wide = now + space + word, wide + more
    yield now


def columns(text: str) -> int:
    """How many columns of a terminal ``text`` takes: a Chinese character takes two."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1
        for c in text
    )


def _print(line: str) -> None:
    if not sys.stdout.isatty():
        print(line)
        return
    for part in broken(line, max(_LEAST, shutil.get_terminal_size().columns)):
        print(part)
