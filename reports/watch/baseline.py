"""``quizproof baseline``: measure, and keep what a later run is compared with."""

from __future__ import annotations

from collections import Counter
from contextlib import closing
from pathlib import Path

from quizproof.probes.engine.drift import question_error
from quizproof.probes.engine.evidence.store import Store
from quizproof.probes.engine.results import Run, State
from quizproof.probes.engine.workers.tasks import Setting
from quizproof.probes.packs.pack import Pack, pack_folder
from quizproof.questions.lint import lint_quiz
from quizproof.questions.quiz import bundled_quiz
from quizproof.reports import exit_codes
from quizproof.reports.known_probes import known_probes
from quizproof.reports.measuring import Asked, By, chosen, measured_run
from quizproof.reports.output_paths import check_outputs
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
    if store is not None:
        Store(store)  # one that cannot be is no fault of a question's
    folder, probes = bundled_quiz(quiz), known_probes()
    linted = lint_quiz(folder, probes)
    asked = Asked(linted=linted, folder=folder, tasks=chosen(linted, only), probes=probes)
    error = question_error(len(asked.tasks))
    setting = Setting(
        pack=pack_folder(folder, linted.head, pack),
        settled_by=linted.head.settled_by,
        seed=seed,
        store=store,
        error=error,
        draws=least_draws,
        quiz=folder,
    )
    opened = Pack(setting.pack)
    with closing(by.measuring(1)) as measuring:
        run = measured_run(asked, setting, opened, measuring)
    if len(run.results) < run.asked:
        print(f"interrupted: {out} was not written")
        return exit_codes.INTERRUPTED
    kept = baseline_of(run, opened, question_error=error, least_draws=least_draws)
    write_baseline(out, kept)
    print(_summary(run, out), end="")
    if asked.broken:
        return exit_codes.WRONG_INPUT
    if any(result.state is State.FAILED for result in run.results):
        return exit_codes.PROGRAM_FAILED
    return exit_codes.NOTHING_TO_COMPLAIN_OF


def _summary(run: Run, out: Path) -> str:
    states = Counter(str(result.state) for result in run.results)
    told = ", ".join(f"{count} {state}" for state, count in states.most_common())
    lines = [f"{run.quiz.id} on pack {run.pack_name}: {len(run.results)} questions ({told})"]
    lines += [
        f"  {result.question.id} has nothing to compare with: {result.reason.en}"
        for result in run.results
        if result.measurement is None
    ]
    return "\n".join([*lines, f"written: {out}"]) + "\n"
