"""Tasks of a run: questions to be measured, on a pack, within limits."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from quizproof.probes.engine.results import QuestionResult, State, unmeasured
from quizproof.questions.lint import LintedQuestion
from quizproof.questions.spec import Question, SettledBy

if TYPE_CHECKING:
    from quizproof.probes.engine.evidence.key import MadeWith

ERROR = 0.01  # the probability with which a question's verdict may be wrong
PATIENCE = 600.0  # seconds without a draw or a pass after which a probe is taken to be stuck


@dataclass(frozen=True)
class Task:
    """A question and its place in the quiz, from 1."""

    number: int
    linted: LintedQuestion


@dataclass(frozen=True)
class Setting:
    """Setting of a run: its pack, its seed, its store of evidence, and how it measures."""

    pack: Path
    settled_by: SettledBy
    seed: int
    store: str | None = None  # the place of evidence that is kept; None: none is
    alone_with: MadeWith | None = None  # the store is all there is: nothing is measured
    digest: str | None = None  # of the pack's manifest, where it is known: no other is measured
    error: float = ERROR
    draws: int = 1  # the fewest of a question that draws decide, short of its ``max_draws``
    illustrated: bool = True  # whether results come with the pictures that a report shows
    quiz: Path | None = None  # its folder, for files beside it that a probe is given


@dataclass(frozen=True)
class Limits:
    """Limits of what one worker may take."""

    patience: float = PATIENCE
    memory: int | None = None  # bytes; None: as much as there is
    threads: int | None = None  # None: as many as torch takes


@dataclass(frozen=True)
class Share:
    """Questions on one pack, for one worker to measure one after another."""

    setting: Setting
    tasks: tuple[Task, ...]


def failed(task: Task, reason: str, seconds: float = 0.0) -> QuestionResult:
    """The result of a task that could not be measured."""
    question = task.linted.question or _unreadable(task.linted.id)
    return unmeasured(question, task.number, State.FAILED, reason, seconds)


def broken(task: Task) -> QuestionResult | None:
    """The result of a question whose file is wrong; None where nothing is."""
    if task.linted.question is not None and not task.linted.broken:
        return None
    problems = [*task.linted.broken, *task.linted.key]
    more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
    return failed(task, f"{problems[0]}{more}")


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
