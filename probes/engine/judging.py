"""Choice of the judge that decides a question."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from quizproof.probes.engine.judge import ExactJudge, Judge
from quizproof.probes.engine.mean_judge import MeanJudge
from quizproof.probes.engine.share_judge import ShareJudge
from quizproof.questions.rules import Interval, Rule


def judge_for(
    rules: Mapping[str, Rule],
    ranges: Mapping[str, Interval],
    *,
    stochastic: bool,
    estimate: Literal["mean", "share"],
    error: float,
    tolerance: float,
) -> Judge:
    """The judge that fits a probe and what its question estimates. Raises QuizproofError."""
    if not stochastic:
        return ExactJudge(rules, tolerance)
    if estimate == "share":
        return ShareJudge(rules, error, ranges)
    return MeanJudge(rules, ranges, error)
