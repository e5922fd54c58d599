"""Maps and pictures as small PNG files, and regions as outlines over them."""

from __future__ import annotations

import base64
import io
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from quizproof.reports.charts.colours import LEVELS, NO_VALUE, table

SIDE = 128  # pixels; the page scales them, so that a report of twenty questions stays small
_TAIL = 99.5  # percent
_FINEST = 8 * SIDE  # pixels of a side, more than which a page's pixels are no better for
_QUALITY = 95  # of a JPEG, at which nothing is seen of it
_HEAVY = 1.5

Mask = NDArray[np.bool_]
Point = tuple[int, int]


@dataclass(frozen=True)
class Scale:
    """The values that the ends of a map's colours stand for."""

    low: float
    high: float
    clipped: bool  # whether values lie beyond the ends, and have their colour
    diverging: bool


def map_png(
    values: NDArray[Any], *, signed: bool, range_of: Sequence[NDArray[Any]] = ()
) -> tuple[bytes, Scale]:
    """A map (H, W) in colours, values that are no numbers in grey.

    A map of which a few pixels are far above all others would be dark but for these: its colours
    then end at the 99.5th percentile. Maps that name one another in ``range_of`` have one scale.
    """
    values = _as_shown(values)
    known = np.isfinite(values)
    spanned = [values, *map(_as_shown, range_of)]
    scale = _scale(np.concatenate([each[np.isfinite(each)] for each in spanned]), signed)
    width = scale.high - scale.low
    shares = (np.where(known, values, scale.low) - scale.low) / width if width else values * 0
    levels = (np.clip(np.nan_to_num(shares), 0, 1) * (LEVELS - 1)).round().astype(np.uint8)
    levels[~known] = LEVELS
    image = Image.fromarray(levels)
    image.putpalette([*table(diverging=signed).flatten().tolist(), *NO_VALUE])
    return _png(image), scale


def _as_shown(values: NDArray[Any]) -> NDArray[np.float64]:
    return shrunk(thinned(values).astype(np.float64), SIDE)


def picture_file(picture: NDArray[Any]) -> bytes:
    """A picture (H, W, 3) with values in 0–1: as PNG, or as a JPEG where that is smaller."""
    clean = np.clip(np.nan_to_num(thinned(picture).astype(np.float64)), 0, 1)
    small = np.stack([shrunk(clean[..., k], SIDE) for k in range(3)], axis=2)
    image = Image.fromarray((small * 255).round().astype(np.uint8))
    stream = io.BytesIO()
    image.save(stream, "JPEG", quality=_QUALITY, subsampling=0, optimize=True)
    return min(_png(image), stream.getvalue(), key=len)


def thinned(values: NDArray[Any]) -> NDArray[Any]:
    """Leave out rows and columns of what is far larger than a page shows, evenly."""
    values = np.asarray(values)
    step = max(1, max(values.shape[:2]) // _FINEST)
    return values[::step, ::step]


def data_uri(image: bytes) -> str:
    kind = "png" if image.startswith(b"\x89PNG") else "jpeg"
    return f"data:image/{kind};base64,{base64.b64encode(image).decode('ascii')}"


def outline_path(mask: Mask) -> str:
    """The border of ``mask`` (H, W) as an SVG path in pixels, each of its loops closed."""
    following = _border(np.asarray(mask, dtype=bool))
    loops = []
    while following:
        start = point = next(iter(following))
        corners: list[Point] = []
        while point in following:
            ends = following[point]
            end = ends.pop()
            if not ends:
                del following[point]
            corners.append(point)
            point = end
            if point == start:
                break
        loops.append(_loop(corners))
    return "".join(loops)


def _border(mask: Mask) -> dict[Point, list[Point]]:
    """Every edge between inside and outside, walked with the inside on the right hand."""
    padded = np.pad(mask, 1).astype(np.int8)
    across = np.diff(padded, axis=0)[:, 1:-1]  # between rows: +1 where the inside begins
    along = np.diff(padded, axis=1)[1:-1, :]  # between columns
    following: dict[Point, list[Point]] = {}

    def walk(start: Point, end: Point) -> None:
        following.setdefault(start, []).append(end)

    for y, x in np.argwhere(across).tolist():
        walk(*(((x, y), (x + 1, y)) if across[y, x] > 0 else ((x + 1, y), (x, y))))
    for y, x in np.argwhere(along).tolist():
        walk(*(((x, y + 1), (x, y)) if along[y, x] > 0 else ((x, y), (x, y + 1))))
    return following


def _loop(corners: list[Point]) -> str:
    before = [corners[-1], *corners[:-1]]
    after = [*corners[1:], corners[0]]
    turns = [
        b
        for a, b, c in zip(before, corners, after, strict=True)
        if not (a[0] == b[0] == c[0] or a[1] == b[1] == c[1])
    ]
    steps = [f"H{x}" if y == above else f"V{y}" for (_, above), (x, y) in pairwise(turns)]
    return f"M{turns[0][0]} {turns[0][1]}{''.join(steps)}Z"


def _scale(known: NDArray[np.float64], signed: bool) -> Scale:
    if not known.size:
        return Scale(0.0, 0.0, False, signed)
    if signed:
        most = float(np.abs(known).max())
        end = _end(np.abs(known), most, 0.0)
        return Scale(-end, end, end < most, True)
    low, most = float(known.min()), float(known.max())
    end = _end(known, most, low)
    return Scale(low, end, end < most, False)


def _end(values: NDArray[np.float64], most: float, low: float) -> float:
    tail = float(np.percentile(values, _TAIL))
    return tail if tail > low and most - low > _HEAVY * (tail - low) else most


def shrunk(values: NDArray[Any], most: int) -> NDArray[Any]:
    """``values`` with no side above ``most``, each pixel the mean of those it stands for."""
    height, width = values.shape
    if max(height, width) <= most:
        return values
    factor = most / max(height, width)
    return sized(values, (max(1, round(height * factor)), max(1, round(width * factor))))


def sized(values: NDArray[Any], size: tuple[int, int]) -> NDArray[np.float64]:
    """``values`` with ``size``, rows and columns, each pixel the mean of those it stands for."""
    image = Image.fromarray(values.astype(np.float32))
    return np.array(image.resize(size[::-1], Image.Resampling.BOX), dtype=np.float64)


def _png(image: Image.Image) -> bytes:
    stream = io.BytesIO()
    image.save(stream, "PNG", optimize=True)
    return stream.getvalue()
