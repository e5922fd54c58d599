"""Answers of a class, whatever file they came in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from quizproof.questions.problems import Problem
from quizproof.questions.responses import Response, ResponseError
from quizproof.questions.spec import Question


@dataclass(frozen=True)
class Student:
    """The person who answered, by as many names as the file has; all empty in an anonymous quiz."""

    name: str = ""
    id: str = ""  # Canvas's own number
    sis_id: str = ""
    login: str = ""
    section: str = ""

    @property
    def key(self) -> str:
        """The name or number that tells one student from another; empty where nothing does."""
        return self.id or self.sis_id or self.login or self.name


@dataclass(frozen=True)
class Submission:
    """One row: a student's answers, once."""

    student: Student
    line: int
    responses: Mapping[str, Response | None]  # by question; None: it could not be read
    attempt: int | None = None
    shown: frozenset[str] | None = None  # the questions that were put; None: all of the file's


@dataclass
class ClassResponses:
    """All rows of a file, and what could not be read of it."""

    path: str
    asked: tuple[str, ...] = ()  # the questions that the file has answers to, in the quiz's order
    submissions: list[Submission] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def problem(self, line: int, what: str, mend: str) -> None:
        self.problems.append(Problem(self.path, line, 0, what, mend))


class Reader:
    """Reads cells of one question; the same cell is read once, however many students wrote it."""

    def __init__(self, question: Question, parse: Callable[[Question, Any], Response]) -> None:
        self.question = question
        self._parse = parse
        self._known: dict[str, Response | ResponseError] = {}

    def read(self, cell: Any) -> Response:
        """The response in ``cell``. Raises ResponseError."""
        if not isinstance(cell, str):
            return self._parse(self.question, cell)
        found = self._known.get(cell)
        if found is None:
            try:
                found = self._parse(self.question, cell)
            except ResponseError as error:
                found = error
            self._known[cell] = found
        if isinstance(found, ResponseError):
            raise found.with_traceback(None)
        return found
