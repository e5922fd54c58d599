"""Questions of several lists, from each of which one choice is right.

Items to be matched have a list each, of the same choices. Items to be put in order have one for
each two of them, of which comes first: the answer is the order that all of these make.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from itertools import combinations
from typing import Annotated, Literal

from pydantic import Field

from quizproof.questions.fields import Model, Option, OptionId, PartId
from quizproof.questions.question import AnyQuestion
from quizproof.questions.text import Text

MOST_ORDERED = 8  # any two of them are compared


class DropDown(Model):
    """One list to choose from."""

    options: dict[OptionId, Option]
    expected: OptionId | None = None


class DropDowns(AnyQuestion):
    """Several lists, one choice from each; the prompt names each as ``[1]``, ``[2]``, …"""

    kind: Literal["dropdowns"]
    parts: dict[PartId, DropDown]


class Matched(Model):
    """One item to find the choice for."""

    text: Text
    rules: Annotated[
        dict[OptionId, Annotated[str, Field(min_length=1)]],
        Field(description="by choice, when it is right for this item; absent where imported"),
    ] = {}
    expected: OptionId | None = None


class Matching(AnyQuestion):
    """Items, for each of which one of the same choices is right; a choice may be right for many."""

    kind: Literal["matching"]
    choices: dict[OptionId, Text]
    items: dict[PartId, Matched]

    @property
    def parts(self) -> dict[str, DropDown]:
        """A list for each item, as of a question with drop-downs."""
        return {
            part: DropDown(
                options={
                    choice: Option(text=text, rule=item.rules.get(choice))
                    for choice, text in self.choices.items()
                },
                expected=item.expected,
            )
            for part, item in self.items.items()
        }


class Ranked(Model):
    """One item to put in its place."""

    text: Text
    measure: Annotated[
        str | None,
        Field(
            pattern=r"^[A-Za-z_][A-Za-z0-9_]*$",
            description="the measured number that it is ranked by; absent where imported",
        ),
    ] = None


class Ordering(AnyQuestion):
    """Items to be put in order, by a number that is measured of each."""

    kind: Literal["ordering"]
    by: Annotated[
        Literal["increasing", "decreasing"],
        Field(description="increasing: the item of the smallest number comes first"),
    ] = "increasing"
    items: Annotated[dict[OptionId, Ranked], Field(max_length=MOST_ORDERED)]
    expected: list[OptionId] | None = None

    @property
    def positions(self) -> tuple[str, ...]:
        """The places, from "1"."""
        return tuple(str(place) for place in range(1, len(self.items) + 1))

    @property
    def parts(self) -> dict[str, DropDown]:
        """A list for each two items, of which comes first; they may be as large as each other."""
        key = self.expected or []
        return {
            one + other: DropDown(
                options={
                    one: Option(text=self.items[one].text, rule=self._first(one, other)),
                    other: Option(text=self.items[other].text, rule=self._first(other, one)),
                },
                expected=min(one, other, key=key.index) if one in key and other in key else None,
            )
            for one, other in combinations(self.items, 2)
        }

    def order_of(self, first: Collection[str]) -> tuple[str, ...] | None:
        """The order in which each of ``first``, as "aba" for a of a and b, comes first.

        None where they make none: one lacks, or they run in a circle.
        """
        won = Counter(option[-1] for option in first)
        order = tuple(sorted(self.items, key=lambda item: -won[item]))
        whole = len({option[:2] for option in first}) == len(first) == len(self.parts)
        steps = [won[item] for item in reversed(order)]
        return order if whole and steps == list(range(len(order))) else None

    def _first(self, one: str, other: str) -> str | None:
        mine, yours = self.items[one].measure, self.items[other].measure
        if mine is None or yours is None:
            return None
        return f"{mine} {'<' if self.by == 'increasing' else '>'} {yours}"
