"""All that is told of a class that was graded."""

from __future__ import annotations

from dataclasses import dataclass

from quizproof.questions.grading import ClassGrades
from quizproof.questions.problems import Problem
from quizproof.questions.spec import Text
from quizproof.reports.classroom.class_result import ClassItems
from quizproof.reports.classroom.regrading import Regrade


@dataclass(frozen=True)
class GradedClass:
    """A class, graded."""

    quiz: str
    title: Text
    responses: str  # the file's name
    grades: ClassGrades
    items: ClassItems
    unread: tuple[Problem, ...]  # problems of the responses
    evidence: str  # where it is from; empty where nothing is known
    unknown: tuple[str, ...]  # questions of which nothing is known
    regrade: Regrade | None = None
    of_quiz: tuple[Problem, ...] = ()  # problems of the quiz's files, invalid keys among them

    @property
    def problems(self) -> tuple[Problem, ...]:
        """All of them."""
        return (*self.unread, *self.of_quiz)
