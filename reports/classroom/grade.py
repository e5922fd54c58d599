"""``quizproof grade``: a class's points by the key, and the measurement's word beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from quizproof.questions.canvas_names import is_canvas_own
from quizproof.questions.class_file import read_class
from quizproof.questions.grading import Attempt, grade_class
from quizproof.questions.lint import LintedQuiz, lint_quiz
from quizproof.questions.problems import Problem, QuizproofError, few, one_line
from quizproof.questions.quiz import bundled_quiz, read_head
from quizproof.questions.scoring import Policy, key_answer
from quizproof.questions.spec import Text
from quizproof.questions.without_key import has_key
from quizproof.reports import exit_codes
from quizproof.reports.classroom.class_json import class_json
from quizproof.reports.classroom.class_page import render_class
from quizproof.reports.classroom.class_result import ItemOfClass, items_of
from quizproof.reports.classroom.gradebook import canvas_gradebook, new_assignment, write_gradescope
from quizproof.reports.classroom.graded_class import GradedClass
from quizproof.reports.classroom.regrading import (
    Regrade,
    earlier_of,
    regraded,
    with_former_keys,
)
from quizproof.reports.known_probes import probes_of_quiz
from quizproof.reports.known_results import Evidence, known_results
from quizproof.reports.numbers import counted, points, signed_points
from quizproof.reports.output_paths import check_outputs, page_in
from quizproof.reports.report_beside import evidence_beside
from quizproof.reports.telling import complain, tell_all, text_of
from quizproof.reports.written import Written


@dataclass(frozen=True)
class GradeOutputs:
    """The files that are asked for; None: not this one."""

    grades: Path
    assignment: str | None = None
    report: Path | None = None  # a folder
    json: Path | None = None
    gradescope: Path | None = None  # a folder
    anonymous: bool = False  # whether the report is one to be shown to anyone

    def check(self, responses: Path) -> None:
        """Raises QuizproofError where a file could not be written, or is that of the responses."""
        if any(
            out and out.exists() and out.samefile(responses) for out in (self.grades, self.json)
        ):
            raise QuizproofError(f"{responses} would be written over; name another file")
        if self.anonymous and self.report is None:
            raise QuizproofError("--anonymous is of the report; name its folder with --report DIR")
        if self.anonymous and self.json is not None:
            raise QuizproofError(
                "--anonymous is of the report alone: --json has names and ids; "
                "write it without --anonymous"
            )
        check_outputs([self.grades, self.json], [self.report, self.gradescope])


def grade(
    quiz: str,
    path: Path,
    *,
    policy: Policy,
    attempt: Attempt,
    evidence: Evidence,
    outputs: GradeOutputs,
    before: str | None,
    nobody_loses: bool = False,
) -> int:
    """The whole command; returns the exit code. Raises QuizproofError for wrong input."""
    outputs.check(path)
    assignment = _assignment(read_head(bundled_quiz(quiz))[0].title, outputs)
    graded = graded_class(
        quiz,
        path,
        policy=policy,
        attempt=attempt,
        evidence=evidence,
        before=before,
        nobody_loses=nobody_loses,
    )
    for problem in few(graded.problems):
        complain(problem)
    written = _write(graded, outputs, assignment)
    tell_all(_summary(graded, written.files, in_full=outputs.report is None))
    if graded.unknown:
        nothing = len(graded.unknown) == len(graded.grades.questions)
        those = "any question" if nothing else ", ".join(graded.unknown)
        complain(f"nothing is known of {those}: run quizproof verify {quiz} first")
    written.check()
    codes = [exit_codes.WRONG_INPUT] if graded.problems else []
    return exit_codes.worst([exit_codes.KEY_WRONG, *codes] if graded.items.many_against else codes)


def graded_class(
    quiz: str,
    path: Path,
    *,
    policy: Policy,
    attempt: Attempt,
    evidence: Evidence,
    before: str | None,
    nobody_loses: bool = False,
) -> GradedClass:
    """The class whose responses are in ``path``, and what ``evidence`` says of the questions.

    Raises QuizproofError for a quiz without any key, or a file that is no class's.
    """
    folder = bundled_quiz(quiz)
    probes = probes_of_quiz(folder, evidence.file)
    linted = lint_quiz(folder, probes.known)
    questions = [q.question for q in linted.questions if q.question is not None]
    keys = {question.id: key for question in questions if (key := key_answer(question)) is not None}
    if not keys:
        raise QuizproofError(f"{quiz}: no question has a key to grade by; grade the quiz with one")
    responses = read_class(path, questions)
    by = with_former_keys(keys, questions, before) if nobody_loses else keys
    grades = grade_class(questions, by, responses, policy, attempt)
    earlier = earlier_of(before, responses, grades, attempt) if before is not None else None
    del responses  # a large class is not held twice
    results = known_results(folder, linted, evidence, probes.beside)
    numbers = {question.id: at for at, question in enumerate(linted.questions, 1)}
    invalid = [question.id for question in linted.questions if question.key]
    return GradedClass(
        quiz=linted.head.id,
        title=linted.head.title,
        responses=path.name,
        grades=grades,
        items=items_of(grades, numbers, results, invalid),
        unread=tuple(grades.problems),
        evidence=_source(evidence) if results else "",
        unknown=tuple(question.id for question in grades.questions if question.id not in results),
        regrade=None if earlier is None else regraded(earlier, grades, nobody_loses=nobody_loses),
        of_quiz=tuple(_of_quiz(linted)),
    )


def _of_quiz(linted: LintedQuiz) -> list[Problem]:
    """Problems of the quiz's files and keys, as far as they bear on points."""
    found: list[Problem] = []
    for question in linted.questions:
        if question.question is None:
            found += question.broken
        elif has_key(question.question):
            found += question.key
    return found


def _source(evidence: Evidence) -> str:
    return str(evidence.file.name if evidence.file else evidence.store)


def _write(graded: GradedClass, outputs: GradeOutputs, assignment: str) -> Written:
    """Write what was asked for, as far as that can be done."""
    written = Written()
    written.write(outputs.grades, lambda: canvas_gradebook(graded.grades, assignment))
    if outputs.json is not None:
        written.write(outputs.json, lambda: class_json(graded))
    if outputs.report is not None:
        written.write(page_in(outputs.report), lambda: _page(graded, outputs))
    if outputs.gradescope is not None:
        written.make(partial(_gradescope, graded, outputs.gradescope))
    return written


def _page(graded: GradedClass, outputs: GradeOutputs) -> str:
    assert outputs.report is not None
    beside = evidence_beside(outputs.report, graded.quiz)
    return render_class(graded, anonymous=outputs.anonymous, evidence_at=beside)


def _gradescope(graded: GradedClass, folder: Path) -> list[str]:
    count = write_gradescope(graded.grades, folder)
    return [f"{folder}/…/results.json ({count})"]


def _assignment(title: Text, outputs: GradeOutputs) -> str:
    """The title of the column of grades. Raises QuizproofError where Canvas would drop it."""
    assignment = outputs.assignment or new_assignment(title.en)
    if is_canvas_own(assignment):
        raise QuizproofError(
            f"'{one_line(assignment, 60)}': Canvas takes a column of this name for one of its "
            "own, and drops the grades in it; name another with --assignment TITLE"
        )
    return assignment


def _summary(graded: GradedClass, written: Sequence[str], *, in_full: bool) -> str:
    """Lines for a terminal, ending in a newline: what a teacher has to look at first."""
    grades, items = graded.grades, graded.items
    lines = []
    if items.against:
        lines.append(
            "the measurement contradicts the key: look at the evidence, then correct the key"
        )
        lines += [_against(item) for item in items.against]
    lines.append(
        f"{graded.quiz}: {counted(len(grades.students), 'student')}, "
        f"{counted(len(grades.questions), 'question')}, "
        f"{grades.policy}"
    )
    if grades.students and not any(student.student.key for student in grades.students):
        lines.append("  the quiz is anonymous: Canvas cannot tell whose grades these are")
    if grades.ungraded:
        lines.append(f"  {len(grades.ungraded)} students are not graded: their rows differ")
    if len(items.totals):
        lines.append(
            f"  mean {items.totals.mean():.2f} of {points(float(grades.possible))} points, "
            f"median {np.median(items.totals):.2f}{_alpha(items.alpha)}"
        )
    for problems, what in ((graded.unread, "the answers"), (graded.of_quiz, "the quiz")):
        if problems:
            lines.append(f"  {counted(len(problems), 'problem')} of {what}: see the lines above")
    if graded.regrade is not None:
        lines += _changes(graded.regrade, in_full=in_full)
    lines += [f"written: {what}" for what in written]
    return text_of(lines)


def _alpha(alpha: float) -> str:
    """Cronbach's alpha; nothing where a class has too few students or questions for it."""
    return f", Cronbach's alpha {alpha:.2f}" if np.isfinite(alpha) else ""


def _against(item: ItemOfClass) -> str:
    against = item.against
    assert against is not None
    return (
        f"  {item.question.id}: key {against.key}, measured {against.measured}; "
        f"{against.chose} of {against.put_to} students chose "
        f"{', '.join(one_line(o.fill or o.id) for o in against.options) or 'otherwise'}"
    )


_FEW = 20


def _changes(regrade: Regrade, *, in_full: bool) -> list[str]:
    lines = [
        f"  against {regrade.name}: {regrade.more} students gain points, {regrade.less} lose some"
    ]
    if regrade.nobody_loses:
        lines.append("    an answer that the old key gives more for keeps that")
    lines += [
        f"    {change.id}: {change.more} gain, {change.less} lose; {one_line(change.why.en)}"
        for change in regrade.questions
    ]
    shown = regrade.students if in_full else regrade.students[:_FEW]
    for change in shown:
        was, now = (_points(value) for value in (change.before, change.after))
        by = ", ".join(
            f"{question} {signed_points(by)}" for question, by in change.questions.items()
        )
        name = one_line(change.name).encode("utf-8", "backslashreplace").decode("utf-8")
        lines.append(f"      {name} ({one_line(change.label)}): {was} → {now} ({by})")
    if len(shown) < len(regrade.students):
        lines.append(f"      … and {len(regrade.students) - len(shown)} more in the report")
    return lines


def _points(value: float | None) -> str:
    return "not graded" if value is None else points(value)
