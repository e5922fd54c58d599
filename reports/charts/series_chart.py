"""A measured series as a small line chart."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from markupsafe import Markup

from quizproof.probes.probe import Words
from quizproof.reports.numbers import number

WIDTH, HEIGHT = 400, 170
_LEFT, _RIGHT, _TOP, _BOTTOM = 84, 12, 10, 24
_POINTS = 400  # as many as are drawn; a longer series is thinned evenly
_ROWS = 60  # as many as are in the table
_TICKS = 7  # places across that are named, at most


@dataclass(frozen=True)
class SeriesChart:
    """All that is shown of a series."""

    id: str  # of its caption
    caption: Words
    drawing: Markup
    place: Words  # what the places are; empty for nothing to say
    unit: Words
    trend: bool
    rows: tuple[tuple[str, str, str], ...]  # place, value, and the trend's value
    thinned: bool  # whether the table leaves rows out


def series_view(
    values: Sequence[float],
    caption: Words,
    *,
    id: str,
    start: int,
    trend: Sequence[float] | None,
    place: Words,
    unit: Words,
) -> SeriesChart:
    """``values`` as drawing and table; ``place`` and ``unit`` name the axes."""
    shown = _evenly(len(values), _ROWS)
    return SeriesChart(
        id=id,
        caption=caption,
        drawing=series_chart(values, id, start, trend),
        place=place,
        unit=unit,
        trend=trend is not None,
        rows=tuple(
            (
                str(start + k),
                _written(values[k]),
                _written(trend[k]) if trend is not None and k < len(trend) else "",
            )
            for k in shown
        ),
        thinned=len(shown) < len(values),
    )


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
    return Markup(  # noqa: S704 (nothing but numbers, and an id of our own, is put in)
        f'<svg class="series" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" '
        f'role="img" aria-labelledby="{caption}">'
        f'<path class="axis" d="M{_LEFT} {_TOP}V{base}H{WIDTH - _RIGHT}"/>'
        f"{''.join(_up(low, high))}{''.join(_across(len(values), start))}{''.join(lines)}</svg>"
    )


def _up(low: float, high: float) -> list[str]:
    """The ticks and numbers of the axis of values: the ends and the middle."""
    shares = (0.0, 0.5, 1.0) if high > low else (1.0,)
    marks = []
    for share in shares:
        y = _TOP + (1 - share) * (HEIGHT - _TOP - _BOTTOM)
        marks.append(f'<path class="axis" d="M{_LEFT - 4} {y:g}H{_LEFT}"/>')
        marks.append(_label(_LEFT - 8, y + 4, "end", number(low + share * (high - low))))
    return marks


def _across(count: int, start: int) -> list[str]:
    """The ticks and numbers of the axis of places."""
    marks = []
    for place in _evenly(count, _TICKS):
        x = _LEFT + place * _step(count)
        marks.append(f'<path class="axis" d="M{x:.1f} {HEIGHT - _BOTTOM}v4"/>')
        marks.append(_label(round(x, 1), HEIGHT - 6, "middle", str(start + place)))
    return marks


def _evenly(count: int, most: int) -> list[int]:
    """At most ``most`` of ``count`` places, the first and the last among them."""
    step = max(1.0, (count - 1) / (most - 1))
    places = [min(count - 1, round(k * step)) for k in range(min(count, most))]
    return list(dict.fromkeys(places))


def _step(count: int) -> float:
    return (WIDTH - _LEFT - _RIGHT) / max(1, count - 1)


def _written(value: float) -> str:
    return number(value) if math.isfinite(value) else "–"


def _pieces(values: Sequence[float], low: float, high: float) -> list[list[tuple[float, float]]]:
    down = (HEIGHT - _TOP - _BOTTOM) / ((high - low) or 1)
    across = _step(len(values))
    runs = groupby(_evenly(len(values), _POINTS), key=lambda place: math.isfinite(values[place]))
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
