"""The rule language: under which condition over measured names an option holds, and by how much.

A rule is written in Python's expression grammar and never run by Python:

    green_density_food > green_density_plate and green_share_food >= 0.5
    layer_type == 'Conv2d'

Its margin is the robustness of signal temporal logic (Fainekos & Pappas 2009): ``a > b`` has margin
a − b, ``and`` is the minimum, ``or`` the maximum, ``not`` changes the sign; categories are at ±∞.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import TypeAlias

from quizproof.questions.rule_ranges import span, subtract

Value: TypeAlias = float | str
Interval: TypeAlias = tuple[float, float]

MAX_LENGTH = 1000
MAX_DEPTH = 64  # of parts in one another: each is gone down into by calls
_FUNCTIONS = ("abs", "max", "min")
_ORDERINGS: dict[type[ast.cmpop], int] = {ast.Gt: 1, ast.GtE: 1, ast.Lt: -1, ast.LtE: -1}


class RuleError(ValueError):
    """A rule that is not in the language; ``column`` counts from 1."""

    def __init__(self, what: str, mend: str, column: int = 1) -> None:
        super().__init__(f"{what}; {mend}")
        self.what = what
        self.mend = mend
        self.column = column


class MeasurementError(ValueError):
    """Measured values over which a rule has no margin (missing, of the wrong type, not finite)."""


@dataclass(frozen=True)
class Atom:
    """One comparison. ``sign`` is +1 or −1: which way the difference counts."""

    source: str
    left: ast.expr
    right: ast.expr
    sign: int
    kind: str  # "order" for < <= > >=, "category" for == and !=
    strict: bool  # whether a margin of exactly 0 leaves the atom false

    @property
    def names(self) -> frozenset[str]:
        return frozenset(_names(self.left)) | frozenset(_names(self.right))

    @property
    def words(self) -> tuple[str, ...]:
        """The literal categories it compares with."""
        return tuple(
            side.value
            for side in (self.left, self.right)
            if isinstance(side, ast.Constant) and isinstance(side.value, str)
        )

    def margin(self, values: Mapping[str, Value]) -> float:
        """Distance of ``values`` from changing this comparison; ±∞ between categories.

        Raises MeasurementError for a missing, non-finite or wrongly typed value.
        """
        if self.kind == "category":
            equal = _category(self.left, values) == _category(self.right, values)
            return math.inf if equal == (self.sign > 0) else -math.inf
        difference = _number(self.left, values) - _number(self.right, values)
        if not math.isfinite(difference):
            raise MeasurementError(f"'{self.source}' is not a finite number")
        return self.sign * difference

    def sides(self, values: Mapping[str, Value]) -> tuple[float, float]:
        """The two numbers that are compared, of an ordering. Raises MeasurementError."""
        return _number(self.left, values), _number(self.right, values)

    def holds(self, values: Mapping[str, Value]) -> bool:
        margin = self.margin(values)
        return margin > 0 or (margin == 0 and not self.strict)

    def range(self, ranges: Mapping[str, Interval]) -> Interval:
        """The interval in which the margin lies when every name lies in its range."""
        if self.kind == "category":
            return (-math.inf, math.inf)
        low, high = subtract(span(self.left, ranges), span(self.right, ranges))
        return (low, high) if self.sign > 0 else (-high, -low)

    def without_mean(self, ranges: Mapping[str, Interval]) -> str:
        """Say why the mean of this comparison over draws cannot be bounded; empty where it can."""
        if self.kind == "category":
            return f"'{self.source}' compares categories, which have no mean: estimate the share"
        low, high = self.range(ranges)
        if not (math.isfinite(low) and math.isfinite(high)):
            return f"'{self.source}' has no bounded range: estimate the share, or bound it"
        if not low < 0 < high:
            return f"'{self.source}' can only come out one way (margin {low:g} to {high:g})"
        return ""


@dataclass(frozen=True)
class AllOf:
    """Holds when every part does: the margin is the minimum."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True)
class AnyOf:
    """Holds when some part does: the margin is the maximum."""

    parts: tuple[Condition, ...]


Condition: TypeAlias = Atom | AllOf | AnyOf


@dataclass(frozen=True)
class Rule:
    """A parsed rule."""

    source: str
    condition: Condition

    @property
    def atoms(self) -> tuple[Atom, ...]:
        """The comparisons from left to right."""
        return tuple(_atoms(self.condition))

    @property
    def names(self) -> frozenset[str]:
        """The measured names the rule reads."""
        return frozenset[str]().union(*(atom.names for atom in self.atoms))

    def holds(self, values: Mapping[str, Value]) -> bool:
        """Truth of the rule. Raises MeasurementError."""
        return _holds(self.condition, values)

    def margin(self, values: Mapping[str, Value]) -> float:
        """Robustness margin, positive when true, in the unit compared. Raises MeasurementError."""
        return self.combine(lambda atom: atom.margin(values))

    def combine(self, margin_of: Callable[[Atom], float]) -> float:
        """The margin of the whole from a margin of every atom (monotone in each of them)."""
        return _combine(self.condition, margin_of)


def parse_rule(source: str, constants: Mapping[str, float] = MappingProxyType({})) -> Rule:
    """The rule written as ``source``, in which the names of ``constants`` stand for numbers.

    Raises RuleError for anything outside the language.
    """
    return _parse(source, tuple(sorted(constants.items())))


@lru_cache(4096)
def _parse(source: str, named: tuple[tuple[str, float], ...]) -> Rule:
    if len(source) > MAX_LENGTH:
        raise RuleError(
            f"the rule has {len(source)} characters", f"keep it to {MAX_LENGTH} at most"
        )
    try:
        tree = ast.parse(source.strip(), mode="eval")
    except SyntaxError as error:
        raise RuleError(
            f"the rule is not an expression ({error.msg})",
            "write comparisons joined by and, or, not",
            error.offset or 1,
        ) from None
    except (ValueError, RecursionError, MemoryError) as error:
        raise RuleError(f"the rule cannot be read ({error})", "write it more simply") from None
    if _is_deeper(tree, MAX_DEPTH):
        raise RuleError("the rule is nested too deeply", f"keep to {MAX_DEPTH} levels")
    body = _Constants(dict(named)).visit(tree.body) if named else tree.body
    return Rule(source.strip(), _condition(body, source.strip(), negated=False))


def _is_deeper(tree: ast.AST, most: int) -> bool:
    """Tell whether something in ``tree`` lies more than ``most`` levels down."""
    level: list[ast.AST] = [tree]
    for _ in range(most + 1):
        level = [child for node in level for child in ast.iter_child_nodes(node)]
    return bool(level)


class _Constants(ast.NodeTransformer):
    def __init__(self, constants: Mapping[str, float]) -> None:
        self._constants = constants

    def visit_Name(self, node: ast.Name) -> ast.expr:
        if node.id not in self._constants:
            return node
        return ast.copy_location(ast.Constant(self._constants[node.id]), node)


def _condition(node: ast.expr, source: str, *, negated: bool) -> Condition:
    match node:
        case ast.BoolOp(op=operator, values=values):
            parts = tuple(_condition(value, source, negated=negated) for value in values)
            return AllOf(parts) if isinstance(operator, ast.And) != negated else AnyOf(parts)
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return _condition(operand, source, negated=not negated)
        case ast.Compare(left=first, ops=operators, comparators=rest):
            sides = [first, *rest]
            atoms = tuple(
                _atom(left, operator, right, source, negated=negated)
                for left, operator, right in zip(sides, operators, sides[1:], strict=False)
            )
            if len(atoms) == 1:
                return atoms[0]
            return AnyOf(atoms) if negated else AllOf(atoms)
    raise _unknown(node, "a condition is a comparison, or conditions joined by and, or, not")


def _atom(
    left: ast.expr, operator: ast.cmpop, right: ast.expr, source: str, *, negated: bool
) -> Atom:
    # cut from each side: Python gives a comparison's parts positions, but not the pair's
    end = right.end_col_offset
    text = source.encode()[left.col_offset : end].decode(errors="replace")
    kind = type(operator)
    strict = kind in (ast.Gt, ast.Lt)
    if kind in _ORDERINGS:
        for side in (left, right):
            _check_number(side)
        sign = _ORDERINGS[kind]
        return Atom(
            source=text,
            left=left,
            right=right,
            sign=-sign if negated else sign,
            kind="order",
            strict=strict != negated,
        )
    if kind in (ast.Eq, ast.NotEq):
        for side in (left, right):
            _check_category(side)
        equal = (kind is ast.Eq) != negated
        return Atom(
            source=text,
            left=left,
            right=right,
            sign=1 if equal else -1,
            kind="category",
            strict=True,
        )
    raise _unknown(left, "compare with <, <=, >, >=, or categories with == and !=")


def _check_number(node: ast.expr) -> None:
    match node:
        case ast.Name():
            return
        case ast.Constant(value=value):
            if isinstance(value, bool) or not isinstance(value, int | float):
                raise _unknown(node, "compare numbers with <, <=, >, >=")
            try:
                finite = math.isfinite(value)
            except OverflowError:
                finite = False
            if not finite:
                raise _unknown(node, "write a finite number")
        case ast.UnaryOp(op=ast.USub() | ast.UAdd(), operand=operand):
            _check_number(operand)
        case ast.BinOp(op=ast.Add() | ast.Sub() | ast.Mult() | ast.Div(), left=left, right=right):
            _check_number(left)
            _check_number(right)
            _check_division(node)
        case ast.Call(func=ast.Name(id=function), args=arguments, keywords=[]):
            if function not in _FUNCTIONS:
                raise _unknown(node, f"the functions are {', '.join(_FUNCTIONS)}")
            if (len(arguments) != 1) if function == "abs" else (len(arguments) < 2):
                raise _unknown(node, "abs takes one number, min and max two or more")
            for argument in arguments:
                _check_number(argument)
        case _:
            raise _unknown(node, "a number is a measured name, a literal, + - * /, abs, min, max")


def _check_division(node: ast.BinOp) -> None:
    """Refuse a division by what is zero whatever is measured."""
    if isinstance(node.op, ast.Div) and constant(node.right) == 0:
        raise RuleError("the rule divides by zero", "mend it", column=node.right.col_offset + 1)


def _check_category(node: ast.expr) -> None:
    match node:
        case ast.Name() | ast.Constant(value=str()):
            return
    raise _unknown(
        node, "== and != compare categories; for numbers write abs(a - b) <= a tolerance"
    )


def _unknown(node: ast.expr, mend: str) -> RuleError:
    what = {
        ast.Attribute: "the rule reads an attribute",
        ast.Call: "the rule calls something that is not allowed",
        ast.Subscript: "the rule reads an item",
        ast.Name: "a bare name is no condition",
    }.get(type(node), f"{type(node).__name__} is not part of the rule language")
    return RuleError(what, mend, node.col_offset + 1)


def _names(node: ast.expr) -> Iterator[str]:
    match node:
        case ast.Name(id=name):
            yield name
        case ast.UnaryOp(operand=operand):
            yield from _names(operand)
        case ast.BinOp(left=left, right=right):
            yield from _names(left)
            yield from _names(right)
        case ast.Call(args=arguments):
            for argument in arguments:
                yield from _names(argument)


def _atoms(condition: Condition) -> Iterator[Atom]:
    if isinstance(condition, Atom):
        yield condition
    else:
        for part in condition.parts:
            yield from _atoms(part)


def _holds(condition: Condition, values: Mapping[str, Value]) -> bool:
    # every part is evaluated, so that a value that is missing is never passed over
    match condition:
        case Atom():
            return condition.holds(values)
        case AllOf(parts=parts):
            return min([_holds(part, values) for part in parts])
        case AnyOf(parts=parts):
            return max([_holds(part, values) for part in parts])


def _combine(condition: Condition, margin_of: Callable[[Atom], float]) -> float:
    match condition:
        case Atom():
            return margin_of(condition)
        case AllOf(parts=parts):
            return min(_combine(part, margin_of) for part in parts)
        case AnyOf(parts=parts):
            return max(_combine(part, margin_of) for part in parts)


def _category(node: ast.expr, values: Mapping[str, Value]) -> str:
    if isinstance(node, ast.Constant):
        return str(node.value)
    value = _value(node, values)
    if not isinstance(value, str):
        raise MeasurementError(f"'{ast.unparse(node)}' is a number where a category is compared")
    return value


def _value(node: ast.expr, values: Mapping[str, Value]) -> Value:
    assert isinstance(node, ast.Name)
    try:
        return values[node.id]
    except KeyError:
        raise MeasurementError(f"'{node.id}' was not measured") from None


def _number(node: ast.expr, values: Mapping[str, Value]) -> float:
    match node:
        case ast.Name(id=name):
            value = _value(node, values)
            if isinstance(value, str) or not math.isfinite(value):
                raise MeasurementError(f"'{name}' is {value!r}, not a finite number")
            return float(value)
        case ast.Constant(value=int() | float() as value):
            return float(value)
        case ast.UnaryOp(op=operator, operand=operand):
            number = _number(operand, values)
            return -number if isinstance(operator, ast.USub) else number
        case ast.BinOp(left=left, op=operator, right=right):
            return _arithmetic(operator, _number(left, values), _number(right, values))
        case ast.Call(func=ast.Name(id=function), args=arguments):
            numbers = [_number(argument, values) for argument in arguments]
            return {"abs": lambda: abs(numbers[0]), "min": lambda: min(numbers)}.get(
                function, lambda: max(numbers)
            )()
    raise AssertionError(ast.dump(node))


def _arithmetic(operator: ast.operator, left: float, right: float) -> float:
    match operator:
        case ast.Add():
            return left + right
        case ast.Sub():
            return left - right
        case ast.Mult():
            return left * right
    if right == 0:
        raise MeasurementError("the rule divides by zero")
    return left / right


def constant(node: ast.expr) -> float | None:
    """The value of an expression that reads no measured name; None where it does, or has none."""
    if next(_names(node), None) is not None:
        return None
    try:
        value = _number(node, {})
    except MeasurementError:
        return None
    return value if math.isfinite(value) else None
