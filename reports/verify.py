"""``quizproof verify``: measure, judge, and write what was asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from quizproof.probes.evidence_file import open_evidence_file, write_evidence_file
from quizproof.probes.evidence_key import package_of
from quizproof.probes.evidence_store import Store
from quizproof.probes.pack import EMBEDDED, Pack
from quizproof.probes.probe import catalogue
from quizproof.probes.results import Run
from quizproof.probes.runner import Runner
from quizproof.probes.worker import Setting, Task
from quizproof.questions.lint import lint_quiz
from quizproof.questions.problems import QuizproofError
from quizproof.questions.quiz import bundled_quiz
from quizproof.reports import exit_codes
from quizproof.reports.html import render_html
from quizproof.reports.json_report import json_report
from quizproof.reports.junit import junit_xml
from quizproof.reports.known_probes import known_probes
from quizproof.reports.measuring import chosen, fetch_models, measured_run
from quizproof.reports.summary import summary_text


@dataclass(frozen=True)
class Outputs:
    """What is written of a run."""

    report: Path | None = None  # a folder
    json: Path | None = None
    junit: Path | None = None
    evidence: Path | None = None


def verify(
    quiz: str,
    *,
    pack: Path | None,
    evidence: Path | None,
    only: str | None,
    outputs: Outputs,
    strict: bool,
    seed: int,
    store: str | None,
) -> int:
    """The whole command; returns the exit code. Raises QuizproofError for wrong input.

    Measures ``pack``, or judges from the file ``evidence`` alone.
    """
    folder = bundled_quiz(quiz)
    probes = known_probes()
    linted = lint_quiz(folder, probes)
    tasks = chosen(linted, only)
    for output in (outputs.json, outputs.junit, outputs.evidence):
        if output is not None and not output.parent.is_dir():
            raise QuizproofError(f"{output.parent} is no folder; make it first")
    with TemporaryDirectory() as passing:
        notes: list[str] = []
        if evidence is not None:
            opened = open_evidence_file(evidence, Path(passing))
            setting = Setting(
                opened.pack, linted.head.settled_by, opened.seed, opened.store, opened.made_with
            )
            notes.append(f"judged from {evidence.name} (SHA-256 {opened.sha256}): no model was run")
        else:
            setting = Setting((pack or EMBEDDED), linted.head.settled_by, seed, store)
            if store is None and outputs.evidence is not None:
                setting = Setting(setting.pack, setting.settled_by, seed, passing)
            fetch_models(Pack(setting.pack), tasks, probes)
        run = measured_run(linted, folder, tasks, setting, notes)
        written = [*_write(run, outputs), *_write_evidence(outputs.evidence, tasks, setting)]
    interrupted = len(run.results) < run.asked
    print(summary_text(run, written, interrupted=interrupted), end="")
    if interrupted:
        return exit_codes.INTERRUPTED
    broken = any(task.linted.broken for task in tasks) or bool(linted.head_problems)
    return exit_codes.exit_code(run, broken=broken, strict=strict)


def _write(run: Run, outputs: Outputs) -> list[str]:
    written = []
    if outputs.report is not None:
        outputs.report.mkdir(parents=True, exist_ok=True)
        written.append((outputs.report / "index.html", render_html(run)))
    if outputs.json is not None:
        written.append((outputs.json, json_report(run)))
    if outputs.junit is not None:
        written.append((outputs.junit, junit_xml(run)))
    for path, text in written:
        path.write_text(text, encoding="utf-8")
    return [str(path) for path, _ in written]


def _write_evidence(path: Path | None, tasks: Sequence[Task], setting: Setting) -> list[str]:
    """The evidence that verdicts on ``tasks`` rest on; a question without any is left out."""
    if path is None or setting.store is None:
        return []
    pack, store = Pack(setting.pack), Store(setting.store)
    runner = Runner(pack, setting.settled_by, setting.seed, store)
    keys, packages = [], {"quizproof"}
    for task in tasks:
        question = task.linted.question
        if question is None or question.probe is None or task.linted.broken:
            continue
        try:
            keys += runner.keys(task.linted)
        except QuizproofError:  # missing, and told to be
            continue
        packages.add(package_of(catalogue()[question.probe.name]))
    digest = write_evidence_file(path, pack, store, keys, sorted(packages), setting.seed)
    return [f"{path} (SHA-256 {digest})"]
