"""What evidence says of a question: the measured values, and the options that they bear out."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import takewhile

import numpy as np

from quizproof.probes.declaration import Draw, Measure, Probe, Words
from quizproof.probes.engine.confidence import ConfidenceSequence
from quizproof.probes.engine.evidence.record import Evidence
from quizproof.probes.engine.judge import Finding, Tally
from quizproof.probes.engine.judging import judge_of, most_draws, nothing_more
from quizproof.probes.engine.reasons import tied
from quizproof.questions.rules import Value
from quizproof.questions.spec import Ordering, Question, Text
from quizproof.questions.wordings import other_wording


@dataclass(frozen=True)
class Measurement:
    """A measured value; ``low`` and ``high`` bound its mean over draws, where they can be known."""

    value: Value
    low: float | None
    high: float | None
    unit: Words


@dataclass(frozen=True)
class Drawn:
    """The draws that were judged, on one model."""

    model: str
    values: tuple[Mapping[str, Value], ...]  # what each measured, in their order


@dataclass(frozen=True)
class Measured:
    """Measurements for a question on one model, and the options that they bear out."""

    findings: Mapping[str, Finding]
    measurements: Mapping[str, Measurement]
    draws: int
    doubt: Text | None
    shown: Draw = field(default_factory=lambda: Draw({}))  # the first draw on the first model
    shown_later: tuple[Draw, ...] = ()  # those after it whose maps are kept
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
    drawn: tuple[Drawn, ...] = ()  # on each model it was measured on


def judged(
    question: Question, probe: Probe, evidence: Evidence, *, error: float = 0.01, draws: int = 1
) -> Measured | None:
    """Return what ``evidence`` says of ``question``; None where it has too few draws to say.

    Draws beyond the first ``draws``, or those that decide, are not looked at, as if they had never
    been made.
    """
    assert question.probe is not None
    judge = judge_of(question, probe, error)
    most = most_draws(question, probe)
    used = 0
    for draw in evidence.draws[:most]:
        judge.take(draw.values, draw.unsure)
        used += 1
        if used >= min(draws, most) and nothing_more(judge, most - used):
            break
    else:
        if used < most and not evidence.ended:
            return None
    parameters = question.probe.parameters
    tolerance = None if probe.draws_anew(parameters) else probe.tolerance
    measures = probe.measures(parameters)
    findings, ties = without_ties(question, judge.findings())
    return Measured(
        findings=findings,
        measurements={
            n: _summary(n, m, evidence, used=used, tolerance=tolerance, error=error)
            for n, m in measures.items()
        },
        draws=used,
        doubt=judge.doubt or (tied(ties) if ties else None),
        shown=evidence.draws[0],
        shown_later=tuple(takewhile(lambda draw: draw.maps, evidence.draws[1:used])),
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
        drawn=(Drawn(evidence.model, tuple(draw.values for draw in evidence.draws[:used])),),
    )


def without_ties(
    question: Question, findings: Mapping[str, Finding]
) -> tuple[Mapping[str, Finding], list[str]]:
    """Return ``findings`` with pairs of items that are as large as each other open, and these."""
    if not isinstance(question, Ordering):
        return findings, []
    ties = [
        pair
        for pair, down in question.parts.items()
        if all(pair + o in findings and findings[pair + o].holds is False for o in down.options)
    ]
    opened = {
        option: replace(finding, holds=None) if option[:2] in ties else finding
        for option, finding in findings.items()
    }
    return opened, ties


def _otherwise(
    question: Question, probe: Probe, evidence: Evidence, used: int, error: float
) -> Mapping[str, Finding]:
    """Return the findings of the used draws under the question's other wording, if it has one."""
    other = other_wording(question)
    if other is None:
        return {}
    judge = judge_of(other, probe, error)
    for draw in evidence.draws[:used]:
        judge.take(draw.values, draw.unsure)
    return judge.findings()


def agree(question: Question, measured: Sequence[Measured]) -> Measured:
    """Return what holds on every model alike; an option on which they differ is undecided.

    Margins are those of the model nearest to changing its mind, and where models differ reach from
    the least to the largest of all; the rest is the first model's.
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
        drawn=tuple(drawn for m in measured for drawn in m.drawn),
    )


def _agreed(models: Sequence[Mapping[str, Finding]]) -> dict[str, Finding]:
    found = {}
    for option in models[0]:
        each = [findings[option] for findings in models]
        verdicts = {finding.holds for finding in each}
        nearest = min(each, key=lambda finding: abs(finding.margin[1]))
        if len(verdicts) == 1:
            found[option] = nearest
            continue
        least = min(finding.margin[0] for finding in each)
        largest = max(finding.margin[2] for finding in each)
        found[option] = Finding(None, (least, nearest.margin[1], largest))
    return found


def _open(measured: Measured) -> list[str]:
    return [option for option, finding in measured.findings.items() if finding.holds is None]


def _summary(
    name: str,
    measure_: Measure,
    evidence: Evidence,
    *,
    used: int,
    tolerance: float | None,  # of an exact probe
    error: float,
) -> Measurement:
    values = [draw.values[name] for draw in evidence.draws[:used]]
    if measure_.categories is not None:
        words = [str(value) for value in values]
        return Measurement(max(sorted(set(words)), key=words.count), None, None, "")
    numbers = [float(value) for value in values]
    mean = float(np.mean(numbers))
    if tolerance is not None:
        within = {} if evidence.draws[0].unsure is None else evidence.draws[0].unsure.within
        low, high = within.get(name, (mean, mean))
        return Measurement(mean, low - tolerance, high + tolerance, measure_.unit)
    if not (math.isfinite(measure_.low) and math.isfinite(measure_.high)):
        return Measurement(mean, None, None, measure_.unit)
    middle = (measure_.low + measure_.high) / 2
    sequence = ConfidenceSequence(measure_.low, measure_.high, error, threshold=middle)
    sequence.extend(numbers)
    return Measurement(mean, *sequence.interval, measure_.unit)
