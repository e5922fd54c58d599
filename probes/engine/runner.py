"""From a question and a pack to its result, in this process."""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cached_property
from typing import Any

from quizproof.probes.bench import Bench
from quizproof.probes.catalogue import catalogue
from quizproof.probes.engine.collect import ProbeError, collect
from quizproof.probes.engine.evidence.key import MadeWith, evidence_key, this_machine
from quizproof.probes.engine.evidence.record import Evidence
from quizproof.probes.engine.evidence.store import Store, StoreAwayError, StoreError
from quizproof.probes.engine.illustrator import Illustrator
from quizproof.probes.engine.measured import Measured, agree, judged
from quizproof.probes.engine.opened_files import opened_files, undeclared
from quizproof.probes.engine.plan import Plan
from quizproof.probes.engine.results import QuestionResult, State, unmeasured, with_zero_line
from quizproof.probes.engine.verdict import verdict
from quizproof.probes.engine.workers.memory import ran_out
from quizproof.probes.engine.zero_line import (
    ZeroLine,
    networks,
    no_weights,
    not_measured,
    zero_line,
)
from quizproof.probes.packs.language_roles import LANGUAGE_ROLES
from quizproof.probes.packs.pack import DigestError, MissingError, Pack
from quizproof.probes.packs.settling import (
    MODELS,
    lacking,
    pictures_looked_at,
    pictures_rested_on,
    settles,
    unnamed,
)
from quizproof.probes.probe import Probe
from quizproof.questions.lint import LintedQuestion
from quizproof.questions.problems import QuizproofError, one_line
from quizproof.questions.spec import Answer, Question, expected_answer

OnDraw = Callable[[int], None]
_UNKNOWN = ZeroLine((), None)


class Runner:
    """Measures the questions of a plan one after another, with models and pictures loaded once.

    What its store knows is not measured again, and what is measured is put into it.
    """

    def __init__(self, plan: Plan, notice: Callable[[str], None] = lambda line: None) -> None:
        """``told`` gets what a person should know, a line each.

        Raises QuizproofError for a pack that is wrong.
        """
        self.plan = plan
        self._notice = notice
        self.store: Store | None = None
        try:
            self.store = None if plan.store is None else Store(plan.store)
        except StoreAwayError as error:  # the verdicts are had all the same
            notice(str(error))
        self.pack = Pack(plan.pack)
        if plan.digest not in (None, self.pack.digest):
            raise DigestError(f"{plan.pack} was changed while it was being read; run it again")
        self._alone = plan.alone_with is not None
        self._made_with = plan.alone_with or this_machine()  # the evidence that is looked for
        self._benches: dict[int | None, Bench] = {}

    def result(self, linted: LintedQuestion, number: int, on_draw: OnDraw) -> QuestionResult:
        """The verdict on one question. Whatever goes wrong costs this question alone.

        Raises MemoryError alone, after which nothing else is to be asked of this process.
        """
        assert linted.question is not None
        began = time.perf_counter()
        try:
            measured = self._known_or_measured(linted, on_draw)
            result = self._judged(linted, number, began, measured)
            compared = with_zero_line(result, self._zero_line(linted, result.measured))
            return replace(compared, seconds=time.perf_counter() - began)
        except Exception as error:  # a probe may be anyone's code
            if ran_out(error):
                raise MemoryError from None
            state = State.MISSING if isinstance(error, MissingError) else State.FAILED
            reason = str(error) if isinstance(error, QuizproofError) else _where(error)
        return unmeasured(linted.question, number, state, reason, time.perf_counter() - began)

    def known(self, linted: LintedQuestion, number: int) -> QuestionResult | None:
        """The verdict on one question from what the store knows; None where it knows too little.

        No model is loaded, nor torch.
        """
        began = time.perf_counter()
        try:
            measured = [self._known(linted, randomized) for randomized in self._weights(linted)]
            known = [each for each in measured if each is not None]
            if len(known) < len(measured):
                return None
            result = self._judged(linted, number, began, known)
            line = self._zero_line(linted, result.measured, measure=False)
            return None if line is _UNKNOWN else with_zero_line(result, line)
        except Exception:  # it comes up again, and is told of, where the question is measured
            return None

    def _judged(
        self, linted: LintedQuestion, number: int, began: float, measured: list[Measured]
    ) -> QuestionResult:
        question, probe, parameters = _call(linted)
        together = agree(question, measured)
        may_say = settles(
            question.about, self.pack, self.plan.quiz.settled_by, probe.roles, parameters
        )
        said = verdict(question, together, settles=may_say, key=linted.key)
        return QuestionResult(
            question=question,
            number=number,
            state=said.state,
            reason=said.reason,
            expected=expected_answer(question),
            measured=said.measured,
            measurement=together,
            confidence=1 - self.plan.error if probe.stochastic else None,
            tolerance=None if probe.stochastic else probe.tolerance,
            seconds=time.perf_counter() - began,
            illustrations=tuple(
                self._illustrator.illustration(m)
                for m in together.shown.maps
                if self.plan.illustrated
            ),
            settles=may_say,
            finding=said.finding,
            unnamed=unnamed(question, self.plan.quiz.settled_by, probe.roles),
        )

    def _known_or_measured(self, linted: LintedQuestion, on_draw: OnDraw) -> list[Measured]:
        question, probe, _ = _call(linted)
        weights = self._weights(linted)
        done = 0
        found: list[Measured] = []
        for randomized in weights:
            measured = self._known(linted, randomized)
            if measured is None and self._alone:
                raise MissingError("the evidence file holds nothing of this, or too few draws")
            if measured is None:
                evidence = self._collected(
                    question,
                    randomized,
                    error=self.plan.error / len(weights),
                    on_draw=lambda draws, before=done: on_draw(before + draws),  # type: ignore[misc]
                )
                measured = self._said(question, probe, evidence, len(weights))
                assert measured is not None
            found.append(measured)
            done += measured.draws
        return found

    def _collected(
        self,
        question: Question,
        randomized: int | None,
        *,
        error: float,
        on_draw: OnDraw = lambda draws: None,
    ) -> Evidence:
        """Evidence that rests on nothing but what its key names, kept for the next time.

        Raises what ``collect`` raises, DigestError, and ProbeError for any other file that was
        opened, or where the code or a file changed meanwhile.
        """
        probe, parameters = _probe_of(question)
        key = self._key(probe, parameters, randomized)
        with opened_files() as opened:
            evidence = collect(
                question,
                probe,
                self._bench(randomized),
                error=error,
                draws=self.plan.draws,
                on_draw=on_draw,
            )
        self.pack.check_unchanged()
        given = map(self._bench(randomized).file, probe.files(parameters))
        if unknown := undeclared(opened, [*self.pack.opened, *given]):
            raise ProbeError(
                f"probe {probe.name} opened {unknown[0]}, which nothing declares; name it in a "
                "parameter of type File, and put it into the pack or beside the quiz"
            )
        if self._key(probe, parameters, randomized, this_machine()) != key:
            raise ProbeError(
                f"the code of probe {probe.name}, or a file that it is given, changed while it "
                "was measuring; run it again"
            )
        self._keep(probe, parameters, key, evidence)
        return evidence

    def _zero_line(
        self, linted: LintedQuestion, answer: Answer | None, *, measure: bool = True
    ) -> ZeroLine | None:
        """Return the answers of models that learned nothing to a question about a model.

        Where none of it is known and ``measure`` is false, that is ``_UNKNOWN``. Whatever goes
        wrong is said, and costs the question nothing else.
        """
        question, probe, parameters = _call(linted)
        if question.about != "model":
            return None
        if lacking := no_weights(self.pack, probe.roles):
            return ZeroLine((), None, lacking)
        evidence = []
        once = question.model_copy(update={"max_draws": 1})
        try:
            for network in networks(probe):
                key = self._key(probe, parameters, network)
                found = self.store.get(key) if self.store is not None else None
                if found is None and self._alone:
                    return not_measured("the evidence file holds nothing of it")
                if found is None and not measure:
                    return _UNKNOWN
                if found is None:
                    found = self._collected(once, network, error=self.plan.error)
                    self._forget_language(network)
                evidence.append(found)
        except Exception as error:
            if ran_out(error):
                raise
            return not_measured(str(error) if isinstance(error, QuizproofError) else _where(error))
        return zero_line(question, probe, answer, evidence)

    def _forget_language(self, network: int) -> None:
        """Let go of a randomised network's language models: five of them would fill the memory."""
        models = self._bench(network).models
        if models.keys() - {"classifier"}:
            del self._benches[network]

    def _weights(self, linted: LintedQuestion) -> list[int | None]:
        """Return the weights to measure: the pack's (None), a randomised network's by its number.

        Raises MissingError.
        """
        question, probe, _ = _call(linted)
        if missing := lacking(self.pack, probe.roles):
            raise MissingError(
                f"pack {self.pack.manifest.name} has no {', no '.join(missing)}, "
                f"which probe {probe.name} needs"
            )
        # what is not in the weights is true of a model that learned nothing, too
        method = question.about != "model" and not set(MODELS).isdisjoint(probe.roles)
        return [None, 0] if method else [None]

    def _known(self, linted: LintedQuestion, randomized: int | None) -> Measured | None:
        if self.store is None:
            return None
        question, probe, parameters = _call(linted)
        try:
            if not self._alone:
                self._check_parts(probe, parameters)
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

    def _key(
        self,
        probe: Probe,
        parameters: Mapping[str, Any],
        randomized: int | None,
        made_with: MadeWith | None = None,
    ) -> str:
        return evidence_key(
            probe,
            parameters,
            self.pack,
            randomized=randomized,
            seed=self.plan.seed,
            made_with=made_with or self._made_with,
            quiz=self.plan.folder,
        )

    @property
    def passes(self) -> int:
        """Number of passes so far, forward and backward; another thread may ask."""
        made = [bench.made for bench in list(self._benches.values())]
        return sum(passes.forward + passes.backward for passes in made)

    def keys(self, linted: LintedQuestion) -> list[str]:
        """The keys of the evidence that a question's result rests on. Raises MissingError."""
        question, probe, parameters = _call(linted)
        weights = self._weights(linted)
        if question.about == "model" and no_weights(self.pack, probe.roles) is None:
            weights += networks(probe)
        return [self._key(probe, parameters, randomized) for randomized in weights]

    def files(self, linted: LintedQuestion) -> dict[str, str]:
        """The SHA-256 of the files that a question's parameters name. Raises MissingError."""
        _, probe, parameters = _call(linted)
        named = probe.files(parameters)
        return {
            name: self._made_with.file(name, self.pack.folder, self.plan.folder) for name in named
        }

    def _keep(
        self, probe: Probe, parameters: Mapping[str, Any], key: str, evidence: Evidence
    ) -> None:
        if self.store is None:
            return
        try:
            self._check_parts(probe, parameters, pictures_rested_on)
        except QuizproofError:  # a probe may do without: its evidence is not that of the whole pack
            return
        try:
            self.store.put(key, evidence)
        except StoreError as error:
            self._notice(str(error))
            self.store = None  # one line is enough; the verdicts are had all the same

    def _check_parts(
        self,
        probe: Probe,
        parameters: Mapping[str, Any],
        pictures: Callable[[Mapping[str, Any], int], list[int]] = pictures_looked_at,
    ) -> None:
        """Raises where a file that the evidence rests on is not the one the manifest names."""
        if "classifier" in probe.roles:
            weights = self.pack.classifier.weights
            self.pack.path(weights.file, weights.sha256)
        if "pictures" in probe.roles:
            for number in pictures(parameters, len(self.pack.manifest.pictures)):
                picture = self.pack.picture(number)
                self.pack.path(picture.file, picture.sha256)
                for region in picture.regions.values():
                    if region.mask is not None and region.sha256 is not None:
                        self.pack.path(region.mask, region.sha256)
        for role in LANGUAGE_ROLES:
            if role in probe.roles:
                self.pack.check_role(role)

    def _bench(self, randomized: int | None) -> Bench:
        if randomized not in self._benches:
            self._benches[randomized] = Bench(
                self.pack, self.plan.seed, randomized, self.plan.folder
            )
        return self._benches[randomized]

    @cached_property
    def _illustrator(self) -> Illustrator:
        return Illustrator(self.pack)


def _call(linted: LintedQuestion) -> tuple[Question, Probe, Mapping[str, Any]]:
    """A question's probe, and its parameters with the defaults filled in."""
    assert linted.question is not None
    return linted.question, *_probe_of(linted.question)


def _probe_of(question: Question) -> tuple[Probe, Mapping[str, Any]]:
    assert question.probe is not None
    probe = catalogue()[question.probe.name]
    return probe, probe.complete(question.probe.parameters)


def _where(error: Exception) -> str:
    frame = traceback.extract_tb(error.__traceback__)[-1]
    name = frame.filename.replace("\\", "/").rsplit("/", 1)[-1]
    return one_line(
        f"the probe raised {type(error).__name__}: {error} ({name}:{frame.lineno}); mend the probe"
    )
