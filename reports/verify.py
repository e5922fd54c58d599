"""``quizproof verify``: measure, judge, and write what was asked for."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from quizproof.probes.catalogue import catalogue
from quizproof.probes.engine.evidence.file import open_evidence_file
from quizproof.probes.engine.evidence.store import Store, StoreAwayError
from quizproof.probes.engine.results import Run
from quizproof.probes.engine.workers.spread import Measuring
from quizproof.probes.engine.workers.tasks import Setting
from quizproof.probes.packs.pack import Pack, pack_folder
from quizproof.questions.lint import LintedQuiz, lint_quiz
from quizproof.questions.problems import QuizproofError
from quizproof.questions.quiz import bundled_quiz
from quizproof.reports import exit_codes
from quizproof.reports.known_probes import known_probes
from quizproof.reports.many_packs import are_many, found_packs, verify_many
from quizproof.reports.measuring import Asked, By, chosen, fetch_models, measure_packs
from quizproof.reports.outputs import Outputs
from quizproof.reports.summary import summary_text


@dataclass(frozen=True)
class Source:
    """The packs that are measured, or the evidence that is judged from."""

    packs: Sequence[str]  # folders, or patterns of them; none: the quiz's pack
    evidence: Path | None  # a file that --evidence wrote
    seed: int
    store: str | None


def verify(
    quiz: str, source: Source, by: By, *, only: str | None, outputs: Outputs, strict: bool
) -> int:
    """The whole command; returns the exit code. Raises QuizproofError for wrong input."""
    folder, linted = quiz_with_key(quiz)
    asked = Asked(linted=linted, folder=folder, tasks=chosen(linted, only), probes=catalogue())
    with TemporaryDirectory() as passing:
        store = source.store
        if store is None and outputs.evidence is not None:
            store = passing
        if store is not None:
            try:
                Store(store)  # one that cannot be is no fault of a pack's
            except StoreAwayError as error:  # the verdicts are had all the same
                print(error, file=sys.stderr)
                store = passing if outputs.evidence is not None else None
        pictured = outputs.report is not None
        setting = Setting(
            pack=pack_folder(folder, linted.head),
            settled_by=linted.head.settled_by,
            seed=source.seed,
            store=store,
            illustrated=pictured,
            quiz=folder,
        )
        if are_many(source.packs):
            folders = found_packs(source.packs)
            outputs.make_folders()
            with closing(by.measuring(len(folders))) as measuring:
                return verify_many(asked, folders, setting, measuring, outputs, strict=strict)
        outputs.check()
        if source.evidence is not None:
            opened = open_evidence_file(source.evidence, Path(passing))
            setting = replace(
                setting,
                pack=opened.pack,
                seed=opened.seed,
                store=opened.store,
                alone_with=opened.made_with,
            )
            note = f"judged from {source.evidence.name} (SHA-256 {opened.sha256}): no model was run"
            asked = replace(asked, notes=[note])
        elif source.packs:
            setting = replace(setting, pack=Path(source.packs[0]))
        with closing(by.measuring(1)) as measuring:
            return _verify_one(asked, setting, measuring, outputs, strict=strict)


def quiz_with_key(quiz: str) -> tuple[Path, LintedQuiz]:
    """The folder of ``quiz``, and what lint says of it. Raises QuizproofError without a key."""
    folder = bundled_quiz(quiz)
    linted = lint_quiz(folder, known_probes())
    if linted.head.without_key:
        raise QuizproofError(
            f"{folder} has no key to verify: it was exported for students; "
            "quizproof check judges their answers"
        )
    return folder, linted


def _verify_one(
    asked: Asked, setting: Setting, measuring: Measuring, outputs: Outputs, *, strict: bool
) -> int:
    pack = Pack(setting.pack)
    if setting.alone_with is None:
        fetch_models(pack, asked.tasks, asked.probes)
    found = iter([(replace(setting, digest=pack.digest), pack)])
    codes = []

    def take(_: Setting, run: Run) -> None:
        written = outputs.write(run, asked.tasks, setting)
        whole = len(run.results) == run.asked
        print(summary_text(run, written, interrupted=not whole), end="")
        codes.append(exit_codes.exit_code(run, broken=asked.broken, strict=strict))

    if measure_packs(asked, found, measuring, packs=1, take=take):
        return codes[-1]
    return exit_codes.INTERRUPTED
