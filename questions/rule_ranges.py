"""Ranges of what a rule compares, by interval arithmetic (Moore 1966)."""

from __future__ import annotations

import ast
import math
from collections.abc import Mapping

Ends = tuple[float, float]


def span(node: ast.expr, ranges: Mapping[str, Ends]) -> Ends:
    """The range that the number ``node`` lies in, of names in ``ranges``, else of any number."""
    match node:
        case ast.Name(id=name):
            return ranges.get(name, (-math.inf, math.inf))
        case ast.Constant(value=int() | float() as value):
            return (float(value), float(value))
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            low, high = span(operand, ranges)
            return (-high, -low)
        case ast.UnaryOp(operand=operand):
            return span(operand, ranges)
        case ast.BinOp(left=left, op=operator, right=right):
            return _span_of_operation(operator, span(left, ranges), span(right, ranges))
        case ast.Call(func=ast.Name(id=function), args=arguments):
            spans = [span(argument, ranges) for argument in arguments]
            if function == "abs":
                low, high = spans[0]
                least = 0.0 if low <= 0 <= high else min(abs(low), abs(high))
                return (least, max(abs(low), abs(high)))
            pick = min if function == "min" else max
            return (pick(low for low, _ in spans), pick(high for _, high in spans))
    raise AssertionError(ast.dump(node))


def _span_of_operation(operator: ast.operator, left: Ends, right: Ends) -> Ends:
    match operator:
        case ast.Add():
            return (left[0] + right[0], left[1] + right[1])
        case ast.Sub():
            return subtract(left, right)
        case ast.Div():
            if right[0] <= 0 <= right[1]:
                return (-math.inf, math.inf)
            right = (1 / right[1], 1 / right[0])
    # 0 × ∞ is 0 here: a factor that is exactly 0 makes the product 0 whatever the other is
    products = [0.0 if 0 in (a, b) else a * b for a in left for b in right]
    return (min(products), max(products))


def subtract(left: Ends, right: Ends) -> Ends:
    return (left[0] - right[1], left[1] - right[0])
