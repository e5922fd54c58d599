"""A student's answers judged against what was measured; the key is not looked at, nor needed."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction

from quizproof.probes.judge import Finding
from quizproof.probes.measure import Measured, Measurement
from quizproof.probes.results import QuestionResult, State
from quizproof.probes.verdict import measured_answer
from quizproof.questions.problems import Problem
from quizproof.questions.responses import Response, written
from quizproof.questions.scoring import Policy, is_filled_right, plain_word, points
from quizproof.questions.scoring import measured_answer as right_answer
from quizproof.questions.spec import (
    Blanks,
    DropDowns,
    NumberBlank,
    Question,
    Text,
    choices,
    untranslated,
)
from quizproof.questions.tolerance import bounds_around, decimal, written_number


class Mark(StrEnum):
    """What the measurement says of an answer."""

    AGREES = "agrees"
    DIFFERS = "differs"
    NOT_DECIDED = "not decided"
    NOT_MEASURED = "not measured"
    NOT_ANSWERED = "not answered"
    NOT_READ = "cannot be read"


JUDGED = (Mark.AGREES, Mark.DIFFERS)
OPEN = (Mark.NOT_DECIDED, Mark.NOT_MEASURED)


@dataclass(frozen=True)
class Checked:
    """One question of a quiz, and what becomes of the answer to it."""

    question: Question  # without its key
    number: int  # place in the quiz, from 1
    mark: Mark
    points: Fraction
    possible: Fraction
    response: Response | None = None
    why: Text | None = None  # why it is neither right nor wrong
    stand_in: bool = False  # whether a model other than the one asked about was measured
    failed: bool = False  # whether measuring went wrong
    result: QuestionResult | None = None  # the answer in the key's place; None: not measured

    @property
    def answer(self) -> str:
        """What was answered, as a person writes it; empty where nothing was."""
        return written(self.question, self.response) if self.response else ""

    @property
    def concerned(self) -> tuple[str, ...]:
        """The options or blanks in which the answer and the measurement differ, or may."""
        if self.result is None or self.result.measurement is None:
            return ()
        findings = self.result.measurement.findings
        return tuple(
            choice.id
            for choice in choices(self.result.question)
            if choice.expected is not None
            and (found := findings.get(choice.id)) is not None
            and found.holds is not choice.expected
        )


@dataclass(frozen=True)
class Total:
    """Points of some of the questions."""

    got: Fraction
    possible: Fraction
    questions: tuple[str, ...]


def unanswered(question: Question, number: int, problem: Problem | None = None) -> Checked:
    """A question without an answer, or with one that cannot be read."""
    mark = Mark.NOT_ANSWERED if problem is None else Mark.NOT_READ
    why = None if problem is None else untranslated(f"{problem.what}; {problem.mend}")
    return Checked(question, number, mark, Fraction(0), _possible(question), why=why)


def checked(result: QuestionResult, response: Response, policy: Policy) -> Checked:
    """The answer ``response`` judged by ``result``, whose question has no key."""
    question, measured = result.question, result.measurement
    if measured is None:
        return Checked(
            question,
            result.number,
            Mark.NOT_MEASURED,
            Fraction(0),
            _possible(question),
            response,
            result.reason,
            failed=result.state is State.FAILED,
        )
    answer, why = measured_answer(question, measured)
    if isinstance(question, Blanks):
        measured = replace(measured, findings=_of_blanks(question, response, result))
        if any(finding.holds is None for finding in measured.findings.values()):
            answer, why = None, measured.doubt or _OPEN_BLANK
    got, agrees = Fraction(0), False
    if answer is not None:
        right = right_answer(question, answer)
        got = points(question, right, response, policy)
        one = question.model_copy(update={"points": 1.0})  # a question may be worth nothing
        agrees = points(one, right, response) == 1
    mark = Mark.NOT_DECIDED if answer is None else Mark.AGREES if agrees else Mark.DIFFERS
    return Checked(
        question,
        result.number,
        mark,
        got,
        _possible(question),
        response,
        why,
        not result.settles,
        result=replace(
            result,
            question=_with_answer(question, response),
            state=_STATES[mark, result.settles],
            measured=answer,
            measurement=measured,
            reason=why or untranslated(str(mark)),
        ),
    )


def total(those: Iterable[Checked], marks: Sequence[Mark], stand_in: bool | None = None) -> Total:
    """The points of the questions with one of ``marks``, by whether a stand-in was measured."""
    found = [c for c in those if c.mark in marks and stand_in in (None, c.stand_in)]
    return Total(
        sum((c.points for c in found), Fraction(0)),
        sum((c.possible for c in found), Fraction(0)),
        tuple(c.question.id for c in found),
    )


def _possible(question: Question) -> Fraction:
    return Fraction(decimal(question.points))


# how the reports' drawings tell whose evidence it was
_STATES: Mapping[tuple[Mark, bool], State] = {
    (Mark.AGREES, True): State.CONFIRMED,
    (Mark.DIFFERS, True): State.CONTRADICTED,
    (Mark.NOT_DECIDED, True): State.UNDECIDED,
    (Mark.AGREES, False): State.STAND_IN_AGREES,
    (Mark.DIFFERS, False): State.STAND_IN_DIFFERS,
    (Mark.NOT_DECIDED, False): State.UNDECIDED,
}
_OPEN_BLANK = Text(
    en="what was measured lies too near the edge of the tolerance, or was drawn too seldom",
    zh_hant="量測值太接近容許範圍的邊緣，或抽樣次數不足",
)


def _with_answer(question: Question, response: Response) -> Question:
    """``question`` with what was answered where its key would be."""
    if isinstance(question, Blanks):
        blanks = {}
        for part, blank in question.blanks.items():
            text = response.filled.get(part)
            key: object = None if text is None else [text]
            field = "expected"
            if isinstance(blank, NumberBlank):
                number = None if text is None else written_number(text)
                key, field = None if number is None else float(number), "expected_number"
            blanks[part] = blank.model_copy(update={field: key})
        return question.model_copy(update={"blanks": blanks})
    if isinstance(question, DropDowns):
        parts = {
            part: down.model_copy(
                update={
                    "expected": next((o for o in down.options if part + o in response.chosen), None)
                }
            )
            for part, down in question.parts.items()
        }
        return question.model_copy(update={"parts": parts})
    chosen = [option for option in question.options if option in response.chosen]
    return question.model_copy(update={"expected": chosen})


def _of_blanks(question: Blanks, response: Response, result: QuestionResult) -> dict[str, Finding]:
    """Whether each blank that was filled is right, and by how much."""
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
            found[part] = Finding(None, (-math.inf, math.nan, math.inf))
        else:
            right = frozenset([plain_word(str(measurement.value))])
            found[part] = _apart(is_filled_right(right, text))
    return found


def _of_number(
    blank: NumberBlank, text: str, measurement: Measurement, measured: Measured
) -> Finding:
    """How far a number is from ceasing to be right, wherever in its interval the measured lies."""
    number = written_number(text)
    if number is None:
        return _apart(False)
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


def _apart(equal: bool) -> Finding:
    margin = math.inf if equal else -math.inf
    return Finding(equal, (margin, margin, margin))
