"""Numbers and answers as people read them."""

from __future__ import annotations

import math
from collections.abc import Sequence

from quizproof.questions.rules import Value
from quizproof.questions.spec import Blanks, DropDowns, Matching, Question, expected_answers

_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_TIMES = "\u00a0×\u00a0"  # no line breaks within a number
_LARGE = 10_000_000


def number(value: float) -> str:
    """``value`` to four significant digits; whole numbers below ten million in full."""
    if math.isnan(value):
        return "?"
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    if float(value).is_integer() and abs(value) < _LARGE:
        return f"{int(value):,}".replace("-", "−").replace(",", "\u202f")
    # the first minus alone is a sign; numpy's truth is no number
    mantissa, _, exponent = f"{value:.4g}".replace("-", "−", int(value < 0)).partition("e")
    if not exponent:
        return mantissa
    return f"{mantissa}{_TIMES}10{str(int(exponent)).translate(_SUPERSCRIPTS)}"


def points(value: float) -> str:
    """Points, to four places: what is told of them is not rounded as a measurement is."""
    if not 0.001 <= abs(value) < _LARGE or float(value).is_integer():
        return number(value)
    return f"{value:.4f}".rstrip("0").rstrip(".").replace("-", "−")


def signed_points(value: float) -> str:
    """Points that are more or less, with their sign."""
    return ("+" if value > 0 else "") + points(value)


def counted(count: int, what: str) -> str:
    """``count`` of ``what``, in English: "1 question", "30 questions"."""
    return f"{count} {what}{'' if count == 1 else 's'}"


def signed(value: float) -> str:
    """``value`` with its sign, + as well."""
    return ("+" if value > 0 else "") + number(value)


def word(value: Value) -> str:
    """A measured number or category."""
    return value if isinstance(value, str) else number(value)


def key(question: Question, expected: Sequence[Value] | None) -> str | None:
    """Write what is ``expected`` of a question, or every key of several that are accepted."""
    accepted = expected_answers(question)
    if len(accepted) < 2:
        return answer(question, expected)
    return " / ".join(answer(question, each) or "" for each in accepted)


def answer(question: Question, values: Sequence[Value] | None) -> str | None:
    """Write what fills a question: option ids, or each part's; None where nothing is known."""
    if values is None:
        return None
    match question:
        case Blanks():
            pairs = zip(question.blanks, values, strict=False)
            return ", ".join(f"[{part}] {word(value)}" for part, value in pairs)
        case DropDowns() | Matching():
            chosen = [str(value) for value in values]
            return ", ".join(
                f"[{part}] {value.removeprefix(part)}"
                for part, down in question.parts.items()
                for value in chosen
                if value in {part + option for option in down.options}
            )
    return ", ".join(word(value) for value in values)
