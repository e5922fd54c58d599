"""Results of a quiz's questions by kept evidence; nothing is measured, and no torch is imported."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from quizproof.probes.beside import Beside
from quizproof.probes.engine.plan import Plan, plan_of
from quizproof.probes.engine.results import QuestionResult
from quizproof.probes.engine.runner import Runner
from quizproof.questions.lint import LintedQuiz
from quizproof.reports.given import SEED
from quizproof.reports.judged_from import judged_from
from quizproof.reports.measuring import chosen


@dataclass(frozen=True)
class Evidence:
    """The place where evidence is looked for."""

    file: Path | None = None  # that ``verify --evidence`` wrote; else the store is asked
    store: str | None = None
    pack: Path | None = None  # None: the quiz's
    verify_key: Path | None = None  # whose owner has to have signed the file


def known_results(
    quiz: Path, linted: LintedQuiz, evidence: Evidence, beside: Beside | None
) -> dict[str, QuestionResult]:
    """The verdicts that are known, by question, without their pictures.

    ``quiz`` is the folder of ``linted``, and ``beside`` its own probes. Raises QuizproofError.
    """
    known = {}
    with _plan(quiz, linted, evidence, beside) as plan:
        if plan.store is None:
            return {}
        runner = Runner(plan)
        for task in plan.tasks:
            if task.linted.question is None or task.linted.broken:
                continue
            if (result := runner.known(task)) is not None:
                known[task.linted.id] = result
    return known


@contextmanager
def _plan(
    quiz: Path, linted: LintedQuiz, evidence: Evidence, beside: Beside | None
) -> Iterator[Plan]:
    plan = plan_of(
        quiz,
        linted,
        chosen(linted),
        seed=SEED,
        store=evidence.store,
        pack=evidence.pack,
        beside=beside,
    )
    plan = replace(plan, illustrated=False)
    if evidence.file is None:
        yield plan
        return
    with TemporaryDirectory() as passing:
        yield judged_from(plan, linted, evidence.file, Path(passing), evidence.verify_key)
