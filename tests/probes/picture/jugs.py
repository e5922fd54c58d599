"""Figures with and without a handle, drawn on a map of 128 × 128."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tests.probes.picture.painted import Region, box

SIDE = 128
ROW, COLUMN = np.mgrid[:SIDE, :SIDE] + 0.5
Numbers = NDArray[np.float64]


def disc(right: float = 64, down: float = 64, radius: float = 24) -> Region:
    return np.asarray(np.hypot(COLUMN - right, ROW - down) < radius)


def bar(top: int, left: int, bottom: int, right: int) -> Region:
    return box(top, left, bottom, right, SIDE)


def ring(right: float, down: float, outer: float, inner: float) -> Region:
    return disc(right, down, outer) & ~disc(right, down, inner)


# a jug seen from a side, its handle towards each side of the picture
JUGS = {
    "a": disc() | bar(16, 60, 64, 69),
    "b": disc() | bar(64, 60, 112, 69),
    "c": disc() | bar(60, 16, 69, 64),
    "d": disc() | bar(60, 64, 69, 112),
    "e": bar(60, 20, 68, 108),
}
OTHERS = {
    "a": disc(64, 74) | ring(64, 42, 17, 9),
    "b": disc(54, 54, 18) | bar(54, 50, 108, 57),
    "c": bar(30, 44, 100, 84) | ring(42, 64, 20, 13),
    "d": bar(20, 40, 110, 75) | (bar(40, 75, 90, 100) & ~bar(48, 75, 82, 92)),
    "e": disc(100, 64, 18) | bar(60, 36, 68, 100),  # left of its jug, and in the middle
}
# figures of which no handle can be told
NONE = {
    "a disc": disc(),
    "a disc to a side": disc(36),
    "a square": bar(40, 40, 88, 88),
    "a tall body": bar(20, 45, 110, 80),
    "two handles alike": JUGS["c"] | JUGS["d"],
    "a jug and a stripe behind it": JUGS["d"] | bar(0, 2, SIDE, 10),
    "a disc and a stripe": disc() | bar(0, 118, SIDE, 126),
    "four bars": sum((bar(k, 10, k + 6, 118) for k in (10, 40, 70, 100)), np.zeros((SIDE, SIDE)))
    > 0,
}


def dots(figure: Region, seed: int, ground: float = 0.1) -> Numbers:
    """Saliency like a model's: dots everywhere, of which those on the figure are brighter."""
    noise = np.random.default_rng(seed).random(figure.shape) ** 2
    return noise * np.where(figure, 1.0, ground)
