"""``quizproof baseline``: measure, and keep what a later run is compared with."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

from quizproof.probes.engine.drift import question_error
from quizproof.probes.engine.plan import plan_of
from quizproof.probes.engine.results import Run, State
from quizproof.probes.packs.pack import Pack
from quizproof.questions.lint import lint_quiz
from quizproof.questions.quiz import bundled_quiz
from quizproof.reports import exit_codes
from quizproof.reports.known_probes import probes_of_quiz
from quizproof.reports.measuring import By, chosen, one_run, usable_store
from quizproof.reports.numbers import counted
from quizproof.reports.output_paths import check_outputs
from quizproof.reports.telling import tell, tell_all, text_of
from quizproof.reports.watch.baseline_file import baseline_of, write_baseline


def baseline(
    quiz: str,
    out: Path,
    pack: str | None,
    by: By,
    *,
    only: str | None,
    seed: int,
    store: str | None,
    least_draws: int,
) -> int:
    """The whole command; returns the exit code. Raises QuizproofError for wrong input."""
    check_outputs([out])
    folder = bundled_quiz(quiz)
    probes = probes_of_quiz(folder)
    linted = lint_quiz(folder, probes.known)
    tasks = chosen(linted, only)
    error = question_error(len(tasks))
    plan = plan_of(
        folder,
        linted,
        tasks,
        seed=seed,
        store=usable_store(store),
        pack=pack,
        beside=probes.beside,
    )
    plan = replace(plan, error=error, draws=least_draws)
    run = one_run(plan, by)
    if run.stopped:
        tell(f"interrupted: {out} was not written")
        return exit_codes.STOPPED + run.stopped
    kept = baseline_of(run, Pack(plan.pack), question_error=error, least_draws=least_draws)
    write_baseline(out, kept)
    tell_all(_summary(run, out))
    if plan.broken:
        return exit_codes.WRONG_INPUT
    if any(result.state is State.FAILED for result in run.results):
        return exit_codes.PROGRAM_FAILED
    return exit_codes.NOTHING_TO_COMPLAIN_OF


def _summary(run: Run, out: Path) -> str:
    states = Counter(str(result.state) for result in run.results)
    each = ", ".join(f"{count} {state}" for state, count in states.most_common())
    questions = counted(len(run.results), "question")
    lines = [f"{run.quiz.id} on pack {run.pack_name}: {questions} ({each})"]
    lines += [
        f"  {result.question.id} has nothing to compare with: {result.reason.en}"
        for result in run.results
        if result.measurement is None
    ]
    return text_of([*lines, f"written: {out}"])
