"""A question's file without what its key expects, for those who are not to see it.

The key is taken out of the data before any of it is looked at, so that nothing made of the question
(a message about a mistake, a rule, a file that is written) can depend on it.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Context, Decimal
from typing import Any

from quizproof.questions.spec import Question, choices

# `because` argues for an answer as often as for what is asked about
_KEYS = frozenset({"expected", "expected_number", "because", "full_credit", "accepted"})
_EXACT = Context(prec=1600)  # room for the difference of any two numbers that a float can hold


def has_key(question: Question) -> bool:
    """True where anything is expected of ``question``."""
    return any(choice.expected is not None for choice in choices(question))


def without_key(data: Any) -> Any:
    """The data of a question's file, right or wrong in form, without its key.

    What a range of right numbers says beside the key, how wide it is, stays as a tolerance.
    """
    if not isinstance(data, dict):
        return data
    stripped = {name: value for name, value in data.items() if name not in _KEYS}
    for parts in ("blanks", "parts", "items"):
        if isinstance(found := stripped.get(parts), dict):
            stripped[parts] = {part: dict(_part(value)) for part, value in found.items()}
    return stripped


def _part(value: Any) -> Iterator[tuple[str, Any]]:
    for name, given in value.items() if isinstance(value, dict) else ():
        if name == "tolerance" and isinstance(given, dict) and "range" in given:
            yield name, _half_width(given["range"])
        elif name not in _KEYS:
            yield name, given


def _half_width(ends: Any) -> float:
    try:
        low, high = (Decimal(repr(float(end))) for end in ends)
        return abs(float(_EXACT.multiply(_EXACT.subtract(high, low), Decimal("0.5"))))
    except (ArithmeticError, TypeError, ValueError):
        return 0.0  # lint, which sees the key, says that this is no range
