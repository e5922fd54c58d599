"""A quiz measured on a pack: questions in order, with what a person sees of it meanwhile."""

from __future__ import annotations

import platform
import sys
from collections.abc import Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from quizproof.probes.hub import HubError, fetch, hub_models
from quizproof.probes.pack import Pack
from quizproof.probes.probe import Probe
from quizproof.probes.results import QuestionResult, Run
from quizproof.probes.worker import Setting, Task, results
from quizproof.questions.lint import LintedQuiz
from quizproof.questions.problems import QuizproofError
from quizproof.questions.quiz import assemble
from quizproof.reports.progress import progress

_VERSIONS = (
    "quizproof",
    "torch",
    "torchvision",
    "transformers",
    "lime",
    "scikit-image",
    "numpy",
    "scipy",
)


def measured_run(
    linted: LintedQuiz,
    folder: Path,
    tasks: Sequence[Task],
    setting: Setting,
    notes: Sequence[str] = (),
) -> Run:
    """The run of ``tasks`` of the quiz in ``folder``, without what an interrupt left undone."""
    pack = Pack(setting.pack)
    measured: list[QuestionResult] = []
    notices: list[str] = []
    with progress() as display:
        display.start(len(tasks))
        drawing = results(
            tasks,
            setting,
            on_question=lambda task: display.question(task.linted.id, task.number),
            on_draw=display.draws,
            on_notice=notices.append,
        )
        try:
            for result in drawing:
                measured.append(result)
                display.finished(result)
        except KeyboardInterrupt:
            pass  # what is done is told
        finally:
            drawing.close()  # type: ignore[attr-defined]
    for notice in notices:
        print(notice, file=sys.stderr)
    questions = [q.question for q in linted.questions if q.question is not None]
    return Run(
        assemble(folder, linted.head, questions),
        pack.manifest.name,
        pack.digest,
        pack.embedded,
        {"python": platform.python_version(), **dict(_versions())},
        setting.seed,
        next((r.measurement.device for r in measured if r.measurement), ""),
        measured,
        len(tasks),
        (*(str(problem) for problem in linted.head_problems), *notes),
        tuple(pack.manifest.held_out),
    )


def chosen(linted: LintedQuiz, only: str | None) -> list[Task]:
    """The questions that ``only`` names, all where it is None. Raises QuizproofError."""
    tasks = [Task(number, question) for number, question in enumerate(linted.questions, 1)]
    if only is None:
        return tasks
    wanted = [name.strip() for name in only.split(",") if name.strip()]
    known = [task.linted.id for task in tasks]
    if unknown := [name for name in wanted if name not in known]:
        raise QuizproofError(
            f"--only names {', '.join(unknown)}, not in the quiz; it has {known[0]} … {known[-1]}"
        )
    if not wanted:
        raise QuizproofError("--only names no question; write it as q01,q10")
    return [task for task in tasks if task.linted.id in wanted]


def fetch_models(pack: Pack, tasks: Sequence[Task], probes: Mapping[str, Probe]) -> None:
    """Bring the hub's models that the questions need here; what cannot be fetched is told.

    Questions about it are then missing, and their measuring asks no network.
    """
    asked = [task.linted.question for task in tasks if not task.linted.broken]
    calls = [question.probe for question in asked if question is not None and question.probe]
    roles = {role for call in calls for role in probes[call.name].roles}
    for model in hub_models(pack.manifest, roles):
        try:
            fetch(model, bars=sys.stderr.isatty())
        except HubError as error:
            print(error, file=sys.stderr)


def _versions() -> list[tuple[str, str]]:
    found = []
    for name in _VERSIONS:
        try:
            found.append((name, version(name)))
        except PackageNotFoundError:
            continue
    return found
