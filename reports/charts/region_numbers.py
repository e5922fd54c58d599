"""The measured numbers that speak of a region, by their names."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from quizproof.questions.rules import Value
from quizproof.reports.numbers import number

_MOST = 3  # that fit a label


def region_numbers(region: str, values: Mapping[str, Value]) -> tuple[tuple[str, str], ...]:
    """Name and value of the numbers of ``region``: ``contrast_food``, ``food_lime``, ``food``.

    >>> region_numbers("food", {"contrast_food": 1.5, "seafood": 2.0, "food_lime": "red"})
    (('contrast_food', '1.5'),)
    """
    found = [
        (name, number(value))
        for name, value in values.items()
        if speaks_of(name, region) and not isinstance(value, str)
    ]
    return tuple(found[:_MOST])


def region_key(region: str) -> str:
    """A region's name as one word."""
    return "-".join(region.split())


def regions_in(said: str, regions: Sequence[str]) -> list[str]:
    """The regions that any name in ``said``, such as a rule, speaks of.

    >>> regions_in("food_lime > plate_lime", ("food", "plate", "cup"))
    ['food', 'plate']
    """
    names = re.findall(r"\w+", said)
    return [region for region in regions if any(speaks_of(name, region) for name in names)]


def speaks_of(name: str, region: str) -> bool:
    """Tell whether a measured name is that of a region, before or after other words."""
    return name == region or name.endswith(f"_{region}") or name.startswith(f"{region}_")
