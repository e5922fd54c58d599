"""Findings on what a student filled into blanks, by what was measured."""

from __future__ import annotations

import math

from quizproof.probes.engine.judge import Finding, unknown
from quizproof.probes.engine.measured import Measured, Measurement
from quizproof.probes.engine.results import QuestionResult
from quizproof.questions.responses import Response
from quizproof.questions.scoring import is_filled_right, plain_word
from quizproof.questions.spec import Blanks, NumberBlank
from quizproof.questions.tolerance import bounds_around, written_number


def findings_of_blanks(
    question: Blanks, response: Response, result: QuestionResult
) -> dict[str, Finding]:
    """Judge each blank that was filled: whether it is right, and by how much."""
    assert result.measurement is not None
    drawn = result.confidence is not None
    found = {}
    for part, blank in question.blanks.items():
        text = response.filled.get(part)
        if text is None or blank.measure is None:
            continue
        measurement = result.measurement.measurements[blank.measure]
        if isinstance(blank, NumberBlank):
            found[part] = _of_number(blank, text, measurement, result.measurement)
        elif drawn:  # which category is the commonest, no interval says
            found[part] = unknown()
        else:
            right = frozenset([plain_word(str(measurement.value))])
            found[part] = apart(is_filled_right(right, text))
    return found


def _of_number(
    blank: NumberBlank, text: str, measurement: Measurement, measured: Measured
) -> Finding:
    """Margin of a number from ceasing to be right, wherever in its interval the measured lies."""
    number = written_number(text)
    if number is None:
        return apart(False)
    filled = float(number)

    def margin(at: float) -> float:
        bounds = bounds_around(blank, at)
        return min(filled - float(bounds.low), float(bounds.high) - filled)

    value, low, high = float(measurement.value), measurement.low, measurement.high
    if low is None or high is None or measured.doubt is not None:
        return Finding(None, (-math.inf, margin(value), math.inf))
    ends = (margin(low), margin(high))
    # nowhere is it further within than where the measured is the filled number itself
    most = max(*ends, margin(value), margin(min(max(filled, low), high)))
    least = min(*ends)
    holds = True if least > 0 else False if most < 0 else None
    if holds is None and low == high:  # exact to the last digit: the ends of a tolerance count
        holds = is_filled_right(bounds_around(blank, value), text)
    return Finding(holds, (least, margin(value), most))


def apart(equal: bool) -> Finding:
    """Of what is equal or not, with nothing between."""
    margin = math.inf if equal else -math.inf
    return Finding(equal, (margin, margin, margin))
