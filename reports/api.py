"""``quizproof`` for programs: each function does what the command of its name does.

Errors of a quiz, a pack or a file are QuizproofError, one line each: what, where, why, what to do.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from quizproof.probes.engine.evidence.store import place_of
from quizproof.probes.engine.plan import plan_of
from quizproof.probes.engine.results import QuestionResult, Run, State
from quizproof.questions import quiz as quiz_files
from quizproof.questions.grading import Attempt
from quizproof.questions.lint import lint_quiz
from quizproof.questions.problems import Problem, QuizproofError
from quizproof.questions.quiz import bundled_quiz
from quizproof.questions.scoring import Policy
from quizproof.questions.spec import Quiz
from quizproof.reports.classroom.grade import graded_class
from quizproof.reports.classroom.graded_class import GradedClass
from quizproof.reports.given import SEED, one_of, seed_of
from quizproof.reports.known_parts import known_parts
from quizproof.reports.known_probes import probes_of_quiz
from quizproof.reports.known_results import Evidence
from quizproof.reports.measuring import By, chosen, one_run, usable_store
from quizproof.reports.notebook import Check, check
from quizproof.reports.progress import Progress
from quizproof.reports.verify import quiz_with_key

__all__ = [
    "Check",
    "GradedClass",
    "Problem",
    "QuestionResult",
    "Quiz",
    "QuizproofError",
    "Run",
    "State",
    "check",
    "grade",
    "lint",
    "load_quiz",
    "verify",
]


def verify(
    quiz: str | Path,
    *,
    pack: str | Path | None = None,
    only: str | Sequence[str] | None = None,
    seed: int = SEED,
    store: str | None = None,
) -> Run:
    """Measure the questions of ``quiz`` and judge its key.

    Args:
        quiz: the name of a bundled quiz (``"hw09"``) or a folder with a ``quiz.yaml``.
        pack: the folder of what is measured; else the one the quiz names, or the embedded one.
        only: ids of the questions that are measured, as ``["q01", "q10"]`` or ``"q01,q10"``; all.
        seed: of all draws, from 0.
        store: where evidence is kept, a folder or URL; this user's cache, ``"none"`` for nowhere.

    An interrupt gives what was measured by then: fewer results than ``run.asked``.

    Raises:
        QuizproofError: for a quiz without a key, a wrong pack, or ``only`` that names none.
    """
    folder, linted, probes = quiz_with_key(str(quiz))
    names = only if only is None or isinstance(only, str) else ",".join(only)
    plan = plan_of(
        folder,
        linted,
        chosen(linted, names),
        seed=seed_of(seed),
        store=usable_store(place_of(store)),
        pack=pack,
        beside=probes.beside,
    )
    return one_run(plan, By(), Progress())


def grade(
    quiz: str | Path,
    responses: str | Path,
    *,
    policy: str = Policy.ALL_OR_NOTHING,
    attempt: str = Attempt.HIGHEST,
    before: str | Path | None = None,
    pack: str | Path | None = None,
    store: str | None = None,
) -> GradedClass:
    """Points of a class by the key of ``quiz``, and what is known of its questions beside them.

    Args:
        quiz: the name of a bundled quiz or a folder.
        responses: a file as ``quizproof grade`` takes it.
        policy: ``"all-or-nothing"``, ``"partial-credit"`` or ``"per-blank"``.
        attempt: which of several counts, ``"highest"`` or ``"latest"``.
        before: the quiz with its old key, or an earlier file of ``--json``, to tell whose points
            change.
        pack: whose evidence is looked up; nothing is measured.
        store: where evidence is looked for; this user's cache, ``"none"`` for nowhere.

    What cannot be read is in ``problems`` and has no points.

    Raises:
        QuizproofError: for a quiz without any key, or a file that is no class's.
    """
    evidence = Evidence(None, place_of(store), None if pack is None else Path(pack))
    return graded_class(
        str(quiz),
        Path(responses),
        policy=one_of(Policy, policy),
        attempt=one_of(Attempt, attempt),
        evidence=evidence,
        before=None if before is None else str(before),
    )


def lint(quiz: str | Path) -> list[Problem]:
    """Everything that is wrong with the files of ``quiz``, by file and line; no model runs.

    Raises QuizproofError where its ``quiz.yaml`` cannot be read.
    """
    folder = bundled_quiz(str(quiz))
    return lint_quiz(folder, probes_of_quiz(folder).known, parts=known_parts(folder)).problems


def load_quiz(quiz: str | Path) -> Quiz:
    """The questions of a bundled quiz or a folder, read and checked for their form.

    Raises QuizproofError with every problem of all its files.
    """
    return quiz_files.load_quiz(bundled_quiz(str(quiz)))
