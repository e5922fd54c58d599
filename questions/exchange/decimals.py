"""Numbers as other systems write and read them: exactly, however near to zero."""

from __future__ import annotations

import math
from decimal import Context, Decimal, InvalidOperation
from typing import TypeAlias

from quizproof.questions.spec import NumberBlank, Range, Relative

Bounds: TypeAlias = tuple[Decimal | None, Decimal, Decimal]

_PLAIN = range(-20, 17)  # exponents that are written out
_LONGEST = 2_000  # the sum of a large double and a small one has some 700 digits
_NOISE = Decimal("1e-15")
_EXACTLY = Context(prec=1500)  # digits enough for a sum or a product of any two doubles


def decimal_of(number: float) -> Decimal:
    """The shortest decimal that is ``number``."""
    return Decimal(repr(number))


def written_number(number: Decimal) -> str:
    """``number`` without loss, in digits where it is of a common size."""
    trimmed = number.normalize(_EXACTLY) if number else Decimal(0)
    return f"{trimmed:f}" if trimmed.adjusted() in _PLAIN else str(trimmed)


def read_number(text: str | None) -> Decimal:
    """A number out of a stranger's file. Raises ValueError where it is none that is finite."""
    written = (text or "").strip()
    try:
        number = Decimal(written) if len(written) <= _LONGEST else Decimal("NaN")
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or not math.isfinite(float(number)):
        raise ValueError(f"'{written[:40]}' is no number")
    return number


def bounds(blank: NumberBlank) -> Bounds | None:
    """The right number, None in a range, and the bounds within which; None where is no key."""
    if isinstance(blank.tolerance, Range):
        low, high = map(decimal_of, blank.tolerance.range)
        exact = None if blank.expected_number is None else decimal_of(blank.expected_number)
        return exact, low, high
    if blank.expected_number is None:
        return None
    number = decimal_of(blank.expected_number)
    margin = margin_of(blank)
    return number, *around(number, margin)


def margin_of(blank: NumberBlank) -> Decimal:
    """The tolerance of an answer around its number, where it is no range."""
    if isinstance(blank.tolerance, Relative):
        size = decimal_of(abs(blank.expected_number or 0.0))
        return _EXACTLY.multiply(size, decimal_of(blank.tolerance.relative))
    assert isinstance(blank.tolerance, float)
    return decimal_of(blank.tolerance)


def number_blank(exact: Decimal | None, low: Decimal, high: Decimal) -> NumberBlank:
    """A blank from what ``bounds`` gives: a range where a tolerance would not come to the same."""
    if exact is not None and low <= exact <= high:
        below, above = _EXACTLY.subtract(exact, low), _EXACTLY.subtract(high, exact)
        noise = max(map(abs, (exact, low, high))) * _NOISE
        if 0 < abs(below - above) <= noise < above:  # the bounds were computed with floats
            tolerance = float(f"{float(above):.12g}")
            return NumberBlank(tolerance=tolerance, expected_number=float(exact))
        margin = float(below)
        blank = NumberBlank(tolerance=margin, expected_number=float(exact))
        within = bounds(blank)
        if within is not None and [*map(float, within[1:])] == [float(low), float(high)]:
            return blank
    return NumberBlank(
        tolerance=Range(range=[float(low), float(high)]),
        expected_number=None if exact is None else float(exact),
    )


def half_way(low: Decimal, high: Decimal) -> tuple[Decimal, Decimal]:
    """The middle of a range, and how far its ends are from it."""
    half = Decimal("0.5")
    middle = _EXACTLY.multiply(_EXACTLY.add(low, high), half)
    return middle, _EXACTLY.subtract(high, middle)


def around(middle: Decimal, margin: Decimal) -> tuple[Decimal, Decimal]:
    """The range of which ``half_way`` gives the middle."""
    return _EXACTLY.subtract(middle, margin), _EXACTLY.add(middle, margin)
