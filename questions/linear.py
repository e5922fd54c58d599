"""Conditions over measured names as conjunctions of linear inequalities and of equal categories.

    x > max(y, z)       becomes  x − y > 0 and x − z > 0,
    abs(x − y) >= 0.1   becomes  x − y − 0.1 ≥ 0 or y − x − 0.1 ≥ 0.

A product or a quotient of measured names stands for a name of its own. Arithmetic is exact.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import gcd, lcm
from typing import TypeAlias

from quizproof.questions.rules import AllOf, Atom, Condition, constant

MOST_CASES = 512  # conjunctions of a rule
_MOST_LINES = 128  # inequalities of a conjunction
_MOST_LARGEST = 16  # in a sum: each doubles the conjunctions, or the inequalities of each

Terms: TypeAlias = tuple[tuple[str, int], ...]  # by name, whole factors without a common divisor


@dataclass(frozen=True)
class Line:
    """``terms + constant`` > 0, or ≥ 0 where not strict."""

    terms: Terms
    constant: Fraction
    strict: bool

    @property
    def never(self) -> bool:
        return not self.terms and (self.constant < 0 or (self.constant == 0 and self.strict))


@dataclass(frozen=True)
class Words:
    """Two categories that are the same, or not; each a measured name (False) or a word (True)."""

    left: tuple[bool, str]
    right: tuple[bool, str]
    same: bool


Case: TypeAlias = frozenset[Line | Words]  # all of which are true


def cases_of(condition: Condition) -> list[Case] | None:
    """The conjunctions, at least one of which is true where ``condition`` is; None: too many."""
    match condition:
        case Atom(kind="category"):
            sides = (_side(condition.left), _side(condition.right))
            return [frozenset([Words(*sides, same=condition.sign > 0)])]
        case Atom():
            difference = _sum(_expression(condition.left), _expression(condition.right), -1)
            return _positive(_scaled(difference, Fraction(condition.sign)), condition.strict)
    parts = [cases_of(part) for part in condition.parts]
    return _every(parts) if isinstance(condition, AllOf) else _some(parts)


def _some(parts: Iterable[list[Case] | None]) -> list[Case] | None:
    found: list[Case] = []
    for part in parts:
        if part is None or len(found) + len(part) > MOST_CASES:
            return None
        found += part
    return found


def _every(parts: Iterable[list[Case] | None]) -> list[Case] | None:
    found: list[Case] = [frozenset()]
    for part in parts:
        if part is None or len(found) * len(part) > MOST_CASES:
            return None
        found = [one | other for one in found for other in part]
        if any(len(case) > _MOST_LINES for case in found):
            return None
    return found


def _side(node: ast.expr) -> tuple[bool, str]:
    return (True, str(node.value)) if isinstance(node, ast.Constant) else (False, ast.unparse(node))


# Sums with factors, of names and of the largest of several sums (max; min and abs are made of it)


@dataclass(frozen=True)
class _Sum:
    constant: Fraction
    terms: Mapping[str, Fraction]
    largest: tuple[tuple[Fraction, tuple[_Sum, ...]], ...] = ()


def _expression(node: ast.expr) -> _Sum:
    if (value := constant(node)) is not None:
        return _Sum(Fraction(value), {})
    match node:
        case ast.UnaryOp(op=operator, operand=operand):
            sign = -1 if isinstance(operator, ast.USub) else 1
            return _scaled(_expression(operand), Fraction(sign))
        case ast.BinOp(left=left, op=ast.Add() | ast.Sub() as operator, right=right):
            sign = 1 if isinstance(operator, ast.Add) else -1
            return _sum(_expression(left), _expression(right), sign)
        case ast.BinOp(left=left, op=ast.Mult(), right=right):
            for factor, other in ((left, right), (right, left)):
                if (value := constant(factor)) is not None:
                    return _scaled(_expression(other), Fraction(value))
        case ast.BinOp(left=left, op=ast.Div(), right=right):
            if value := constant(right):
                return _scaled(_expression(left), 1 / Fraction(value))
        case ast.Call(func=ast.Name(id=function), args=arguments):
            parts = tuple(_expression(argument) for argument in arguments)
            if function == "abs":
                parts += (_scaled(parts[0], Fraction(-1)),)
            if function == "min":
                parts = tuple(_scaled(part, Fraction(-1)) for part in parts)
            sign = -1 if function == "min" else 1
            return _Sum(Fraction(0), {}, ((Fraction(sign), parts),))
    return _Sum(Fraction(0), {ast.unparse(node): Fraction(1)})


def _scaled(of: _Sum, factor: Fraction) -> _Sum:
    return _Sum(
        of.constant * factor,
        {name: value * factor for name, value in of.terms.items()},
        tuple((value * factor, parts) for value, parts in of.largest),
    )


def _sum(one: _Sum, other: _Sum, sign: int) -> _Sum:
    other = _scaled(other, Fraction(sign))
    names = {**one.terms, **other.terms}
    terms = {n: one.terms.get(n, Fraction(0)) + other.terms.get(n, Fraction(0)) for n in names}
    return _Sum(one.constant + other.constant, terms, one.largest + other.largest)


def _positive(of: _Sum, strict: bool) -> list[Case] | None:
    """The conjunctions of which one is true where ``of`` is positive (not negative)."""
    if not of.largest:
        return [frozenset([_whole(of.terms, of.constant, strict)])]
    if len(of.largest) > _MOST_LARGEST:
        return None
    (factor, parts), *rest = of.largest
    without = _Sum(of.constant, of.terms, tuple(rest))
    # a sum that grows with the largest of several is positive where it is with one of them in its
    # place, one that shrinks with it where it is with each
    each = (_positive(_sum(without, _scaled(part, factor), 1), strict) for part in parts)
    return _some(each) if factor > 0 else _every(each)


def _whole(terms: Mapping[str, Fraction], constant: Fraction, strict: bool) -> Line:
    whole = lcm(*(value.denominator for value in terms.values()))
    return line_of({n: int(v * whole) for n, v in terms.items()}, constant * whole, strict)


def line_of(terms: Mapping[str, int], constant: Fraction, strict: bool) -> Line:
    """``terms + constant`` > 0 (≥ 0), in the one form that equal ones share."""
    common = gcd(*terms.values()) or 1
    named = tuple((name, factor // common) for name, factor in sorted(terms.items()) if factor)
    return Line(named, constant / common, strict)
