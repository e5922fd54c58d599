"""Options judged by the means of what they compare."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from functools import lru_cache

from quizproof.probes.engine.confidence import ConfidenceSequence
from quizproof.probes.engine.judge import Drawing, Finding, unknown
from quizproof.probes.probe import Unsure
from quizproof.questions.problems import QuizproofError
from quizproof.questions.rules import Atom, Interval, Rule, Value


class MeanJudge(Drawing):
    """Each comparison is decided at the mean of its difference, paired draw by draw.

    The error is shared over the distinct comparisons of all options.
    """

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

    def futile(self, draws: int) -> bool:
        open_ = [rule for rule in self._rules.values() if self._side(rule) == 0]
        atoms = [atom for rule in open_ for atom in rule.atoms]
        return self._varied and not any(
            self._sequence(atom).may_show(draws) for atom in atoms if self._sequence(atom).side == 0
        )

    @property
    def more_could_decide(self) -> bool:
        return self._varied and not all(map(self._side, self._rules.values()))

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
            return {option: unknown() for option in self._rules}
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


@lru_cache(4096)
def _key(atom: Atom) -> tuple[tuple[str, str], int]:
    """The pair that is compared, in one order for ``a > b``, ``b > a`` and their negations."""
    left, right = ast.unparse(atom.left), ast.unparse(atom.right)
    return ((left, right), atom.sign) if left <= right else ((right, left), -atom.sign)


def _bounded(atom: Atom, ranges: Mapping[str, Interval]) -> Interval:
    if problem := atom.without_mean(ranges):
        raise QuizproofError(problem)
    return atom.range(ranges)
