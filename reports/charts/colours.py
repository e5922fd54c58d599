"""Colour scales that keep their order in grey and for colour-blind eyes, as small tables."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Table = NDArray[np.uint8]

LEVELS = 255  # an odd number, so that the diverging scale has a middle
NO_VALUE = (128, 128, 128)

# matplotlib's viridis (released under CC0) at eleven places: dark is low, light is high
_SEQUENTIAL = (
    "#440154 #482475 #414487 #355f8d #2a788e #21918c #22a884 #44bf70 #7ad151 #bddf26 #fde725"
)
# Orange below zero, near white at zero, blue above: told apart with any colour vision
_DIVERGING = (
    "#5c2a00 #8f4300 #c46508 #ec9440 #f8cfa0 #f6f6f4 #c3dcf0 #83b6e0 #3f88c5 #1a5c9a #083766"
)

# Outlines, after Okabe & Ito's palette; each comes with a dash pattern of its own
OUTLINES = ("#e69f00", "#56b4e9", "#f0e442", "#cc79a7", "#ffffff", "#d55e00")
DASHES = ("none", "6 3", "2 2.5", "9 3 2 3", "12 4", "4 4")


def table(*, diverging: bool) -> Table:
    """``LEVELS`` colours from low to high, shape (LEVELS, 3)."""
    anchors = np.array(
        [[int(c[k : k + 2], 16) for k in (1, 3, 5)] for c in _anchors(diverging)], dtype=float
    )
    at = np.linspace(0, len(anchors) - 1, LEVELS)
    channels = [np.interp(at, np.arange(len(anchors)), anchors[:, k]) for k in range(3)]
    return np.stack(channels, axis=1).round().astype(np.uint8)


def stops(*, diverging: bool) -> list[tuple[str, str]]:
    """The same scale as gradient stops: (offset, colour)."""
    anchors = _anchors(diverging)
    return [(f"{100 * k / (len(anchors) - 1):g}%", c) for k, c in enumerate(anchors)]


def _anchors(diverging: bool) -> list[str]:
    return (_DIVERGING if diverging else _SEQUENTIAL).split()
