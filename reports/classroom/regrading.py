"""Whose points change, by how much, and why: grades beside earlier ones.

The earlier ones are those of the same responses by another version of the quiz, or what an earlier
``grade --json`` wrote.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from quizproof.questions.classroom import ClassResponses
from quizproof.questions.files import read_bounded
from quizproof.questions.grading import Attempt, ClassGrades, grade_class
from quizproof.questions.problems import QuizproofError
from quizproof.questions.quiz import bundled_quiz, load_quiz
from quizproof.questions.responses import written
from quizproof.questions.scoring import RightAnswer, key_answer, one_of
from quizproof.questions.spec import Blanks, Question, SingleChoice, Text
from quizproof.questions.tables import MAX_BYTES
from quizproof.reports.classroom.class_result import key_text
from quizproof.reports.numbers import points

_MOST = 1e12  # points that anybody had
_SAME = 1e-9


@dataclass(frozen=True)
class EarlierQuestion:
    key: str
    worth: float


@dataclass(frozen=True)
class Earlier:
    """Grades as they were."""

    name: str  # what they were made by
    policy: str
    questions: Mapping[str, EarlierQuestion]
    points: Mapping[str, Mapping[str, float]]  # by student and question
    answers: Mapping[str, Mapping[str, str]] | None  # None: the same as now


@dataclass(frozen=True)
class QuestionChange:
    """A question in which points change."""

    id: str
    why: Text
    more: int  # students
    less: int


@dataclass(frozen=True)
class StudentChange:
    """A student whose points change; None: was not, or is not, graded."""

    label: str
    name: str
    before: float | None
    after: float | None
    questions: Mapping[str, float]  # by how much

    @property
    def by(self) -> float:
        return (self.after or 0.0) - (self.before or 0.0)


@dataclass(frozen=True)
class Regrade:
    """All that changes."""

    name: str
    questions: tuple[QuestionChange, ...]
    students: tuple[StudentChange, ...]  # the largest change first
    nobody_loses: bool = False  # the better of the old and the new key counts

    @property
    def more(self) -> int:
        return sum(change.by > _SAME for change in self.students)

    @property
    def less(self) -> int:
        return sum(change.by < -_SAME for change in self.students)


def earlier_of(
    before: str, responses: ClassResponses, now: ClassGrades, attempt: Attempt
) -> Earlier:
    """The grades that ``before`` names: a quiz, or a file of ``--json``. Raises QuizproofError."""
    path = Path(before)
    return _from_json(path) if path.is_file() else _from_quiz(before, responses, now, attempt)


def regraded(earlier: Earlier, now: ClassGrades, *, nobody_loses: bool = False) -> Regrade:
    """Compare ``now`` with ``earlier``; return what changed."""
    more: dict[str, int] = {}
    less: dict[str, int] = {}
    answered_otherwise: set[str] = set()
    students = []
    graded = {student.label: student for student in now.students}
    questions = {question.id: question for question in now.questions}
    for label in [*graded, *(label for label in earlier.points if label not in graded)]:
        student, was = graded.get(label), earlier.points.get(label)
        has = {q: float(p) for q, p in student.points.items()} if student else {}
        by = {
            q: change
            for q in [*has, *(q for q in was or {} if q not in has)]
            if abs(change := has.get(q, 0.0) - (was or {}).get(q, 0.0)) > _SAME
        }
        if not by and (student is None) == (was is None):
            continue
        for q, change in by.items():
            counted = more if change > 0 else less
            counted[q] = counted.get(q, 0) + 1
            if student and earlier.answers is not None and q in questions:
                response = student.responses.get(q)
                text = written(questions[q], response) if response else ""
                if text != earlier.answers.get(label, {}).get(q, ""):
                    answered_otherwise.add(q)
        students.append(
            StudentChange(
                label=label,
                name=student.student.name or label if student else label,
                before=None if was is None else sum(was.values()),
                after=None if student is None else float(student.total),
                questions=by,
            )
        )
    changed = [*questions, *(q for q in earlier.questions if q not in questions)]
    return Regrade(
        earlier.name,
        tuple(
            QuestionChange(
                q, _why(q, earlier, now, q in answered_otherwise), more.get(q, 0), less.get(q, 0)
            )
            for q in changed
            if q in more or q in less
        ),
        tuple(sorted(students, key=lambda change: (-abs(change.by), change.label))),
        nobody_loses,
    )


def with_former_keys(
    keys: Mapping[str, RightAnswer], questions: Sequence[Question], before: str | None
) -> dict[str, RightAnswer]:
    """``keys`` of ``questions``, each with that of the quiz called ``before`` beside it.

    Raises QuizproofError where that is no quiz, which alone says what was right.
    """
    if before is None or Path(before).is_file():
        what = "--nobody-loses needs the old key" if before is None else f"{before}: it has no key"
        raise QuizproofError(f"{what}; name the quiz with its old key as --before")
    former = {question.id: question for question in load_quiz(bundled_quiz(before)).questions}
    found = dict(keys)
    for question in questions:
        was = former.get(question.id)
        if question.id in keys and was is not None and _same_parts(was, question):
            old = key_answer(was)
            if old is not None:
                found[question.id] = one_of([keys[question.id], old])
    return found


def _same_parts(was: Question, question: Question) -> bool:
    """Return whether an answer to one is an answer to the other."""
    if isinstance(was, Blanks) and isinstance(question, Blanks):
        return was.blanks.keys() == question.blanks.keys()
    return was.kind == question.kind


def _why(name: str, earlier: Earlier, now: ClassGrades, otherwise: bool) -> Text:
    """Every reason for which points of one question change."""
    was = earlier.questions.get(name)
    question = next((q for q in now.questions if q.id == name), None)
    reasons: list[tuple[str, str]] = []
    if was is None:
        reasons.append(("it was not graded before", "先前未計分"))
    elif question is None:
        reasons.append(("it is graded no more", "不再計分"))
    else:
        key = key_text(question)
        if was.key != key:
            reasons.append(
                (f"its key was {was.key}, and is {key}", f"標準答案由 {was.key} 改為 {key}")
            )
        if abs(was.worth - question.points) > _SAME:
            was_worth, is_worth = points(was.worth), points(question.points)
            reasons.append(
                (
                    f"it was worth {was_worth} points, and is worth {is_worth}",
                    f"配分由 {was_worth} 改為 {is_worth}",
                )
            )
    if earlier.policy != now.policy and not isinstance(question, SingleChoice):
        reasons.append(
            (
                f"the policy was {earlier.policy}, and is {now.policy}",
                f"計分方式由 {earlier.policy} 改為 {now.policy}",
            )
        )
    if otherwise:
        reasons.append(("answers in the file are others", "檔案中的作答不同"))
    reasons = reasons or [("who is graded changed", "計分的學生不同")]
    return Text(en="; ".join(en for en, _ in reasons), zh_hant="；".join(zh for _, zh in reasons))


def _from_quiz(
    before: str, responses: ClassResponses, now: ClassGrades, attempt: Attempt
) -> Earlier:
    quiz = load_quiz(bundled_quiz(before))
    asked = [question for question in quiz.questions if question.id in responses.asked]
    keys = {question.id: key for question in asked if (key := key_answer(question)) is not None}
    graded = grade_class(asked, keys, responses, now.policy, attempt)
    return Earlier(
        name=before,
        policy=now.policy,
        questions={q.id: EarlierQuestion(key_text(q), q.points) for q in graded.questions},
        points={s.label: {q: float(p) for q, p in s.points.items()} for s in graded.students},
        answers=None,
    )


def _from_json(path: Path) -> Earlier:
    try:
        found: Any = json.loads(read_bounded(path, MAX_BYTES))
        if found["schema"] != 1 or found["kind"] != "grades":
            raise ValueError
        return Earlier(
            name=path.name,
            policy=str(found["policy"]),
            questions={
                q["id"]: EarlierQuestion(str(q["key"]), _number(q["points"]))
                for q in found["questions"]
            },
            points={
                s["label"]: {str(q): _number(p) for q, p in s["points"].items()}
                for s in found["students"]
            },
            answers={
                s["label"]: {str(q): str(a or "") for q, a in s["answers"].items()}
                for s in found["students"]
            },
        )
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError):
        raise QuizproofError(
            f"{path}: no grades; name a file of 'quizproof grade --json', or a quiz"
        ) from None


def _number(points: Any) -> float:
    """Points that were given once. Raises ValueError, TypeError for what no class had."""
    found = float(points)
    if not math.isfinite(found) or abs(found) > _MOST:
        raise ValueError(points)
    return found
