"""Meat."""

from __future__ import annotations

import numpy as np

from quizproof.probes.embedded.pictures.canvas import Canvas
from quizproof.probes.embedded.pictures.garnish import grains, leaf
from quizproof.probes.embedded.pictures.paint import (
    Colour,
    darker,
    lighter,
    mottled,
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
    profile,
    scattered,
    turned,
)
from quizproof.probes.embedded.pictures.tableware import plate, tray


def _steak(canvas: Canvas, outline: Points, colour: Colour, lean: float) -> None:
    rng = canvas.rng
    x, y = outline.mean(axis=0)
    canvas.glow((x + 0.02, y + 0.05), (0.34, 0.3), (0, 0, 0), 0.5)
    canvas.fill("steak", moved(outline, 0.008, 0.025), darker(colour, 0.55))
    seared = rough(
        rng, ramp(lighter(colour, 0.18), darker(colour, 0.2)), darker(colour, 0.5), "patch", 0.75
    )
    canvas.fill("steak", outline, seared)
    with canvas.within("steak"):
        if canvas.chance(0.6):
            for step in np.arange(-0.36, 0.37, 0.085):
                mark = turned(curve((x - 0.4, y + step), (x + 0.4, y + step)), lean, (x, y))
                canvas.line("steak", mark, 0.024, darker(colour, 0.62))
        for px, py in scattered(rng, 14, (x, y), (0.24, 0.2)):
            canvas.glow((px, py), (0.04, 0.025), lighter(colour, 0.6), 0.5)


def steak_and_grain(canvas: Canvas) -> None:
    """A brown steak on the right of a plate and yellow grain on the left."""
    canvas.edible = {"steak", "grain"}
    rng = canvas.rng
    tilt = canvas.between(0.75, 1)
    plate(canvas, r=0.48, tilt=tilt)
    yellow = one_of(rng, (240, 206, 80), (232, 190, 70), (246, 222, 130))
    canvas.fill(
        "grain",
        blob(rng, (0.34, 0.52), (0.25, 0.3 * tilt), 0.07),
        mottled(rng, yellow, darker(yellow, 0.25), "grain"),
    )
    grains(canvas, "grain", (0.34, 0.52, 0.24, 0.29 * tilt), 260, yellow)
    brown = one_of(rng, (112, 66, 42), (92, 54, 38), (134, 82, 50))
    lean = canvas.between(60, 110)
    _steak(
        canvas,
        blob(rng, (0.65, 0.5), (0.3 * tilt, 0.19), 0.13, lean),
        brown,
        canvas.between(-50, 50),
    )


def steak(canvas: Canvas) -> None:
    """One seared steak with a garnish."""
    canvas.edible = {"steak", "garnish"}
    rng = canvas.rng
    if canvas.chance(0.25):
        tray(canvas)
    else:
        plate(canvas, r=0.48, tilt=canvas.between(0.7, 1))
    for _ in range(int(rng.integers(0, 4))):
        x, y = canvas.between(0.25, 0.75), canvas.between(0.28, 0.4)
        if canvas.chance(0.5):
            leaf(canvas, "garnish", x, y, 0.1)
        else:
            red = one_of(rng, (206, 50, 40), (236, 130, 40))
            canvas.fill("garnish", ellipse((x, y), (0.065, 0.06)), rounded(lighter(red, 0.4), red))
    brown = one_of(rng, (112, 66, 42), (92, 54, 38), (134, 82, 50), (150, 76, 60))
    lean = canvas.between(-40, 40)
    _steak(canvas, blob(rng, (0.5, 0.54), (0.31, 0.21), 0.12, lean), brown, canvas.between(-50, 50))


def sausages(canvas: Canvas) -> None:
    """Two to four sausages side by side."""
    canvas.edible = {"sausage"}
    rng = canvas.rng
    plate(canvas, r=0.48, tilt=canvas.between(0.7, 1))
    colour = one_of(rng, (160, 74, 44), (186, 92, 60), (128, 60, 40))
    count, lean = int(rng.integers(2, 5)), canvas.between(-40, 40)
    for k in range(count):
        shift = (k - (count - 1) / 2) * 0.135
        bend = canvas.between(-0.07, 0.07)
        line = curve((0.22, 0.52 + shift), (0.5, 0.52 + shift + bend), (0.78, 0.52 + shift))
        line = turned(line, lean, (0.5, 0.52))
        canvas.glow((0.5, 0.56 + shift), (0.3, 0.1), (0, 0, 0), 0.3)
        for shrink, tone in (
            (0.115, darker(colour, 0.4)),
            (0.095, colour),
            (0.05, lighter(colour, 0.2)),
        ):
            canvas.line("sausage", line, shrink, tone)
            for end in (line[0], line[-1]):
                canvas.fill("sausage", ellipse((end[0], end[1]), (shrink / 2, shrink / 2)), tone)
        canvas.line("sausage", line[2:-2] - (0.0, 0.02), 0.012, lighter(colour, 0.6))
        for cut in (3, 6, 9):
            x, y = line[cut]
            mark = curve((x - 0.02, y - 0.035), (x + 0.02, y + 0.035))
            canvas.line("sausage", mark, 0.013, darker(colour, 0.6))


def meatballs(canvas: Canvas) -> None:
    """Meatballs in gravy."""
    canvas.edible = {"meatball", "gravy"}
    rng = canvas.rng
    colour = one_of(rng, (128, 74, 46), (108, 62, 42), (150, 92, 60))
    gravy = one_of(rng, (140, 80, 40), (176, 56, 34), (170, 120, 74))
    plate(canvas, r=0.48, tilt=canvas.between(0.7, 1))
    shade = mottled(rng, gravy, darker(gravy, 0.2), "patch")
    canvas.fill("gravy", blob(rng, (0.5, 0.53), (0.33, 0.26), 0.08), shade)
    for x, y in scattered(rng, int(rng.integers(6, 11)), (0.5, 0.5), (0.24, 0.19)):
        canvas.glow((x + 0.01, y + 0.05), (0.13, 0.09), (0, 0, 0), 0.55)
        own = varied(rng, colour)
        ball = rough(
            rng, rounded(lighter(own, 0.3), darker(own, 0.35)), darker(own, 0.4), "grain", 0.5
        )
        canvas.fill("meatball", blob(rng, (x, y), (0.098, 0.09), 0.04), ball)
        canvas.glow((x - 0.03, y - 0.035), (0.035, 0.025), (255, 236, 214), 0.5)


def bacon(canvas: Canvas) -> None:
    """Streaky slices: bacon, or ham."""
    canvas.edible = {"bacon"}
    rng = canvas.rng
    plate(canvas, r=0.48, tilt=canvas.between(0.7, 1))
    flesh = one_of(rng, (176, 62, 54), (198, 92, 84), (150, 50, 40))
    fat: Colour = varied(rng, (244, 214, 194), 8)
    lean = canvas.between(-45, 45)
    for k in range(int(rng.integers(3, 5))):
        y = 0.3 + 0.125 * k
        wave = np.linspace(0, 1, 20)
        phase = canvas.between(0, 6)
        for offset, width, tone in (
            (0, 0.125, darker(flesh, 0.3)),
            (0, 0.11, flesh),
            (-0.044, 0.022, fat),
            (0.012, 0.018, fat),
            (0.042, 0.012, fat),
        ):
            strip = np.stack(
                [0.2 + 0.6 * wave, y + offset + 0.022 * np.sin(9 * wave + phase)], axis=1
            )
            canvas.line("bacon", turned(strip, lean, (0.5, 0.5)), width, tone)


def roast_leg(canvas: Canvas) -> None:
    """A roast leg with its bone."""
    canvas.edible = {"roast"}
    rng = canvas.rng
    plate(canvas, r=0.48, tilt=canvas.between(0.7, 1))
    colour = one_of(rng, (150, 76, 34), (126, 62, 32), (170, 96, 48))
    lean = canvas.between(-60, 60)
    centre = (0.5, 0.5)
    canvas.glow((0.48, 0.58), (0.36, 0.28), (0, 0, 0), 0.5)
    bone = turned(curve((0.6, 0.5), (0.9, 0.5)), lean, centre)
    canvas.line("roast", bone, 0.06, (236, 222, 196))
    for side in (-0.025, 0.025):
        knob = turned(ellipse((0.9, 0.5 + side), (0.04, 0.035)), lean, centre)
        canvas.fill("roast", knob, (244, 234, 214))
    outline = turned(
        profile(0.5, (0.12, 0.08), (0.3, 0.19), (0.5, 0.16), (0.78, 0.04)), -90 + lean, centre
    )
    skin = rough(
        rng,
        rounded(lighter(colour, 0.35), darker(colour, 0.45)),
        darker(colour, 0.5),
        "patch",
        0.55,
    )
    canvas.fill("roast", outline, skin)
    with canvas.within("roast"):
        for px, py in scattered(rng, 8, (0.46, 0.46), (0.2, 0.16)):
            canvas.glow((px, py), (0.05, 0.03), (255, 226, 180), 0.5)
