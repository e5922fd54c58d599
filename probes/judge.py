"""From draws to options: which hold, which fail, how surely.

The error is shared: over the distinct comparisons of all options where means are estimated, over
the options where shares are. So all decisions of a question are right together with probability
at least 1 − error, whenever one stops.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, Protocol

from quizproof.probes.confidence import ConfidenceSequence
from quizproof.probes.probe import Unsure
from quizproof.questions.problems import QuizproofError
from quizproof.questions.rules import Atom, Interval, Rule, Value
from quizproof.questions.spec import Text

HALF = 0.5
_IDENTICAL_DRAWS = 8


@dataclass(frozen=True)
class Finding:
    """What is known of one option; ``margin`` is (low, estimate, high), ±∞ between categories."""

    holds: bool | None
    margin: tuple[float, float, float]


class Judge(Protocol):
    """Takes draws until every option is decided; only an exact probe's may be unsure."""

    def take(self, values: Mapping[str, Value], unsure: Unsure | None = None) -> None: ...

    @property
    def decided(self) -> bool:
        """Whether more draws could change nothing; never, where there is no rule to decide."""

    def hopeless(self, draws: int) -> bool:
        """Whether so many more ``draws``, whatever they are, could decide nothing that is open."""

    def findings(self) -> dict[str, Finding]: ...

    @property
    def doubt(self) -> Text | None:
        """Why nothing was decided whatever the numbers say; None where there is no such reason."""


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
        return ShareJudge(rules, error)
    return MeanJudge(rules, ranges, error)


class ExactJudge:
    """One draw decides, up to the numerical tolerance it was made with and what it is unsure of."""

    def __init__(self, rules: Mapping[str, Rule], tolerance: float) -> None:
        self._rules = rules
        self._tolerance = tolerance
        self._findings: dict[str, Finding] = {}
        self.doubt: Text | None = None

    def take(self, values: Mapping[str, Value], unsure: Unsure | None = None) -> None:
        for option, rule in self._rules.items():
            margin = rule.margin(values)
            least, most = (margin, margin) if unsure is None else _ends(rule, values, unsure)
            low, high = least - self._tolerance, most + self._tolerance
            known = low == high or not low <= 0 <= high
            self._findings[option] = Finding(
                rule.holds(values) if known else None, (low, margin, high)
            )
        if unsure is not None and any(f.holds is None for f in self._findings.values()):
            self.doubt = unsure.why

    @property
    def decided(self) -> bool:
        return bool(self._findings)

    def hopeless(self, draws: int) -> bool:
        return False

    def findings(self) -> dict[str, Finding]:
        return self._findings or {option: _unknown() for option in self._rules}


class _Drawing:
    """What judges of stochastic probes share: draws that never vary decide nothing."""

    def __init__(self) -> None:
        self._first: Mapping[str, Value] | None = None
        self._count = 0
        self._varied = False

    def _note(self, values: Mapping[str, Value]) -> None:
        if self._first is None:
            self._first = dict(values)
        self._count += 1
        self._varied = self._varied or dict(values) != self._first

    @property
    def _stuck(self) -> bool:
        return not self._varied and self._count >= _IDENTICAL_DRAWS

    @property
    def doubt(self) -> Text | None:
        if self._varied:
            return None
        return Text(
            en=f"{self._count} draws without any variance decide nothing",
            zh_hant=f"{self._count} 次抽樣完全沒有變異，無法判定",
        )


class MeanJudge(_Drawing):
    """Each comparison is decided at the mean of its difference, paired draw by draw."""

    def __init__(
        self, rules: Mapping[str, Rule], ranges: Mapping[str, Interval], error: float
    ) -> None:
        super().__init__()
        self._rules = rules
        atoms = {_key(atom)[0]: atom for rule in rules.values() for atom in rule.atoms}
        self._atoms = atoms
        self._sequences = {
            key: ConfidenceSequence(*_bounded(atom, ranges), error / len(atoms))
            for key, atom in atoms.items()
        }

    def take(self, values: Mapping[str, Value], unsure: Unsure | None = None) -> None:
        self._note(values)
        for key, atom in self._atoms.items():
            self._sequences[key].add(atom.margin(values))

    @property
    def decided(self) -> bool:
        sides = [self._side(rule) for rule in self._rules.values()]
        return self._stuck or (self._varied and bool(sides) and all(sides))

    def hopeless(self, draws: int) -> bool:
        open_ = [rule for rule in self._rules.values() if self._side(rule) == 0]
        atoms = [atom for rule in open_ for atom in rule.atoms]
        return self._varied and not any(
            self._sequence(atom).may_show(draws) for atom in atoms if self._sequence(atom).side == 0
        )

    def _side(self, rule: Rule) -> float:
        return rule.combine(lambda atom: self._turn(atom) * self._sequence(atom).side)

    def _sequence(self, atom: Atom) -> ConfidenceSequence:
        return self._sequences[_key(atom)[0]]

    def _turn(self, atom: Atom) -> int:
        """−1 where this atom looks at its sequence from the other side."""
        key, turn = _key(atom)
        return turn * _key(self._atoms[key])[1]

    def findings(self) -> dict[str, Finding]:
        if not any(sequence.mean == sequence.mean for sequence in self._sequences.values()):
            return {option: _unknown() for option in self._rules}
        intervals = {key: s.interval for key, s in self._sequences.items()}

        def end(atom: Atom, which: int) -> float:
            turn = self._turn(atom)
            interval = intervals[_key(atom)[0]]
            return turn * (interval[which] if turn > 0 else interval[1 - which])

        findings = {}
        for option, rule in self._rules.items():
            side = self._side(rule) if self._varied else 0
            margin = (
                rule.combine(lambda atom: end(atom, 0)),
                rule.combine(lambda atom: self._turn(atom) * self._sequence(atom).mean),
                rule.combine(lambda atom: end(atom, 1)),
            )
            findings[option] = Finding(None if side == 0 else side > 0, margin)
        return findings


class ShareJudge(_Drawing):
    """An option holds when its rule does in more than half of all draws; margin = share − ½."""

    def __init__(self, rules: Mapping[str, Rule], error: float) -> None:
        super().__init__()
        self._rules = rules
        self._sequences = {
            option: ConfidenceSequence(0.0, 1.0, error / len(rules), threshold=HALF)
            for option in rules
        }

    def take(self, values: Mapping[str, Value], unsure: Unsure | None = None) -> None:
        self._note(values)
        for option, rule in self._rules.items():
            self._sequences[option].add(float(rule.holds(values)))

    @property
    def decided(self) -> bool:
        sides = [sequence.side for sequence in self._sequences.values()]
        return self._stuck or (self._varied and bool(sides) and all(sides))

    def hopeless(self, draws: int) -> bool:
        open_ = [sequence for sequence in self._sequences.values() if sequence.side == 0]
        return self._varied and not any(sequence.may_show(draws) for sequence in open_)

    def findings(self) -> dict[str, Finding]:
        if not self._count:
            return {option: _unknown() for option in self._rules}
        findings = {}
        for option, sequence in self._sequences.items():
            side = sequence.side if self._varied else 0
            low, high = sequence.interval
            margin = (low - HALF, sequence.mean - HALF, high - HALF)
            findings[option] = Finding(None if side == 0 else side > 0, margin)
        return findings


def _ends(rule: Rule, values: Mapping[str, Value], unsure: Unsure) -> Interval:
    """The least and the largest margin that ``rule`` can have within what is known."""
    numbers = {name: (v, v) for name, v in values.items() if not isinstance(v, str)}
    spans = {
        atom: (atom.margin(values),) * 2
        if atom.kind == "category"
        else atom.range({**numbers, **unsure.within})
        for atom in rule.atoms
    }
    return rule.combine(lambda atom: spans[atom][0]), rule.combine(lambda atom: spans[atom][1])


def _unknown() -> Finding:
    return Finding(None, (-math.inf, math.nan, math.inf))


@lru_cache(4096)
def _key(atom: Atom) -> tuple[tuple[str, str], int]:
    """The pair that is compared, in one order for ``a > b``, ``b > a`` and their negations."""
    left, right = ast.unparse(atom.left), ast.unparse(atom.right)
    return ((left, right), atom.sign) if left <= right else ((right, left), -atom.sign)


def _bounded(atom: Atom, ranges: Mapping[str, Interval]) -> Interval:
    if problem := atom.without_mean(ranges):
        raise QuizproofError(problem)
    return atom.range(ranges)


def holding(findings: Mapping[str, Finding]) -> Sequence[str]:
    """The options known to hold, in order."""
    return [option for option, finding in findings.items() if finding.holds]
