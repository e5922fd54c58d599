"""The axes on which a question's margins lie: one for all that is measured in the same unit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isfinite

from quizproof.probes.declaration import Words, english
from quizproof.probes.engine.drift import Standing
from quizproof.probes.engine.judge import Finding
from quizproof.probes.engine.results import QuestionResult
from quizproof.questions.spec import Blanks, Choice, Question, choices
from quizproof.reports.charts.margin_chart import extent
from quizproof.reports.option_view import rule_of, unit_of


@dataclass(frozen=True)
class MarginAxis:
    """One axis: 0 in the middle, where an option begins to fit."""

    reach: float  # the value at its right end; its left end is minus that
    unit: Words  # empty where it is none
    share: bool  # whether it is of shares of the draws, whose margins are less one half
    numbers: bool = True  # False where categories decide: margins are ±∞ alone


_SHARES = MarginAxis(reach=0.5, unit="", share=True)


def margin_axes(now: QuestionResult, runs: Sequence[Standing]) -> dict[str, MarginAxis]:
    """The axis of each option, for its margins on all models in all ``runs``."""
    every = [model for run in runs for model in run.models]
    options = list(dict.fromkeys(option for model in every for option in model))
    if now.confidence is not None and now.question.estimate == "share":
        return dict.fromkeys(options, _SHARES)
    units = {option: _unit(option, now) for option in options}
    together: dict[str, list[str]] = {}
    for option, unit in units.items():  # what has no unit is compared with nothing else
        together.setdefault(english(unit) or f"[{option}]", []).append(option)
    axes: dict[str, MarginAxis] = {}
    for those in together.values():
        margins = _margins(those, every)
        numbers = any(isfinite(end) for margin in margins for end in margin)
        for option in those:
            axes[option] = MarginAxis(
                reach=extent(margins), unit=units[option], share=False, numbers=numbers
            )
    return axes


def _margins(
    options: Sequence[str], models: Sequence[Mapping[str, Finding]]
) -> list[tuple[float, float, float]]:
    return [model[option].margin for model in models for option in options if option in model]


def _unit(option: str, now: QuestionResult) -> Words:
    asked = {choice.id: choice for choice in choices(now.question)}
    if option not in asked or now.measurement is None:
        return ""
    return unit_of(_names(asked[option], now.question), now.measurement)


def _names(choice: Choice, question: Question) -> frozenset[str]:
    if isinstance(question, Blanks):
        return frozenset({question.blanks[choice.id].measure or ""})
    rule = rule_of(choice, question)
    return rule.names if rule else frozenset()
