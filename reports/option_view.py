"""The view of one option, or blank: what the key says, what was measured, and how surely."""

from __future__ import annotations

import math
from dataclasses import dataclass

from markupsafe import Markup

from quizproof.probes.engine.judge import Finding
from quizproof.probes.engine.measured import Measured
from quizproof.probes.engine.results import QuestionResult
from quizproof.probes.probe import Words, english
from quizproof.questions.rules import Rule, RuleError, parse_rule
from quizproof.questions.spec import Blanks, Choice, NumberBlank, Question, Text, choices
from quizproof.reports.charts.draws_chart import axis_scale, draws_chart
from quizproof.reports.how_sure import in_tolerances
from quizproof.reports.numbers import number, signed, word
from quizproof.reports.option_draws import OptionDraws, option_draws


@dataclass(frozen=True)
class OptionView:
    """One option or blank."""

    id: str
    part: str
    letter: str
    text: Text | None
    rule: str | None
    expected: bool | None
    holds: bool | None
    differs: bool
    filled_expected: str
    filled_measured: str
    draws: OptionDraws | None  # None where none were judged
    dots: Markup  # empty where categories decide
    logarithmic: bool  # of their axis
    unit: Words  # of the axis; empty where it has none
    mean: tuple[str, str, str] | None  # margin of the mean over draws, and its interval
    distance: tuple[str, str] | None  # of an exact value to its limit, and in tolerances
    by_model: tuple[tuple[bool | None, str], ...]  # verdict and margin on each, where they disagree


def option_views(result: QuestionResult) -> tuple[OptionView, ...]:
    """A view of each option of ``result``'s question, in the order shown."""
    return tuple(_option(choice, result) for choice in choices(result.question))


def _option(choice: Choice, result: QuestionResult) -> OptionView:
    question, measured = result.question, result.measurement
    finding = measured.findings.get(choice.id) if measured else None
    filled_expected, filled_measured = _filling(choice, question, measured)
    holds = finding.holds if finding else None
    rule = rule_of(choice, question)
    draws = option_draws(rule, measured.drawn) if rule and measured and finding else None
    axis = draws.axis if draws else None
    places = [model.places for model in draws.models] if draws else []
    return OptionView(
        id=choice.id,
        part=choice.part,
        letter=choice.id.removeprefix(choice.part) or choice.id,
        text=choice.text,
        rule=choice.rule,
        expected=choice.expected,
        holds=holds,
        differs=not choice.either
        and None not in (holds, choice.expected)
        and holds != choice.expected,
        filled_expected=filled_expected,
        filled_measured=filled_measured,
        draws=draws,
        dots=draws_chart(places, axis, holds) if axis else Markup(),
        logarithmic=axis is not None and axis_scale(places, axis.limit).logarithmic,
        unit=unit_of(axis.names, measured) if axis and measured else "",
        mean=_mean(finding, result),
        distance=_distance(finding, result),
        by_model=_by_model(choice.id, measured),
    )


def _mean(finding: Finding | None, result: QuestionResult) -> tuple[str, str, str] | None:
    if finding is None or result.confidence is None or result.question.estimate != "mean":
        return None
    low, estimate, high = finding.margin
    return number(estimate), number(low), number(high)


def _distance(finding: Finding | None, result: QuestionResult) -> tuple[str, str] | None:
    if finding is None or result.confidence is not None or not math.isfinite(finding.margin[1]):
        return None
    distance = abs(finding.margin[1])
    times = in_tolerances(distance, result.tolerance) if result.tolerance else ""
    return number(distance), times


def _by_model(option: str, measured: Measured | None) -> tuple[tuple[bool | None, str], ...]:
    models = [findings[option] for findings in measured.models] if measured else []
    if not {finding.holds for finding in models} >= {True, False}:
        return ()
    margins = [finding.margin[1] for finding in models]
    told = [signed(margin) if math.isfinite(margin) else "" for margin in margins]
    return tuple((finding.holds, margin) for finding, margin in zip(models, told, strict=True))


def _filling(choice: Choice, question: Question, measured: Measured | None) -> tuple[str, str]:
    """The filling of a blank by the key, and by the measurement; empty where unknown."""
    if not isinstance(question, Blanks):
        return "", ""
    blank = question.blanks[choice.id]
    if isinstance(blank, NumberBlank):
        known = blank.expected_number is not None
        expected = f"{blank.expected_number!r} ± {blank.tolerance!r}" if known else ""
    else:
        expected = " ∕ ".join(blank.expected or ())
    measurement = measured.measurements.get(blank.measure or "") if measured else None
    return expected, word(measurement.value) if measurement else ""


def unit_of(names: frozenset[str], measured: Measured) -> Words:
    """The unit of an expression over ``names``; empty where they have several."""
    units = {english(m.unit): m.unit for name in names if (m := measured.measurements.get(name))}
    return next(iter(units.values())) if len(units) == 1 else ""


def rule_of(choice: Choice, question: Question) -> Rule | None:
    """The rule of an option; None where it has none, or one that cannot be read."""
    try:
        return parse_rule(choice.rule, question.constants) if choice.rule else None
    except RuleError:
        return None
