"""The margin of one option against its threshold, as a drawing.

0 is always in the middle: to its right the option holds, to its left it fails. All places are
shares of the width, so that the drawing fits a telephone as well as a wall.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

from markupsafe import Markup

Margin = tuple[float, float, float]  # low, estimate, high

HEIGHT = 26
_MIDDLE = HEIGHT / 2
_REACH = 46  # percent of the width on either side of 0; the rest is room for arrowheads


def extent(margins: Iterable[Margin]) -> float:
    """The finite value that the ends of the scale stand for; 1 where there is none."""
    ends = [abs(value) for margin in margins for value in margin if math.isfinite(value)]
    return max(ends, default=0.0) or 1.0


def margin_chart(margin: Margin, reach: float, holds: bool | None) -> Markup:
    """``margin`` on a scale from −reach to +reach; what is infinite ends in an arrow."""
    low, estimate, high = margin
    if math.isinf(estimate):
        low, high = min(0.0, estimate), max(0.0, estimate)
    left, right = _place(low, reach), _place(high, reach)
    state = {True: "holds", False: "fails", None: "open"}[holds]
    parts = [
        '<rect class="side-fails" x="0" y="0" width="50%" height="100%"/>',
        '<rect class="side-holds" x="50%" y="0" width="50%" height="100%"/>',
        f'<rect class="interval" x="{left:.2f}%" y="{_MIDDLE - 4:g}" '
        f'width="{max(right - left, 0.4):.2f}%" height="8" rx="2"/>',
        '<line class="threshold" x1="50%" x2="50%" y1="0" y2="100%"/>',
    ]
    if math.isinf(low):
        parts.append(_arrow(left, "M6 -7L-4 0L6 7Z"))
    if math.isinf(high):
        parts.append(_arrow(right, "M-6 -7L4 0L-6 7Z"))
    if math.isfinite(estimate):
        parts.append(
            f'<circle class="estimate" cx="{_place(estimate, reach):.2f}%" cy="{_MIDDLE:g}" r="5"/>'
        )
    return Markup(  # noqa: S704 (nothing but numbers is put in)
        f'<svg class="margin {state}" width="100%" height="{HEIGHT}" aria-hidden="true">'
        f"{''.join(parts)}</svg>"
    )


def _place(value: float, reach: float) -> float:
    if math.isnan(value):
        return 50.0
    return 50 + _REACH * max(-1.0, min(1.0, value / reach))


def _arrow(place: float, shape: str) -> str:
    return (
        f'<svg x="{place:.2f}%" y="{_MIDDLE:g}" overflow="visible">'
        f'<path class="arrow" d="{shape}"/></svg>'
    )
