"""A class's points: each question against its right answer, one submission for each student."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from functools import cached_property
from math import lcm

from quizproof.questions.classroom import ClassResponses, Student, Submission
from quizproof.questions.problems import Problem
from quizproof.questions.responses import Response
from quizproof.questions.scoring import Policy, RightAnswer, points
from quizproof.questions.spec import Question
from quizproof.questions.tolerance import decimal


class Attempt(StrEnum):
    """The one of a student's attempts that counts."""

    HIGHEST = "highest"  # Canvas's own default
    LATEST = "latest"


@dataclass(frozen=True)
class GradedStudent:
    """A student with points for every question that was put to them."""

    student: Student
    label: str  # tells them from every other of the class
    line: int
    responses: Mapping[str, Response | None]
    points: Mapping[str, Fraction]

    @cached_property
    def total(self) -> Fraction:
        return _sum(self.points.values())


@dataclass
class ClassGrades:
    """A class, graded; ``ungraded`` are students whose rows contradict each other."""

    questions: tuple[Question, ...]  # those that were graded
    policy: Policy
    students: list[GradedStudent] = field(default_factory=list)
    ungraded: list[Student] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    @property
    def possible(self) -> Fraction:
        """The most that a student can have, by the questions that were put to one of them."""
        worth = {question.id: Fraction(decimal(question.points)) for question in self.questions}
        sums = {
            shown: sum((worth[question] for question in shown), Fraction(0))
            for shown in {frozenset(student.points) for student in self.students}
        }
        return max(sums.values(), default=sum(worth.values(), Fraction(0)))


class Scorer:
    """Points by one key and one policy; the same response is scored once."""

    def __init__(
        self, questions: Sequence[Question], key: Mapping[str, RightAnswer], policy: Policy
    ) -> None:
        self._known: dict[str, dict[Response, Fraction]] = {
            question.id: {} for question in questions
        }
        self._questions = {question.id: question for question in questions}
        self._key, self._policy = key, policy

    def everyone(self, question: str) -> bool:
        """Tell whether everyone has the points of ``question``."""
        return self._key[question].everyone

    def points(self, question: str, response: Response | None) -> Fraction:
        if response is None or self.everyone(question):
            return points(self._questions[question], self._key[question], response)
        known = self._known[question]
        if response not in known:
            known[response] = points(
                self._questions[question], self._key[question], response, self._policy
            )
        return known[response]


def grade_class(
    questions: Sequence[Question],
    key: Mapping[str, RightAnswer],
    responses: ClassResponses,
    policy: Policy = Policy.ALL_OR_NOTHING,
    attempt: Attempt = Attempt.HIGHEST,
) -> ClassGrades:
    """Points for everyone in ``responses`` by ``key``.

    A question without a key is not graded, and counts for nobody. Of two rows for one student that
    are no attempts, nobody knows which is theirs: neither is graded.
    """
    graded = tuple(q for q in questions if q.id in responses.asked and q.id in key)
    grades = ClassGrades(graded, policy, problems=list(responses.problems))
    if without := [q.id for q in questions if q.id in responses.asked and q.id not in key]:
        what = f"{', '.join(without)}: not graded, the quiz has no key for it to grade by"
        mend = "'expected' is to name what is right: one option where one is to be chosen"
        grades.problems.append(Problem(responses.path, 0, 0, what, mend))
    scorer = Scorer(graded, key, policy)
    named = any(submission.student.key for submission in responses.submissions)
    by_student: dict[str, list[Submission]] = {}
    for submission in responses.submissions:
        who = submission.student.key
        if named and not who:
            what = "the row says not whose it is: it is not graded"
            grades.problems.append(
                Problem(responses.path, submission.line, 0, what, "add a name or an id")
            )
            continue
        by_student.setdefault(who or f"anonymous {submission.line}", []).append(submission)
    for label, rows in by_student.items():
        students = [_graded(row, label, grades, scorer, responses.path) for row in rows]
        attempts = {row.attempt for row in rows}
        if len(rows) == 1:
            grades.students.append(students[0])
        elif None not in attempts and len(attempts) == len(rows):
            in_order = sorted(
                zip(rows, students, strict=True), key=lambda pair: pair[0].attempt or 0
            )
            latest = [student for _, student in in_order][::-1]
            # of two attempts with the same points, the later
            best = max(latest, key=lambda student: student.total)
            grades.students.append(latest[0] if attempt is Attempt.LATEST else best)
        else:
            lines = ", ".join(str(row.line) for row in rows)
            same = all(row.responses == rows[0].responses for row in rows)
            what = f"the rows {lines} are all of {_name(rows[0].student)}"
            outcome = "they are the same, and count once" if same else "they differ: none is graded"
            grades.problems.append(
                Problem(responses.path, rows[1].line, 0, f"{what}; {outcome}", "remove all but one")
            )
            if same:
                grades.students.append(students[0])
            else:
                grades.ungraded.append(rows[0].student)
    return grades


def _graded(
    row: Submission, label: str, grades: ClassGrades, scorer: Scorer, path: str
) -> GradedStudent:
    shown = [q.id for q in grades.questions if row.shown is None or q.id in row.shown]
    if grades.policy is not Policy.ALL_OR_NOTHING:
        for question in shown:
            response = row.responses.get(question)
            if response is not None and response.unplaced and not scorer.everyone(question):
                what = f"{question}: answered in part, and the file does not say which part"
                grades.problems.append(
                    Problem(path, row.line, 0, what, "no points; look it up where it was answered")
                )
    return GradedStudent(
        student=row.student,
        label=label,
        line=row.line,
        responses={question: row.responses.get(question) for question in shown},
        points={
            question: scorer.points(question, row.responses.get(question)) for question in shown
        },
    )


def _sum(fractions: Iterable[Fraction]) -> Fraction:
    """The sum, over a common denominator: many times as fast as adding one by one."""
    ratios = [fraction.as_integer_ratio() for fraction in fractions]
    whole = lcm(*(below for _, below in ratios))
    return Fraction(sum(above * (whole // below) for above, below in ratios), whole)


def _name(student: Student) -> str:
    return " ".join(student.name.split()) or student.key
