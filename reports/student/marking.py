"""A student's answers judged against what was measured; the key is not looked at, nor needed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction

from quizproof.probes.engine import reasons
from quizproof.probes.engine.measured import Measured
from quizproof.probes.engine.results import Outcome, QuestionResult, State
from quizproof.probes.engine.verdict import (
    borne_out_otherwise,
    is_ruled_out,
    measured_answer,
    outcome,
    parts_of,
    why_ruled_out,
    why_undecided,
)
from quizproof.questions.problems import Problem
from quizproof.questions.responses import Response, written
from quizproof.questions.scoring import Policy, points
from quizproof.questions.scoring import measured_answer as right_answer
from quizproof.questions.spec import (
    Answer,
    Blanks,
    DropDowns,
    Matching,
    NumberBlank,
    Ordering,
    Question,
    Text,
    choices,
    untranslated,
)
from quizproof.questions.tolerance import decimal, written_number
from quizproof.questions.wordings import other_language
from quizproof.reports.student.filled import apart, findings_of_blanks


class Mark(StrEnum):
    """The mark that the measurement gives an answer."""

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
        """The answer, as a person writes it; empty where nothing was answered."""
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
    return Checked(
        question=question,
        number=number,
        mark=mark,
        points=Fraction(0),
        possible=_possible(question),
        why=why,
    )


def checked(result: QuestionResult, response: Response, policy: Policy) -> Checked:
    """The answer ``response`` judged by ``result``, whose question has no key."""
    question, measured = result.question, result.measurement
    if measured is None:
        return Checked(
            question=question,
            number=result.number,
            mark=Mark.NOT_MEASURED,
            points=Fraction(0),
            possible=_possible(question),
            response=response,
            why=result.reason,
            failed=result.state is State.FAILED,
        )
    if isinstance(question, Blanks):
        return _of_filled(result, measured, response, policy)
    asked = _with_answer(question, response)
    found = outcome(asked, measured)
    answer = measured_answer(asked, measured)
    why = None
    if found is Outcome.RULED_OUT or (answer is not None and not _is_whole(question, response)):
        mark = Mark.DIFFERS
        if is_ruled_out(asked, measured) and outcome(question, measured) is not None:
            why = why_ruled_out(asked, measured)  # not one answer: what is known of several
    elif found is None:
        mark = Mark.AGREES
    else:
        mark, why = Mark.NOT_DECIDED, why_undecided(asked, measured)
        if found is Outcome.SEVERAL_FIT:
            parts = parts_of(asked, measured.findings)
            why = reasons.several_fit([(p.name, p.holding) for p in parts if p.too_many])
    if mark is Mark.DIFFERS and borne_out_otherwise(asked, measured):
        mark = Mark.NOT_DECIDED  # whoever read the other language answered what it asks
        why = reasons.by_wording(other_language(question), "yours")
    got = Fraction(0)
    if isinstance(question, Ordering):
        if mark is not Mark.NOT_DECIDED and answer is not None:
            got = points(question, right_answer(question, answer), response, policy)
    elif mark is not Mark.NOT_DECIDED:
        # what is open counts against the answer, whichever way it was answered
        surely = tuple(
            option
            for option, finding in measured.findings.items()
            if finding.holds or (finding.holds is None and option not in response.chosen)
        )
        got = points(question, right_answer(question, surely), response, policy)
    return _marked(result, measured, response, mark=mark, got=got, answer=answer, why=why)


def _of_filled(
    result: QuestionResult, measured: Measured, response: Response, policy: Policy
) -> Checked:
    """Blanks: the answer is wrong where one surely is, whatever is open of the others."""
    question = result.question
    assert isinstance(question, Blanks)
    findings = findings_of_blanks(question, response, result)
    filled = replace(measured, findings=findings, models=(findings,))
    unsure = [part for part, finding in findings.items() if finding.holds is None]
    if any(finding.holds is False for finding in findings.values()):
        mark = Mark.DIFFERS
    elif unsure:
        mark = Mark.NOT_DECIDED
    else:
        mark = Mark.AGREES if _is_whole(question, response) else Mark.DIFFERS
    answer = measured_answer(question, measured)
    got = Fraction(0)
    if mark is not Mark.NOT_DECIDED and answer is not None:
        sure = {part: text for part, text in response.filled.items() if part not in unsure}
        got = points(question, right_answer(question, answer), Response(filled=sure), policy)
    why = (measured.doubt or _OPEN_BLANK) if unsure else None
    return _marked(
        result, filled, response, mark=mark, got=got, answer=None if unsure else answer, why=why
    )


def _is_whole(question: Question, response: Response) -> bool:
    """True where as many options are chosen, or parts answered, as are asked for."""
    if isinstance(question, Blanks):
        return question.blanks.keys() <= response.filled.keys()
    if isinstance(question, Ordering):
        return len(response.filled) == len(question.items)
    return all(
        len(response.chosen & set(part.options)) == part.wanted
        for part in parts_of(question, {c.id: apart(False) for c in choices(question)})
    )


def _marked(
    result: QuestionResult,
    measured: Measured,
    response: Response,
    *,
    mark: Mark,
    got: Fraction,
    answer: Answer | None,
    why: Text | None,
) -> Checked:
    question = result.question
    return Checked(
        question=question,
        number=result.number,
        mark=mark,
        points=got,
        possible=_possible(question),
        response=response,
        why=why,
        stand_in=not result.settles,
        result=replace(
            result,
            question=_with_answer(question, response),
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
            part: down.model_copy(update={"expected": _chosen(part, down.options, response)})
            for part, down in question.parts.items()
        }
        return question.model_copy(update={"parts": parts})
    if isinstance(question, Matching):
        items = {
            part: item.model_copy(update={"expected": _chosen(part, question.choices, response)})
            for part, item in question.items.items()
        }
        return question.model_copy(update={"items": items})
    if isinstance(question, Ordering):
        order = [response.filled[place] for place in question.positions if place in response.filled]
        return question.model_copy(update={"expected": order})
    chosen = [option for option in question.options if option in response.chosen]
    return question.model_copy(update={"expected": chosen})


def _chosen(part: str, options: Iterable[str], response: Response) -> str | None:
    return next((option for option in options if part + option in response.chosen), None)
