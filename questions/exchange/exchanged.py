"""A quiz on its way to or from another system."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from quizproof.questions.problems import QuizproofError
from quizproof.questions.spec import Question, Text

# what an imported question is about, until its teacher says: that which is less easily settled
ABOUT: Literal["model"] = "model"


class ExchangeError(QuizproofError):
    """A file that is no quiz of the form it should be, or one that could do harm."""


class NotHeldError(Exception):
    """A question that a form cannot hold, or that cannot be read; the message says why."""


@dataclass(frozen=True)
class Exchanged:
    """A quiz as a file of another system holds it.

    ``notes`` tell what was in the file and could not be taken over, a line each.
    """

    id: str  # "" where the file names none that a quiz can have
    title: Text
    questions: tuple[Question, ...]
    notes: tuple[str, ...] = ()


@dataclass
class Reading:
    """The questions and notes that reading a file has come to so far."""

    questions: list[Question] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def notes_on(self, what: str) -> Callable[[str], None]:
        """Return a function that takes notes on one question."""
        return lambda line: self.note(f"{what}: {line}")

    def note(self, line: str) -> None:
        """Say it once."""
        if line not in self.notes:
            self.notes.append(line)
