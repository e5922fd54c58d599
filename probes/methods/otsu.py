"""Otsu's bound between two kinds of values."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def otsu(values: NDArray[np.float64]) -> float:
    """The bound that leaves the least variance on its two sides, one of 256 (Otsu 1979)."""
    if np.ptp(values) == 0:
        return float(values.flat[0])
    counts, edges = np.histogram(values, 256)
    middles = (edges[:-1] + edges[1:]) / 2
    below, sums = np.cumsum(counts)[:-1], np.cumsum(counts * middles)[:-1]
    above, rest = values.size - below, float(counts @ middles) - sums
    with np.errstate(invalid="ignore"):  # an empty side, whose variance between is 0 ÷ 0
        between = below * above * (sums / below - rest / above) ** 2
    return float(edges[1 + int(np.nanargmax(between))])
