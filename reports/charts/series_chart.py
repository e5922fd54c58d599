"""A measured series as a small line chart."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import groupby

from markupsafe import Markup

from quizproof.reports.numbers import number

WIDTH, HEIGHT = 320, 120
_LEFT, _RIGHT, _TOP, _BOTTOM = 78, 8, 10, 22
_POINTS = 400  # as many as are drawn; a longer series is thinned evenly


def series_chart(
    values: Sequence[float], caption: str, start: int = 1, trend: Sequence[float] | None = None
) -> Markup:
    """``values`` against their place from ``start``; what is no finite number is a gap.

    ``trend`` is a broken line of the same places, on the same scale. ``caption`` is the id of the
    element that says what is drawn.
    """
    finite = [value for value in (*values, *(trend or ())) if math.isfinite(value)]
    low, high = (min(finite), max(finite)) if finite else (0.0, 0.0)
    lines = [_line(points, "line") for points in _pieces(values, low, high)]
    lines += [_line(points, "trend") for points in _pieces(trend or (), low, high)]
    base = HEIGHT - _BOTTOM
    labels = [
        _label(_LEFT - 6, _TOP + 4, "end", number(high)),
        _label(_LEFT, HEIGHT - 6, "middle", str(start)),
        _label(WIDTH - _RIGHT, HEIGHT - 6, "end", str(start + len(values) - 1)),
    ]
    if high > low:
        labels.append(_label(_LEFT - 6, base, "end", number(low)))
    return Markup(  # noqa: S704 (nothing but numbers, and an id of our own, is put in)
        f'<svg class="series" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'aria-labelledby="{caption}">'
        f'<path class="axis" d="M{_LEFT} {_TOP}V{base}H{WIDTH - _RIGHT}"/>'
        f"{''.join(lines)}{''.join(labels)}</svg>"
    )


def _pieces(values: Sequence[float], low: float, high: float) -> list[list[tuple[float, float]]]:
    count = len(values)
    step = max(1.0, (count - 1) / (_POINTS - 1))
    places = [min(count - 1, round(k * step)) for k in range(min(count, _POINTS))]
    across = (WIDTH - _LEFT - _RIGHT) / max(1, count - 1)
    down = (HEIGHT - _TOP - _BOTTOM) / ((high - low) or 1)
    runs = groupby(places, key=lambda place: math.isfinite(values[place]))
    return [
        [(_LEFT + place * across, _TOP + (high - values[place]) * down) for place in run]
        for finite, run in runs
        if finite
    ]


def _line(points: list[tuple[float, float]], kind: str) -> str:
    if len(points) == 1:
        return f'<circle class="point" cx="{points[0][0]:.1f}" cy="{points[0][1]:.1f}" r="3"/>'
    return f'<polyline class="{kind}" points="{" ".join(f"{x:.1f},{y:.1f}" for x, y in points)}"/>'


def _label(x: float, y: float, anchor: str, text: str) -> str:
    return f'<text x="{x:g}" y="{y:g}" text-anchor="{anchor}">{text}</text>'
