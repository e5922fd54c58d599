"""Noodles, pasta and rice."""

from __future__ import annotations

import numpy as np

from quizproof.probes.embedded.pictures.canvas import Canvas
from quizproof.probes.embedded.pictures.garnish import grains, leaf
from quizproof.probes.embedded.pictures.paint import (
    Colour,
    darker,
    lighter,
    mix,
    mottled,
    one_of,
    ramp,
    rough,
    rounded,
    varied,
)
from quizproof.probes.embedded.pictures.shapes import (
    blob,
    ellipse,
    moved,
    scattered,
    softened,
    stick,
    turned,
)
from quizproof.probes.embedded.pictures.tableware import dish, plate


def strands(
    canvas: Canvas, part: str, area: tuple[float, float, float, float], count: int, colour: Colour
) -> None:
    """Wavy strands over the ellipse ``area`` (x, y, rx, ry)."""
    x, y, rx, ry = area
    rng = canvas.rng
    tones = [darker(colour, 0.3), darker(colour, 0.12), colour, lighter(colour, 0.4)]
    starts = scattered(rng, count, (x, y), (rx * 0.8, ry * 0.8))
    heading = rng.uniform(0, 2 * np.pi, count)
    steps = np.linspace(-1, 1, 12)
    for k, (px, py) in enumerate(starts):
        bend = rng.uniform(-1.8, 1.8)
        angle = heading[k] + bend * steps
        step = np.stack([np.cos(angle) * rx, np.sin(angle) * ry], axis=1) * 0.075
        line = np.cumsum(step, axis=0) - step.sum(axis=0) / 2 + (px, py)
        canvas.line(part, moved(line, 0.004, 0.007), 0.017, tones[0])
        canvas.line(part, line, 0.014, tones[1 + k % 3])


def pasta_with_sauce(canvas: Canvas) -> None:
    """Spaghetti under meat sauce."""
    canvas.edible = {"pasta", "sauce"}
    rng = canvas.rng
    tilt = canvas.between(0.75, 1)
    plate(canvas, r=0.49, tilt=tilt)
    colour = one_of(rng, (240, 214, 140), (246, 226, 166), (230, 196, 116))
    ground = mottled(rng, darker(colour, 0.1), darker(colour, 0.3), "grain")
    canvas.fill("pasta", blob(rng, (0.5, 0.53), (0.36, 0.33 * tilt), 0.04), ground)
    strands(canvas, "pasta", (0.5, 0.53, 0.37, 0.34 * tilt), 80, colour)
    sauce = one_of(rng, (150, 56, 26), (170, 44, 24), (126, 58, 34))
    base = rough(
        rng, mottled(rng, sauce, darker(sauce, 0.3), "patch"), lighter(sauce, 0.35), "grain", 0.5
    )
    outline = blob(
        rng, (0.5, 0.5), (canvas.between(0.24, 0.3), canvas.between(0.2, 0.25) * tilt), 0.12
    )
    canvas.fill("sauce", moved(outline, 0, 0.012), darker(sauce, 0.5))
    canvas.fill("sauce", outline, base)
    with canvas.within("sauce"):
        for px, py in scattered(rng, 34, (0.5, 0.5), (0.25, 0.2 * tilt)):
            crumb = varied(rng, darker(sauce, 0.15), 22)
            canvas.fill(
                "sauce",
                blob(rng, (px, py), (0.024, 0.019), 0.15),
                rounded(lighter(crumb, 0.3), crumb),
            )
    if canvas.chance(0.4):
        leaf(canvas, "sauce", 0.5, 0.48, 0.09)


def noodle_soup(canvas: Canvas) -> None:
    """A bowl full of noodles with toppings."""
    canvas.edible = {"broth", "noodles", "topping"}
    rng = canvas.rng
    broth = one_of(rng, (196, 140, 70), (170, 96, 50), (222, 186, 120))
    rx, ry = dish(canvas, "broth", mottled(rng, broth, darker(broth, 0.2), "cloud"))
    colour = one_of(rng, (246, 220, 140), (250, 236, 190), (236, 200, 110))
    with canvas.within("broth"):
        strands(canvas, "noodles", (0.5, 0.46, rx * 0.92, ry * 0.92), 75, colour)
        for _ in range(int(rng.integers(0, 4))):
            x, y = 0.5 + rx * canvas.between(-0.5, 0.5), 0.46 + ry * canvas.between(-0.5, 0.5)
            kind = int(rng.integers(0, 3))
            if kind == 0:
                canvas.fill("topping", ellipse((x, y), (0.09, 0.07)), (250, 246, 236))
                canvas.fill("topping", ellipse((x, y), (0.046, 0.038)), (246, 176, 50))
            elif kind == 1:
                leaf(canvas, "topping", x, y, 0.11)
            else:
                meat = one_of(rng, (150, 86, 60), (190, 130, 100))
                canvas.fill(
                    "topping", blob(rng, (x, y), (0.11, 0.07), 0.08), ramp(lighter(meat, 0.3), meat)
                )


def penne(canvas: Canvas) -> None:
    """Short tubes with tomato or cream sauce."""
    canvas.edible = {"pasta"}
    rng = canvas.rng
    if canvas.chance(0.4):
        dish(canvas, "pasta", (190, 90, 50))
    else:
        plate(canvas, r=0.48, tilt=canvas.between(0.75, 1))
        sauce = one_of(rng, (200, 70, 40), (240, 226, 190))
        canvas.fill(
            "pasta",
            blob(rng, (0.5, 0.52), (0.31, 0.25), 0.07),
            mottled(rng, sauce, darker(sauce, 0.2)),
        )
    colour = one_of(rng, (244, 206, 120), (250, 222, 150), (240, 170, 96))
    for x, y in scattered(rng, 42, (0.5, 0.49), (0.24, 0.18)):
        lean = canvas.between(0, 180)
        tube = stick((x, y), 0.11, lean)
        own = varied(rng, colour, 10)
        canvas.line("pasta", moved(tube, 0.006, 0.012), 0.05, darker(own, 0.45))
        canvas.line("pasta", tube, 0.044, own)
        canvas.line("pasta", tube - (0.006, 0.008), 0.013, lighter(own, 0.45))
        mouth = ellipse((tube[1, 0], tube[1, 1]), (0.014, 0.021), lean)
        canvas.fill("pasta", mouth, darker(own, 0.5))


def plain_noodles(canvas: Canvas) -> None:
    """A nest of noodles with herbs or vegetables."""
    canvas.edible = {"noodles", "herbs"}
    rng = canvas.rng
    plate(canvas, r=0.48, tilt=canvas.between(0.75, 1))
    colour = one_of(rng, (240, 210, 130), (250, 234, 190), (206, 150, 86), (170, 130, 100))
    ground = mottled(rng, darker(colour, 0.15), darker(colour, 0.4), "grain")
    canvas.fill("noodles", blob(rng, (0.5, 0.52), (0.32, 0.26), 0.05), ground)
    strands(canvas, "noodles", (0.5, 0.52, 0.33, 0.27), 95, colour)
    for x, y in scattered(rng, int(rng.integers(0, 12)), (0.5, 0.5), (0.24, 0.18)):
        if canvas.chance(0.5):
            leaf(canvas, "herbs", x, y, canvas.between(0.04, 0.07))
        else:
            red = one_of(rng, (210, 50, 40), (240, 140, 50))
            canvas.fill("herbs", ellipse((x, y), (0.035, 0.03)), rounded(lighter(red, 0.4), red))


def _mound(
    canvas: Canvas, area: tuple[float, float, float, float], count: int, colour: Colour
) -> None:
    x, y, rx, ry = area
    shade = rounded(colour, darker(colour, 0.25))
    canvas.fill("rice", blob(canvas.rng, (x, y), (rx, ry), 0.04), shade)
    grains(canvas, "rice", (x, y, rx * 0.97, ry * 0.97), count, colour)


def rice_bowl(canvas: Canvas) -> None:
    """A bowl heaped with white rice."""
    canvas.edible = {"rice"}
    rng = canvas.rng
    white = one_of(rng, (246, 244, 238), (238, 232, 220), (226, 206, 176))
    rx, ry = dish(canvas, "rice", darker(white, 0.25), y=0.55)
    heap = ry * canvas.between(0.95, 1.3)
    _mound(canvas, (0.5, 0.5 - (heap - ry) * 0.9, rx * 0.95, heap), 340, white)
    if canvas.chance(0.35):
        seed = one_of(rng, (30, 28, 30), (190, 40, 60))
        for px, py in scattered(rng, 24, (0.5, 0.44), (rx * 0.5, ry * 0.5)):
            canvas.fill("rice", ellipse((px, py), (0.01, 0.008)), seed)


def fried_rice(canvas: Canvas) -> None:
    """Fried rice with peas, carrot and egg."""
    canvas.edible = {"rice"}
    rng = canvas.rng
    colour = one_of(rng, (236, 206, 140), (222, 180, 110), (242, 222, 176))
    if canvas.chance(0.4):
        rx, ry = dish(canvas, "rice", darker(colour, 0.3))
        area = (0.5, 0.46, rx * 0.96, ry * 0.96)
    else:
        plate(canvas, r=0.48, tilt=canvas.between(0.75, 1))
        area = (0.5, 0.52, 0.32, 0.25)
    _mound(canvas, area, 330, colour)
    x, y, rx, ry = area
    tones: tuple[Colour, ...] = ((100, 160, 60), (236, 130, 50), (250, 214, 90), (226, 110, 100))
    for px, py in scattered(rng, 34, (x, y), (rx * 0.85, ry * 0.85)):
        tone = one_of(rng, *tones)
        canvas.fill("rice", ellipse((px, py), (0.022, 0.02)), rounded(lighter(tone, 0.3), tone))
    grains(canvas, "rice", (x, y, rx * 0.85, ry * 0.85), 90, colour)


def curry_rice(canvas: Canvas) -> None:
    """White rice on one half of the plate and curry on the other."""
    canvas.edible = {"rice", "curry"}
    rng = canvas.rng
    tilt = canvas.between(0.75, 1)
    plate(canvas, r=0.49, tilt=tilt)
    curry = one_of(rng, (150, 86, 30), (190, 120, 40), (120, 66, 34))
    canvas.fill(
        "curry",
        blob(rng, (0.57, 0.53), (0.27, 0.31 * tilt), 0.05),
        mottled(rng, curry, darker(curry, 0.15)),
    )
    for x, y in scattered(rng, 7, (0.64, 0.53), (0.16, 0.2 * tilt)):
        tone = one_of(rng, (236, 130, 50), (240, 206, 120), (130, 80, 50))
        canvas.fill(
            "curry",
            blob(rng, (x, y), (0.05, 0.042), 0.12),
            rounded(mix(tone, curry, 0.2), mix(tone, curry, 0.55)),
        )
    white: Colour = varied(rng, (246, 244, 238), 8)
    _mound(canvas, (0.34, 0.51, 0.2, 0.31 * tilt), 240, white)


def rice_balls(canvas: Canvas) -> None:
    """Pressed triangles of rice with a band of seaweed."""
    canvas.edible = {"rice", "seaweed"}
    rng = canvas.rng
    if canvas.chance(0.7):
        plate(canvas, r=0.48, tilt=canvas.between(0.7, 1))
    white: Colour = varied(rng, (246, 244, 238), 8)
    places = [(0.5, 0.5, 0.34)] if canvas.chance(0.4) else [(0.36, 0.44, 0.24), (0.63, 0.56, 0.24)]
    for x, y, size in places:
        lean = canvas.between(-15, 15)
        corners = np.array([(0.0, -1.0), (1.0, 0.75), (-1.0, 0.75)]) * size + (x, y)
        outline = turned(softened(corners, 0.35, 7), lean, (x, y))
        canvas.glow((x + 0.02, y + size * 0.5), (size * 1.2, size * 0.8), (0, 0, 0), 0.5)
        canvas.fill("rice", moved(outline, 0.01, 0.02), darker(white, 0.35))
        canvas.fill("rice", outline, ramp(white, darker(white, 0.15), 30))
        with canvas.within("rice"):
            grains(canvas, "rice", (x, y, size, size), 200, white)
            band = np.array([(-0.42, 0.1), (0.42, 0.1), (0.42, 0.85), (-0.42, 0.85)]) * size + (
                x,
                y,
            )
            canvas.fill(
                "seaweed",
                turned(band, lean, (x, y)),
                rough(rng, (28, 40, 32), (60, 76, 56), "fine"),
            )
