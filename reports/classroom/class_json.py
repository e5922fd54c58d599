"""A class's grades as one JSON object, for programs and for a later comparison."""

from __future__ import annotations

import json
import math
from dataclasses import asdict
from typing import Any

from quizproof.questions.grading import GradedStudent
from quizproof.questions.responses import written
from quizproof.questions.spec import Question
from quizproof.reports.classroom.class_result import ItemOfClass
from quizproof.reports.classroom.graded_class import GradedClass

SCHEMA = 1


def class_json(graded: GradedClass) -> str:
    """``graded`` as JSON, ending in a newline; what is not defined is null."""
    grades, items = graded.grades, graded.items
    questions = {question.id: question for question in grades.questions}
    known: dict[
        tuple[str, int], str
    ] = {}  # responses as text: what many answered alike is one object
    report = {
        "schema": SCHEMA,
        "kind": "grades",
        "quiz": graded.quiz,
        "policy": str(grades.policy),
        "possible": _number(float(grades.possible)),
        "alpha": _number(items.alpha),
        "evidence": graded.evidence or None,
        "questions": [_item(item) for item in items.items],
        "students": [_student(student, questions, known) for student in grades.students],
        "ungraded": [asdict(student) for student in grades.ungraded],
        "problems": [str(problem) for problem in graded.problems],
        "regrade": None
        if graded.regrade is None
        else {
            "before": graded.regrade.name,
            "questions": [
                {"id": q.id, "why": q.why.en, "more": q.more, "less": q.less}
                for q in graded.regrade.questions
            ],
            "students": [
                {
                    "label": change.label,
                    "before": _number(change.before),
                    "after": _number(change.after),
                    "by": _number(change.by),
                    "questions": {q: _number(by) for q, by in change.questions.items()},
                }
                for change in graded.regrade.students
            ],
        },
    }
    return json.dumps(report, ensure_ascii=False, allow_nan=False) + "\n"


def _item(item: ItemOfClass) -> dict[str, Any]:
    against = item.against
    return {
        "id": item.question.id,
        "number": item.number,
        "points": item.question.points,
        "key": item.key,
        "state": str(item.result.state) if item.result else None,
        "put_to": item.statistics.put_to,
        "empty": item.empty,
        "unread": item.unread,
        "difficulty": _number(item.statistics.difficulty),
        "discrimination": _number(item.statistics.discrimination),
        "options": [
            {
                "id": option.id,
                "fill": option.fill,
                "in_key": option.in_key,
                "supported": option.supported,
                "chose": option.statistics.count,
                "share": _number(option.statistics.share),
                "upper": _number(option.statistics.upper),
                "lower": _number(option.statistics.lower),
                "discrimination": _number(option.statistics.discrimination),
                "draws_the_good": option.draws_the_good,
            }
            for option in item.options
        ],
        "against_key": None
        if against is None
        else {
            "measured": against.measured,
            "options": [option.id for option in against.options],
            "chose": against.chose,
            "many": against.many,
            "settled": against.settled,
            "gain": against.gain,
            "lose": against.lose,
        },
    }


def _student(
    graded: GradedStudent, questions: dict[str, Question], known: dict[tuple[str, int], str]
) -> dict[str, Any]:
    answers: dict[str, str | None] = {}
    for question, response in graded.responses.items():
        if response is None:
            answers[question] = None
        elif (text := known.get((question, id(response)))) is None:
            answers[question] = known[question, id(response)] = written(
                questions[question], response
            )
        else:
            answers[question] = text
    return {
        "label": graded.label,
        **vars(graded.student),
        "line": graded.line,
        "total": _number(float(graded.total)),
        "points": {q: round(float(points), 9) for q, points in graded.points.items()},
        "answers": answers,
    }


def _number(value: float | None) -> float | None:
    return None if value is None or not math.isfinite(value) else round(value, 9)
