"""The answers of hw09 on the embedded pack do not hang on the run's seed."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from numpy.typing import NDArray

from quizproof.probes.bench import Bench, N
from quizproof.probes.catalogue import catalogue
from quizproof.probes.declaration import Probe
from quizproof.probes.engine.collect import collect
from quizproof.probes.engine.evidence.record import Evidence
from quizproof.probes.engine.judging import rules_of
from quizproof.probes.engine.measured import Measured, judged
from quizproof.probes.packs.pack import EMBEDDED, Pack
from quizproof.probes.probe import Draw
from quizproof.questions.quiz import bundled_quiz, load_quiz
from quizproof.questions.spec import Question

pytestmark = pytest.mark.slow

SEEDS = 20
QUESTIONS = {q.id: q for q in load_quiz(bundled_quiz("hw09")).questions}
LIME = ["q01", "q02", "q03"]
SMOOTHGRAD = ["q10", "q12", "q13"]
CHEAP = ["q04", "q11", "q23"]


def probe_of(asked: Question) -> Probe:
    assert asked.probe is not None
    return catalogue()[asked.probe.name]


EXACT = [
    n for n, q in QUESTIONS.items() if q.probe and not probe_of(q).draws_anew(q.probe.parameters)
]


def test_every_question_is_tried() -> None:
    assert sorted([*LIME, *SMOOTHGRAD, *CHEAP, *EXACT]) == sorted(QUESTIONS)


@pytest.mark.parametrize("name", LIME)
def test_lime_s_answers_are_those_of_most_explanations(name: str) -> None:
    """Draws have nothing in common but the first, which is the notebook's whatever the seed."""
    asked = QUESTIONS[name].model_copy(update={"max_draws": SEEDS + 1})
    evidence = collect(asked, probe_of(asked), Bench(Pack(EMBEDDED), 16), draws=SEEDS + 1)
    first, *others = evidence.draws
    seeds = [_of(evidence, [first, *others[k:], *others[:k]]) for k in range(SEEDS)]
    _as_most_say(name, evidence.draws, [_judged(name, each) for each in seeds])


@pytest.mark.parametrize("name", SMOOTHGRAD)
def test_smoothgrad_s_answers_are_those_of_most_of_its_maps(name: str) -> None:
    asked = QUESTIONS[name]
    every = [collect(asked, probe_of(asked), Rotated(k)) for k in range(SEEDS)]
    whole = [evidence.draws[0] for evidence in every]  # of no picture an earlier draw was kept
    _as_most_say(name, whole, [_judged(name, each) for each in every])


@pytest.mark.parametrize("name", CHEAP)
def test_other_answers_are_the_same_under_every_seed(name: str) -> None:
    asked = QUESTIONS[name]
    every = [collect(asked, probe_of(asked), Bench(Pack(EMBEDDED), k)) for k in range(SEEDS)]
    _same_answer([_judged(name, each) for each in every])


@pytest.mark.parametrize("name", EXACT)
def test_exact_questions_do_not_know_the_seed(name: str) -> None:
    asked = QUESTIONS[name]
    one, other = (collect(asked, probe_of(asked), Bench(Pack(EMBEDDED), k)) for k in (16, 17))
    assert [d.values for d in one.draws] == [d.values for d in other.draws]


class Rotated(Bench):
    """A bench of twenty draws, which begins with draw ``first`` of them and goes round."""

    def __init__(self, first: int) -> None:
        super().__init__(Pack(EMBEDDED), 16, loaded={"classifier": _trained().part("classifier")})
        self._first = first

    def draw_seed(self, draw: int) -> int:
        return super().draw_seed((draw + self._first) % SEEDS)

    def of_draw(self, key: Hashable, compute: Callable[[], NDArray[N]]) -> NDArray[N]:
        assert isinstance(key, tuple)
        *what, draw = key
        return _kept((*what, (draw + self._first) % SEEDS), compute)


_MAPS: dict[Hashable, NDArray[np.generic]] = {}


def _kept(key: Hashable, compute: Callable[[], NDArray[N]]) -> NDArray[N]:
    if key not in _MAPS:
        _MAPS[key] = compute()
    found: NDArray[N] = _MAPS[key]  # type: ignore[assignment]
    return found


@cache
def _trained() -> Bench:
    return Bench(Pack(EMBEDDED), 16)


@pytest.fixture(scope="module", autouse=True)
def _forgotten() -> Iterator[None]:
    yield
    _MAPS.clear()


def _of(evidence: Evidence, draws: Sequence[Draw]) -> Evidence:
    return replace(evidence, draws=tuple(draws))


def _judged(name: str, evidence: Evidence) -> Measured:
    found = judged(QUESTIONS[name], probe_of(QUESTIONS[name]), evidence)
    assert found is not None
    return found


def _same_answer(seeds: Sequence[Measured]) -> None:
    for option in seeds[0].findings:
        said = {measured.findings[option].holds for measured in seeds} - {None}
        assert len(said) <= 1, f"{option} holds under some seeds and not under others"


def _as_most_say(name: str, draws: Sequence[Draw], seeds: Sequence[Measured]) -> None:
    """No two answers, and none but that of most of twenty whole draws."""
    _same_answer(seeds)
    for option, rule in rules_of(QUESTIONS[name]).items():
        held = sum(rule.holds(draw.values) for draw in draws[-SEEDS:])
        for said in {measured.findings[option].holds for measured in seeds} - {None}:
            assert held != SEEDS / 2, f"{option} holds in half of the draws"
            assert said is (held > SEEDS / 2), f"{option} holds in {held} of {SEEDS} draws"
