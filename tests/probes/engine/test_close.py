"""Thresholds that turn an answer when they are moved by a fifth are told, and no others are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import pytest

from quizproof.probes.bench import Bench
from quizproof.probes.methods import lime_draws
from quizproof.probes.methods.lime_explanation import Explanation, explain
from quizproof.probes.packs.pack import EMBEDDED, Pack
from quizproof.questions.quiz import bundled_quiz, load_quiz
from quizproof.questions.spec import Question, SingleChoice, Threshold
from tests.planted import look

pytestmark = pytest.mark.slow

SEED = 16  # the command line's
QUESTIONS = {q.id: q for q in load_quiz(bundled_quiz("hw09")).questions}


@pytest.fixture(scope="module", autouse=True)
def _explained_once() -> Iterator[None]:
    """What is painted of an explanation hangs on thresholds, too, and makes it no other one."""
    known: dict[Any, Explanation] = {}

    def once(classifier: Any, picture: Any, label: int, segments: Any, **how: Any) -> Explanation:
        chance = (
            how["seed"] if isinstance(how["seed"], int) else how["seed"].get_state()[1].tobytes()
        )
        place = None if isinstance(how["seed"], int) else how["seed"].get_state()[2]
        key = (label, segments.tobytes(), chance, place, how["samples"])
        if key not in known:
            known[key] = explain(classifier, picture, label, segments, **how)
        return known[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lime_draws, "explain", once)
        yield


@cache
def bench() -> Bench:
    return Bench(Pack(EMBEDDED), SEED, _room=1 << 30)  # for all maps of all questions


def answer(asked: Question) -> Mapping[str, bool | None]:
    """Which options hold on the embedded pack's own models."""
    assert asked.probe is not None
    found = look(asked, bench())
    return {option: finding.holds for option, finding in found.findings.items()}


def moved(asked: Question, name: str, factor: float) -> Question:
    """``asked`` with one of its thresholds multiplied by ``factor``."""
    threshold = asked.thresholds[name]
    if threshold.value is not None:
        changed = threshold.model_copy(update={"value": threshold.value * factor})
        return asked.model_copy(update={"thresholds": {**asked.thresholds, name: changed}})
    assert asked.probe is not None
    parameters = {
        **asked.probe.parameters,
        name: _scaled(asked.probe.parameters[name], factor),
    }
    call = asked.probe.model_copy(update={"parameters": parameters})
    return asked.model_copy(update={"probe": call})


def _scaled(value: Any, factor: float) -> Any:
    if isinstance(value, list):
        return [_scaled(each, factor) for each in value]
    if isinstance(value, int):  # by one at least
        return round(value * factor + (0.5 if factor > 1 else -0.5))
    return value * factor


@pytest.mark.parametrize("name", [n for n, q in QUESTIONS.items() if q.thresholds])
def test_the_list_of_close_thresholds_is_right(name: str) -> None:
    asked = QUESTIONS[name]
    found = answer(asked)
    turning = [
        threshold
        for threshold in asked.thresholds
        if any(answer(moved(asked, threshold, factor)) != found for factor in (0.8, 1.2))
    ]
    assert turning == asked.close


def test_a_threshold_that_turns_the_answer_is_found() -> None:
    asked = QUESTIONS["q06"]
    assert isinstance(asked, SingleChoice)
    at = look(asked, bench()).measurements["contrast_cake"].value
    assert isinstance(at, float)
    threshold = Threshold.model_validate({"value": at * 1.1, "from": "planted"})
    option = asked.options["a"].model_copy(update={"rule": "contrast_cake > most"})
    given = asked.model_copy(update={"options": {"a": option}, "thresholds": {"most": threshold}})
    turned = [answer(moved(given, "most", factor)) != answer(given) for factor in (0.8, 1.2)]
    assert sorted(turned) == [False, True]
