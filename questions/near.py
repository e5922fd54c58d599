"""Names that were meant where another was written."""

from __future__ import annotations

import difflib
from collections.abc import Collection


def did_you_mean(name: str, known: Collection[str], otherwise: str) -> str:
    """The mend of a ``name`` that is not ``known``: the nearest ones, or ``otherwise``.

    >>> did_you_mean("lime.region", ["lime.regions", "filter.depth"], "list them")
    'did you mean lime.regions?'
    """
    near = difflib.get_close_matches(name, known, n=3)
    return f"did you mean {' or '.join(near)}?" if near else otherwise
