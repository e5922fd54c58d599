"""A thing off the middle of a picture, in three parts, and maps that have nothing to do with it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

SIDE = 128
MOVES = [(3, 3), (-3, -3)]  # pixels, down and right

Region = NDArray[np.bool_]
Values = NDArray[np.float64]


def inside_band_around() -> tuple[Region, Region, Region]:
    """A disc on the left, the band on its border, half of it inside, and all that is outside."""
    down, right = np.indices((SIDE, SIDE))
    distance = np.hypot(down - 60, right - 38)
    return distance < 28, abs(distance - 28) < 7, distance >= 28


def noise(kind: str, seed: int) -> Values:
    """A map in 0–1 of single pixels at random, or of blobs of some size at random."""
    generator = np.random.default_rng(seed)
    values = generator.standard_normal((SIDE, SIDE))
    if kind == "pixels":
        return np.clip(abs(values) / 4, 0, 1)
    blobs = ndimage.gaussian_filter(values, {"grains": 2, "blobs": 8}[kind])
    return np.asarray(np.clip(blobs / blobs.max(), 0, 1))


def moved(region: Region, by: tuple[int, int]) -> Region:
    return np.roll(region, by, axis=(0, 1))


def mirrored(values: NDArray[np.generic]) -> NDArray[np.generic]:
    return values[:, ::-1].copy()
