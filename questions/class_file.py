"""The responses of a class, from plain CSV or JSON, or Canvas's Student Analysis CSV."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from quizproof.questions.canvas_analysis import is_analysis, read_analysis
from quizproof.questions.classroom import ClassResponses
from quizproof.questions.plain_class import read_plain, read_plain_json
from quizproof.questions.problems import InputError, Problem
from quizproof.questions.spec import Question
from quizproof.questions.tables import read_table


def read_class(path: Path, questions: Sequence[Question]) -> ClassResponses:
    """Every submission in ``path``; what cannot be read of it is listed in the result.

    Raises InputError where the file is no table at all, or has no question of the quiz.
    """
    if path.suffix.lower() == ".json":
        return _checked(read_plain_json(path, questions), questions)
    table = read_table(path)
    first = next(iter(table.rows), None)
    if first is None or isinstance(first[1], Problem):
        raise InputError([first[1] if first else Problem(str(path), 0, 0, "empty", "export it")])  # type: ignore[list-item]
    read = read_analysis if is_analysis(first[1]) else read_plain
    return _checked(read(table, questions), questions)


def _checked(found: ClassResponses, questions: Sequence[Question]) -> ClassResponses:
    """``found`` with what the file lacks as a whole. Raises InputError where it is all of it."""
    if not found.asked:
        what = "no column is a question of this quiz" if found.submissions else "no answers in it"
        raise InputError([Problem(found.path, 0, 0, what, "is it another quiz's?")])
    if left_out := [q.id for q in questions if q.id not in found.asked]:
        what = f"no answers to {', '.join(left_out)}; grades are over the other {len(found.asked)}"
        found.problem(0, what, "grade a quiz of those alone, or add them")
    if not found.submissions and not found.problems:
        found.problem(0, "nobody answered", "export it again")
    return found
