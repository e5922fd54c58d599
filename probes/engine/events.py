"""Events of a measuring, in the order in which they happen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from quizproof.probes.engine.plan import Task
from quizproof.probes.engine.results import QuestionResult


@dataclass(frozen=True)
class Began:
    """A question is being measured, or looked up."""

    task: Task


@dataclass(frozen=True)
class Doing:
    """What is done for it before there is a draw."""

    what: str


@dataclass(frozen=True)
class Drew:
    """So many draws were made for it by now."""

    draws: int


@dataclass(frozen=True)
class Passed:
    """Models were given so much for it by now, forward and backward."""

    passes: int


@dataclass(frozen=True)
class Notice:
    """A line that a person should read."""

    line: str


@dataclass(frozen=True)
class Finished:
    """It has a result."""

    result: QuestionResult


@dataclass(frozen=True)
class Stopped:
    """A signal asked the program to end: there is no further event."""

    signal: int


Event: TypeAlias = Began | Doing | Drew | Passed | Notice | Finished | Stopped
