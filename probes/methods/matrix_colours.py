"""Colours of two matrices that are drawn as pictures: whether they are the same."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def colour_difference(one: NDArray[np.float64], other: NDArray[np.float64]) -> float:
    """The largest difference of two (N, N) matrices on a colour scale from 0 to 1, in [0, 1].

    Each is scaled by min–max, as pictures are. The diagonal is left out: a thing with itself is
    the same under any measure, and programs differ in what they write there. The scale may run
    either way, whichever is nearer, for 1 − similarity is the same picture in reversed colours.
    The difference from a matrix that is constant off its diagonal, which has no colours, is 1.
    Raises ValueError for matrices of other shapes, or with fewer than three rows.
    """
    if one.shape != other.shape or one.ndim != 2 or one.shape[0] != one.shape[1] or len(one) < 3:
        raise ValueError(f"two square matrices of three rows at least, not {one.shape}")
    first, second = _colours(one), _colours(other)
    if first is None or second is None:
        return 1.0
    return min(float(np.abs(first - turned).max()) for turned in (second, 1 - second))


def colour_rounding(matrix: NDArray[np.float64], unit: float) -> float:
    """Return how far the colours of (N, N) can be from those before it was rounded, in [0, 1].

    ``unit`` is one in the last digit: each value, and with them the least and the largest, is off
    by half of it at most.
    """
    span = float(np.ptp(matrix[~np.eye(len(matrix), dtype=bool)]))
    return min(1.0, unit / (span - unit)) if span > unit else 1.0


def _colours(matrix: NDArray[np.float64]) -> NDArray[np.float64] | None:
    cells = matrix[~np.eye(len(matrix), dtype=bool)]
    span = np.ptp(cells)
    if span <= 1e-5 * np.abs(cells).max():  # float32 noise
        return None
    colours: NDArray[np.float64] = (cells - cells.min()) / span
    return colours
