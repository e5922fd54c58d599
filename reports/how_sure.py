"""How sure a verdict is, in counts: of draws, or of tolerances between a value and its limit."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from quizproof.probes.engine.results import QuestionResult
from quizproof.questions.spec import Text, choices
from quizproof.reports.numbers import number
from quizproof.reports.option_draws import OptionDraws


def how_sure(result: QuestionResult, draws: Mapping[str, OptionDraws]) -> Text | None:
    """A few words for a table; None where nothing was measured."""
    measured = result.measurement
    if measured is None:
        return None
    if result.confidence is None:
        return _exact(result)
    if result.question.estimate == "mean":
        return Text(
            en=f"mean of {number(measured.draws)} draws",
            zh_hant=f"{number(measured.draws)} 次抽樣的平均",
        )
    counts = [_count(option, draws[option]) for option in _decisive(result) if option in draws]
    if not counts:
        return Text(
            en=f"{number(measured.draws)} draws", zh_hant=f"{number(measured.draws)} 次抽樣"
        )
    return Text(
        en="; ".join(f"{option}: {held} of {of} draws" for option, held, of in counts),
        zh_hant="；".join(f"{option}：{of} 次抽樣中 {held} 次" for option, held, of in counts),
    )


def in_tolerances(distance: float, tolerance: float) -> str:
    """How many tolerances a distance is, to two digits."""
    return number(float(f"{distance / tolerance:.2g}"))


def _count(option: str, draws: OptionDraws) -> tuple[str, str, str]:
    return option, number(draws.held), number(draws.of)


def _decisive(result: QuestionResult) -> Sequence[str]:
    """The options that the verdict turns on: those found, or the key's that are ruled out."""
    findings = result.measurement.findings if result.measurement else {}
    holding = [option for option, finding in findings.items() if finding.holds]
    if result.measured is not None and holding:
        return holding
    ticked = [choice.id for choice in choices(result.question) if choice.expected]
    ruled_out = [o for o in ticked if o in findings and findings[o].holds is False]
    return ruled_out or [o for o, finding in findings.items() if finding.holds is None]


def _exact(result: QuestionResult) -> Text:
    """That one measurement decides, and how many tolerances the nearest limit is away."""
    findings = result.measurement.findings.values() if result.measurement else ()
    nearest = min((abs(finding.margin[1]) for finding in findings), default=math.inf)
    if not result.tolerance or not math.isfinite(nearest):
        return Text(en="exact", zh_hant="確定")
    times = in_tolerances(nearest, result.tolerance)
    return Text(en=f"exact, {times} × the tolerance", zh_hant=f"確定，誤差的 {times} 倍")
