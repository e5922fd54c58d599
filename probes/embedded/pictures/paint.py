"""Colours and paints: what a shape is filled with, as a function of the box it fills."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Final

import numpy as np
from PIL import Image

Colour = tuple[int, int, int]
Box = tuple[int, int, int, int]
Paint = Colour | Callable[[Box], Image.Image]

_TILE: Final = 640  # a full raster fits at any of the offsets below
_OFFSETS: Final = 320
_CELLS: Final = {
    "fine": (2, 2),
    "grain": (5, 5),
    "patch": (13, 13),
    "cloud": (50, 50),
    "streak": (40, 3),
    "fibre": (3, 24),
}


@cache
def noise(kind: str) -> Image.Image:
    """A square grey tile of smooth noise, values 0–255 with mean about 128.

    ``kind`` is one of ``fine``, ``grain``, ``patch``, ``cloud`` (rising cell size),
    ``streak`` (long across), ``fibre`` (long down). Raises ``KeyError`` for another name.
    """
    width, height = _CELLS[kind]
    rng = np.random.default_rng([7, width, height])
    cells = rng.integers(0, 256, (_TILE // height + 2, _TILE // width + 2), dtype=np.uint8)
    return Image.fromarray(cells).resize((_TILE, _TILE), Image.Resampling.BICUBIC)


@cache
def _ramp() -> Image.Image:
    return Image.fromarray(np.tile(np.arange(256, dtype=np.uint8)[:, None], (1, 256)))


@cache
def _tilted_ramp(degrees: int) -> Image.Image:
    return _ramp().rotate(degrees, Image.Resampling.BILINEAR).crop((38, 38, 218, 218))


@cache
def _bulge() -> Image.Image:
    # The light comes from the upper left, so the bright pole of a round body lies there.
    y, x = np.mgrid[0:64, 0:64] / 63 * 2 - 1
    distance = np.hypot(x + 0.3, y + 0.35) / 1.45
    return Image.fromarray((255 * np.clip(1 - distance**1.6, 0, 1)).astype(np.uint8))


@cache
def soft_disc() -> Image.Image:
    """A grey 64x64 tile, 255 in the middle and falling smoothly to 0 at the inscribed circle."""
    y, x = np.mgrid[0:64, 0:64] / 63 * 2 - 1
    inside = np.clip(1 - np.hypot(x, y), 0, 1)
    return Image.fromarray((255 * inside * inside * (3 - 2 * inside)).astype(np.uint8))


@cache
def cover_table(cover: float) -> list[int]:
    """The look-up table that multiplies a grey tile's 256 values by ``cover`` (0–1)."""
    return [round(value * cover) for value in range(256)]


@cache
def _speck_table(strength: float) -> list[int]:
    # Only the noise's upper end shows, so that specks stay apart.
    shares = (np.arange(256) / 255 - 0.75 + 0.5 * strength) * 4
    table: list[int] = np.rint(255 * np.clip(shares, 0, 1) * strength).astype(int).tolist()
    return table


def mix(first: Colour, second: Colour, share: float) -> Colour:
    """``first`` with ``share`` (0–1) of ``second``."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(first, second, strict=True))
    return red, green, blue


def lighter(colour: Colour, share: float) -> Colour:
    """``colour`` moved towards white by ``share`` (0–1)."""
    return mix(colour, (255, 255, 255), share)


def darker(colour: Colour, share: float) -> Colour:
    """``colour`` moved towards black by ``share`` (0–1)."""
    return mix(colour, (0, 0, 0), share)


def varied(rng: np.random.Generator, colour: Colour, amount: float = 14) -> Colour:
    """``colour`` with brightness and each channel moved by up to ``amount`` (0–255)."""
    common, *own = rng.uniform(-amount, amount, 4)
    red, green, blue = (
        round(min(255.0, max(0.0, value + common + 0.5 * shift)))
        for value, shift in zip(colour, own, strict=True)
    )
    return red, green, blue


def one_of(rng: np.random.Generator, *colours: Colour) -> Colour:
    """One of ``colours`` with equal chance, slightly varied."""
    return varied(rng, colours[int(rng.integers(len(colours)))])


def _size(box: Box) -> tuple[int, int]:
    return box[2] - box[0], box[3] - box[1]


def mottled(
    rng: np.random.Generator, first: Colour, second: Colour, kind: str = "patch"
) -> Callable[[Box], Image.Image]:
    """A paint that wanders between two colours with the noise of ``kind``."""
    left, top = (int(value) for value in rng.integers(0, _OFFSETS, 2))

    def paint(box: Box) -> Image.Image:
        size = _size(box)
        share = noise(kind).crop((left, top, left + size[0], top + size[1]))
        return Image.composite(Image.new("RGB", size, second), Image.new("RGB", size, first), share)

    return paint


def ramp(first: Colour, second: Colour, degrees: int = 0) -> Callable[[Box], Image.Image]:
    """A paint that goes from ``first`` at the top to ``second``, turned by ``degrees``."""

    def paint(box: Box) -> Image.Image:
        size = _size(box)
        share = _tilted_ramp(degrees % 360).resize(size)
        return Image.composite(Image.new("RGB", size, second), Image.new("RGB", size, first), share)

    return paint


def rounded(bright: Colour, dark: Colour) -> Callable[[Box], Image.Image]:
    """The paint of a round body lit from the upper left."""

    def paint(box: Box) -> Image.Image:
        size = _size(box)
        share = _bulge().resize(size)
        return Image.composite(Image.new("RGB", size, bright), Image.new("RGB", size, dark), share)

    return paint


def rough(
    rng: np.random.Generator, base: Paint, speck: Colour, kind: str = "grain", strength: float = 0.5
) -> Callable[[Box], Image.Image]:
    """``base`` with specks of ``speck`` over it; ``strength`` 0–1 is their cover."""
    left, top = (int(value) for value in rng.integers(0, _OFFSETS, 2))
    table = _speck_table(strength)

    def paint(box: Box) -> Image.Image:
        size = _size(box)
        ground = base(box) if callable(base) else Image.new("RGB", size, base)
        share = noise(kind).crop((left, top, left + size[0], top + size[1])).point(table)
        return Image.composite(Image.new("RGB", size, speck), ground, share)

    return paint
