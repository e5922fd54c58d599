"""The columns of Canvas's gradebook that are no assignment's: what is imported there is dropped."""

from __future__ import annotations

import re

# wherever they stand in a column's title, also after "Unposted" or before a grading period
_TOTALS = re.compile(r"(current|final) (score|points|grade)|override (score|grade|status)")
_OWN = frozenset(
    """
    student|lastname|firstname|id|sis user id|sis login id|section|integration id|root account
    current|final|override|unposted|total|notes|points possible
    """.strip()
    .replace("\n", "|")
    .replace("    ", "")
    .split("|")
)


def is_canvas_own(title: str) -> bool:
    """Tell whether Canvas takes a column called ``title`` for one of its own, as a total."""
    shown = " ".join(title.casefold().split())
    return shown in _OWN or _TOTALS.search(shown) is not None
