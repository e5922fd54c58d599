"""From a question to its result: evidence that is known or made, and what it says.

Nothing of a probe runs here, nor a model: evidence comes from the store, or as data from whoever
makes it, and is judged in this process.
"""

from __future__ import annotations

import time
from collections.abc import Generator, Iterator, Mapping
from concurrent.futures import CancelledError
from dataclasses import replace
from datetime import date
from functools import cached_property
from typing import Any, TypeVar

from quizproof.probes.catalogue import catalogue, owner_of
from quizproof.probes.declaration import Probe
from quizproof.probes.engine.acceptance import acceptance
from quizproof.probes.engine.collect import reason_of
from quizproof.probes.engine.collector import (
    Collect,
    Collector,
    Wanted,
    in_this_process,
    opened_pack,
)
from quizproof.probes.engine.events import Drew, Event, Finished, Notice
from quizproof.probes.engine.evidence.key import evidence_key, this_machine
from quizproof.probes.engine.evidence.record import Evidence
from quizproof.probes.engine.evidence.store import Store, StoreAwayError, StoreError
from quizproof.probes.engine.illustrator import Illustrator
from quizproof.probes.engine.measured import Measured, agree, judged
from quizproof.probes.engine.plan import Plan, Task
from quizproof.probes.engine.results import QuestionResult, State, unmeasured, with_zero_line
from quizproof.probes.engine.verdict import answer_of_key, verdict
from quizproof.probes.engine.zero_line import (
    ZeroLine,
    networks,
    no_weights,
    not_measured,
    zero_line,
)
from quizproof.probes.packs.pack import MissingError
from quizproof.probes.packs.parts_taken import parts_of
from quizproof.probes.packs.settling import (
    check_parts,
    has_architecture,
    pictures_looked_at,
    pictures_rested_on,
    settles,
    unnamed,
)
from quizproof.questions.lint import LintedQuestion
from quizproof.questions.problems import QuizproofError
from quizproof.questions.spec import Answer, Question

T = TypeVar("T")
_UNKNOWN = ZeroLine((), None)


class Runner:
    """Finds the results of a plan's questions, one after another.

    What its store knows is not made again, and what is made is put into it.
    """

    def __init__(self, plan: Plan, collect: Collect | None = None) -> None:
        """``collect``: who makes evidence; a Collector in this process where there is none.

        Raises QuizproofError for a pack that is wrong.
        """
        self.plan = plan
        self._notices: list[str] = []
        self.store: Store | None = None
        try:
            self.store = None if plan.store is None else Store(plan.store)
        except StoreAwayError as error:  # the verdicts are had all the same
            self._notices.append(str(error))
        self.pack = opened_pack(plan)
        self._given = collect
        self._alone = plan.alone_with is not None
        if plan.alone_with is not None:
            self.pack.unlisted = plan.alone_with.unlisted
        self._made_with = plan.alone_with or this_machine()  # the evidence that is looked for

    def events(self, task: Task) -> Iterator[Event]:
        """Yield what happens until ``task`` has its result, which comes last.

        Whatever goes wrong costs this question alone.
        """
        began = time.perf_counter()
        question = task.linted.question
        assert question is not None
        try:
            measured = yield from self._known_or_made(task.linted)
            result = self._judged(task, measured)
            line = yield from self._zero_line(task.linted, result.measured)
            result = with_zero_line(result, line)
        except CancelledError:  # nobody waits for a result any more
            raise
        except Exception as error:  # rules, too, may fail on what was measured
            state = State.MISSING if isinstance(error, MissingError) else State.FAILED
            result = unmeasured(question, task.number, state, reason_of(error), 0.0)
            result = replace(result, probe_at=task.linted.probe_at)
        yield from self.notices()
        yield Finished(replace(result, seconds=time.perf_counter() - began))

    def notices(self) -> Iterator[Notice]:
        """Yield lines that a person should read, each once."""
        while self._notices:
            yield Notice(self._notices.pop(0))

    def known(self, task: Task) -> QuestionResult | None:
        """The result of ``task`` by what the store knows; None where it knows too little."""
        began = time.perf_counter()
        try:
            weights = self._weights(task.linted)
            found = [self._known(task.linted, randomized) for randomized in weights]
            known = [each for each in found if each is not None]
            if len(known) < len(found):
                return None
            result = self._judged(task, known)
            line = returned(self._zero_line(task.linted, result.measured, make=False))
        except Exception:  # it comes up again, and is told of, where the question is measured
            return None
        if line is _UNKNOWN:
            return None
        return replace(with_zero_line(result, line), seconds=time.perf_counter() - began)

    def _judged(self, task: Task, measured: list[Measured]) -> QuestionResult:
        question, probe, parameters = self._call(task.linted)
        together = agree(question, measured)
        settled_by = self.plan.quiz.settled_by
        parts = parts_of(self.pack, probe, parameters)
        may_say = settles(question.about, self.pack, settled_by, parts, parameters)
        names = [(part.name, part.entry.kind) for part in parts]
        said = verdict(question, together, settles=may_say, key=task.linted.key)
        drawn = (together.shown, *together.shown_later) if self.plan.illustrated else ()
        sampled = probe.draws_anew(parameters)
        return QuestionResult(
            question=question,
            number=task.number,
            state=said.state,
            reason=said.reason,
            expected=answer_of_key(question, said.measured),
            measured=said.measured,
            measurement=together,
            confidence=1 - self.plan.error if sampled else None,
            tolerance=None if sampled else probe.tolerance,
            seconds=0.0,
            illustrations=self._illustrator.illustrations([draw.maps for draw in drawn], parts),
            settles=may_say,
            finding=said.finding,
            accepted=acceptance(question, said.state, said.measured, date.today()),
            unnamed=unnamed(question, settled_by, names),
            key_at=task.linted.key_at,
        )

    def _known_or_made(self, linted: LintedQuestion) -> Generator[Event, None, list[Measured]]:
        question, probe, parameters = self._call(linted)
        weights = self._weights(linted)
        done = 0
        found: list[Measured] = []
        for randomized in weights:
            measured = self._known(linted, randomized)
            if measured is None and self._alone:
                raise MissingError("the evidence file holds nothing of this, or too few draws")
            if measured is None:
                wanted = Wanted(
                    question=question,
                    parameters=parameters,
                    randomized=randomized,
                    error=self.plan.error / len(weights),
                    key=self._key(probe, parameters, randomized),
                    owner=owner_of(question, self.plan.beside),
                )
                evidence = yield from _counted_from(done, self._made(wanted))
                measured = self._said(question, probe, evidence, len(weights))
                if measured is None:
                    raise QuizproofError(f"probe {probe.name} ended before its draws decided")
            found.append(measured)
            done += measured.draws
        return found

    def _made(self, wanted: Wanted) -> Generator[Event, None, Evidence]:
        collect = self._given or self._in_this_process
        evidence = yield from collect(wanted)
        self._keep(wanted, evidence)
        return evidence

    def _zero_line(
        self, linted: LintedQuestion, answer: Answer | None, *, make: bool = True
    ) -> Generator[Event, None, ZeroLine | None]:
        """Return the answers of models that learned nothing to a question about a model.

        Where none of it is known and ``make`` is false, that is ``_UNKNOWN``. Whatever goes
        wrong is said, and costs the question nothing else.
        """
        question, probe, parameters = self._call(linted)
        if question.about != "model":
            return None
        parts = parts_of(self.pack, probe, parameters)
        if all(part.entry.randomizes is None for part in parts):
            return None  # nothing of it is a model
        if lacking := no_weights(parts):
            return ZeroLine((), None, lacking)
        evidence = []
        once = question.model_copy(update={"max_draws": 1})
        try:
            for network in networks(probe, parameters):
                key = self._key(probe, parameters, network)
                found = self.store.get(key) if self.store is not None else None
                if found is None and self._alone:
                    return not_measured("the evidence file holds nothing of it")
                if found is None and not make:
                    return _UNKNOWN
                if found is None:
                    wanted = Wanted(
                        question=once,
                        parameters=parameters,
                        randomized=network,
                        error=self.plan.error,
                        key=key,
                        owner=owner_of(question, self.plan.beside),
                        once=True,
                    )
                    found = yield from _counted_from(None, self._made(wanted))
                evidence.append(found)
        except CancelledError:
            raise
        except Exception as error:
            return not_measured(reason_of(error))
        return zero_line(question, probe, answer, evidence)

    def _weights(self, linted: LintedQuestion) -> list[int | None]:
        """Return the weights to measure: the pack's (None), a randomised network's by its number.

        Raises MissingError.
        """
        question, probe, parameters = self._call(linted)
        parts = parts_of(self.pack, probe, parameters)
        # what is not in the weights is true of a model that learned nothing, too
        twice = question.about != "model" and any(
            has_architecture(part.entry.kind) and part.entry.randomizes for part in parts
        )
        return [None, 0] if twice else [None]

    def _known(self, linted: LintedQuestion, randomized: int | None) -> Measured | None:
        if self.store is None:
            return None
        question, probe, parameters = self._call(linted)
        try:
            if not self._alone:
                parts = parts_of(self.pack, probe, parameters)
                check_parts(self.pack, parts, parameters, pictures_looked_at)
        except QuizproofError:  # the measuring says so, where it is a part that it looks at
            return None
        evidence = self.store.get(self._key(probe, parameters, randomized))
        if evidence is None:
            return None
        return self._said(question, probe, evidence, len(self._weights(linted)))

    def _said(
        self, question: Question, probe: Probe, evidence: Evidence, models: int
    ) -> Measured | None:
        return judged(
            question, probe, evidence, error=self.plan.error / models, draws=self.plan.draws
        )

    def _key(self, probe: Probe, parameters: Mapping[str, Any], randomized: int | None) -> str:
        return evidence_key(
            probe,
            parameters,
            self.pack,
            randomized=randomized,
            seed=self.plan.seed,
            made_with=self._made_with,
            quiz=self.plan.folder,
        )

    def keys(self, linted: LintedQuestion) -> list[str]:
        """The keys of the evidence that a question's result rests on. Raises MissingError."""
        question, probe, parameters = self._call(linted)
        weights = self._weights(linted)
        parts = parts_of(self.pack, probe, parameters)
        if question.about == "model" and no_weights(parts) is None:
            weights += networks(probe, parameters)
        return [self._key(probe, parameters, randomized) for randomized in weights]

    def files(self, linted: LintedQuestion) -> dict[str, str]:
        """The SHA-256 of the files that a question's parameters name. Raises MissingError."""
        _, probe, parameters = self._call(linted)
        named = probe.files(parameters)
        return {
            name: self._made_with.file(name, self.pack.folder, self.plan.folder) for name in named
        }

    def _keep(self, wanted: Wanted, evidence: Evidence) -> None:
        if self.store is None:
            return
        _, probe, _ = self._call_of(wanted.question)
        if evidence.started:
            line = (
                f"{wanted.question.id}: probe {probe.name} started another process "
                f"({evidence.started}), and what that read nobody knows: what was measured "
                "is not kept, and will be measured again"
            )
            self._notices += [] if line in self._notices else [line]
            return
        try:
            parts = parts_of(self.pack, probe, wanted.parameters)
            check_parts(self.pack, parts, wanted.parameters, pictures_rested_on)
        except QuizproofError:  # a probe may do without: its evidence is not that of the whole pack
            return
        try:
            self.store.put(wanted.key, evidence)
        except StoreError as error:
            self._notices.append(str(error))
            self.store = None  # one line is enough; the verdicts are had all the same

    def _call(self, linted: LintedQuestion) -> tuple[Question, Probe, Mapping[str, Any]]:
        assert linted.question is not None
        return self._call_of(linted.question)

    def _call_of(self, question: Question) -> tuple[Question, Probe, Mapping[str, Any]]:
        """A question, its probe, and the probe's parameters with the defaults filled in."""
        assert question.probe is not None
        probe = catalogue(self.plan.beside)[question.probe.name]
        return question, probe, probe.complete(question.probe.parameters)

    @cached_property
    def _in_this_process(self) -> Collect:
        return in_this_process(Collector(self.plan))

    @cached_property
    def _illustrator(self) -> Illustrator:
        return Illustrator(self.pack)


def returned(events: Generator[Event, None, T]) -> T:
    """What a generator returns in the end, whatever happens until then."""
    while True:
        try:
            next(events)
        except StopIteration as end:
            found: T = end.value
            return found


def _counted_from(done: int | None, events: Generator[Event, None, T]) -> Generator[Event, None, T]:
    """Count draws on from ``done``; None leaves them out, as none of the question's."""
    while True:
        try:
            event = next(events)
        except StopIteration as end:
            found: T = end.value
            return found
        if not isinstance(event, Drew):
            yield event
        elif done is not None:
            yield replace(event, draws=done + event.draws)
