"""Word of a probe on when it draws anew: always, never, or by one of its parameters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Sampled:
    """A probe draws anew where ``parameter`` names one of ``values``, and is exact elsewhere.

    A parameter that is a mapping is named by its ``name``, and a list by any of its items.

    >>> by_method = Sampled("method", ("smoothgrad", "lime"))
    >>> by_method.within({"method": {"name": "lime", "samples": 1000}})
    True
    >>> by_method.within({"method": {"name": "saliency"}})
    False
    >>> by_method.within({"method": ["saliency", "lime"]})
    True
    """

    parameter: str
    values: tuple[str, ...]

    def within(self, parameters: Mapping[str, Any]) -> bool:
        """Tell whether a call with complete ``parameters`` draws anew."""
        given = parameters.get(self.parameter)
        those = given if isinstance(given, list) else [given]
        return any(
            (one.get("name") if isinstance(one, Mapping) else one) in self.values for one in those
        )
