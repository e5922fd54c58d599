"""``quizproof regress``: measure again, and say what became of every question since a baseline."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from quizproof.probes.beside import Beside
from quizproof.probes.engine.plan import Task, plan_of
from quizproof.probes.packs.pack import Pack
from quizproof.questions.lint import lint_quiz
from quizproof.questions.problems import QuizproofError
from quizproof.questions.quiz import bundled_quiz
from quizproof.questions.spec import Text
from quizproof.reports.known_probes import probes_of_quiz
from quizproof.reports.measuring import By, chosen, one_run, usable_store
from quizproof.reports.output_paths import check_outputs, page_in
from quizproof.reports.telling import tell_all
from quizproof.reports.watch.baseline_file import Baseline, read_baseline
from quizproof.reports.watch.regress_json import regress_json
from quizproof.reports.watch.regress_junit import regress_junit
from quizproof.reports.watch.regress_markdown import regress_markdown
from quizproof.reports.watch.regress_page import render_regression
from quizproof.reports.watch.regress_text import regress_text
from quizproof.reports.watch.regression import GONE, Regression, compared, exit_code, not_comparable
from quizproof.reports.written import Written


@dataclass(frozen=True)
class RegressOutputs:
    """The files that are asked for; None: not this one."""

    report: Path | None = None  # a folder
    markdown: Path | None = None
    json: Path | None = None
    junit: Path | None = None

    def check(self) -> None:
        """Raises QuizproofError where a file could not be written in the end."""
        check_outputs([self.markdown, self.json, self.junit], [self.report])

    def write(self, regression: Regression) -> Written:
        """Write them, as far as that can be done."""
        written = Written()
        if self.report is not None:
            written.write(page_in(self.report), lambda: render_regression(regression))
        for path, render in (
            (self.markdown, regress_markdown),
            (self.json, regress_json),
            (self.junit, regress_junit),
        ):
            if path is not None:
                written.write(path, partial(render, regression))
        return written


def regress(
    quiz: str,
    baseline: Path,
    pack: str | None,
    by: By,
    *,
    only: str | None,
    seed: int | None,
    store: str | None,
    outputs: RegressOutputs,
    strict: bool,
) -> int:
    """The whole command; returns the exit code. Raises QuizproofError for wrong input."""
    outputs.check()
    folder = bundled_quiz(quiz)
    probes = probes_of_quiz(folder)
    linted = lint_quiz(folder, probes.known)
    kept = read_baseline(baseline, linted.head.id)
    tasks = chosen(linted, only)
    order = [task.linted.id for task in tasks]
    if only is None:
        order += [k.id for k in kept.questions if k.id not in linted.head.questions]
    left_out = _left_out(kept, order) if only is None else []
    order = [name for name in order if name not in left_out]
    unmeasured = _unmeasured(kept, tasks, order, probes.beside)
    tasks = tuple(t for t in tasks if t.linted.id not in (*unmeasured, *left_out))
    if not tasks:
        why = "; ".join(sorted({text.en for text in unmeasured.values()}))
        raise QuizproofError(f"{baseline}: nothing in it to compare with ({why}); make a new one")
    seed = kept.seed if seed is None else seed
    plan = plan_of(
        folder,
        linted,
        tasks,
        seed=seed,
        store=usable_store(store),
        pack=pack,
        beside=probes.beside,
    )
    run = one_run(replace(plan, error=kept.question_error, draws=kept.least_draws), by)
    regression = compared(kept, run, Pack(plan.pack), unmeasured, order, left_out)
    written = outputs.write(regression)
    tell_all(regress_text(regression, written.files))
    written.check()
    return exit_code(regression, broken=plan.broken, strict=strict)


def _left_out(kept: Baseline, order: Sequence[str]) -> list[str]:
    """Questions that were in the quiz when the baseline was made of others of it."""
    there = {question.id for question in kept.questions}
    known = order if kept.quiz.questions is None else kept.quiz.questions
    return [name for name in order if name in known and name not in there]


def _unmeasured(
    kept: Baseline, tasks: Sequence[Task], order: list[str], beside: Beside | None
) -> dict[str, Text]:
    """Reasons for which questions cannot be compared whatever is measured, by id."""
    by_id = {question.id: question for question in kept.questions}
    asked = {task.linted.id: task.linted.question for task in tasks}
    found: dict[str, Text] = {}
    for name in order:
        if name not in asked:
            found[name] = GONE
        elif (question := asked[name]) and (
            why := not_comparable(by_id.get(name), question, beside)
        ):
            found[name] = why
    return found
