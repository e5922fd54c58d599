"""Points in a plane with their labels, groups told apart by shape and by colour."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from quizproof.probes.probe import Scatter, Words

WIDTH, HEIGHT = 420, 320
_MARGIN = 26
SHAPES = 5  # drawn by the template; a sixth group looks as the first


@dataclass(frozen=True)
class Point:
    x: float
    y: float
    label: str
    shape: int


@dataclass(frozen=True)
class ScatterChart:
    """All that is drawn of a scatter, in pixels."""

    title: Words
    points: tuple[Point, ...]
    groups: tuple[tuple[Words, int], ...]  # caption and shape, in the order they are met
    variance: tuple[float, float] | None


def scatter_chart(shown: Scatter) -> ScatterChart:
    """The drawing of ``shown``: one scale for both axes, so that distances are true.

    A point that is no finite number is left out.
    """
    points = np.asarray(shown.points, dtype=np.float64).reshape(-1, 2)
    known = np.array([math.isfinite(x) and math.isfinite(y) for x, y in points], dtype=bool)
    shapes = {name: k % SHAPES for k, name in enumerate(dict.fromkeys(shown.groups))}
    low, high = (
        (points[known].min(axis=0), points[known].max(axis=0))
        if known.any()
        else (np.zeros(2), np.ones(2))
    )
    room = np.array([WIDTH, HEIGHT]) - 2 * _MARGIN
    scale = float(np.min(room / np.maximum(high - low, 1e-12)))
    middle = (low + high) / 2
    return ScatterChart(
        shown.title,
        tuple(
            Point(
                WIDTH / 2 + scale * float(x - middle[0]),
                HEIGHT / 2 - scale * float(y - middle[1]),
                label,
                shapes[group],
            )
            for (x, y), group, label, there in zip(
                points, shown.groups, shown.labels, known.tolist(), strict=True
            )
            if there
        ),
        tuple((shown.captions.get(name, name), shape) for name, shape in shapes.items()),
        shown.variance,
    )
