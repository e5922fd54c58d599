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
    problems: tuple[Problem, ...]  # of the responses, and of the quiz's files
    evidence: str  # where it is from; empty where nothing is known
    unknown: tuple[str, ...]  # questions of which nothing is known
    regrade: Regrade | None = None
