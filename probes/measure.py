"""Measuring one question: a probe's draws on one model or several, taken until it is decided."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice

import numpy as np

from quizproof.probes.bench import Bench
from quizproof.probes.confidence import ConfidenceSequence
from quizproof.probes.judge import Finding, judge_for
from quizproof.probes.probe import Draw, Map, Matrix, Measure, Probe, Scatter
from quizproof.questions.problems import QuizproofError
from quizproof.questions.rules import Rule, Value, parse_rule
from quizproof.questions.spec import Question, Text, choices

OnDraw = Callable[[int], None]


class ProbeError(QuizproofError):
    """A probe that did not give what it declares."""


@dataclass(frozen=True)
class Measurement:
    """A measured value; ``low`` and ``high`` bound its mean over draws, where they can be known."""

    value: Value
    low: float | None
    high: float | None
    unit: str


@dataclass(frozen=True)
class Measured:
    """What was measured for a question on one model, and which options it bears out."""

    findings: Mapping[str, Finding]
    measurements: Mapping[str, Measurement]
    draws: int
    doubt: Text | None
    maps: tuple[Map, ...] = ()
    series: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    series_start: int = 1
    matrices: tuple[Matrix, ...] = ()
    scatters: tuple[Scatter, ...] = ()
    model: str = ""
    device: str = ""
    forward: int = 0
    backward: int = 0
    seconds: float = 0.0


def rules_of(question: Question) -> dict[str, Rule]:
    """The parsed rule of every option that has one. Raises RuleError."""
    return {c.id: parse_rule(c.rule) for c in choices(question) if c.rule is not None}


def measure(
    question: Question,
    probe: Probe,
    bench: Bench,
    *,
    error: float = 0.01,
    on_draw: OnDraw = lambda draws: None,
) -> Measured:
    """Draw until every option of ``question`` is decided or its ``max_draws`` are spent.

    ``error`` is the probability with which any decision may be wrong. Raises whatever the probe
    raises, and ProbeError for draws that are not what it declares.
    """
    assert question.probe is not None
    parameters = probe.complete(question.probe.parameters)
    measures = probe.measures(question.probe.parameters)
    judge = judge_for(
        rules_of(question),
        probe.ranges(question.probe.parameters),
        stochastic=probe.stochastic,
        estimate=question.estimate,
        error=error,
        tolerance=probe.tolerance,
    )
    before = {role: replace(model.passes) for role, model in bench.models.items()}
    began = time.perf_counter()
    draws: list[Draw] = []
    most = question.max_draws if probe.stochastic else 1
    for draw in islice(probe.run(bench, **parameters), most):
        _check(draw, measures, probe)
        draws.append(_lean(draw) if draws else draw)
        judge.take(draw.values)
        on_draw(len(draws))
        if judge.decided:
            break
    if not draws:
        raise ProbeError(f"probe {probe.name} gave no draw")
    used = [m for role, m in bench.models.items() if role.split(" ")[0] in probe.roles]
    return Measured(
        judge.findings(),
        {n: _summary(n, m, draws, probe, error) for n, m in measures.items()},
        len(draws),
        judge.doubt,
        draws[0].maps,
        draws[0].series,
        draws[0].series_start,
        draws[0].matrices,
        draws[0].scatters,
        " and ".join(model.description for model in used),
        ", ".join(sorted({str(model.device) for model in used})),
        sum(model.passes.forward for model in bench.models.values())
        - sum(passes.forward for passes in before.values()),
        sum(model.passes.backward for model in bench.models.values())
        - sum(passes.backward for passes in before.values()),
        time.perf_counter() - began,
    )


def agree(question: Question, measured: Sequence[Measured]) -> Measured:
    """What holds on every model alike; an option on which they differ is undecided.

    Margins are those of the model nearest to changing its mind, the rest is the first model's.
    """
    first = measured[0]
    findings = {}
    for option in first.findings:
        each = [m.findings[option] for m in measured]
        verdicts = {finding.holds for finding in each}
        nearest = min(each, key=lambda finding: abs(finding.margin[1]))
        findings[option] = replace(nearest, holds=verdicts.pop() if len(verdicts) == 1 else None)
    differing = [o for o in findings if {m.findings[o].holds for m in measured} >= {True, False}]
    doubt = next((m.doubt for m in measured if m.doubt), None)
    if differing:
        names = ", ".join(differing)
        doubt = Text(
            en=f"the models differ on option {names}", zh_hant=f"各模型在選項 {names} 上不一致"
        )
    return replace(
        first,
        findings=findings,
        doubt=doubt,
        model=" and ".join(m.model for m in measured),
        draws=sum(m.draws for m in measured),
        forward=sum(m.forward for m in measured),
        backward=sum(m.backward for m in measured),
        seconds=sum(m.seconds for m in measured),
    )


def _lean(draw: Draw) -> Draw:
    return Draw(draw.values)


def _check(draw: Draw, measures: Mapping[str, Measure], probe: Probe) -> None:
    if missing := measures.keys() - draw.values.keys():
        raise ProbeError(f"probe {probe.name} did not measure {', '.join(sorted(missing))}")
    if extra := draw.values.keys() - measures.keys():
        raise ProbeError(f"probe {probe.name} does not declare {', '.join(sorted(extra))}")
    for name, measure_ in measures.items():
        value = draw.values[name]
        if measure_.categories is not None:
            if not isinstance(value, str) or value not in (measure_.categories or (value,)):
                raise ProbeError(f"probe {probe.name}: {name} is {value!r}, no known category")
        elif isinstance(value, str) or not math.isfinite(value):
            raise ProbeError(f"probe {probe.name}: {name} is {value!r}, not a finite number")
        elif not measure_.low <= value <= measure_.high:
            raise ProbeError(
                f"probe {probe.name}: {name} is {value:g}, outside its range "
                f"[{measure_.low:g}, {measure_.high:g}]"
            )


def _summary(
    name: str, measure_: Measure, draws: Sequence[Draw], probe: Probe, error: float
) -> Measurement:
    values = [draw.values[name] for draw in draws]
    if measure_.categories is not None:
        words = [str(value) for value in values]
        return Measurement(max(sorted(set(words)), key=words.count), None, None, "")
    numbers = [float(value) for value in values]
    mean = float(np.mean(numbers))
    if not probe.stochastic:
        return Measurement(mean, mean - probe.tolerance, mean + probe.tolerance, measure_.unit)
    if not (math.isfinite(measure_.low) and math.isfinite(measure_.high)):
        return Measurement(mean, None, None, measure_.unit)
    middle = (measure_.low + measure_.high) / 2
    sequence = ConfidenceSequence(measure_.low, measure_.high, error, threshold=middle)
    for number in numbers:
        sequence.add(number)
    return Measurement(mean, *sequence.interval, measure_.unit)
