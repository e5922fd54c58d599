"""Plans of tests, as a command would make them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from quizproof.probes.catalogue import catalogue
from quizproof.probes.engine.events import Finished
from quizproof.probes.engine.plan import Plan, Task, plan_of
from quizproof.probes.engine.results import QuestionResult
from quizproof.probes.engine.runner import Runner
from quizproof.questions.lint import lint_quiz
from quizproof.reports.measuring import chosen


def result_of(runner: Runner, task: Task) -> QuestionResult:
    """The result of ``task``, whatever happens until then."""
    *_, last = runner.events(task)
    assert isinstance(last, Finished)
    return last.result


def plan(
    quiz: Path,
    *,
    pack: Path | None = None,
    seed: int = 16,
    store: Path | None = None,
    **more: Any,
) -> Plan:
    """Every question of the quiz in the folder ``quiz``."""
    linted = lint_quiz(quiz, catalogue())
    place = None if store is None else str(store)
    made = plan_of(quiz, linted, chosen(linted), seed=seed, store=place, pack=pack)
    return replace(made, **more)
