"""Files that are written of a run, and their places."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from quizproof.probes.catalogue import catalogue
from quizproof.probes.declaration import Probe
from quizproof.probes.engine.evidence.file import write_evidence_file
from quizproof.probes.engine.evidence.signature import signing_key
from quizproof.probes.engine.plan import Plan
from quizproof.probes.engine.results import Run
from quizproof.probes.engine.runner import Runner
from quizproof.questions.problems import QuizproofError
from quizproof.reports.junit import junit_xml
from quizproof.reports.output_paths import PAGE, check_outputs, page_in
from quizproof.reports.written import Written


@dataclass(frozen=True)
class Outputs:
    """The files that are asked for; None: not this one."""

    report: Path | None = None  # a folder
    json: Path | None = None
    junit: Path | None = None
    evidence: Path | None = None
    sign_key: Path | None = None  # that the evidence is signed with
    back: str = ""  # the page that leads to the report, as a link

    def check(self) -> None:
        """Raises QuizproofError where a file could not be written in the end."""
        self._check_key()
        check_outputs([self.json, self.junit, self.evidence], [self.report])

    def make_folders(self) -> None:
        """Make each a folder, for the files of many packs. Raises QuizproofError, OSError."""
        self._check_key()
        for output in (self.report, self.json, self.junit, self.evidence):
            if output is None:
                continue
            if output.exists() and not output.is_dir():
                raise QuizproofError(
                    f"{output} is a file; with several packs, name a folder: each has its own file"
                )
            check_outputs(folders=[output])
            output.mkdir(parents=True, exist_ok=True)

    def _check_key(self) -> None:
        if self.sign_key is None:
            return
        if self.evidence is None:
            raise QuizproofError("--sign-key signs what --evidence writes; name that file, too")
        signing_key(self.sign_key)

    def of(self, name: str) -> Outputs:
        """Those of one of many packs."""
        return Outputs(
            report=self.report and self.report / name,
            json=self.json and self.json / f"{name}.json",
            junit=self.junit and self.junit / f"{name}.xml",
            evidence=self.evidence and self.evidence / f"{name}.evidence",
            sign_key=self.sign_key,
            back=f"../{PAGE}",
        )

    def write(self, run: Run, plan: Plan) -> Written:
        """Write them, as far as that can be done."""
        written = Written()
        if self.report is not None:
            from quizproof.reports.html import render_html  # nobody else waits for templates

            written.write(page_in(self.report), lambda: render_html(run, self.back))
        if self.json is not None:
            from quizproof.reports.json_report import json_report  # nor for models of its JSON

            written.write(self.json, lambda: json_report(run))
        if self.junit is not None:
            written.write(self.junit, lambda: junit_xml(run))
        written.make(lambda: _write_evidence(self.evidence, plan, self.sign_key))
        return written


def _write_evidence(path: Path | None, plan: Plan, sign_key: Path | None) -> list[str]:
    """The evidence that verdicts on the plan's questions rest on, as far as there is any."""
    if path is None or plan.store is None:
        return []
    runner = Runner(plan)
    if runner.store is None:
        return []
    keys: list[str] = []
    probes: dict[str, Probe] = {}
    files: dict[str, str] = {}
    for task in plan.tasks:
        question = task.linted.question
        if question is None or question.probe is None or task.linted.broken:
            continue
        try:
            keys += runner.keys(task.linted)
            files |= runner.files(task.linted)
        except QuizproofError:  # missing, and told to be
            continue
        probes[question.probe.name] = catalogue(plan.beside)[question.probe.name]
    digest = write_evidence_file(
        path,
        runner.pack,
        runner.store,
        keys=keys,
        probes=probes.values(),
        files=files,
        quiz=plan.quiz.id,
        seed=plan.seed,
        sign_key=sign_key,
        beside=plan.beside,
    )
    return [f"{path} (SHA-256 {digest}{', signed' if sign_key else ''})"]
