"""``quizproof verify``: measure, judge, and write what was asked for."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from quizproof.probes.engine.plan import Plan, plan_of
from quizproof.probes.measure_extra import require_measure
from quizproof.questions.lint import LintedQuiz, lint_quiz
from quizproof.questions.problems import QuizproofError
from quizproof.questions.quiz import bundled_quiz
from quizproof.reports import exit_codes
from quizproof.reports.judged_from import judged_from
from quizproof.reports.known_parts import known_parts
from quizproof.reports.known_probes import QuizProbes, probes_of_quiz
from quizproof.reports.many_packs import are_many, found_packs, verify_many
from quizproof.reports.measuring import By, chosen, ready, runs, usable_store
from quizproof.reports.outputs import Outputs
from quizproof.reports.summary import summary_text
from quizproof.reports.telling import tell_all


@dataclass(frozen=True)
class Source:
    """The packs that are measured, or the evidence that is judged from."""

    packs: Sequence[str]  # folders, or patterns of them; none: the quiz's pack
    evidence: Path | None  # a file that --evidence wrote
    seed: int
    store: str | None
    verify_key: Path | None = None  # whose owner has to have signed that file


def verify(
    quiz: str, source: Source, by: By, *, only: str | None, outputs: Outputs, strict: bool
) -> int:
    """The whole command; returns the exit code. Raises QuizproofError for wrong input."""
    folder, linted, probes = quiz_with_key(quiz, source.evidence)
    one = source.evidence is None and not are_many(source.packs)
    if one and any(question.broken for question in linted.questions):
        linted = _by_its_pack(folder, linted, probes, source.packs[0] if source.packs else None)
    tasks = chosen(linted, only)
    with TemporaryDirectory() as passing:
        store = usable_store(source.store)
        if store is None and outputs.evidence is not None:
            store = passing
        plan = plan_of(folder, linted, tasks, seed=source.seed, store=store, beside=probes.beside)
        plan = replace(plan, illustrated=outputs.report is not None)
        if are_many(source.packs):
            require_measure("measuring")  # a line for each pack would say the same
            folders = found_packs(source.packs)
            outputs.make_folders()
            with closing(by.crew(len(folders))) as crew:
                return verify_many(plan, folders, crew, outputs, strict=strict)
        outputs.check()
        if source.evidence is not None:
            if outputs.evidence is not None:
                raise QuizproofError("--evidence writes what was measured; --from measures nothing")
            place, key = Path(passing), source.verify_key
            plan = judged_from(plan, linted, source.evidence, place, key)
        elif source.packs:
            plan = replace(plan, pack=Path(source.packs[0]))
        return _verify_one(plan, by, outputs, strict=strict)


def _by_its_pack(
    folder: Path, linted: LintedQuiz, probes: QuizProbes, pack: str | None
) -> LintedQuiz:
    """``linted`` with what is wrong with broken questions as ``pack``, or the quiz's, explains it.

    The others are measured: that says what the pack lacks.
    """
    explained = lint_quiz(folder, probes.known, parts=known_parts(folder, pack)).questions
    questions = zip(linted.questions, explained, strict=True)
    return replace(linted, questions=tuple(new if old.broken else old for old, new in questions))


def quiz_with_key(quiz: str, evidence: Path | None = None) -> tuple[Path, LintedQuiz, QuizProbes]:
    """The folder of ``quiz``, what lint says of it, and its probes, where need be by ``evidence``.

    Raises QuizproofError without a key.
    """
    folder = bundled_quiz(quiz)
    probes = probes_of_quiz(folder, evidence)
    linted = lint_quiz(folder, probes.known)
    if linted.head.without_key:
        raise QuizproofError(
            f"{folder} has no key to verify: it was exported for students; "
            "quizproof check judges their answers"
        )
    return folder, linted, probes


def _verify_one(plan: Plan, by: By, outputs: Outputs, *, strict: bool) -> int:
    with closing(by.crew()) as crew:
        for _, run in runs(iter([ready(plan)]), crew, packs=1):
            written = outputs.write(run, plan)
            tell_all(summary_text(run, written.files))
            written.check()
            code = exit_codes.exit_code(run, broken=plan.broken, strict=strict)
    return code
