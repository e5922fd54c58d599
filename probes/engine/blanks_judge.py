"""Blanks that a stochastic probe fills, judged once all draws are made.

How often it is drawn depends neither on the key nor on an answer, or the number of draws would tell
how far the key is from what was measured: the draws are made that ``max_draws`` allows, unless they
never vary. A number is right where the interval of its mean lies within the key's tolerance, and
wrong where it lies outside, which is how a student's number is judged; a word is right where it is
what was drawn in more than half of all draws. The error is shared over the blanks.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

from quizproof.probes.engine.confidence import ConfidenceSequence
from quizproof.probes.engine.judge import Drawing, Finding, unknown
from quizproof.probes.probe import Unsure
from quizproof.questions.rules import Interval, Rule, Value
from quizproof.questions.spec import Blanks, NumberBlank
from quizproof.questions.tolerance import Bounds, key_bounds

HALF = 0.5


class BlanksJudge(Drawing):
    """``rules`` are those of the blanks that have a key; the others are drawn alike."""

    def __init__(
        self,
        question: Blanks,
        rules: Mapping[str, Rule],
        ranges: Mapping[str, Interval],
        error: float,
    ) -> None:
        super().__init__()
        share = error / len(question.blanks)
        self._blanks = [_blank(question, part, rules[part], ranges, share) for part in rules]

    def take(self, values: Mapping[str, Value], unsure: Unsure | None = None) -> None:
        self._note(values)
        for blank in self._blanks:
            blank.take(values)

    @property
    def decided(self) -> bool:
        return self._stuck

    def futile(self, draws: int) -> bool:
        return False

    @property
    def more_could_decide(self) -> bool:
        return self._varied and any(found.holds is None for found in self.findings().values())

    def findings(self) -> dict[str, Finding]:
        found = {blank.part: blank.finding for blank in self._blanks}
        if self._varied:
            return found
        return {part: Finding(None, finding.margin) for part, finding in found.items()}


def _blank(
    question: Blanks, part: str, rule: Rule, ranges: Mapping[str, Interval], error: float
) -> _Number | _Word:
    blank = question.blanks[part]
    if not isinstance(blank, NumberBlank):
        return _Word(part, rule, error)
    bounds = key_bounds(blank)
    assert blank.measure is not None
    assert bounds is not None
    return _Number(part, blank.measure, bounds, ranges.get(blank.measure), error)


class _Number:
    """Margin: how far the mean is within the tolerance, over its interval."""

    def __init__(
        self, part: str, measure: str, bounds: Bounds, range_: Interval | None, error: float
    ) -> None:
        self.part = part
        self._measure = measure
        self._bounds = bounds
        low, high = range_ or (-math.inf, math.inf)
        self._sequence = None
        if math.isfinite(low) and math.isfinite(high):
            self._sequence = ConfidenceSequence(low, high, error, threshold=(low + high) / 2)

    def take(self, values: Mapping[str, Value]) -> None:
        if self._sequence is not None:
            self._sequence.add(float(values[self._measure]))

    @property
    def finding(self) -> Finding:
        if self._sequence is None or math.isnan(self._sequence.mean):
            return unknown()
        low, high = self._sequence.interval
        ends = (self._within(low), self._within(high))
        middle = float(self._bounds.low + self._bounds.high) / 2
        # nowhere is the mean further within than where it is nearest to the tolerance's middle
        most = self._within(min(max(middle, low), high))
        holds = True if min(ends) >= 0 else False if most < 0 else None
        return Finding(holds, (min(ends), self._within(self._sequence.mean), most))

    def _within(self, mean: float) -> float:
        return min(mean - float(self._bounds.low), float(self._bounds.high) - mean)


class _Word:
    """Margin: the share of draws that gave a word that is right, less one half."""

    def __init__(self, part: str, rule: Rule, error: float) -> None:
        self.part = part
        self._rule = rule
        self._sequence = ConfidenceSequence(0.0, 1.0, error, threshold=HALF)

    def take(self, values: Mapping[str, Value]) -> None:
        self._sequence.add(float(self._rule.holds(values)))

    @property
    def finding(self) -> Finding:
        if math.isnan(self._sequence.mean):
            return unknown()
        side = self._sequence.side
        low, high = self._sequence.interval
        margin = (low - HALF, self._sequence.mean - HALF, high - HALF)
        return Finding(None if side == 0 else side > 0, margin)
