"""In how many of its draws an option fits, where that is what decides."""

from __future__ import annotations

from quizproof.probes.engine.results import QuestionResult
from quizproof.questions.rules import RuleError, parse_rule
from quizproof.questions.spec import choices
from quizproof.reports.option_draws import option_draws


def fits_of(result: QuestionResult) -> dict[str, tuple[int, int]]:
    """By option, the draws in which its rule holds and all draws, over all models.

    Empty where a mean or one exact measurement decides.
    """
    question, measured = result.question, result.measurement
    if measured is None or result.confidence is None or question.estimate != "share":
        return {}
    found = {}
    for choice in choices(question):
        try:
            rule = parse_rule(choice.rule, question.constants) if choice.rule else None
        except RuleError:
            continue
        draws = option_draws(rule, measured.drawn) if rule else None
        if draws is not None:
            found[choice.id] = (draws.held, draws.of)
    return found
