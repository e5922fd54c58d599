"""A checked quiz as a student is told of it on the terminal."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from quizproof.probes.declaration import english
from quizproof.probes.engine.results import QuestionResult
from quizproof.questions.problems import one_line
from quizproof.questions.rules import RuleError, parse_rule
from quizproof.questions.spec import Choice, choices
from quizproof.reports.numbers import number, signed, word
from quizproof.reports.student.check_phrases import (
    measured_text,
    name_of,
    points_text,
    symbol_of,
    totals,
)
from quizproof.reports.student.check_result import CheckedQuiz
from quizproof.reports.student.check_words import SYMBOLS
from quizproof.reports.student.marking import OPEN, Checked, Mark
from quizproof.reports.telling import text_of


def check_text(quiz: CheckedQuiz, written: Sequence[str]) -> str:
    """Lines for a terminal, ending in a newline."""
    return text_of(_lines(quiz, written))


def _lines(quiz: CheckedQuiz, written: Sequence[str]) -> Iterator[str]:
    if not quiz.run.whole:
        yield f"interrupted: {len(quiz.run.results)} of {quiz.run.asked} answers were judged"
    yield f"{quiz.id} on pack {quiz.run.pack_name}, judged by measuring; the key was not looked at"
    for item in quiz.questions:
        if item.mark is not Mark.NOT_ANSWERED:
            yield from _question(item)
    if left := [item.question.id for item in quiz.questions if item.mark is Mark.NOT_ANSWERED]:
        yield f"  {SYMBOLS[Mark.NOT_ANSWERED]} not answered: {' '.join(left)}"
    lines = totals(quiz)
    for place, line in enumerate(lines):
        yield f"{'points:' if place == 0 else '       '} {line}"
    if quiz.stand_in.questions:
        yield "a stand-in is another model than the question is about: your course's may answer"
        yield "otherwise, so these points are counted separately and are no more than a hint"
    if not written and any(item.mark is Mark.DIFFERS for item in quiz.questions):
        yield "the pictures and maps behind this: --report DIR"
    yield from (f"note: {note}" for note in quiz.run.notes)
    yield from (f"written: {what}" for what in written)


def _question(item: Checked) -> Iterator[str]:
    head = f"  {item.question.id}  {symbol_of(item)} {name_of(item).en:<24}"
    if item.mark is Mark.NOT_READ:
        yield f"{head}  {one_line(item.why.en) if item.why else ''}".rstrip()
        return
    points = f"{points_text(item.points)} of {points_text(item.possible)}"
    if item.mark in OPEN:
        points = f"{points_text(item.possible)} open"
    line = f"{head}  {points:<12} yours: {one_line(item.answer)}"
    if item.mark is Mark.DIFFERS and (measured := measured_text(item)):
        line += f"; measured: {one_line(measured)}"
    yield line.rstrip()
    if item.why is not None:
        yield f"         {one_line(item.why.en)}"
    if item.result is not None and item.mark is not Mark.AGREES:
        yield from _evidence(item, item.result)


def _evidence(item: Checked, result: QuestionResult) -> Iterator[str]:
    """The options in which answer and measurement differ, and the numbers they rest on."""
    assert result.measurement is not None
    names: dict[str, None] = {}
    for choice in choices(result.question):
        if choice.id not in item.concerned:
            continue
        finding = result.measurement.findings[choice.id]
        holds = {True: "holds", False: "fails", None: "is open"}[finding.holds]
        yours = "yours" if choice.expected else "not yours"
        yield f"         {choice.id} ({yours}) {holds}, margin {_margin(finding.margin)}"
        names.update(dict.fromkeys(_names(choice)))
    for name in names:
        if (found := result.measurement.measurements.get(name)) is not None:
            between = ""
            if found.low is not None and found.high is not None:
                between = f" [{number(found.low)}, {number(found.high)}]"
            unit = f" {english(found.unit)}" if found.unit else ""
            yield f"           {name} = {one_line(word(found.value))}{between}{unit}"


def _names(choice: Choice) -> list[str]:
    try:
        return sorted(parse_rule(choice.rule).names) if choice.rule else []
    except RuleError:
        return []


def _margin(margin: tuple[float, float, float]) -> str:
    low, estimate, high = margin
    if math.isinf(estimate) or math.isnan(estimate):
        return signed(estimate)
    return f"{signed(estimate)} [{signed(low)}, {signed(high)}]"
