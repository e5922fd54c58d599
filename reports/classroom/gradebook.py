"""Grades in the forms that learning-management systems take."""

from __future__ import annotations

import json
import re
from fractions import Fraction
from pathlib import Path
from typing import Any

from quizproof.questions.files import write_whole
from quizproof.questions.grading import ClassGrades, GradedStudent
from quizproof.questions.problems import one_line
from quizproof.questions.responses import written
from quizproof.questions.spec import Question
from quizproof.questions.tolerance import decimal
from quizproof.reports.classroom.spreadsheet import csv_text

_COLUMNS = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")
_NUMBERED = re.compile(r"^(.*\S)\s+\((\d+)\)$")
_RESERVED = frozenset(
    ["con", "prn", "aux", "nul", *(f"{name}{n}" for name in ("com", "lpt") for n in range(10))]
)


def canvas_gradebook(grades: ClassGrades, assignment: str) -> str:
    """The CSV that Canvas's gradebook imports; a student who was not graded has no score in it."""
    rows = [
        [*_COLUMNS, assignment],
        # the four spaces are Canvas's own
        ["    Points Possible", "", "", "", "", two_decimals(grades.possible)],
    ]
    for graded in grades.students:
        who = graded.student
        rows.append(
            [
                who.name or graded.label,
                who.id,
                who.sis_id,
                who.login,
                who.section,
                two_decimals(graded.total),
            ]
        )
    rows += [[who.name, who.id, who.sis_id, who.login, who.section, ""] for who in grades.ungraded]
    return csv_text(rows)


def new_assignment(title: str) -> str:
    """``title`` as a new assignment's name: with a number in brackets it would be that one's."""
    return _NUMBERED.sub(r"\1 [\2]", one_line(title))


def two_decimals(points: Fraction) -> str:
    """Points as Canvas compares them; a half is rounded up."""
    hundredths = int(points * 100 + Fraction(1, 2))
    return f"{hundredths // 100}.{hundredths % 100:02d}"


def write_gradescope(grades: ClassGrades, folder: Path) -> int:
    """A folder for each student with Gradescope's ``results.json``; gives how many. OSError.

    It says what was answered and what it is worth, never what the key expects.
    """
    taken: set[str] = set()
    folder.mkdir(parents=True, exist_ok=True)
    for graded in grades.students:
        place = folder / _safe_name(graded, taken)
        place.mkdir(exist_ok=True)
        text = json.dumps(gradescope_results(grades, graded), ensure_ascii=False, indent=1)
        write_whole(place / "results.json", text + "\n")
    return len(grades.students)


def gradescope_results(grades: ClassGrades, graded: GradedStudent) -> dict[str, Any]:
    """One student's results."""
    return {
        "score": _number(graded.total),
        "output_format": "text",
        "test_output_format": "text",
        "visibility": "after_published",
        "stdout_visibility": "hidden",
        "tests": [
            _test(question, number, graded)
            for number, question in enumerate(grades.questions, 1)
            if question.id in graded.points
        ],
    }


def _test(question: Question, number: int, graded: GradedStudent) -> dict[str, Any]:
    points, response = graded.points[question.id], graded.responses[question.id]
    worth = Fraction(decimal(question.points))
    if response is None:
        said = "The answer could not be read; it has no points."
    elif response.empty:
        said = "Not answered."
    else:
        said = f"Answered: {written(question, response) or ', '.join(response.unplaced)}"
    return {
        "score": _number(points),
        "max_score": _number(worth),
        "status": "passed" if points == worth else "failed",
        "name": question.id,
        "number": str(number),
        "output": said,
        "output_format": "text",
        "visibility": "after_published",
    }


def _number(points: Fraction) -> float:
    return round(float(points), 6)


def _safe_name(graded: GradedStudent, taken: set[str]) -> str:
    """A folder's name that every file system takes, and no other student has."""
    base = re.sub(r"[^A-Za-z0-9_-]+", "-", graded.label).strip("-")[:48]
    if not base or base.lower() in _RESERVED:
        base = f"student-{graded.line}"
    name, number = base, 1
    while name.lower() in taken:
        number += 1
        name = f"{base}-{number}"
    taken.add(name.lower())
    return name
