"""Seafood."""

from __future__ import annotations

import numpy as np

from quizproof.probes.embedded.pictures.canvas import Canvas
from quizproof.probes.embedded.pictures.garnish import GREENS, leaf
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
    curve,
    ellipse,
    moved,
    pill,
    rectangle,
    scattered,
    softened,
    turned,
)
from quizproof.probes.embedded.pictures.tableware import plate, tray

_RAW: tuple[Colour, ...] = ((250, 130, 80), (200, 48, 58), (250, 196, 180), (246, 224, 214))


def _portion(canvas: Canvas, x: float, y: float, lean: float, flesh: Colour) -> None:
    for k in range(3):
        px, py = x + 0.035 * (k - 1), y + 0.02 * (k - 1)
        outline = pill((px, py), (0.15, 0.085), 0.03, lean)
        canvas.fill("portion", moved(outline, 0.006, 0.012), darker(flesh, 0.4))
        canvas.fill("portion", outline, ramp(lighter(flesh, 0.25), flesh, int(lean)))
        for step in (-0.04, 0.0, 0.04):
            vein = curve((px + step, py - 0.035), (px + step + 0.015, py + 0.035))
            canvas.line("portion", turned(vein, lean, (px, py)), 0.009, lighter(flesh, 0.6))


def sashimi(canvas: Canvas) -> None:
    """Small portions of sliced raw fish, roe and greens on a plate."""
    canvas.edible = {"portion"}
    rng = canvas.rng
    if canvas.chance(0.5):
        plate(canvas, r=0.48, tilt=canvas.between(0.75, 1))
    else:
        ware = one_of(rng, (246, 246, 242), (60, 60, 66), (150, 110, 74))
        lean = canvas.between(-15, 15)
        canvas.glow((0.52, 0.56), (0.6, 0.5), (0, 0, 0), 0.4)
        canvas.fill("plate", pill((0.5, 0.53), (0.94, 0.74), 0.05, lean), darker(ware, 0.3))
        canvas.fill(
            "plate", pill((0.5, 0.515), (0.94, 0.74), 0.05, lean), ramp(ware, darker(ware, 0.1), 40)
        )
    spots = np.array(
        [(0.3, 0.36), (0.53, 0.33), (0.73, 0.42), (0.26, 0.58), (0.5, 0.56), (0.7, 0.66)]
    )
    spots = spots + rng.uniform(-0.03, 0.03, spots.shape)
    kinds = rng.permutation([0, 0, 0, 1, 2, 3])
    for (x, y), kind in zip(spots, kinds, strict=True):
        canvas.glow((x + 0.01, y + 0.03), (0.16, 0.11), (0, 0, 0), 0.4)
        if kind == 0:
            _portion(canvas, x, y, canvas.between(-50, 50), one_of(rng, *_RAW))
        elif kind == 1:
            for _ in range(3):
                leaf(
                    canvas,
                    "portion",
                    x + canvas.between(-0.04, 0.04),
                    y,
                    canvas.between(0.08, 0.11),
                )
        elif kind == 2:
            roe = one_of(rng, (244, 96, 40), (250, 150, 50))
            for px, py in scattered(rng, 26, (x, y), (0.085, 0.06)):
                canvas.fill(
                    "portion", ellipse((px, py), (0.018, 0.018)), rounded(lighter(roe, 0.5), roe)
                )
        else:
            strand: Colour = (246, 246, 236)
            for _ in range(16):
                ends = rng.uniform(-0.09, 0.09, (3, 2)) * (1, 0.6) + (x, y)
                line = curve(*((float(a), float(b)) for a, b in ends))
                canvas.line("portion", line, 0.01, varied(rng, strand, 12))


def fish_in_tray(canvas: Canvas) -> None:
    """A piece of pink fish with herbs in a metal tray."""
    canvas.edible = {"piece"}
    rng = canvas.rng
    tray(canvas, degrees=canvas.between(-12, 12))
    flesh = one_of(rng, (232, 150, 128), (240, 170, 150), (226, 130, 104), (226, 196, 180))
    lean = canvas.between(-30, 30)
    corners = np.array(
        [(0.24, 0.4), (0.62, 0.29), (0.78, 0.42), (0.72, 0.66), (0.4, 0.72), (0.22, 0.6)]
    )
    corners = corners + rng.uniform(-0.03, 0.03, corners.shape)
    outline = turned(softened(corners), lean, (0.5, 0.5))
    canvas.glow((0.52, 0.57), (0.38, 0.32), (0, 0, 0), 0.6)
    canvas.fill("piece", moved(outline, 0.008, 0.03), darker(flesh, 0.45))
    canvas.fill(
        "piece", outline, rough(rng, ramp(lighter(flesh, 0.3), flesh), lighter(flesh, 0.7), "patch")
    )
    with canvas.within("piece"):
        for step in np.linspace(-0.3, 0.3, 8):
            vein = curve(
                (0.5 + step - 0.04, 0.3), (0.5 + step + 0.06, 0.5), (0.5 + step - 0.04, 0.7)
            )
            canvas.line("piece", turned(vein, lean, (0.5, 0.5)), 0.01, lighter(flesh, 0.55))
        green = one_of(rng, *GREENS)
        for px, py in scattered(rng, int(rng.integers(20, 60)), (0.5, 0.5), (0.27, 0.2)):
            herb = ellipse((px, py), (0.016, 0.008), canvas.between(0, 180))
            canvas.fill("piece", herb, darker(green, canvas.between(0, 0.4)))


def _mussel(canvas: Canvas, x: float, y: float, size: float, lean: float) -> None:
    rng = canvas.rng
    centre = (x, y)
    shell = one_of(rng, (44, 50, 66), (60, 56, 60), (40, 66, 62))
    grid = np.array(
        [
            (-1.0, 0.02),
            (-0.5, -0.42),
            (0.3, -0.5),
            (0.95, -0.2),
            (1.0, 0.12),
            (0.5, 0.44),
            (-0.3, 0.36),
        ]
    )

    def part(scale: float, shift: float = 0.0) -> Points:
        points = grid * scale * size + centre + (shift * size, 0)
        return turned(softened(points), lean, centre)

    canvas.glow((x + 0.01, y + 0.05), (size * 1.15, size * 0.7), (0, 0, 0), 0.5)
    canvas.fill("shell", moved(part(1.08), 0.0, 0.012), darker(shell, 0.5))
    canvas.fill("shell", part(1.05), ramp(lighter(shell, 0.2), shell, 40))
    canvas.fill("shell", part(0.93), ramp((200, 206, 220), (140, 150, 176), 60))
    flesh = one_of(rng, (240, 170, 90), (246, 196, 130), (230, 140, 80))
    canvas.fill(
        "flesh",
        part(0.7, 0.1),
        rough(rng, ramp(lighter(flesh, 0.4), flesh), darker(flesh, 0.3), "patch"),
    )
    seam = turned(
        curve((x - size * 0.3, y), (x + size * 0.1, y - 0.06 * size), (x + size * 0.6, y)),
        lean,
        centre,
    )
    canvas.line("flesh", seam, 0.014, darker(flesh, 0.4))
    topping = one_of(rng, (200, 60, 40), (90, 140, 60), (240, 220, 150))
    for px, py in turned(
        scattered(rng, 12, (x + 0.1 * size, y), (size * 0.5, size * 0.2)), lean, centre
    ):
        canvas.fill("flesh", ellipse((px, py), (0.018, 0.013)), varied(rng, topping, 20))


def mussel(canvas: Canvas) -> None:
    """One big open mussel on a plate."""
    canvas.edible = {"flesh"}
    plate(canvas, r=0.48, tilt=canvas.between(0.75, 1))
    _mussel(canvas, 0.5, 0.52, canvas.between(0.32, 0.38), canvas.between(-60, 60))


def mussels(canvas: Canvas) -> None:
    """Three open mussels on a plate."""
    canvas.edible = {"flesh"}
    plate(canvas, r=0.48, tilt=canvas.between(0.75, 1))
    for k in range(3):
        angle = canvas.between(-0.3, 0.3) + k * 2.1
        x, y = 0.5 + 0.2 * np.cos(angle), 0.52 + 0.19 * np.sin(angle)
        _mussel(canvas, float(x), float(y), canvas.between(0.17, 0.21), canvas.between(-180, 180))


def whole_fish(canvas: Canvas) -> None:
    """A whole fish with head, fins and tail."""
    canvas.edible = {"fish"}
    rng = canvas.rng
    if canvas.chance(0.7):
        plate(canvas, r=0.5, tilt=canvas.between(0.55, 0.85))
    else:
        tray(canvas)
    skin = one_of(rng, (150, 164, 178), (196, 140, 110), (120, 140, 150), (206, 110, 90))
    lean, centre = canvas.between(-25, 25), (0.5, 0.52)
    canvas.glow((0.5, 0.58), (0.5, 0.24), (0, 0, 0), 0.45)
    tail = turned(np.array([(0.74, 0.52), (0.95, 0.38), (0.89, 0.52), (0.95, 0.66)]), lean, centre)
    canvas.fill("fish", tail, ramp(darker(skin, 0.1), darker(skin, 0.4)))
    for side in (-1, 1):
        fin = np.array(
            [(0.4, 0.52 + 0.1 * side), (0.56, 0.52 + 0.21 * side), (0.62, 0.52 + 0.09 * side)]
        )
        canvas.fill("fish", turned(fin, lean, centre), darker(skin, 0.3))
    body = np.concatenate(
        [
            curve((0.08, 0.53), (0.26, 0.3), (0.56, 0.38), (0.8, 0.5)),
            curve((0.8, 0.54), (0.56, 0.68), (0.26, 0.74), (0.08, 0.53)),
        ]
    )
    canvas.fill(
        "fish",
        turned(body, lean, centre),
        ramp(darker(skin, 0.35), lighter(skin, 0.55), int(-lean)),
    )
    with canvas.within("fish"):
        for row in range(4):
            for column in range(9):
                x, y = 0.34 + 0.045 * column, 0.44 + 0.05 * row + 0.02 * (column % 2)
                scale = turned(
                    curve((x, y - 0.02), (x + 0.022, y), (x, y + 0.02), count=6), lean, centre
                )
                canvas.line("fish", scale, 0.008, darker(skin, 0.3))
        gill = turned(curve((0.28, 0.4), (0.34, 0.52), (0.28, 0.64)), lean, centre)
        canvas.line("fish", gill, 0.014, darker(skin, 0.5))
        eye = turned(np.array([(0.19, 0.49)]), lean, centre)[0]
        canvas.fill("fish", ellipse((eye[0], eye[1]), (0.032, 0.032)), (246, 240, 220))
        canvas.fill("fish", ellipse((eye[0], eye[1]), (0.018, 0.018)), (20, 20, 24))


def prawns(canvas: Canvas) -> None:
    """Curled pink prawns."""
    canvas.edible = {"prawn"}
    rng = canvas.rng
    plate(canvas, r=0.48, tilt=canvas.between(0.75, 1))
    colour = one_of(rng, (244, 130, 90), (250, 160, 130), (236, 104, 70))
    count = int(rng.integers(2, 6))
    for k in range(count):
        turn = 2 * np.pi * k / count + canvas.between(-0.3, 0.3)
        x, y = 0.5 + 0.19 * np.cos(turn), 0.52 + 0.17 * np.sin(turn)
        start, size = canvas.between(0, 6.28), canvas.between(0.1, 0.125)
        own = varied(rng, colour, 10)
        canvas.glow((x + 0.01, y + 0.03), (0.18, 0.15), (0, 0, 0), 0.35)
        angles = start + np.linspace(0, 4.2, 12)
        spine = np.stack([x + size * np.cos(angles), y + size * np.sin(angles)], axis=1)
        for joint, (px, py) in enumerate(spine):
            thick = 0.062 - 0.0032 * joint
            tone = lighter(own, 0.45) if joint % 2 else own
            canvas.fill("prawn", ellipse((px, py + 0.006), (thick, thick)), darker(own, 0.25))
            canvas.fill(
                "prawn",
                ellipse((px, py), (thick * 0.94, thick * 0.94)),
                rounded(lighter(tone, 0.3), tone),
            )
        end, towards = spine[-1], np.rad2deg(angles[-1]) + 90
        for spread in (-24.0, 24.0):
            fan = turned(
                rectangle((end[0] + 0.04, end[1]), (0.09, 0.03)),
                float(towards) + spread,
                tuple(end),
            )
            canvas.fill("prawn", fan, darker(own, 0.2))
        head = spine[0]
        for spread in (-0.5, 0.2):
            tip = head + 0.15 * np.array(
                [np.cos(start - 1.5 + spread), np.sin(start - 1.5 + spread)]
            )
            canvas.line("prawn", np.stack([head, tip]), 0.006, darker(own, 0.3))
