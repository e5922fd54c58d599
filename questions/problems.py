"""Problems of an input, told to the person who has to mend it.

    QuizproofError                 anything this program says no to, in one line
    └── InputError                 a command or a file is wrong; carries every problem found

A fault of the program itself is any other exception.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


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
        return one_line(f"{place}: {self.what}; {self.mend}")


class QuizproofError(Exception):
    """An error with a message for a person: one line, without a traceback."""


class InputError(QuizproofError):
    """The command or its files are wrong."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = sorted(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


def one_line(message: str) -> str:
    """``message`` with line breaks and control characters made visible as spaces."""
    return " ".join("".join(c if c.isprintable() else " " for c in message).split())
