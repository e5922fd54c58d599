"""The view of one question that the page shows."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import groupby

from markupsafe import Markup

from quizproof.probes.catalogue import catalogue
from quizproof.probes.engine.judge import Finding
from quizproof.probes.engine.measured import Measured
from quizproof.probes.engine.results import QuestionResult, Run
from quizproof.probes.engine.verdict import answers_by_wording, parts_of
from quizproof.probes.probe import Draw, Probe, Words, english
from quizproof.questions.rules import Rule, RuleError, parse_rule
from quizproof.questions.spec import Blanks, Choice, NumberBlank, Question, Text, choices
from quizproof.questions.thresholds import NamedThreshold, thresholds_of
from quizproof.reports.charts.gallery import Figure, Gallery, Image
from quizproof.reports.charts.margin_chart import Margin, extent, margin_chart
from quizproof.reports.charts.matrix_chart import MatrixChart, matrix_chart
from quizproof.reports.charts.scatter_chart import ScatterChart, scatter_chart
from quizproof.reports.charts.series_chart import series_chart
from quizproof.reports.numbers import answer, key, number, word

TREND = "trend of "  # a series of this name is drawn with the series it is the trend of


@dataclass(frozen=True)
class Units:
    """The units a rule compares, and whether it multiplies or divides what it compares."""

    names: tuple[str, ...]  # in English
    scaled: bool
    of_draws: bool = False  # whether what is compared is the share of draws
    shown: Words = field(default="", compare=False)  # the first, as the probe names it

    @property
    def word(self) -> str:
        """The key of the report's words for it; empty where it is a unit as the probe names it."""
        if self.of_draws:
            return "share_unit"
        return "" if len(self.names) == 1 and not self.scaled else "mixed_unit"


@dataclass(frozen=True)
class OptionView:
    """One option or blank: what the key says, what was measured, and how surely."""

    id: str
    part: str
    letter: str
    text: Text | None
    rule: str | None
    expected: bool | None
    holds: bool | None
    differs: bool
    margin: Margin | None
    unit: Words  # as the probe names it
    unit_word: str  # a key of the report's words where the probe has no name for it
    reach: float
    drawing: Markup
    filled_expected: str
    filled_measured: str


@dataclass(frozen=True)
class QuestionView:
    """One question with all that is shown of it."""

    result: QuestionResult
    expected: str | None
    measured: str | None
    fitting: tuple[str, ...]  # the options that hold where that is more than are to be chosen
    by_wording: tuple[tuple[str, str | None], ...]  # the language, and the answer measured under it
    options: tuple[tuple[str, tuple[OptionView, ...]], ...]  # by the part they belong to
    reach: str  # the ends of the scale that all options share; empty where they share none
    parameters: tuple[tuple[str, str], ...]
    thresholds: tuple[NamedThreshold, ...]
    helps: Mapping[str, Words]
    summary: str  # of the probe, as its docstring begins
    decided_by: str  # a key of the report's words
    evidence: str  # a key of the report's words
    figures: tuple[Figure, ...]
    matrices: tuple[tuple[MatrixChart, Image], ...]
    scatters: tuple[ScatterChart, ...]
    series: tuple[tuple[str, Words, Markup], ...]  # id of the caption, caption, drawing


def question_view(result: QuestionResult, run: Run, gallery: Gallery) -> QuestionView:
    """The page's view of ``result``; its pictures are put into ``gallery``."""
    question = result.question
    options = _options(result)
    reaches = {o.reach for o in options if o.margin and any(map(math.isfinite, o.margin))}
    declared = catalogue(run.beside).get(question.probe.name) if question.probe else None
    measured = result.measurement
    shown = measured.shown if measured else Draw({})
    series, start = shown.series, shown.series_start
    matrices = [matrix_chart(matrix) for matrix in shown.matrices]
    scatters = [scatter_chart(scatter) for scatter in shown.scatters]
    captions = {name: f"series-{question.id}-{k}" for k, name in enumerate(series)}
    return QuestionView(
        result=result,
        expected=key(question),
        measured=answer(question, result.measured),
        fitting=_fitting(question, measured),
        by_wording=_by_wording(question, measured),
        options=tuple((part, tuple(group)) for part, group in groupby(options, key=_part)),
        reach=number(reaches.pop()) if len(reaches) == 1 else "",
        parameters=_parameters(question),
        thresholds=tuple(thresholds_of(question)),
        helps=_helps(question, declared) if declared else {},
        summary=declared.summary if declared else "",
        decided_by=_decided_by(result),
        evidence=_evidence(result, run),
        figures=tuple(gallery.figures(result.illustrations)),
        matrices=tuple((chart, gallery.cells(chart.png)) for chart in matrices),
        scatters=tuple(scatters),
        series=tuple(
            (
                captions[n],
                shown.captions.get(n, n),
                series_chart(values, captions[n], start, series.get(TREND + n)),
            )
            for n, values in series.items()
            if n.removeprefix(TREND) == n or n.removeprefix(TREND) not in series
        ),
    )


def _by_wording(
    question: Question, measured: Measured | None
) -> tuple[tuple[str, str | None], ...]:
    """The wording that the rules are for comes first; empty where the languages ask the same."""
    found = answers_by_wording(question, measured) if measured else {}
    return tuple((language, answer(question, values)) for language, values in found.items())


def _fitting(question: Question, measured: Measured | None) -> tuple[str, ...]:
    parts = parts_of(question, measured.findings) if measured else []
    if len(parts) != 1 or not parts[0].too_many:  # lists say for themselves which of them it is
        return ()
    return parts[0].holding


def _options(result: QuestionResult) -> tuple[OptionView, ...]:
    question, measured = result.question, result.measurement
    findings = measured.findings if measured else {}
    each = choices(question)
    units = {choice.id: _units(choice, result) for choice in each}
    # margins that compare the same kinds of quantity share one scale
    reaches = {
        alike: extent(f.margin for id_, f in findings.items() if units.get(id_) == alike)
        for alike in set(units.values())
    }
    return tuple(
        _option(
            c,
            question,
            measured=measured,
            finding=findings.get(c.id),
            units=units[c.id],
            reach=reaches[units[c.id]],
        )
        for c in each
    )


def _part(option: OptionView) -> str:
    return option.part


def _option(
    choice: Choice,
    question: Question,
    *,
    measured: Measured | None,
    finding: Finding | None,
    units: Units,
    reach: float,
) -> OptionView:
    filled_expected, filled_measured = _filling(choice, question, measured)
    holds = finding.holds if finding else None
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
        margin=finding.margin if finding else None,
        unit=units.shown,
        unit_word=units.word,
        reach=reach,
        drawing=margin_chart(finding.margin, reach, holds) if finding else Markup(),
        filled_expected=filled_expected,
        filled_measured=filled_measured,
    )


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


def _units(choice: Choice, result: QuestionResult) -> Units:
    """The units that an option's margin is measured in."""
    if result.confidence is not None and result.question.estimate == "share":
        return Units((), scaled=False, of_draws=True)
    rule = _parsed(choice)
    if rule is None or result.measurement is None:
        return Units((), scaled=False)
    measurements = result.measurement.measurements
    found = {english(m.unit): m.unit for name in rule.names if (m := measurements.get(name))}
    names = tuple(sorted(found))
    scaled = any(sign in rule.source for sign in "*/")
    return Units(names, scaled=scaled, shown=found[names[0]] if names else "")


def _parsed(choice: Choice) -> Rule | None:
    try:
        return parse_rule(choice.rule) if choice.rule else None
    except RuleError:
        return None


def yaml_value(value: object) -> str:
    """A parameter's value as a quiz's file may have it."""
    return json.dumps(value, ensure_ascii=False, default=str)


def _parameters(question: Question) -> tuple[tuple[str, str], ...]:
    if question.probe is None:
        return ()
    return tuple((name, yaml_value(value)) for name, value in question.probe.parameters.items())


def _helps(question: Question, declared: Probe) -> Mapping[str, Words]:
    """The meanings of the measured names, as the probe says them."""
    if question.probe is None or declared.check(question.probe.parameters):
        return {}
    return {n: m.help for n, m in declared.measures(question.probe.parameters).items()}


def _decided_by(result: QuestionResult) -> str:
    if result.confidence is None:
        return "by_exact"
    return "by_share" if result.question.estimate == "share" else "by_mean"


def _evidence(result: QuestionResult, run: Run) -> str:
    if result.measurement is None:
        return "about_nothing"
    if result.question.about == "method":
        return "about_method"
    if result.question.about == "architecture" and result.settles:
        return "about_architecture"
    if result.settles:
        return "about_named"
    return "about_stand_in" if run.pack_embedded else "about_other"
