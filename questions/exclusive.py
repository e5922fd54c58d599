"""Options that exclude each other whatever is measured: what is said to is proved.

Two rules exclude each other where no values satisfy both: each conjunction of linear inequalities
that the two come to (``linear``) is infeasible within the ranges of what is measured. Its
categories contradict one another, or Fourier–Motzkin elimination (Schrijver 1986, Theory of Linear
and Integer Programming, 12.2), in exact rational arithmetic, comes to 0 > 0. What would be too much
to look through is not known to exclude. (Linear programming in floats is no proof: its tolerance
takes two thresholds that differ by 1e-9 for one.)
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping
from fractions import Fraction
from functools import lru_cache
from itertools import chain, combinations
from math import isfinite

from quizproof.questions.linear import MOST_CASES, Case, Line, Terms, Words, cases_of, line_of
from quizproof.questions.rule_ranges import span
from quizproof.questions.rules import Interval, Rule

_EFFORT = 4000  # inequalities made by eliminations, a question: some 50 ms


def groups(
    rules: Mapping[str, Rule], ranges: Mapping[str, Interval]
) -> tuple[tuple[str, ...], ...]:
    """The options of ``rules`` in groups; any two of one group exclude each other.

    As few groups as a greedy choice finds. ``ranges`` are those of what is measured, ends included.
    """
    return _groups(tuple(rules.items()), tuple(ranges.items()))


@lru_cache(512)
def _groups(
    rules: tuple[tuple[str, Rule], ...], ranges: tuple[tuple[str, Interval], ...]
) -> tuple[tuple[str, ...], ...]:
    within = _Within(dict(ranges))
    cases = {option: within.cases(rule) for option, rule in rules}
    apart = {
        frozenset((one, other))
        for one, other in combinations(cases, 2)
        if within.apart(cases[one], cases[other])
    }
    found: list[list[str]] = []
    # those that exclude few others first: they leave the least choice
    for option in sorted(cases, key=lambda option: sum(option in pair for pair in apart)):
        fitting = (g for g in found if all(frozenset((option, other)) in apart for other in g))
        if (group := next(fitting, None)) is None:
            found.append(group := [])
        group.append(option)
    order = list(cases)
    return tuple(tuple(sorted(group, key=order.index)) for group in found)


def exclude(one: Rule, other: Rule, ranges: Mapping[str, Interval]) -> bool:
    """Return whether it is proved that no values within ``ranges`` satisfy both rules."""
    within = _Within(ranges)
    return within.apart(within.cases(one), within.cases(other))


class Proofs:
    """Proofs about the rules of one question; each rule is looked through once."""

    def __init__(self, ranges: Mapping[str, Interval]) -> None:
        self._within = _Within(ranges)
        self._known: dict[Rule, tuple[Case, ...] | None] = {}

    def never(self, rule: Rule) -> bool:
        """Return whether it is proved that no values within the ranges satisfy ``rule``."""
        return self._cases(rule) == ()

    def exclude(self, one: Rule, other: Rule) -> bool:
        """Return whether it is proved that no values satisfy both."""
        return self._within.apart(self._cases(one), self._cases(other))

    def _cases(self, rule: Rule) -> tuple[Case, ...] | None:
        if rule not in self._known:
            self._known[rule] = self._within.cases(rule)
        return self._known[rule]


# Whether a conjunction can be true


class _Within:
    """The cases that can be true within ``ranges``, as far as the effort for one question goes."""

    def __init__(self, ranges: Mapping[str, Interval]) -> None:
        self._ranges = ranges
        self._ends: dict[str, list[Line]] = {}
        self._left = _EFFORT

    def cases(self, rule: Rule) -> tuple[Case, ...] | None:
        """The conjunctions of which one is true where the rule is; None: too many."""
        cases = cases_of(rule.condition)
        return None if cases is None else tuple(case for case in cases if self._possible(case))

    def apart(self, one: tuple[Case, ...] | None, other: tuple[Case, ...] | None) -> bool:
        if one is None or other is None or len(one) * len(other) > MOST_CASES:
            return False
        return not any(self._possible(a | b) for a in one for b in other)

    def _possible(self, case: Case) -> bool:
        if not _can_be_spoken([each for each in case if isinstance(each, Words)]):
            return False
        lines = _strongest(each for each in case if isinstance(each, Line))
        if lines is None or _opposed(lines):
            return False
        names = {name for line in lines for name, _ in line.terms}
        return self._feasible(_strongest([*lines, *chain(*map(self._ends_of, sorted(names)))]))

    def _ends_of(self, name: str) -> list[Line]:
        """The ends of the range of ``name``, which may be a product of names."""
        if name not in self._ends:
            low, high = span(ast.parse(name, mode="eval").body, self._ranges)
            ends = [(1, -low), (-1, high)]
            self._ends[name] = [
                Line(((name, factor),), Fraction(end), strict=False)
                for factor, end in ends
                if isfinite(end)
            ]
        return self._ends[name]

    def _feasible(self, lines: list[Line] | None) -> bool:
        """True where some numbers satisfy ``lines``, or where it takes too much to find out."""
        while lines:
            name, below, above = _easiest(lines)
            self._left -= len(below) * len(above)
            if self._left < 0:
                return True
            kept = [line for line in lines if name not in dict(line.terms)]
            joined = [_without(name, one, other) for one in below for other in above]
            lines = _strongest([*kept, *joined])
        return lines is not None


def _can_be_spoken(words: list[Words]) -> bool:
    """Tell whether names can be given words so that all of ``words`` are true."""
    same: dict[tuple[bool, str], frozenset[tuple[bool, str]]] = {}
    for each in words:
        if each.same:
            joined = same.get(each.left, frozenset([each.left]))
            joined |= same.get(each.right, frozenset([each.right]))
            same.update(dict.fromkeys(joined, joined))
    if any(sum(word for word, _ in joined) > 1 for joined in same.values()):
        return False
    return not any(
        each.right in same.get(each.left, frozenset([each.left])) for each in words if not each.same
    )


def _strongest(lines: Iterable[Line]) -> list[Line] | None:
    """The line that says most for each sum of names; None where one can never be true."""
    found: dict[Terms, Line] = {}
    for line in lines:
        if line.never:
            return None
        known = found.get(line.terms)
        if known is None or (line.constant, not line.strict) < (known.constant, not known.strict):
            found[line.terms] = line
    found.pop((), None)
    return list(found.values())


def _opposed(lines: list[Line]) -> bool:
    """True where two of them contradict each other alone: most do that exclude at all."""
    by_terms = {line.terms: line for line in lines}
    return any(
        (other := by_terms.get(tuple((name, -factor) for name, factor in line.terms))) is not None
        and Line((), line.constant + other.constant, line.strict or other.strict).never
        for line in lines
    )


def _easiest(lines: list[Line]) -> tuple[str, list[Line], list[Line]]:
    """The name that is eliminated with least effort, and the lines that bound it: below, above."""
    sides: dict[str, tuple[list[Line], list[Line]]] = {}
    for line in lines:
        for name, factor in line.terms:
            sides.setdefault(name, ([], []))[factor < 0].append(line)
    name = min(sides, key=lambda name: (len(sides[name][0]) * len(sides[name][1]), name))
    return name, *sides[name]


def _without(name: str, below: Line, above: Line) -> Line:
    """The sum of two lines in which ``name`` falls out."""
    one, other = dict(below.terms), dict(above.terms)
    of_one, of_other = -other[name], one[name]
    terms = {n: of_one * one.get(n, 0) + of_other * other.get(n, 0) for n in {**one, **other}}
    constant = of_one * below.constant + of_other * above.constant
    return line_of(terms, constant, below.strict or above.strict)
