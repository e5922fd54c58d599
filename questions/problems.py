"""Problems of an input, told to the person who has to mend it.

    QuizproofError                 anything this program says no to, in one line
    └── InputError                 a command or a file is wrong; carries every problem found

A fault of the program itself is any other exception.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

FEW = 10  # problems of a file that are told, one a line
_LONGEST = 1000  # characters of what is wrong, or of its mend


@dataclass(frozen=True, order=True)
class Problem:
    """One thing that is wrong, where, and how it is mended."""

    path: str
    line: int  # from 1; 0 where the whole file is meant
    column: int  # from 1; 0 where the whole line is meant
    what: str
    mend: str

    def __str__(self) -> str:
        place = ":".join(
            [self.path, *(str(number) for number in (self.line, self.column) if number)]
        )
        what, mend = (shortened(text, _LONGEST) for text in (self.what, self.mend))
        return one_line(f"{place}: {what}; {mend}")


class QuizproofError(Exception):
    """An error with a message for a person: one line, without a traceback."""


class InputError(QuizproofError):
    """The command or its files are wrong."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = sorted(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


def few(problems: Sequence[Problem], of: int | None = None) -> list[Problem]:
    """The first of ``problems``, of which there are ``of``, and one that says how many more.

    The first ``FEW`` and one more are all that is looked at.
    """
    count = len(problems) if of is None else of
    if count <= FEW:
        return list(problems)
    told = sorted(problems[: FEW + 1])
    last = told[FEW]
    more = f"and {count - FEW:,} more"
    return [*told[:FEW], Problem(last.path, last.line, last.column, more, "mend these first")]


def shortened(text: str, most: int = 60) -> str:
    """``text``, cut where it has more than ``most`` characters."""
    return text if len(text) <= most else f"{text[: most - 1]}…"


def one_line(message: str, most: int | None = None) -> str:
    """``message`` on one line, as ``visible`` makes it, words a space apart.

    Cut where it has more than ``most`` characters.
    """
    line = " ".join(visible(message).split())
    return line if most is None else shortened(line, most)


def visible(text: str) -> str:
    """``text`` with a space for each character that is not seen, its line breaks among them.

    Such move a terminal's cursor, end a log's line, or turn the order in which it is read.
    """
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else " " for c in text)
