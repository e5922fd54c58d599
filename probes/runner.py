"""From a question and a pack to its result, in this process."""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from quizproof.probes.bench import Bench
from quizproof.probes.language_roles import LANGUAGE_MODELS
from quizproof.probes.measure import Measured, agree, measure
from quizproof.probes.pack import MissingError, Pack
from quizproof.probes.probe import Map, Probe, catalogue
from quizproof.probes.results import Illustration, QuestionResult, State, unmeasured
from quizproof.probes.settling import lacking, settles
from quizproof.probes.verdict import verdict
from quizproof.questions.lint import LintedQuestion
from quizproof.questions.problems import QuizproofError, one_line
from quizproof.questions.spec import Question, SettledBy, expected_answer

ERROR = 0.01
_MODELS = {"classifier", *LANGUAGE_MODELS}

OnDraw = Callable[[int], None]


@dataclass
class Runner:
    """Measures questions one after another, with models and pictures loaded once."""

    pack: Pack
    settled_by: SettledBy
    seed: int

    def result(self, linted: LintedQuestion, number: int, on_draw: OnDraw) -> QuestionResult:
        """The verdict on one question. Whatever goes wrong costs this question alone."""
        assert linted.question is not None
        began = time.perf_counter()
        try:
            return self._measured(linted, linted.question, number, on_draw, began)
        except MissingError as error:
            state, reason = State.MISSING, str(error)
        except QuizproofError as error:
            state, reason = State.FAILED, str(error)
        except Exception as error:  # a probe may be anyone's code
            state, reason = State.FAILED, _where(error)
        return unmeasured(linted.question, number, state, reason, time.perf_counter() - began)

    def _measured(
        self,
        linted: LintedQuestion,
        question: Question,
        number: int,
        on_draw: OnDraw,
        began: float,
    ) -> QuestionResult:
        assert question.probe is not None
        probe = catalogue()[question.probe.name]
        parameters = probe.complete(question.probe.parameters)
        benches = self._benches(question, probe)
        done = 0
        measured: list[Measured] = []
        for bench in benches:
            taken = measure(
                question,
                probe,
                bench,
                error=ERROR / len(benches),
                on_draw=lambda draws, before=done: on_draw(before + draws),  # type: ignore[misc]
            )
            measured.append(taken)
            done += taken.draws
        together = agree(question, measured)
        # what is true of a method, any model may say
        may_say = question.about == "method" or settles(
            self.pack, self.settled_by, probe.roles, parameters
        )
        state, answer, reason = verdict(question, together, settles=may_say, key=linted.key)
        return QuestionResult(
            question,
            number,
            state,
            reason,
            expected_answer(question),
            answer,
            together,
            1 - ERROR if probe.stochastic else None,
            None if probe.stochastic else probe.tolerance,
            time.perf_counter() - began,
            tuple(self._illustration(shown) for shown in together.maps),
        )

    def _benches(self, question: Question, probe: Probe) -> list[Bench]:
        if missing := lacking(self.pack, probe.roles):
            raise MissingError(
                f"pack {self.pack.manifest.name} has no {', no '.join(missing)}, "
                f"which probe {probe.name} needs"
            )
        if question.about == "method" and not _MODELS.isdisjoint(probe.roles):
            # what is true of the method is true of a model that learned nothing, too
            return [self._bench, self._twin]
        return [self._bench]

    @cached_property
    def _bench(self) -> Bench:
        return Bench(self.pack, self.seed)

    @cached_property
    def _twin(self) -> Bench:
        return Bench(self.pack, self.seed, twin=True)

    def _illustration(self, shown: Map) -> Illustration:
        if shown.picture is None:
            return Illustration(shown, None, {})
        picture = self._bench.picture(shown.picture)
        return Illustration(
            shown,
            picture.permute(1, 2, 0).cpu().numpy(),
            {name: self._bench.region(shown.picture, name) for name in shown.regions},
        )


def _where(error: Exception) -> str:
    frame = traceback.extract_tb(error.__traceback__)[-1]
    name = frame.filename.replace("\\", "/").rsplit("/", 1)[-1]
    return one_line(
        f"the probe raised {type(error).__name__}: {error} ({name}:{frame.lineno}); mend the probe"
    )
