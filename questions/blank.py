"""A blank to fill in with a word or a number, and how near a number has to be."""

from __future__ import annotations

from difflib import get_close_matches
from typing import Annotated, Any

from pydantic import Discriminator, Field, Tag

from quizproof.questions.fields import Model


def kind_of_blank(given: Any) -> str:
    """Tell a blank's kind by a key that it has alone, or a misspelling of it, so that its mistakes
    are those of one kind."""
    if isinstance(given, NumberBlank):
        return "number"
    keys = [key for key in given if isinstance(key, str)] if isinstance(given, dict) else []
    number = any(get_close_matches(key, ("tolerance", "expected_number"), 1, 0.8) for key in keys)
    return "number" if number else "word"


def _kind_of_tolerance(given: Any) -> str:
    if isinstance(given, Relative) or (isinstance(given, dict) and "range" not in given):
        return "relative"
    return "range" if isinstance(given, Range | dict) else "number"


class TextBlank(Model):
    """A blank filled with a word: any of ``expected``, spaces around and case ignored."""

    measure: str | None = None  # absent where imported: lint says so
    expected: Annotated[list[str], Field(min_length=1)] | None = None


class Relative(Model):
    """A share of the right number, as 0.05 for 5 %."""

    relative: Annotated[float, Field(ge=0, strict=False, allow_inf_nan=False)]


class Range(Model):
    """From the first number to the second."""

    range: Annotated[
        list[Annotated[float, Field(strict=False, allow_inf_nan=False)]],
        Field(min_length=2, max_length=2),
    ]


class NumberBlank(Model):
    """A blank filled with a number, right within ``tolerance`` (ends included).

    A range stands by itself: ``expected_number`` may be left out.
    """

    measure: str | None = None  # absent where imported: lint says so
    tolerance: Annotated[
        Annotated[float, Field(ge=0, strict=False, allow_inf_nan=False), Tag("number")]
        | Annotated[Relative, Tag("relative")]
        | Annotated[Range, Tag("range")],
        Discriminator(_kind_of_tolerance),
        Field(description="0.01, or {relative: 0.05}, or {range: [0.7, 0.76]}"),
    ]
    expected_number: Annotated[float | None, Field(strict=False, allow_inf_nan=False)] = None
