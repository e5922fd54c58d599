"""The drawings of a class: points as a histogram, questions by difficulty and discrimination.

The histogram's places across are shares of the width, so that it fits a telephone as well.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from quizproof.reports.charts.scatter_chart import Room, label_places
from quizproof.reports.classroom.class_result import Floats, ItemOfClass
from quizproof.reports.classroom.small_groups import Saying, coarse, merged, rounded_counts

BARS = 20
LEFT, RIGHT = 0.08, 0.98  # of the histogram's width
TOP, BASE = 8, 150  # of its height, in pixels

WIDTH, HEIGHT = 640, 360  # of the scatter
_ROOM = Room(56, 12, WIDTH - 28, HEIGHT - 40)


@dataclass(frozen=True)
class Bar:
    """The students with points from ``low`` to ``high``."""

    low: float
    high: float
    count: int
    left: float  # percent of the width
    width: float
    y: float  # pixels
    height: float


@dataclass(frozen=True)
class Histogram:
    """Students by points."""

    bars: tuple[Bar, ...]
    across: tuple[tuple[float, str], ...]  # percent of the width, and what is written there
    up: tuple[tuple[float, str], ...]  # pixels
    mean: float  # percent of the width, no finer than it is said
    step: float  # points that the heights are of


@dataclass(frozen=True)
class Dot:
    """A question by its difficulty and discrimination."""

    item: ItemOfClass
    x: float
    y: float
    place: tuple[float, float, str] | None  # of its label: x, y, anchor


@dataclass(frozen=True)
class ItemScatter:
    """All questions by difficulty and discrimination."""

    dots: tuple[Dot, ...]
    across: tuple[tuple[float, str], ...]
    up: tuple[tuple[float, str], ...]
    zero: float  # where a discrimination of 0 is
    invalid: tuple[ItemOfClass, ...]  # left out: by their keys nobody can be right
    alike: tuple[ItemOfClass, ...]  # left out: all have the same points, or too few answered


def histogram(totals: Floats, possible: float, *, anonymous: bool) -> Histogram | None:
    """``totals`` in bars; of an anonymous class, no bar has fewer than five students."""
    if not len(totals) or possible <= 0:
        return None
    # the highest totals are those of all points: they belong to the last bar
    counts, ends = np.histogram(totals, bins=BARS, range=(0, possible * (1 + 1e-9)))
    runs = merged(counts.tolist()) if anonymous else [(k, k + 1) for k in range(BARS)]
    # a bar's area is its students, so that a broad one is not taken for a crowd
    told = [int(counts[a:b].sum()) for a, b in runs]
    told = rounded_counts(told) if anonymous else told
    density = [count / (b - a) for (a, b), count in zip(runs, told, strict=True)]
    most = max(1.0, *density)
    bars = [
        Bar(
            low=float(ends[a]),
            high=float(ends[b]),
            count=count,
            left=_across(a / BARS) + 0.2,
            width=_across(b / BARS) - _across(a / BARS) - 0.4,
            y=BASE - (BASE - TOP) * height / most,
            height=(BASE - TOP) * height / most,
        )
        for (a, b), count, height in zip(runs, told, density, strict=True)
    ]
    mean = float(totals.mean()) / possible
    ticks = (0.0, 0.25, 0.5, 0.75, 1.0)
    return Histogram(
        bars=tuple(bars),
        across=tuple((_across(share), f"{share * possible:.3g}") for share in ticks),
        up=tuple(
            (BASE - (BASE - TOP) * count / most, str(count))
            for count in sorted({0, math.floor(most / 2), math.floor(most)})
        ),
        mean=_across(coarse(mean) if anonymous else mean),
        step=possible / BARS,
    )


def _across(share: float) -> float:
    return 100 * (LEFT + (RIGHT - LEFT) * share)


def item_scatter(items: Sequence[ItemOfClass], saying: Saying) -> ItemScatter:
    """Every question whose difficulty and discrimination are known, no finer than they are said.

    Those of an invalid key say nothing of its students, and are left out.
    """
    invalid = tuple(item for item in items if item.is_key_invalid)
    known = [
        item
        for item in items
        if not item.is_key_invalid
        and _tells_apart(item)
        and not saying.is_too_small(item.statistics.put_to)
    ]
    low = min([-0.2, *(saying.rounded(item.statistics.discrimination) for item in known)])
    steps = [k / 5 for k in range(math.floor(low * 5), 6)]

    def up(discrimination: float) -> float:
        share = (discrimination - steps[0]) / (1 - steps[0])
        return _ROOM.bottom - share * (_ROOM.bottom - _ROOM.top)

    def across(difficulty: float) -> float:
        return _ROOM.left + difficulty * (_ROOM.right - _ROOM.left)

    places = [
        (
            across(saying.drawn(i.statistics.difficulty, i.statistics.put_to)),
            up(saying.rounded(i.statistics.discrimination)),
        )
        for i in known
    ]
    labels = label_places(
        [(x, y, item.question.id) for (x, y), item in zip(places, known, strict=True)], _ROOM
    )
    return ItemScatter(
        dots=tuple(
            Dot(item, x, y, label)
            for item, (x, y), label in zip(known, places, labels, strict=True)
        ),
        across=tuple((across(k / 5), f"{20 * k} %") for k in range(6)),
        up=tuple((up(step), f"{step:.1f}".replace("-", "−")) for step in steps),
        zero=up(0.0),
        invalid=invalid,
        alike=tuple(item for item in items if item not in known and item not in invalid),
    )


def _tells_apart(item: ItemOfClass) -> bool:
    known = item.statistics
    return math.isfinite(known.difficulty) and math.isfinite(known.discrimination)
