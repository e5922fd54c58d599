"""Names that were meant where another was written."""

from __future__ import annotations

import difflib
from collections.abc import Collection


def did_you_mean(name: str, known: Collection[str], otherwise: str) -> str:
    """The mend of a ``name`` that is not ``known``: the nearest ones, or ``otherwise``.

    >>> did_you_mean("lime.region", ["lime.regions", "filter.depth"], "list them")
    'did you mean lime.regions?'
    """
    near = nearest(known, name)
    return f"did you mean {' or '.join(near)}?" if near else otherwise


def nearest(known: Collection[str], name: str) -> list[str]:
    """The three of ``known`` that are most like ``name``, as far as any is."""
    return difflib.get_close_matches(name, known, n=3)
