"""Choice of the judge that decides a question, and when it needs no further draw."""

from __future__ import annotations

from quizproof.probes.declaration import Probe
from quizproof.probes.engine.blanks_judge import BlanksJudge
from quizproof.probes.engine.judge import ExactJudge, Judge
from quizproof.probes.engine.mean_judge import MeanJudge
from quizproof.probes.engine.share_judge import ShareJudge
from quizproof.questions.rules import Rule, parse_rule
from quizproof.questions.spec import Blanks, Question, choices


def judge_of(question: Question, probe: Probe, error: float) -> Judge:
    """The judge that fits a probe and what its question estimates. Raises QuizproofError."""
    assert question.probe is not None
    rules = rules_of(question)
    if not probe.draws_anew(question.probe.parameters):
        return ExactJudge(rules, probe.tolerance)
    ranges = probe.ranges(question.probe.parameters)
    if isinstance(question, Blanks):
        return BlanksJudge(question, rules, ranges, error)
    if question.estimate == "share":
        return ShareJudge(rules, error, ranges)
    return MeanJudge(rules, ranges, error)


def rules_of(question: Question) -> dict[str, Rule]:
    """The parsed rule of every option that has one. Raises RuleError."""
    constants = question.constants
    return {c.id: parse_rule(c.rule, constants) for c in choices(question) if c.rule is not None}


def nothing_more(judge: Judge, draws: int) -> bool:
    """Return whether so many more ``draws`` could change nothing."""
    return draws == 0 or judge.decided or judge.futile(draws)


def most_draws(question: Question, probe: Probe) -> int:
    """Number of draws that ``question`` may take at most; an exact probe has one."""
    assert question.probe is not None
    return question.most_draws if probe.draws_anew(question.probe.parameters) else 1
