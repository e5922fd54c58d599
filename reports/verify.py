"""``quizproof verify``: measure, judge, and write what was asked for."""

from __future__ import annotations

import platform
import sys
from collections.abc import Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from quizproof.probes.hub import HubError, fetch, hub_models
from quizproof.probes.pack import EMBEDDED, Pack
from quizproof.probes.probe import Probe
from quizproof.probes.results import QuestionResult, Run
from quizproof.probes.worker import Setting, Task, results
from quizproof.questions.lint import LintedQuiz, lint_quiz
from quizproof.questions.problems import QuizproofError
from quizproof.questions.quiz import assemble, bundled_quiz
from quizproof.reports import exit_codes
from quizproof.reports.html import render_html
from quizproof.reports.json_report import json_report
from quizproof.reports.junit import junit_xml
from quizproof.reports.known_probes import known_probes
from quizproof.reports.progress import progress
from quizproof.reports.summary import summary_text

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


def verify(
    quiz: str,
    *,
    pack: Path | None,
    only: str | None,
    report: Path | None,
    json_file: Path | None,
    junit_file: Path | None,
    strict: bool,
    seed: int,
    store: str | None,
) -> int:
    """The whole command; returns the exit code. Raises QuizproofError for wrong input."""
    folder = bundled_quiz(quiz)
    probes = known_probes()
    linted = lint_quiz(folder, probes)
    opened = Pack(pack or EMBEDDED)
    tasks = _tasks(linted, only)
    for output in (json_file, junit_file):
        if output is not None and not output.parent.is_dir():
            raise QuizproofError(f"{output.parent} is no folder; make it first")
    _fetch_models(opened, tasks, probes)
    measured: list[QuestionResult] = []
    interrupted = False
    setting = Setting(opened.folder, linted.head.settled_by, seed, store)
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
            interrupted = True
        finally:
            drawing.close()  # type: ignore[attr-defined]
    for notice in notices:
        print(notice, file=sys.stderr)
    run = _run(linted, folder, opened, seed, measured, len(tasks))
    written = _write(run, report, json_file, junit_file)
    print(summary_text(run, written, interrupted=interrupted), end="")
    if interrupted:
        return exit_codes.INTERRUPTED
    broken = any(task.linted.broken for task in tasks) or bool(linted.head_problems)
    return exit_codes.exit_code(run, broken=broken, strict=strict)


def _tasks(linted: LintedQuiz, only: str | None) -> list[Task]:
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


def _fetch_models(pack: Pack, tasks: Sequence[Task], probes: Mapping[str, Probe]) -> None:
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


def _run(
    linted: LintedQuiz,
    folder: Path,
    pack: Pack,
    seed: int,
    measured: list[QuestionResult],
    asked: int,
) -> Run:
    questions = [q.question for q in linted.questions if q.question is not None]
    return Run(
        assemble(folder, linted.head, questions),
        pack.manifest.name,
        pack.digest,
        pack.embedded,
        {"python": platform.python_version(), **dict(_versions())},
        seed,
        next((r.measurement.device for r in measured if r.measurement), ""),
        measured,
        asked,
        tuple(str(problem) for problem in linted.head_problems),
        tuple(pack.manifest.held_out),
    )


def _versions() -> list[tuple[str, str]]:
    found = []
    for name in _VERSIONS:
        try:
            found.append((name, version(name)))
        except PackageNotFoundError:
            continue
    return found


def _write(
    run: Run, report: Path | None, json_file: Path | None, junit_file: Path | None
) -> list[Path]:
    written = []
    if report is not None:
        report.mkdir(parents=True, exist_ok=True)
        written.append((report / "index.html", render_html(run)))
    if json_file is not None:
        written.append((json_file, json_report(run)))
    if junit_file is not None:
        written.append((junit_file, junit_xml(run)))
    for path, text in written:
        path.write_text(text, encoding="utf-8")
    return [path for path, _ in written]
