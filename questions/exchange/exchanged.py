"""A quiz on its way to or from another system."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

from quizproof.questions.problems import QuizproofError
from quizproof.questions.spec import Question, Text

# what an imported question is about, until its teacher says: that which is less easily settled
ABOUT: Literal["model"] = "model"


class ExchangeError(QuizproofError):
    """A file that is no quiz of the form it should be, or one that could do harm."""


class NotHeldError(Exception):
    """A question that a form cannot hold, or that cannot be read; the message says why."""


class Outcome(StrEnum):
    """The fate of what is in a file."""

    TAKEN = "taken"
    CHANGED = "taken with a change"
    LEFT_OUT = "left out"


@dataclass(frozen=True)
class Row:
    """A question of a file, or whatever else is in it, and what became of it."""

    what: str
    outcome: Outcome
    why: tuple[str, ...] = ()
    question: bool = False

    def __str__(self) -> str:
        left_out = "not taken over: " if self.outcome is Outcome.LEFT_OUT else ""
        return f"{self.what}: {left_out}{'; '.join(self.why)}"


@dataclass(frozen=True)
class Exchanged:
    """A quiz as a file of another system holds it.

    Without questions it is one of which nothing could be read: its rows say why.
    """

    id: str  # "" where the file names none that a quiz can have
    title: Text
    questions: tuple[Question, ...]
    rows: tuple[Row, ...] = ()
    pictures: Mapping[str, bytes] = field(default_factory=dict)  # that its texts show, by name

    @property
    def notes(self) -> tuple[str, ...]:
        """A line for each thing that was not taken over as it was."""
        return tuple(str(row) for row in self.rows if row.outcome is not Outcome.TAKEN)


def unread(name: str, why: str) -> Exchanged:
    """The quiz in the file called ``name``, of which nothing could be read."""
    return Exchanged("", Text(name or "?"), (), (Row("the file", Outcome.LEFT_OUT, (why,)),))


def some_read(quizzes: Sequence[Exchanged], name: str) -> list[Exchanged]:
    """``quizzes``, those of the file called ``name``; ExchangeError where all are unread."""
    if any(quiz.questions for quiz in quizzes):
        return list(quizzes)
    notes = [note for quiz in quizzes for note in quiz.notes]
    first = notes[0] if notes else "it is empty"
    raise ExchangeError(f"{name}: no question in it that can be read; {first}")
