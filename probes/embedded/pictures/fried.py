"""Fried food."""

from __future__ import annotations

import numpy as np

from quizproof.probes.embedded.pictures.canvas import Canvas
from quizproof.probes.embedded.pictures.paint import (
    Colour,
    darker,
    lighter,
    one_of,
    ramp,
    rough,
    rounded,
    varied,
)
from quizproof.probes.embedded.pictures.shapes import (
    Points,
    blob,
    curve,
    ellipse,
    moved,
    pill,
    scattered,
    stick,
    turned,
)
from quizproof.probes.embedded.pictures.tableware import dish, plate


def fries(canvas: Canvas) -> None:
    """A heap of chips on a plate, or in a carton."""
    canvas.edible = {"fries"}
    rng = canvas.rng
    colour = one_of(rng, (244, 200, 90), (232, 176, 70), (250, 216, 120))
    carton = canvas.chance(0.4)
    if carton:
        places = scattered(rng, 36, (0.5, 0.42), (0.2, 0.12))
        leans = rng.uniform(65, 115, 36)
    else:
        plate(canvas, r=0.48, tilt=canvas.between(0.7, 1))
        places = scattered(rng, 46, (0.5, 0.53), (0.26, 0.19))
        leans = rng.uniform(0, 180, 46)
    for (x, y), lean in zip(places, leans, strict=True):
        long = canvas.between(0.24, 0.36) if carton else canvas.between(0.18, 0.32)
        own = varied(rng, colour, 10)
        chip = stick((x, y), long, float(lean))
        canvas.line("fries", moved(chip, 0.006, 0.01), 0.046, darker(own, 0.45))
        canvas.line("fries", chip, 0.04, own)
        canvas.line("fries", chip - (0.006, 0.007), 0.014, lighter(own, 0.45))
    if carton:
        red = one_of(rng, (200, 40, 40), (240, 240, 236), (60, 60, 70))
        front = np.concatenate(
            [curve((0.26, 0.46), (0.5, 0.62), (0.74, 0.46)), np.array([(0.68, 0.92), (0.32, 0.92)])]
        )
        canvas.fill("carton", front, ramp(red, darker(red, 0.25), 60))


def _crust(canvas: Canvas, outline: Points, colour: Colour) -> None:
    rng = canvas.rng
    x, y = outline.mean(axis=0)
    canvas.glow((x + 0.01, y + 0.04), (0.19, 0.14), (0, 0, 0), 0.5)
    base = rounded(lighter(colour, 0.35), darker(colour, 0.4))
    crumbs = rough(rng, base, lighter(colour, 0.5), "grain", 0.6)
    canvas.fill("fried", outline, rough(rng, crumbs, darker(colour, 0.5), "grain", 0.65))


def nuggets(canvas: Canvas) -> None:
    """Breaded pieces with a little pot of sauce."""
    canvas.edible = {"fried", "sauce"}
    rng = canvas.rng
    plate(canvas, r=0.48, tilt=canvas.between(0.7, 1))
    colour = one_of(rng, (214, 142, 54), (196, 122, 44), (226, 162, 74))
    if canvas.chance(0.5):
        sauce = one_of(rng, (180, 30, 20), (240, 200, 80), (246, 240, 220))
        canvas.fill("cup", ellipse((0.68, 0.36), (0.12, 0.1)), (240, 240, 238))
        canvas.fill("sauce", ellipse((0.68, 0.365), (0.1, 0.08)), ramp(sauce, darker(sauce, 0.2)))
    for x, y in scattered(rng, int(rng.integers(5, 9)), (0.48, 0.53), (0.24, 0.19)):
        rx, ry = canvas.between(0.1, 0.14), canvas.between(0.08, 0.1)
        _crust(canvas, blob(rng, (x, y), (rx, ry), 0.12, canvas.between(0, 180)), colour)


def fried_chicken(canvas: Canvas) -> None:
    """Battered drumsticks with the end of the bone showing."""
    canvas.edible = {"fried"}
    rng = canvas.rng
    plate(canvas, r=0.48, tilt=canvas.between(0.7, 1))
    colour = one_of(rng, (200, 124, 44), (180, 104, 38), (214, 146, 66))
    for k in range(int(rng.integers(2, 4))):
        x, y, lean = 0.4 + 0.13 * k, 0.38 + 0.14 * k, canvas.between(-30, 30) + 180 * (k % 2)
        bone = turned(curve((x, y), (x + 0.26, y)), lean, (x, y))
        canvas.line("fried", bone, 0.04, (238, 226, 200))
        canvas.fill("fried", ellipse((bone[-1, 0], bone[-1, 1]), (0.03, 0.03)), (244, 236, 214))
        _crust(canvas, blob(rng, (x, y), (0.2, 0.125), 0.13, lean), colour)


def rings(canvas: Canvas) -> None:
    """Fried rings of onion or squid."""
    canvas.edible = {"fried"}
    rng = canvas.rng
    plate(canvas, r=0.48, tilt=canvas.between(0.7, 1))
    colour = one_of(rng, (222, 158, 66), (206, 134, 52), (236, 180, 94))
    for x, y in scattered(rng, int(rng.integers(6, 11)), (0.5, 0.53), (0.26, 0.19)):
        r, flat, lean = (
            canvas.between(0.09, 0.12),
            canvas.between(0.6, 0.95),
            canvas.between(0, 180),
        )
        loop = ellipse((x, y), (r, r * flat), lean)
        loop = np.concatenate([loop, loop[:2]])
        own = varied(rng, colour, 12)
        canvas.line("fried", moved(loop, 0.006, 0.014), 0.058, darker(own, 0.5))
        canvas.line("fried", loop, 0.05, own)
        canvas.line("fried", loop - (0.006, 0.008), 0.02, lighter(own, 0.4))
        for px, py in loop[:: int(rng.integers(3, 6))]:
            canvas.fill("fried", ellipse((px, py), (0.014, 0.012)), darker(own, 0.25))


def spring_rolls(canvas: Canvas) -> None:
    """Fried rolls side by side."""
    canvas.edible = {"fried"}
    rng = canvas.rng
    if canvas.chance(0.3):
        dish(canvas, "rim", (90, 60, 40))
    else:
        plate(canvas, r=0.48, tilt=canvas.between(0.7, 1))
    colour = one_of(rng, (206, 134, 54), (190, 112, 44), (220, 156, 76))
    lean, count = canvas.between(-45, 45), int(rng.integers(3, 5))
    for k in range(count):
        y = 0.5 + (k - (count - 1) / 2) * 0.13
        outline = pill((0.5, y), (canvas.between(0.46, 0.56), 0.125), 0.045)
        outline = turned(outline, lean + canvas.between(-6, 6), (0.5, 0.5))
        x, middle = outline.mean(axis=0)
        canvas.glow((x + 0.01, middle + 0.04), (0.3, 0.12), (0, 0, 0), 0.35)
        base = ramp(lighter(colour, 0.35), darker(colour, 0.45), int(-lean))
        bubbles = rough(rng, base, lighter(colour, 0.5), "grain", 0.5)
        canvas.fill("fried", outline, rough(rng, bubbles, darker(colour, 0.4), "patch", 0.5))
