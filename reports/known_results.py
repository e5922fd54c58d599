"""Results of a quiz's questions by kept evidence; nothing is measured, and no torch is imported."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from quizproof.probes.engine.evidence.file import open_evidence_file
from quizproof.probes.engine.results import QuestionResult
from quizproof.probes.engine.workers.tasks import Setting
from quizproof.probes.engine.workers.worker import runner_for
from quizproof.probes.packs.pack import pack_folder
from quizproof.questions.lint import LintedQuiz
from quizproof.reports.given import SEED


@dataclass(frozen=True)
class Evidence:
    """The place where evidence is looked for."""

    file: Path | None = None  # that ``verify --evidence`` wrote; else the store is asked
    store: str | None = None
    pack: Path | None = None  # None: the quiz's


def known_results(quiz: Path, linted: LintedQuiz, evidence: Evidence) -> dict[str, QuestionResult]:
    """The verdicts that are known, by question, without their pictures.

    ``quiz`` is the folder of ``linted``. Raises QuizproofError.
    """
    known = {}
    with _setting(quiz, linted, evidence) as setting:
        if setting.store is None:
            return {}
        runner = runner_for(setting)
        for number, question in enumerate(linted.questions, 1):
            if question.question is None or question.broken:
                continue
            if (result := runner.known(question, number)) is not None:
                known[question.id] = replace(result, illustrations=())
    return known


@contextmanager
def _setting(quiz: Path, linted: LintedQuiz, evidence: Evidence) -> Iterator[Setting]:
    settled_by = linted.head.settled_by
    if evidence.file is None:
        pack = pack_folder(quiz, linted.head, evidence.pack)
        yield Setting(pack=pack, settled_by=settled_by, seed=SEED, store=evidence.store, quiz=quiz)
        return
    with TemporaryDirectory() as passing:
        opened = open_evidence_file(evidence.file, Path(passing))
        made_with = opened.made_with
        yield Setting(
            pack=opened.pack,
            settled_by=settled_by,
            seed=opened.seed,
            store=opened.store,
            alone_with=made_with,
            quiz=quiz,
        )
