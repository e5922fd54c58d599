"""A plan judged from an evidence file in place of a model."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from quizproof.probes.engine.evidence.file import EvidenceFileError, Opened, open_evidence_file
from quizproof.probes.engine.evidence.store import Store
from quizproof.probes.engine.plan import Plan, from_evidence
from quizproof.probes.engine.runner import Runner
from quizproof.questions.lint import LintedQuiz
from quizproof.questions.problems import QuizproofError


def judged_from(
    plan: Plan, linted: LintedQuiz, path: Path, folder: Path, verify_key: Path | None = None
) -> Plan:
    """``plan`` judged from ``path``, which is unpacked into the empty ``folder``.

    Raises EvidenceFileError where it is evidence of another quiz than ``linted``.
    """
    opened = open_evidence_file(path, folder, verify_key)
    judged = from_evidence(plan, opened, path.name)
    name = linted.head.id
    if not _may_be_of(opened, linted) and _is_of_others(judged, linted):
        raise EvidenceFileError(
            f"{path} is evidence of {opened.quiz or 'another quiz'} and holds nothing of {name}; "
            "name the quiz it is of, or make one of this quiz with verify --evidence FILE"
        )
    return judged


def _may_be_of(opened: Opened, linted: LintedQuiz) -> bool:
    """True where only questions of ``linted`` may have changed since.

    A file that names no quiz is taken for that of any quiz with whose probes it was made.
    """
    if opened.quiz is not None:
        return opened.quiz == linted.head.id
    questions = [each.question for each in linted.questions]
    asked = {question.probe.name for question in questions if question and question.probe}
    return not asked.isdisjoint(opened.made_with.digests or {})


def _is_of_others(plan: Plan, linted: LintedQuiz) -> bool:
    """True where ``plan`` has evidence, and none of any question of the quiz."""
    assert plan.store is not None
    kept = {entry.key for entry in Store(plan.store).entries()}
    runner = Runner(replace(plan, illustrated=False))
    for each in linted.questions:
        if each.question is not None and each.question.probe is not None and not each.broken:
            with suppress(QuizproofError):  # missing in the pack: the file cannot be of it
                if not kept.isdisjoint(runner.keys(each)):
                    return False
    return bool(kept)
