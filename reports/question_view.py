"""The view of one question that the page shows."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from quizproof.probes.catalogue import catalogue
from quizproof.probes.engine import reasons
from quizproof.probes.engine.measured import Measured
from quizproof.probes.engine.results import QuestionResult, Run
from quizproof.probes.engine.verdict import answer_text, answers_by_wording, key_text, parts_of
from quizproof.probes.probe import Draw, Probe, Words
from quizproof.questions.rules import Value
from quizproof.questions.spec import Question, Text
from quizproof.questions.thresholds import NamedThreshold, thresholds_of
from quizproof.reports.advice import advice
from quizproof.reports.charts.gallery import Figure, Gallery, Image
from quizproof.reports.charts.matrix_chart import MatrixChart, matrix_chart
from quizproof.reports.charts.region_numbers import region_key, regions_in
from quizproof.reports.charts.scatter_chart import ScatterChart, scatter_chart
from quizproof.reports.charts.series_chart import SeriesChart, series_view
from quizproof.reports.how_sure import how_sure
from quizproof.reports.measured_numbers import NumberRow, number_rows
from quizproof.reports.numbers import answer, key
from quizproof.reports.option_view import OptionView, option_views
from quizproof.reports.sentence import sentence_of

TREND = "trend of "  # a series of this name is drawn with the series it is the trend of


@dataclass(frozen=True)
class QuestionView:
    """One question with all that is shown of it."""

    result: QuestionResult
    expected: str | None
    measured: str | None
    fitting: tuple[str, ...]  # the options that hold where that is more than are to be chosen
    by_wording: tuple[tuple[str, str | None], ...]  # the language, and the answer measured under it
    options: tuple[tuple[str, tuple[OptionView, ...]], ...]  # by the part they belong to
    parameters: tuple[tuple[str, str], ...]
    thresholds: tuple[NamedThreshold, ...]
    numbers: tuple[NumberRow, ...]
    models: tuple[str, ...]  # that were measured, in the order of the numbers
    draws: int  # on the first of them, whose maps are shown
    answers_alone: bool  # whether the reason says the two answers again and nothing else
    how_sure: Text | None
    sentence: Text | None  # what was found, as the probe says it
    advice: Text | None  # what to do about it, where it is not decided
    summary: str  # of the probe, as its docstring begins
    decided_by: str  # a key of the report's words
    evidence: str  # a key of the report's words
    kind: str  # of evidence: method, architecture, settles, stand_in or nothing
    figures: tuple[Figure, ...]
    regions: tuple[str, ...]  # that are outlined on them
    matrices: tuple[tuple[MatrixChart, Image], ...]
    scatters: tuple[ScatterChart, ...]
    series: tuple[SeriesChart, ...]

    def lights(self, said: str) -> str:
        """The regions that the measured names in ``said`` speak of, as the figures know them."""
        return " ".join(region_key(region) for region in regions_in(said, self.regions))


def question_view(result: QuestionResult, run: Run, gallery: Gallery) -> QuestionView:
    """The page's view of ``result``; its pictures are put into ``gallery``."""
    question = result.question
    options = option_views(result)
    draws = {option.id: option.draws for option in options if option.draws is not None}
    declared = catalogue(run.beside).get(question.probe.name) if question.probe else None
    measured = result.measurement
    shown = measured.shown if measured else Draw({})
    series, start = shown.series, shown.series_start
    matrices = [matrix_chart(matrix) for matrix in shown.matrices]
    scatters = [scatter_chart(scatter) for scatter in shown.scatters]
    return QuestionView(
        result=result,
        expected=key(question, result.expected),
        measured=answer(question, result.measured),
        fitting=_fitting(question, measured),
        by_wording=_by_wording(question, measured),
        options=tuple((part, tuple(group)) for part, group in groupby(options, key=_part)),
        parameters=_parameters(question),
        thresholds=tuple(thresholds_of(question)),
        numbers=_numbers(question, measured, declared),
        models=tuple(drawn.model for drawn in measured.drawn) if measured else (),
        draws=_draws(measured),
        answers_alone=_answers_alone(result),
        how_sure=how_sure(result, draws),
        sentence=sentence_of(result, declared),
        advice=advice(result),
        summary=declared.summary if declared else "",
        decided_by=_decided_by(result),
        evidence=_evidence(result, run),
        kind=_kind(result),
        figures=tuple(gallery.figures(result.illustrations, _values(measured))),
        regions=tuple(dict.fromkeys(r for one in result.illustrations for r in one.outlines)),
        matrices=tuple((chart, gallery.cells(chart.png)) for chart in matrices),
        scatters=tuple(scatters),
        series=tuple(
            series_view(
                values,
                shown.captions.get(n, n),
                id=f"series-{question.id}-{k}",
                start=start,
                trend=series.get(TREND + n),
                place=shown.series_name,
                unit=shown.series_unit,
            )
            for k, (n, values) in enumerate(series.items())
            if n.removeprefix(TREND) == n or n.removeprefix(TREND) not in series
        ),
    )


def _draws(measured: Measured | None) -> int:
    if measured is None:
        return 0
    return len(measured.drawn[0].values) if measured.drawn else measured.draws


def _answers_alone(result: QuestionResult) -> bool:
    if result.measured is None:
        return False
    told = reasons.other_than_expected(answer_text(result.measured), key_text(result.question))
    return result.reason == told


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


def _values(measured: Measured | None) -> Sequence[Mapping[str, Value]]:
    """What each draw measured on the first model."""
    if measured is None:
        return ()
    if measured.drawn:
        return measured.drawn[0].values
    return ({name: one.value for name, one in measured.measurements.items()},)


def _part(option: OptionView) -> str:
    return option.part


def yaml_value(value: object) -> str:
    """A parameter's value as a quiz's file may have it."""
    return json.dumps(value, ensure_ascii=False, default=str)


def _parameters(question: Question) -> tuple[tuple[str, str], ...]:
    if question.probe is None:
        return ()
    return tuple((name, yaml_value(value)) for name, value in question.probe.parameters.items())


def _numbers(
    question: Question, measured: Measured | None, declared: Probe | None
) -> tuple[NumberRow, ...]:
    if measured is None:
        return ()
    return number_rows(measured, _helps(question, declared) if declared else {})


def _helps(question: Question, declared: Probe) -> Mapping[str, Words]:
    """The meanings of the measured names, as the probe says them."""
    if question.probe is None or declared.check(question.probe.parameters):
        return {}
    return {n: m.help for n, m in declared.measures(question.probe.parameters).items()}


def _decided_by(result: QuestionResult) -> str:
    if result.confidence is None:
        return "by_exact"
    return "by_share" if result.question.estimate == "share" else "by_mean"


def _kind(result: QuestionResult) -> str:
    if result.measurement is None:
        return "nothing"
    if result.question.about == "method":
        return "method"
    if not result.settles:
        return "stand_in"
    return "architecture" if result.question.about == "architecture" else "settles"


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
