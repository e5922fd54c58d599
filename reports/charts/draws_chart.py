"""The draws of one option as dots on the axis of what decides, a row for each model.

Places are shares of the width, so that the drawing fits a telephone as well as a wall.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from quizproof.reports.numbers import number
from quizproof.reports.option_draws import Axis

WIDTH = 1000  # of the drawing's own coordinates, whatever its width on a page
ROW = 22
_TOP, _FOOT = 3, 16
_EDGE = 0.04  # of the width, left free at both ends
_DECADES = 3.0  # that positive values span before their logarithms are the axis
_STACK = 3  # dots of one place that are set one above the other


@dataclass(frozen=True)
class Scale:
    """Where a value lies, as a share of the width."""

    low: float
    high: float
    logarithmic: bool

    def place(self, value: float) -> float:
        low, high, at = (self._along(v) for v in (self.low, self.high, value))
        share = (at - low) / (high - low) if high > low else 0.5
        return _EDGE + (1 - 2 * _EDGE) * max(0.0, min(1.0, share))

    def _along(self, value: float) -> float:
        return math.log10(max(value, self.low)) if self.logarithmic else value


def scale_of(values: Sequence[float], limit: float) -> Scale:
    """The scale for ``values`` and the limit, all finite; logarithmic where they span decades."""
    positive = [value for value in (*values, limit) if value > 0]
    if positive and min(*values, limit) >= 0 < limit:
        low, high = min(positive), max(positive)
        if math.log10(high) - math.log10(low) >= _DECADES:
            return Scale(low, high, logarithmic=True)
    low, high = min(*values, limit), max(*values, limit)
    if low == high:
        around = abs(low) or 1.0
        return Scale(low - around, high + around, logarithmic=False)
    return Scale(low, high, logarithmic=False)


def axis_scale(models: Sequence[Sequence[float]], limit: float) -> Scale:
    """The scale of an axis with the draws of all ``models`` on it."""
    return scale_of([value for places in models for value in places], limit)


def draws_chart(models: Sequence[Sequence[float]], axis: Axis, holds: bool | None) -> Markup:
    """The dots of each of ``models``, the limit, and the side on which the comparison holds."""
    scale = axis_scale(models, axis.limit)
    limit = scale.place(axis.limit)
    height = _TOP + ROW * len(models)
    state = {True: "holds", False: "fails", None: "open"}[holds]
    side = (limit, 1 - limit) if axis.above else (0.0, limit)
    parts = [
        f'<rect class="side-fails" width="100%" height="{height}"/>',
        f'<rect class="side-holds" x="{100 * side[0]:.2f}%" width="{100 * side[1]:.2f}%" '
        f'height="{height}"/>',
        f'<line class="threshold" x1="{100 * limit:.2f}%" x2="{100 * limit:.2f}%" y1="0" '
        f'y2="{height}"/>',
        f'<svg viewBox="0 0 {WIDTH} {height}" width="100%" height="{height}" '
        f'preserveAspectRatio="none" aria-hidden="true">{_dots(models, scale)}</svg>',
        *_labels(scale, axis.limit, height + _FOOT - 4),
    ]
    return Markup(  # noqa: S704 (nothing but numbers is put in)
        f'<svg class="draws {state}" width="100%" height="{height + _FOOT}" aria-hidden="true">'
        f"{''.join(parts)}</svg>"
    )


def _dots(models: Sequence[Sequence[float]], scale: Scale) -> str:
    """A path for each model: dots of no length, which a round pen makes round."""
    paths = []
    for row, places in enumerate(models):
        middle = _TOP + ROW * row + ROW / 2 - 1
        taken: Counter[int] = Counter()
        drawn = []
        for value in places:
            across = round(WIDTH * scale.place(value))
            level = taken[across // 6]
            taken[across // 6] += 1
            up = (level % (2 * _STACK + 1) + 1) // 2 * (1 if level % 2 else -1)
            drawn.append(f"M{across} {middle + 2.5 * up:g}h0")
        paths.append(
            f'<path class="dots model-{min(row, 1)}" vector-effect="non-scaling-stroke" '
            f'd="{"".join(dict.fromkeys(drawn))}"/>'
        )
    return "".join(paths)


def _labels(scale: Scale, limit: float, baseline: float) -> list[str]:
    at = scale.place(limit)
    labels = [(at, f"{number(limit)}", "limit")]
    if at > 0.25:
        labels.insert(0, (scale.place(scale.low), number(scale.low), ""))
    if at < 0.75:
        labels.append((scale.place(scale.high), number(scale.high), ""))
    return [
        f'<text class="{kind}" x="{100 * place:.2f}%" y="{baseline:g}" '
        f'text-anchor="{"start" if place < 0.12 else "end" if place > 0.88 else "middle"}">'
        f"{text}</text>"
        for place, text, kind in labels
    ]
