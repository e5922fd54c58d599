"""Points in a plane with their labels, groups told apart by shape and by colour."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from quizproof.probes.probe import Scatter, Words
from quizproof.reports.charts.matrix_chart import letters
from quizproof.reports.numbers import number

WIDTH, HEIGHT = 420, 320
_MARGIN = 26
_LEFT, _FOOT = 58, 34  # room for the axes' names and numbers
_LETTER, _LINE = 6.2, 12  # pixels of a label
SHAPES = 5  # drawn by the template; a sixth group looks as the first


@dataclass(frozen=True)
class Room:
    """The part of a drawing that labels may cover."""

    left: float
    top: float
    right: float
    bottom: float


_ROOM = Room(_LEFT, 0, WIDTH, HEIGHT - _FOOT)


@dataclass(frozen=True)
class Point:
    x: float
    y: float
    label: str
    shape: int
    place: tuple[float, float, str] | None  # of its label: x, y, anchor; None: there is no room
    group: int  # of the chart's groups
    value: tuple[str, str]


@dataclass(frozen=True)
class ScatterChart:
    """All that is drawn of a scatter, in pixels."""

    title: Words
    points: tuple[Point, ...]
    groups: tuple[tuple[Words, int], ...]  # caption and shape, in the order they are met
    variance: tuple[float, float] | None
    across: tuple[str, str]  # the least and the largest value
    up: tuple[str, str]


def scatter_chart(shown: Scatter) -> ScatterChart:
    """The drawing of ``shown``: one scale for both axes, so that distances are true.

    A point that is no finite number is left out.
    """
    points = np.asarray(shown.points, dtype=np.float64).reshape(-1, 2)
    known = np.array([math.isfinite(x) and math.isfinite(y) for x, y in points], dtype=bool)
    groups = list(dict.fromkeys(shown.groups))
    shapes = {name: k % SHAPES for k, name in enumerate(groups)}
    low, high = (
        (points[known].min(axis=0), points[known].max(axis=0))
        if known.any()
        else (np.zeros(2), np.ones(2))
    )
    room = np.array([WIDTH - _LEFT, HEIGHT - _FOOT]) - 2 * _MARGIN
    scale = float(np.min(room / np.maximum(high - low, 1e-12)))
    middle = (low + high) / 2
    places = np.array([(WIDTH + _LEFT) / 2, (HEIGHT - _FOOT) / 2]) + scale * (
        points - middle
    ) * np.array([1, -1])
    seen = np.flatnonzero(known).tolist()
    labels = label_places([(*places[k].tolist(), shown.labels[k]) for k in seen], _ROOM)
    return ScatterChart(
        title=shown.title,
        points=tuple(
            Point(
                x=float(places[k][0]),
                y=float(places[k][1]),
                label=shown.labels[k],
                shape=shapes[shown.groups[k]],
                place=place,
                group=groups.index(shown.groups[k]),
                value=(number(float(points[k][0])), number(float(points[k][1]))),
            )
            for k, place in zip(seen, labels, strict=True)
        ),
        groups=tuple((shown.captions.get(name, name), shape) for name, shape in shapes.items()),
        variance=shown.variance,
        across=(number(float(low[0])), number(float(high[0]))),
        up=(number(float(low[1])), number(float(high[1]))),
    )


def label_places(
    points: Sequence[tuple[float, float, str]], room: Room
) -> list[tuple[float, float, str] | None]:
    """A place for each label where it covers no point and no other label, as far as there is."""
    taken = [(x - 5, y - 5, x + 5, y + 5) for x, y, _ in points]
    places: list[tuple[float, float, str] | None] = []
    for x, y, label in points:
        width = _LETTER * letters(label)
        place = None
        for right, up in ((True, True), (False, True), (True, False), (False, False)):
            left = x + 7 if right else x - 7 - width
            top = y - 4 - _LINE if up else y + 4
            box = left, top, left + width, top + _LINE
            inside = left >= room.left and box[2] <= room.right
            inside = inside and top >= room.top and box[3] <= room.bottom
            if inside and not any(_meet(box, other) for other in taken):
                place = (x + 7 if right else x - 7, top + _LINE - 3, "start" if right else "end")
                taken.append(box)
                break
        places.append(place)
    return places


def _meet(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    across = one[0] < other[2] and other[0] < one[2]
    return across and one[1] < other[3] and other[1] < one[3]
