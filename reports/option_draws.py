"""The draws of an option: in how many it fits, and where each lies on the axis of what decides."""

from __future__ import annotations

import ast
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from quizproof.probes.engine.measured import Drawn
from quizproof.questions.rules import Atom, MeasurementError, Rule, Value, constant


@dataclass(frozen=True)
class Fits:
    """One option on one model."""

    model: str
    held: int  # draws in which its rule holds
    of: int
    places: tuple[float, ...]  # of its draws on the axis; none where categories are compared
    left_out: int = 0  # draws that gave no number to read

    @property
    def reach(self) -> tuple[float, float] | None:
        """The least and the largest of the places."""
        return (min(self.places), max(self.places)) if self.places else None


@dataclass(frozen=True)
class Axis:
    """The one comparison of a rule that decides, as an axis with a limit on it."""

    what: str  # the expression whose values are places on the axis, as the rule writes it
    names: frozenset[str]  # the measured names in it
    limit: float
    above: bool  # whether the comparison holds above the limit, or below
    alone: bool  # whether the rule is this comparison alone
    at: bool = False  # whether it holds at the limit itself

    @property
    def fits(self) -> str:
        """The side of the limit that fits, as a key of the words."""
        if self.above:
            return "limit_at_or_above" if self.at else "limit_above"
        return "limit_at_or_below" if self.at else "limit_below"


@dataclass(frozen=True)
class OptionDraws:
    """What the draws say of one option."""

    models: tuple[Fits, ...]
    axis: Axis | None  # None where categories decide

    @property
    def held(self) -> int:
        """Draws in which its rule holds, on all models together."""
        return sum(model.held for model in self.models)

    @property
    def of(self) -> int:
        """All draws."""
        return sum(model.of for model in self.models)


def option_draws(rule: Rule, drawn: Sequence[Drawn]) -> OptionDraws | None:
    """The draws that were judged, as ``rule`` sees them; None where it can read none."""
    atom = _deciding(rule, drawn)
    axis = _axis(rule, atom) if atom is not None and atom.kind == "order" else None
    models = []
    for model in drawn:
        held = [_holds(rule, values) for values in model.values]
        read = [holds for holds in held if holds is not None]
        if not read:
            return None
        places = _places(atom, model.values) if atom is not None and axis else ()
        models.append(
            Fits(
                model=model.model,
                held=sum(read),
                of=len(read),
                places=places,
                left_out=len(held) - len(read),
            )
        )
    return OptionDraws(tuple(models), axis) if models else None


def _holds(rule: Rule, values: Mapping[str, Value]) -> bool | None:
    try:
        return rule.holds(values)
    except MeasurementError:
        return None


def _deciding(rule: Rule, drawn: Sequence[Drawn]) -> Atom | None:
    """The comparison that is nearest to changing the rule, in most draws of the first model."""
    if len(rule.atoms) == 1:
        return rule.atoms[0]
    counted: Counter[int] = Counter()
    for values in drawn[0].values if drawn else ():
        try:
            margins = [atom.margin(values) for atom in rule.atoms]
            whole = rule.margin(values)
        except MeasurementError:
            continue
        counted[next(k for k, margin in enumerate(margins) if abs(margin) == abs(whole))] += 1
    return rule.atoms[counted.most_common(1)[0][0]] if counted else None


def _axis(rule: Rule, atom: Atom) -> Axis:
    right, left = constant(atom.right), constant(atom.left)
    if right is not None:
        what, limit, above = ast.unparse(atom.left), right, atom.sign > 0
    elif left is not None:
        what, limit, above = ast.unparse(atom.right), left, atom.sign < 0
    else:
        what, limit, above = f"{_inside(atom.left)} − {_inside(atom.right)}", 0.0, atom.sign > 0
    return Axis(
        what=what,
        names=atom.names,
        limit=limit,
        above=above,
        alone=len(rule.atoms) == 1,
        at=not atom.strict,
    )


def _inside(node: ast.expr) -> str:
    text = ast.unparse(node)
    return f"({text})" if isinstance(node, ast.BinOp) else text


def _places(atom: Atom, draws: Sequence[Mapping[str, Value]]) -> tuple[float, ...]:
    right_is_fixed, left_is_fixed = (constant(e) is not None for e in (atom.right, atom.left))
    found = []
    for values in draws:
        try:
            left, right = atom.sides(values)
        except MeasurementError:
            continue
        if right_is_fixed:
            found.append(left)
        elif left_is_fixed:
            found.append(right)
        else:
            found.append(left - right)
    return tuple(place for place in found if not math.isnan(place))
