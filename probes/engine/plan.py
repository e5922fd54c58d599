"""The plan of a run: what is measured, on what, and how; made once and passed whole."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from quizproof.probes.beside import Beside
from quizproof.probes.engine.results import QuestionResult, State, unmeasured
from quizproof.probes.packs.pack import pack_folder
from quizproof.questions.lint import LintedQuestion, LintedQuiz
from quizproof.questions.problems import Problem
from quizproof.questions.quiz import assemble
from quizproof.questions.spec import Question, Quiz

if TYPE_CHECKING:
    from quizproof.probes.engine.evidence.file import Opened
    from quizproof.probes.engine.evidence.key import MadeWith

ERROR = 0.01  # the probability with which a question's verdict may be wrong


@dataclass(frozen=True)
class Task:
    """A question and its place in the quiz, from 1."""

    number: int
    linted: LintedQuestion


@dataclass(frozen=True)
class Plan:
    """Questions of a quiz on one pack: all of a run, or the share of it that one worker has."""

    quiz: Quiz  # with those of its questions that can be read
    folder: Path  # of the quiz: files beside it are for its probes
    tasks: tuple[Task, ...]
    pack: Path  # its folder
    seed: int
    beside: Beside | None = None  # the quiz's own probes
    store: str | None = None  # the place of evidence that is kept; None: none is
    alone_with: MadeWith | None = None  # the store is all there is: nothing is measured
    digest: str | None = None  # of the pack's manifest, where it is known: no other is measured
    error: float = ERROR
    draws: int = 1  # the fewest of a question that draws decide, short of its ``max_draws``
    illustrated: bool = True  # whether results come with the pictures that a report shows
    problems: tuple[Problem, ...] = ()  # of quiz.yaml, that cost no question
    judged_from: str = ""  # the evidence file, for people; empty: models are run

    @property
    def broken(self) -> bool:
        """True where a file of the quiz is wrong."""
        return bool(self.problems) or any(task.linted.broken for task in self.tasks)


def plan_of(
    folder: Path,
    linted: LintedQuiz,
    tasks: tuple[Task, ...],
    *,
    seed: int,
    store: str | None,
    pack: str | Path | None = None,
    beside: Beside | None = None,
) -> Plan:
    """Plan ``tasks`` of the quiz in ``folder`` on ``pack``: its folder, None for the quiz's own."""
    return Plan(
        quiz=assemble(folder, linted.head, [q.question for q in linted.questions if q.question]),
        folder=folder,
        tasks=tasks,
        pack=pack_folder(folder, linted.head, pack),
        seed=seed,
        beside=beside,
        store=store,
        problems=linted.head_problems,
    )


def from_evidence(plan: Plan, opened: Opened, name: str) -> Plan:
    """``plan`` judged from an evidence file called ``name``: no model is run."""
    return replace(
        plan,
        pack=opened.pack,
        seed=opened.seed,
        store=opened.store,
        alone_with=opened.made_with,
        beside=opened.beside,
        judged_from=f"{name} (SHA-256 {opened.sha256})",
    )


def failed(task: Task, reason: str, seconds: float = 0.0) -> QuestionResult:
    """The result of a task that could not be measured."""
    question = task.linted.question or _unreadable(task.linted.id)
    result = unmeasured(question, task.number, State.FAILED, reason, seconds)
    return replace(result, probe_at=task.linted.probe_at)


def broken(task: Task) -> QuestionResult | None:
    """The result of a question whose file is wrong; None where nothing is."""
    if task.linted.question is not None and not task.linted.broken:
        return None
    problems = [*task.linted.broken, *task.linted.key]
    more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
    return replace(failed(task, f"{problems[0]}{more}"), probe_at="")  # the problem says where


def _unreadable(name: str) -> Question:
    """Return the question that stands in a report for one whose file cannot be read."""
    from quizproof.questions.spec import SingleChoice, Text

    return SingleChoice(
        id=name,
        kind="single",
        points=0,
        about="model",
        prompt=Text(en="(this question's file cannot be read)", zh_hant="（無法讀取此題的檔案）"),
        options={},
    )
