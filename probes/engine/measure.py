"""Measuring one question: a probe's draws on one model or several, taken until it is decided."""

from __future__ import annotations

import math
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any

import numpy as np

from quizproof.probes.bench import Bench
from quizproof.probes.engine.blanks_judge import BlanksJudge
from quizproof.probes.engine.confidence import ConfidenceSequence
from quizproof.probes.engine.evidence.record import Evidence
from quizproof.probes.engine.judge import Finding, Judge, Tally
from quizproof.probes.engine.judging import judge_for
from quizproof.probes.models.passes import Passes
from quizproof.probes.models.precision import ieee_float32
from quizproof.probes.packs.settling import WITH_WEIGHTS
from quizproof.probes.probe import Draw, Measure, Probe
from quizproof.questions.problems import QuizproofError, one_line
from quizproof.questions.rules import Rule, Value, parse_rule
from quizproof.questions.spec import Blanks, Question, Text, choices
from quizproof.questions.wordings import other_wording

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
    """Measurements for a question on one model, and the options that they bear out."""

    findings: Mapping[str, Finding]
    measurements: Mapping[str, Measurement]
    draws: int
    doubt: Text | None
    shown: Draw = field(default_factory=lambda: Draw({}))  # the first draw on the first model
    model: str = ""
    device: str = ""
    forward: int = 0
    backward: int = 0
    seconds: float = 0.0
    models: tuple[Mapping[str, Finding], ...] = ()  # the findings on each model it was measured on
    left: int = 0  # draws that were not made since they could not decide what is open
    more_could_decide: bool = False  # whether draws beyond those that are allowed could
    tally: Tally | None = None  # None where one draw is all there is
    otherwise: Mapping[str, Finding] = field(default_factory=dict)  # under the other wording


def rules_of(question: Question) -> dict[str, Rule]:
    """The parsed rule of every option that has one. Raises RuleError."""
    constants = question.constants
    return {c.id: parse_rule(c.rule, constants) for c in choices(question) if c.rule is not None}


def measure(
    question: Question,
    probe: Probe,
    bench: Bench,
    *,
    error: float = 0.01,
    on_draw: OnDraw = lambda draws: None,
) -> Measured:
    """``collect`` evidence and judge it."""
    evidence = collect(question, probe, bench, error=error, on_draw=on_draw)
    measured = judged(question, probe, evidence, error=error)
    assert measured is not None
    return measured


def collect(
    question: Question,
    probe: Probe,
    bench: Bench,
    *,
    error: float = 0.01,
    draws: int = 1,
    on_draw: OnDraw = lambda draws: None,
) -> Evidence:
    """Draw until every option of ``question`` is decided, or what is left of ``max_draws`` is vain.

    It is where it could decide no option that is still open, and so the verdict is known.

    At least ``draws`` are made, where as many may be. ``error`` is the probability with which any
    decision may be wrong. Raises whatever the probe raises, and ProbeError for draws that are not
    what it declares. Numbers are rounded as IEEE float32, whatever the caller's torch is set to.
    """
    assert question.probe is not None
    parameters = probe.complete(question.probe.parameters)
    measures = probe.measures(question.probe.parameters)
    judge = _judge(question, probe, error)
    bench.count_anew()
    before = bench.rested_on()
    began = time.perf_counter()
    most = _most(question, probe)
    least = min(draws, most)
    drawn: list[Draw] = []
    passes: list[Passes] = []
    ended = True
    with ieee_float32() if _by_torch(probe) else nullcontext():
        for draw in islice(probe.run(bench, **parameters), most):
            _check(draw, measures, probe)
            drawn.append(Draw(draw.values) if drawn else draw)
            passes.append(bench.rested_on() - before)
            judge.take(draw.values, draw.unsure)
            on_draw(len(drawn))
            if len(drawn) >= least and _nothing_more(judge, most - len(drawn)):
                ended = False
                break
    if not drawn:
        raise ProbeError(f"probe {probe.name} gave no draw")
    used = [m for role, m in bench.models.items() if role.split(" ")[0] in probe.roles]
    return Evidence(
        draws=tuple(drawn),
        forward=tuple(p.forward for p in passes),
        backward=tuple(p.backward for p in passes),
        seconds=time.perf_counter() - began,
        model=" and ".join(model.description for model in used),
        device=", ".join(sorted({str(model.device) for model in used})),
        ended=ended,
        of=_told(probe, parameters, bench),
    )


def judged(
    question: Question, probe: Probe, evidence: Evidence, *, error: float = 0.01, draws: int = 1
) -> Measured | None:
    """Return what ``evidence`` says of ``question``; None where it has too few draws to say.

    Draws beyond the first ``draws``, or those that decide, are not looked at, as if they had never
    been made.
    """
    assert question.probe is not None
    judge = _judge(question, probe, error)
    most = _most(question, probe)
    used = 0
    for draw in evidence.draws[:most]:
        judge.take(draw.values, draw.unsure)
        used += 1
        if used >= min(draws, most) and _nothing_more(judge, most - used):
            break
    else:
        if used < most and not evidence.ended:
            return None
    measures = probe.measures(question.probe.parameters)
    findings = judge.findings()
    return Measured(
        findings=findings,
        measurements={
            n: _summary(n, m, evidence, used=used, probe=probe, error=error)
            for n, m in measures.items()
        },
        draws=used,
        doubt=judge.doubt,
        shown=evidence.draws[0],
        model=evidence.model,
        device=evidence.device,
        forward=evidence.forward[used - 1],
        backward=evidence.backward[used - 1],
        seconds=evidence.seconds,
        models=(findings,),
        left=0 if judge.decided or evidence.ended else most - used,
        more_could_decide=judge.more_could_decide and not evidence.ended,
        tally=judge.tally,
        otherwise=_otherwise(question, probe, evidence, used, error),
    )


def _otherwise(
    question: Question, probe: Probe, evidence: Evidence, used: int, error: float
) -> Mapping[str, Finding]:
    """Return the findings of the used draws under the question's other wording, if it has one."""
    other = other_wording(question)
    if other is None:
        return {}
    judge = _judge(other, probe, error)
    for draw in evidence.draws[:used]:
        judge.take(draw.values, draw.unsure)
    return judge.findings()


def _by_torch(probe: Probe) -> bool:
    """Return whether draws are torch's numbers; importing it takes seconds, and not all need it."""
    return not set(WITH_WEIGHTS).isdisjoint(probe.roles) or "torch" in sys.modules


def _nothing_more(judge: Judge, draws: int) -> bool:
    """Return whether so many more ``draws`` could change nothing."""
    return draws == 0 or judge.decided or judge.futile(draws)


def _told(probe: Probe, parameters: Mapping[str, Any], bench: Bench) -> str:
    given = ", ".join(f"{name}={value!r}" for name, value in parameters.items())
    return one_line(f"{probe.name}({given}) on {bench.pack.manifest.name}, seed {bench.seed}")


def _judge(question: Question, probe: Probe, error: float) -> Judge:
    assert question.probe is not None
    ranges = probe.ranges(question.probe.parameters)
    if isinstance(question, Blanks) and probe.stochastic:
        return BlanksJudge(question, rules_of(question), ranges, error)
    return judge_for(
        rules_of(question),
        ranges,
        stochastic=probe.stochastic,
        estimate=question.estimate,
        error=error,
        tolerance=probe.tolerance,
    )


def _most(question: Question, probe: Probe) -> int:
    return question.most_draws if probe.stochastic else 1


def agree(question: Question, measured: Sequence[Measured]) -> Measured:
    """Return what holds on every model alike; an option on which they differ is undecided.

    Margins are those of the model nearest to changing its mind, the rest is the first model's.
    """
    first = measured[0]
    findings = _agreed([m.findings for m in measured])
    differing = [o for o in findings if {m.findings[o].holds for m in measured} >= {True, False}]
    doubt = next((m.doubt for m in measured if m.doubt), None)
    still_open = next((m for m in measured if _open(m)), first)
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
        left=still_open.left,
        more_could_decide=all(m.more_could_decide or not _open(m) for m in measured),
        tally=still_open.tally,
        models=tuple(findings for m in measured for findings in m.models),
        otherwise=_agreed([m.otherwise for m in measured]),
    )


def _agreed(models: Sequence[Mapping[str, Finding]]) -> dict[str, Finding]:
    found = {}
    for option in models[0]:
        each = [findings[option] for findings in models]
        verdicts = {finding.holds for finding in each}
        nearest = min(each, key=lambda finding: abs(finding.margin[1]))
        found[option] = replace(nearest, holds=verdicts.pop() if len(verdicts) == 1 else None)
    return found


def _open(measured: Measured) -> list[str]:
    return [option for option, finding in measured.findings.items() if finding.holds is None]


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
    within = {} if draw.unsure is None else draw.unsure.within
    if within and probe.stochastic:
        raise ProbeError(f"probe {probe.name} is unsure of a draw, which only exact ones may be")
    for name, (low, high) in within.items():
        known = draw.values.get(name)
        if not isinstance(known, int | float) or not -math.inf < low <= known <= high < math.inf:
            raise ProbeError(
                f"probe {probe.name}: {name} is {known!r}, which is not from {low:g} to {high:g}"
            )


def _summary(
    name: str,
    measure_: Measure,
    evidence: Evidence,
    *,
    used: int,
    probe: Probe,
    error: float,
) -> Measurement:
    values = [draw.values[name] for draw in evidence.draws[:used]]
    if measure_.categories is not None:
        words = [str(value) for value in values]
        return Measurement(max(sorted(set(words)), key=words.count), None, None, "")
    numbers = [float(value) for value in values]
    mean = float(np.mean(numbers))
    if not probe.stochastic:
        within = {} if evidence.draws[0].unsure is None else evidence.draws[0].unsure.within
        low, high = within.get(name, (mean, mean))
        return Measurement(mean, low - probe.tolerance, high + probe.tolerance, measure_.unit)
    if not (math.isfinite(measure_.low) and math.isfinite(measure_.high)):
        return Measurement(mean, None, None, measure_.unit)
    middle = (measure_.low + measure_.high) / 2
    sequence = ConfidenceSequence(measure_.low, measure_.high, error, threshold=middle)
    sequence.extend(numbers)
    return Measurement(mean, *sequence.interval, measure_.unit)
