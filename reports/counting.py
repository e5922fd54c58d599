"""Words with places for numbers, and what follows one in the singular or the plural.

>>> filled("{count} of {all} {all:question|questions}", {"count": 1, "all": 1})
'1 of 1 question'
>>> filled("{count} {count:pack was|packs were} measured", {"count": 2})
'2 packs were measured'
"""

from __future__ import annotations

from collections.abc import Mapping
from string import Formatter
from typing import Any


class _Counting(Formatter):
    """Fills in of ``{name:one|many}`` the first where the value is 1, else the second."""

    def format_field(self, value: Any, format_spec: str) -> str:
        one, bar, many = format_spec.partition("|")
        if not bar:
            return str(super().format_field(value, format_spec))
        return one if str(value) == "1" else many


def filled(words: str, values: Mapping[str, object]) -> str:
    """``words`` with ``values`` in their places."""
    return _Counting().vformat(words, (), values)
