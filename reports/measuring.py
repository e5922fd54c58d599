"""A quiz measured on packs, with what a person sees of it meanwhile."""

from __future__ import annotations

import platform
import sys
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from quizproof.probes.catalogue import catalogue
from quizproof.probes.engine.events import (
    Began,
    Doing,
    Drew,
    Event,
    Finished,
    Notice,
    Passed,
    Stopped,
)
from quizproof.probes.engine.evidence.store import Store, StoreAwayError
from quizproof.probes.engine.plan import Plan, Task
from quizproof.probes.engine.results import QuestionResult, Run
from quizproof.probes.engine.workers.here import Here, sensible_workers
from quizproof.probes.engine.workers.spread import Crew, divided, spread
from quizproof.probes.engine.workers.worker_process import PATIENCE
from quizproof.probes.measure_extra import require_measure
from quizproof.probes.packs.hub import HubError, fetch, hub_models
from quizproof.probes.packs.pack import Pack
from quizproof.probes.packs.parts_taken import names_taken
from quizproof.probes.packs.stretched import stretched
from quizproof.probes.picture_parameters import looked_at_by
from quizproof.probes.versions import versions_of
from quizproof.questions.lint import LintedQuiz
from quizproof.questions.problems import QuizproofError
from quizproof.reports.progress import Progress, progress
from quizproof.reports.telling import complain

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

    def crew(self, packs: int = 1) -> Crew:
        """Raises QuizproofError for a scheduler that does not answer."""
        if self.scheduler is None:
            return Here(self.workers or sensible_workers(packs), self.memory, self.patience)
        from quizproof.probes.engine.workers.cluster import Cluster

        return Cluster(self.scheduler, self.memory, self.patience)


@dataclass(frozen=True)
class _UnderWay:
    plan: Plan
    pack: Pack
    results: list[QuestionResult] = field(default_factory=list)


def runs(
    plans: Iterator[tuple[Plan, Pack]], crew: Crew, *, packs: int, shown: Progress | None = None
) -> Iterator[tuple[Plan, Run]]:
    """Measure each of ``packs`` packs, and yield its run once it is whole.

    ``plans`` is asked for the next when there is a worker for it, and a run that was yielded is
    not kept: there is no more in memory for more packs. Where a signal ends it, or nobody measures
    any more, what was done by then is yielded; the latter is raised after that.
    """
    under_way: dict[Path, _UnderWay] = {}  # by the pack's folder
    parts = -(-crew.count // max(1, packs))

    def shares() -> Iterator[Plan]:
        for number, (plan, pack) in enumerate(plans):
            if number == 0:
                display.start(packs * len(plan.tasks))
            under_way[plan.pack] = _UnderWay(plan, pack)
            yield from divided(plan, parts)

    notices: dict[str, None] = {}  # each once, in order
    try:
        with shown or progress() as display, closing(spread(shares(), crew)) as happening:
            for share, event in happening:
                if isinstance(event, Stopped):
                    yield from _by_then(under_way, event.signal)
                    return
                done = under_way[share.pack]
                _take(event, done, display, "" if packs == 1 else share.pack.name, notices)
                if len(done.results) == len(done.plan.tasks):
                    del under_way[share.pack]
                    yield done.plan, _run(done)
    except QuizproofError:
        yield from _by_then(under_way)
        raise
    finally:
        for notice in notices:
            complain(notice)


def one_run(plan: Plan, by: By, shown: Progress | None = None) -> Run:
    """Measure ``plan`` on its one pack; where a signal ends it, the run has what was done by then.

    Raises QuizproofError for a pack or a scheduler that is wrong.
    """
    if not plan.tasks:
        return _run(_UnderWay(plan, Pack(plan.pack)))
    with closing(by.crew()) as crew:
        [(_, run)] = runs(iter([ready(plan)]), crew, packs=1, shown=shown)
    return run


def ready(plan: Plan) -> tuple[Plan, Pack]:
    """``plan`` of exactly the pack that lies there now, with the models of a hub that it needs.

    Raises QuizproofError for a pack that is wrong, and where nothing is installed that measures.
    """
    if plan.alone_with is None:
        require_measure("measuring")
    pack = Pack(plan.pack)
    _fetch_models(plan, pack)
    return replace(plan, digest=pack.digest), pack


def _take(
    event: Event, done: _UnderWay, display: Progress, of: str, notices: dict[str, None]
) -> None:
    match event:
        case Began(task):
            display.question(task.linted.id, task.number, of, _most_draws(task, done.plan))
        case Doing(what):
            display.doing(what)
        case Drew(draws):
            display.draws(draws)
        case Passed(passes):
            display.passes(passes)
        case Notice(line):
            notices.setdefault(line)
        case Finished(result):
            done.results.append(result)
            display.finished(result, of)


def _most_draws(task: Task, plan: Plan) -> int:
    """Number of draws that a question takes at most, on all models together."""
    question = task.linted.question
    probe = catalogue(plan.beside).get(question.probe.name) if question and question.probe else None
    if question is None or question.probe is None or probe is None:
        return 1
    if not probe.draws_anew(question.probe.parameters):
        return 1
    return question.most_draws * (1 if question.about == "model" else 2)


def _by_then(under_way: Mapping[Path, _UnderWay], stopped: int = 0) -> Iterator[tuple[Plan, Run]]:
    """Yield the runs that are not whole."""
    for done in under_way.values():
        yield done.plan, replace(_run(done), stopped=stopped)


def _run(done: _UnderWay) -> Run:
    plan, pack = done.plan, done.pack
    devices = {r.measurement.device for r in done.results if r.measurement}
    return Run(
        quiz=plan.quiz,
        pack_name=pack.manifest.name,
        pack_digest=pack.digest,
        pack_embedded=pack.embedded,
        versions={"python": platform.python_version(), **versions_of(_VERSIONS)},
        seed=plan.seed,
        device=", ".join(sorted(devices - {""})),
        results=sorted(done.results, key=lambda result: result.number),
        asked=len(plan.tasks),
        notes=_notes(plan, pack),
        held_out=tuple(pack.manifest.held_out),
        finished=datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        beside=plan.beside,
    )


def _notes(plan: Plan, pack: Pack) -> tuple[str, ...]:
    notes = [str(problem) for problem in plan.problems]
    if plan.judged_from:
        notes.append(f"judged from {plan.judged_from}: no model was run")
    asked = {
        number
        for task in plan.tasks
        if task.linted.question is not None and task.linted.question.probe is not None
        for _, number in looked_at_by(task.linted.question.probe.parameters)
    }
    return (*notes, *stretched(pack, asked))


def chosen(linted: LintedQuiz, only: str | None = None) -> tuple[Task, ...]:
    """The questions that ``only`` names, all where it is None. Raises QuizproofError."""
    tasks = tuple(Task(number, question) for number, question in enumerate(linted.questions, 1))
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
    return tuple(task for task in tasks if task.linted.id in wanted)


def usable_store(place: str | None) -> str | None:
    """``place``, or None where it does not answer now, which is said: verdicts are had even so.

    Raises StoreError for one that cannot be a store: no fault of a question's.
    """
    if place is not None:
        try:
            Store(place)
        except StoreAwayError as error:
            complain(error)
            return None
    return place


def _fetch_models(plan: Plan, pack: Pack) -> None:
    """Bring the hub's models that the questions need here; what cannot be fetched is told.

    Questions about it are then missing, and their measuring asks no network.
    """
    if plan.alone_with is not None:
        return
    asked = [task.linted.question for task in plan.tasks if not task.linted.broken]
    calls = [question.probe for question in asked if question is not None and question.probe]
    names = {
        name: None
        for call in calls
        for name, _ in names_taken(pack, catalogue(plan.beside)[call.name], call.parameters)[0]
    }
    entries = [pack.manifest.parts[name] for name in names if name in pack.manifest.parts]
    for model in hub_models(entries):
        try:
            fetch(model, bars=sys.stderr.isatty())
        except HubError as error:
            complain(error)
