"""A quiz measured on packs, with what a person sees of it meanwhile."""

from __future__ import annotations

import platform
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from quizproof.probes.engine.events import Began, Drew, Finished, Notice, Passed
from quizproof.probes.engine.results import QuestionResult, Run
from quizproof.probes.engine.workers.spread import (
    Happened,
    Here,
    Measuring,
    divided,
    sensible_workers,
    spread,
)
from quizproof.probes.engine.workers.tasks import PATIENCE, Setting, Share, Task
from quizproof.probes.packs.hub import HubError, fetch, hub_models
from quizproof.probes.packs.pack import Pack
from quizproof.probes.probe import Probe
from quizproof.questions.lint import LintedQuiz
from quizproof.questions.problems import QuizproofError
from quizproof.questions.quiz import assemble
from quizproof.reports.progress import Progress, progress

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


@dataclass(frozen=True)
class By:
    """The processes that measure: those of this machine, or a cluster's."""

    workers: int | None = None  # processes of this machine; None: as many as suit it
    memory: int | None = None  # bytes that each may take; None: a share of the machine's
    scheduler: str | None = None  # the address of a cluster in place of them
    patience: float = PATIENCE

    def measuring(self, packs: int) -> Measuring:
        """Raises QuizproofError for a scheduler that does not answer."""
        if self.scheduler is None:
            return Here(self.workers or sensible_workers(packs), self.memory, self.patience)
        from quizproof.probes.engine.workers.cluster import Cluster

        return Cluster(self.scheduler, self.memory, self.patience)


@dataclass(frozen=True)
class Asked:
    """The questions that are measured on every pack."""

    linted: LintedQuiz
    folder: Path  # of the quiz
    tasks: Sequence[Task]
    probes: Mapping[str, Probe]
    notes: Sequence[str] = ()

    @property
    def broken(self) -> bool:
        """True where a file of the quiz is wrong."""
        return any(task.linted.broken for task in self.tasks) or bool(self.linted.head_problems)


@dataclass(frozen=True)
class _UnderWay:
    setting: Setting
    pack: Pack
    results: list[QuestionResult] = field(default_factory=list)


def measure_packs(
    asked: Asked,
    settings: Iterator[tuple[Setting, Pack]],
    measuring: Measuring,
    *,
    packs: int,
    take: Callable[[Setting, Run], None],
    shown: Progress | None = None,
) -> bool:
    """Measure each of ``packs`` packs and hand ``take`` its run; whether all were measured whole.

    ``settings`` is asked for the next when there is a worker for it, and a run that was taken is
    not kept: there is no more in memory for more packs. Where a person interrupts it, or nobody
    measures any more, ``take`` is handed what was done by then; the latter is raised after that.
    """
    under_way: dict[Path, _UnderWay] = {}  # by the pack's folder
    parts = -(-measuring.count // max(1, packs))

    def shares() -> Iterator[Share]:
        for setting, pack in settings:
            under_way[setting.pack] = _UnderWay(setting, pack)
            for tasks in divided(asked.tasks, parts):
                yield Share(setting, tasks)

    def happened(event: Happened) -> None:
        setting = event.share.setting
        of = "" if packs == 1 else setting.pack.name
        match event.what:
            case Began(task):
                display.question(task.linted.id, task.number, of)
            case Drew(draws):
                display.draws(draws)
            case Passed(passes):
                display.passes(passes)
            case Notice(line):
                notices.setdefault(line)
            case Finished(result):
                done = under_way[setting.pack]
                done.results.append(result)  # first: an interrupt may come while it is shown
                display.finished(result, of)
                if len(done.results) == len(asked.tasks):
                    take(setting, _run(asked, done))
                    del under_way[setting.pack]

    notices: dict[str, None] = {}  # each once, in order
    try:
        with shown or progress() as display, closing(spread(shares(), measuring)) as happening:
            display.start(packs * len(asked.tasks))
            for event in happening:
                happened(event)
        return True
    except (KeyboardInterrupt, QuizproofError) as error:
        for done in under_way.values():
            take(done.setting, _run(asked, done))
        if isinstance(error, QuizproofError):
            raise
        return False
    finally:
        for notice in notices:
            print(notice, file=sys.stderr)


def measured_run(
    asked: Asked,
    setting: Setting,
    pack: Pack,
    measuring: Measuring,
    shown: Progress | None = None,
) -> Run:
    """The run on one pack; an interrupt gives what was done by then."""
    if not asked.tasks:
        return _run(asked, _UnderWay(setting, pack))
    if setting.alone_with is None:
        fetch_models(pack, asked.tasks, asked.probes)
    settings = iter([(replace(setting, digest=pack.digest), pack)])
    runs: list[Run] = []
    measure_packs(
        asked, settings, measuring, packs=1, take=lambda _, run: runs.append(run), shown=shown
    )
    if not runs:  # before anything was begun
        raise KeyboardInterrupt
    return runs[-1]


def _run(asked: Asked, done: _UnderWay) -> Run:
    linted, pack = asked.linted, done.pack
    results = sorted(done.results, key=lambda result: result.number)
    return Run(
        quiz=assemble(
            asked.folder, linted.head, [q.question for q in linted.questions if q.question]
        ),
        pack_name=pack.manifest.name,
        pack_digest=pack.digest,
        pack_embedded=pack.embedded,
        versions={"python": platform.python_version(), **_versions()},
        seed=done.setting.seed,
        device=next((r.measurement.device for r in results if r.measurement), ""),
        results=results,
        asked=len(asked.tasks),
        notes=(*(str(problem) for problem in linted.head_problems), *asked.notes),
        held_out=tuple(pack.manifest.held_out),
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


@cache
def _versions() -> dict[str, str]:
    found = {}
    for name in _VERSIONS:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found
