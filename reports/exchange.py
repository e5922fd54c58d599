"""Writing a quiz for other systems and reading theirs, with what was lost on the way told."""

from __future__ import annotations

from pathlib import Path

from quizproof.questions.problems import QuizproofError


def export_quiz(quiz: str, output: Path, form: str, language: str) -> int:
    """Write ``quiz`` to ``output``; returns the exit code."""
    raise QuizproofError(f"{quiz}: cannot be exported as {form} yet; leave out --format")


def import_quiz(file: Path, output: Path) -> int:
    """Write the quiz in ``file`` as a folder ``output``; returns the exit code."""
    raise QuizproofError(f"{file}: cannot be imported yet; write the quiz by hand")
