"""Display of a map as a picture: what is seen of the map, and how two displays differ.

A display is an array of shape (H, W, 3) of the 256 levels that a screen has, as shares of the
highest. Its brightness, shape (H, W), is in 0–1 as well.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import ndimage

from quizproof.probes.methods.localisation import (
    ConstantMapError,
    Mask,
    hot_pixels,
    rank_correlation,
)

Display: TypeAlias = NDArray[np.float32]
Brightness: TypeAlias = NDArray[np.float64]

SPOTS = 0.05
LEVELS = 255  # the highest of the 256
_BLUR = 0.01
_SPOT = 1 / 32  # of the shorter side: the finest that is a spot, and not the grain of the map
_AROUND = 4  # spots each way: what a spot is told from


def min_max(values: ArrayLike) -> NDArray[np.float64]:
    """(v − min) ∕ (max − min) over the whole map, channels together, in 0–1, same shape.

    A constant map has nothing to stretch and becomes zeros.
    """
    numbers = np.asarray(values, dtype=np.float64)
    low, high = numbers.min(), numbers.max()
    if low == high:
        return np.zeros_like(numbers)
    stretched: NDArray[np.float64] = (numbers - low) / (high - low)
    return stretched


def display(values: ArrayLike) -> Display:
    """A map (3, H, W) as matplotlib's ``imshow`` shows an RGB picture of floats: (H, W, 3).

    Values outside 0–1 are clipped, and the rest is truncated to 256 levels.
    """
    levels = np.floor(np.clip(np.asarray(values, dtype=np.float64), 0, 1) * 255) / 255
    return np.moveaxis(levels, 0, -1).astype(np.float32)


def brightness(shown: Display) -> Brightness:
    """Mean of the colours, blurred by 1 % of the shorter side: what the eye takes in, not pixels.

    So that it hardly depends on how many noisy copies a map was averaged over. Rounded to 10⁻⁶, so
    that equally bright places stay equal.
    """
    grey = shown.astype(np.float64).mean(axis=2)
    blurred = ndimage.gaussian_filter(grey, _BLUR * min(grey.shape), mode="nearest")
    return np.asarray(np.clip(blurred, 0, 1).round(6))


def spots_kept(before: Brightness, after: Brightness, bright: float = SPOTS) -> float:
    """Share of the brightest ``bright`` of ``before`` that are among those of ``after``, in 0–1.

    Ties for the last of the places count as bright, so places that are all white keep what they
    had. 0 where either display is of one brightness, and has no bright places.
    """
    hot = hot_pixels(before, bright)
    return float(hot_pixels(after, bright)[hot].mean()) if hot.any() else 0.0


def order_kept(before: Brightness, after: Brightness) -> float:
    """Spearman's ρ of two displays, in [−1, 1]; 0 where one is of one brightness, without order."""
    try:
        return rank_correlation(before, after)
    except ConstantMapError:
        return 0.0


def outline_prominence(seen: Brightness, outline: Mask) -> float:
    """Edge strength on ``outline`` ÷ (on it + elsewhere), means, in 0–1; ½ where there is no edge.

    ½ says that the outline is no clearer than what else is displayed. Edge strength is Sobel's
    gradient magnitude. It does not change when a display is dimmed.
    """
    edges = np.hypot(ndimage.sobel(seen, axis=0), ndimage.sobel(seen, axis=1))
    on, elsewhere = float(edges[outline].mean()), float(edges[~outline].mean())
    return on / (on + elsewhere) if on + elsewhere > 0 else 0.5


def greatest_difference(one: Display, other: Display) -> float:
    """By how many grey levels the two differ in the pixel and colour where they do most, 0–255."""
    return float(np.abs(one.astype(np.float64) - other).max() * LEVELS)


def standing_out(seen: Brightness) -> float:
    """By how many grey levels the brightest spot stands out from its surroundings, 0–255.

    A spot is a square of 1 ∕ 32 of the shorter side. Its surroundings are the median of the 9 × 9
    such squares around it, or that of the whole display where it is darker: a bright area larger
    than that is seen, too. 0 for a display that is black, white or grey all over; a dark hole in
    white is no bright spot, and 1 − ``seen`` shows by how much a dark one stands out.
    """
    size = max(1, round(_SPOT * min(seen.shape)))
    spots = ndimage.uniform_filter(seen, size, mode="nearest")[size // 2 :: size, size // 2 :: size]
    around = ndimage.median_filter(spots, 2 * _AROUND + 1, mode="nearest")
    most = (spots - np.minimum(around, np.median(spots))).max()
    return max(0.0, float(most * LEVELS))


def outline_contrast(seen: Brightness, outline: Mask) -> float:
    """(a − b) ∕ (a + b) of the edge strength on ``outline`` and elsewhere, in [−1, 1].

    0 where the outline is no clearer than what else is displayed, or nothing is.
    """
    return 2 * outline_prominence(seen, outline) - 1
