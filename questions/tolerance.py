"""Numbers that count as right: a tolerance around a number, in decimal arithmetic.

What a person writes is decimal, and so is what it is compared with: 0.1 + 0.2 lies within 0.3 ± 0,
as it does on paper. Both ends count as right.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Context, Decimal

from quizproof.questions.spec import NumberBlank, Range, Relative

# room for the exact sum of any two numbers that a float can hold
_EXACT = Context(prec=1600)
_LONGEST = 64  # characters of a number that a person writes
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,4})?", re.ASCII)
_THOUSANDS = re.compile(r"([+-]?[1-9]\d{0,2}(?:,\d{3})+)(\.\d+)?", re.ASCII)
_DECIMAL_COMMA = re.compile(r"[+-]?\d*,\d+", re.ASCII)


@dataclass(frozen=True)
class Bounds:
    """The numbers from ``low`` to ``high``."""

    low: Decimal
    high: Decimal

    def __contains__(self, number: Decimal) -> bool:
        return self.low <= number <= self.high


def decimal(number: float) -> Decimal:
    """``number`` as it is written: 0.1 is one tenth."""
    return Decimal(repr(number))


def key_bounds(blank: NumberBlank) -> Bounds | None:
    """The numbers that the key takes for right; None where there is no key."""
    if isinstance(blank.tolerance, Range):
        low, high = blank.tolerance.range
        return Bounds(decimal(low), decimal(high))
    if blank.expected_number is None:
        return None
    return bounds_around(blank, blank.expected_number)


def bounds_around(blank: NumberBlank, number: float) -> Bounds:
    """The numbers that are right where ``number`` is: a range gives its width alone."""
    middle = decimal(number)
    match blank.tolerance:
        case Relative(relative=share):
            most = _EXACT.multiply(decimal(share), middle.copy_abs())
        case Range(range=[low, high]):
            most = _EXACT.multiply(_EXACT.subtract(decimal(high), decimal(low)), Decimal("0.5"))
        case float() as most_:
            most = decimal(most_)
        case _:
            raise AssertionError(blank.tolerance)
    return Bounds(_EXACT.subtract(middle, most), _EXACT.add(middle, most))


def written_number(text: str) -> Decimal | None:
    """The number a person wrote; None where it is none.

    ``1,234.5`` has a thousands separator, ``0,73`` a decimal comma; full-width digits and the
    typographic minus are read as well.
    """
    shown = unicodedata.normalize("NFKC", text).strip().replace("−", "-")
    if len(shown) > _LONGEST:
        return None
    if _THOUSANDS.fullmatch(shown):
        shown = shown.replace(",", "")
    elif _DECIMAL_COMMA.fullmatch(shown):
        shown = shown.replace(",", ".")
    return Decimal(shown) if _NUMBER.fullmatch(shown) else None
