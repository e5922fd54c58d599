"""Leaves and grains, which several dishes carry."""

from __future__ import annotations

import numpy as np

from quizproof.probes.embedded.pictures.canvas import Canvas
from quizproof.probes.embedded.pictures.paint import (
    Colour,
    darker,
    lighter,
    one_of,
    ramp,
)
from quizproof.probes.embedded.pictures.shapes import (
    blob,
    curve,
    scattered,
    turned,
)

GREENS: tuple[Colour, ...] = ((70, 130, 50), (50, 104, 44), (120, 160, 70))


def leaf(canvas: Canvas, part: str, x: float, y: float, size: float) -> None:
    """A green leaf with a rib, as garnish."""
    green = one_of(canvas.rng, *GREENS)
    lean = canvas.between(0, 180)
    shade = ramp(lighter(green, 0.2), darker(green, 0.2), int(lean))
    canvas.fill(part, blob(canvas.rng, (x, y), (size, size * 0.55), 0.12, lean), shade)
    rib = turned(curve((x - size * 0.8, y), (x + size * 0.8, y)), lean, (x, y))
    canvas.line(part, rib, 0.008, lighter(green, 0.35))


def grains(
    canvas: Canvas, part: str, area: tuple[float, float, float, float], count: int, colour: Colour
) -> None:
    """Rice-like grains over the ellipse ``area`` (x, y, rx, ry)."""
    tones = [darker(colour, 0.22), darker(colour, 0.08), colour, lighter(colour, 0.5)]
    leans = canvas.rng.uniform(0, np.pi, count)
    reach = np.stack([np.cos(leans), np.sin(leans)], axis=1) * 0.012
    for k, place in enumerate(scattered(canvas.rng, count, area[:2], area[2:])):
        canvas.line(part, np.stack([place - reach[k], place + reach[k]]), 0.013, tones[k % 4])
