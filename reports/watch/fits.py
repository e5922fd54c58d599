"""In how many of its draws an option fits, where that is what decides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from quizproof.probes.engine.results import QuestionResult
from quizproof.questions.spec import choices
from quizproof.reports.option_draws import option_draws
from quizproof.reports.option_view import rule_of

Fits: TypeAlias = Mapping[str, tuple[int, int]]  # by option: draws in which it holds, and all


def fits_of(result: QuestionResult) -> list[dict[str, tuple[int, int]]]:
    """The draws that fit each option, on each model.

    Empty where a mean or one exact measurement decides.
    """
    question, measured = result.question, result.measurement
    if measured is None or result.confidence is None or question.estimate != "share":
        return []
    found: list[dict[str, tuple[int, int]]] = [{} for _ in measured.drawn]
    for choice in choices(question):
        rule = rule_of(choice, question)
        draws = option_draws(rule, measured.drawn) if rule else None
        for each, fits in zip(found, draws.models if draws else (), strict=False):
            each[choice.id] = (fits.held, fits.of)
    return found


def in_all(option: str, models: Sequence[Fits]) -> tuple[int, int] | None:
    """The draws that fit ``option``, and all, on all models together; None where not counted."""
    each = [fits[option] for fits in models if option in fits]
    if not each:
        return None
    return sum(held for held, _ in each), sum(of for _, of in each)
