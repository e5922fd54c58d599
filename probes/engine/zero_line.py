"""Answers of models that learned nothing: they tell what a verdict about one model is worth.

A question about a model is put to the same architecture with random weights, too. Where these give
the answer that was measured, what was learned has no part in it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from quizproof.probes.engine.evidence.record import Evidence
from quizproof.probes.engine.judge import ExactJudge
from quizproof.probes.engine.judging import rules_of
from quizproof.probes.engine.measured import without_ties
from quizproof.probes.kinds.kind import Part
from quizproof.probes.probe import Probe
from quizproof.questions.problems import one_line
from quizproof.questions.spec import Answer, Blanks, NumberBlank, Ordering, Question, Text
from quizproof.questions.tolerance import bounds_around, decimal

_EXACT = 5  # networks, where one draw is all there is
_SAMPLED = 1  # with a single whole draw


@dataclass(frozen=True)
class ZeroLine:
    """The answers of models with random weights, each from one draw."""

    answers: tuple[Answer | None, ...]  # None where that model leaves the answer open
    same: int | None  # how many are the answer that was measured; None where none was
    lacking: Text | None = None  # why there are no answers

    @property
    def open(self) -> int:
        """Number of the models that leave the answer open."""
        return self.answers.count(None)


def networks(probe: Probe, parameters: Mapping[str, Any]) -> range:
    """The numbers of the randomised networks that a call of ``probe`` is run on."""
    return range(_SAMPLED if probe.draws_anew(parameters) else _EXACT)


def no_weights(parts: Sequence[Part[Any]]) -> Text | None:
    """Return why nothing of ``parts`` can be randomised; None where there are weights."""
    if fixed := next((part for part in parts if part.entry.randomizes is False), None):
        return Text(
            en=f"{fixed.description} has no weights to randomise",
            zh_hant=f"{fixed.description} 沒有可以隨機化的權重",
        )
    return None


def not_measured(reason: str) -> ZeroLine:
    """A zero line that could not be drawn, and why."""
    said = one_line(reason)
    return ZeroLine(
        (),
        None,
        Text(
            en=f"no model with random weights was measured: {said}",
            zh_hant=f"未能量測隨機權重的模型：{said}",
        ),
    )


def zero_line(
    question: Question, probe: Probe, measured: Answer | None, evidence: Sequence[Evidence]
) -> ZeroLine:
    """The answers that the first draws of ``evidence``, one of each network, give."""
    answers = tuple(_answer(question, probe, each) for each in evidence)
    if measured is None:
        return ZeroLine(answers, None)
    return ZeroLine(answers, sum(_same(question, measured, answer) for answer in answers))


def _answer(question: Question, probe: Probe, evidence: Evidence) -> Answer | None:
    """Return the first draw's answer; None where what is unknown of it leaves another possible."""
    first = evidence.draws[0]
    if isinstance(question, Blanks):
        return tuple(
            first.values[blank.measure] for blank in question.blanks.values() if blank.measure
        )
    judge = ExactJudge(rules_of(question), probe.tolerance)
    judge.take(first.values, first.unsure)
    findings, _ = without_ties(question, judge.findings())
    if any(finding.holds is None for finding in findings.values()):
        return None
    holding = tuple(option for option, finding in findings.items() if finding.holds)
    return question.order_of(holding) if isinstance(question, Ordering) else holding


def _same(question: Question, measured: Answer, answer: Answer | None) -> bool:
    """Return whether two answers are one: numbers of blanks within the blank's own tolerance."""
    if answer is None or not isinstance(question, Blanks):
        return answer == measured
    return all(
        decimal(found) in bounds_around(blank, number)
        if isinstance(blank, NumberBlank) and isinstance(found, float) and isinstance(number, float)
        else found == number
        for blank, number, found in zip(question.blanks.values(), measured, answer, strict=True)
    )
