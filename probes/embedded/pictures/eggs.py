"""Eggs."""

from __future__ import annotations

import numpy as np

from quizproof.probes.embedded.pictures.canvas import Canvas
from quizproof.probes.embedded.pictures.paint import (
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
    curve,
    ellipse,
)
from quizproof.probes.embedded.pictures.tableware import bowl, plate


def _fried_egg(canvas: Canvas, x: float, y: float, r: float, tilt: float) -> None:
    rng = canvas.rng
    canvas.fill("egg", blob(rng, (x, y + 0.008), (r, r * tilt), 0.14), (222, 196, 150))
    canvas.fill(
        "egg",
        blob(rng, (x, y), (r * 0.97, r * 0.97 * tilt), 0.12),
        mottled(rng, (255, 253, 246), (238, 234, 224), "cloud"),
    )
    yolk = one_of(rng, (252, 186, 30), (246, 150, 24), (255, 206, 60))
    px, py = x + r * canvas.between(-0.15, 0.15), y + r * tilt * canvas.between(-0.15, 0.1)
    size = r * canvas.between(0.36, 0.44)
    canvas.fill(
        "egg", ellipse((px, py + 0.006), (size * 1.05, size * 1.05 * tilt)), darker(yolk, 0.25)
    )
    canvas.fill("egg", ellipse((px, py), (size, size * tilt)), rounded(lighter(yolk, 0.4), yolk))
    canvas.glow(
        (px - size * 0.3, py - size * 0.35 * tilt), (size * 0.3, size * 0.2), (255, 255, 255), 0.9
    )


def fried_eggs(canvas: Canvas) -> None:
    """One or two fried eggs on a plate or in a pan."""
    canvas.edible = {"egg"}
    tilt = canvas.between(0.7, 1)
    pan = canvas.chance(0.3)
    plate(canvas, r=0.46, tilt=tilt, colour=(52, 52, 56) if pan else None)
    if canvas.chance(0.5):
        _fried_egg(canvas, 0.5, 0.5, canvas.between(0.26, 0.33), tilt)
    else:
        _fried_egg(canvas, 0.37, 0.45, canvas.between(0.19, 0.23), tilt)
        _fried_egg(canvas, 0.64, 0.56, canvas.between(0.19, 0.23), tilt)


def boiled_eggs(canvas: Canvas) -> None:
    """Halves of boiled eggs."""
    canvas.edible = {"egg"}
    rng = canvas.rng
    plate(canvas, r=0.46, tilt=canvas.between(0.7, 1))
    count = int(rng.integers(2, 5))
    start = canvas.between(0, 360)
    yolk = one_of(rng, (248, 190, 50), (240, 150, 40), (250, 214, 110))
    for k in range(count):
        angle = np.deg2rad(start + 360 * k / count)
        x, y = 0.5 + 0.19 * np.cos(angle), 0.51 + 0.16 * np.sin(angle)
        lean = canvas.between(0, 180)
        canvas.glow((x + 0.01, y + 0.04), (0.17, 0.15), (0, 0, 0), 0.4)
        canvas.fill("egg", ellipse((x, y + 0.014), (0.155, 0.12), lean), (214, 208, 196))
        canvas.fill("egg", ellipse((x, y), (0.153, 0.118), lean), (252, 250, 244))
        canvas.fill(
            "egg",
            ellipse((x, y), (0.086, 0.076), lean),
            rough(rng, yolk, darker(yolk, 0.15), "grain", 0.4),
        )


def omelette(canvas: Canvas) -> None:
    """A folded omelette."""
    canvas.edible = {"egg"}
    rng = canvas.rng
    plate(canvas, r=0.47, tilt=canvas.between(0.65, 0.95))
    colour = one_of(rng, (250, 206, 84), (244, 190, 66), (252, 216, 110))
    lean = canvas.between(-25, 25)
    canvas.glow((0.5, 0.56), (0.4, 0.24), (0, 0, 0), 0.4)
    body = rough(
        rng,
        ramp(lighter(colour, 0.25), mix(colour, (190, 110, 30), 0.4)),
        (206, 136, 60),
        "patch",
        0.55,
    )
    canvas.fill("egg", blob(rng, (0.5, 0.52), (0.34, 0.17), 0.05, lean), body)
    fold = curve((0.2, 0.56), (0.4, 0.66), (0.6, 0.66), (0.8, 0.54))
    canvas.line("egg", fold, 0.016, darker(colour, 0.35))
    canvas.glow((0.42, 0.45), (0.16, 0.06), (255, 250, 220), 0.6)
    if canvas.chance(0.6):
        sauce = one_of(rng, (196, 30, 24), (120, 60, 30))
        wave = np.linspace(0, 1, 24)
        line = np.stack([0.28 + 0.44 * wave, 0.5 + 0.05 * np.sin(wave * 18)], axis=1)
        canvas.line("egg", line, 0.022, sauce)


def whole_eggs(canvas: Canvas) -> None:
    """Eggs in their shells, in a bowl or lying about."""
    canvas.edible = {"egg"}
    rng = canvas.rng
    shell = one_of(rng, (232, 190, 150), (246, 238, 226), (214, 160, 116))
    if canvas.chance(0.5):
        bowl(canvas, "rim", darker((120, 90, 60), 0.3), r=0.42, tilt=0.8)
    for x, y in ((0.38, 0.36), (0.62, 0.36), (0.3, 0.52), (0.52, 0.53), (0.7, 0.52)):
        lean = canvas.between(0, 180)
        own = varied(rng, shell, 8)
        canvas.glow((x + 0.02, y + 0.05), (0.16, 0.13), (0, 0, 0), 0.5)
        canvas.fill(
            "egg",
            ellipse((x, y), (0.145, 0.115), lean),
            rounded(lighter(own, 0.5), darker(own, 0.25)),
        )


def egg_dessert(canvas: Canvas) -> None:
    """A round white cream on a pancake, with one round orange fruit: it looks like an egg."""
    canvas.edible = {"egg"}
    rng = canvas.rng
    tilt = canvas.between(0.8, 1)
    plate(canvas, r=0.48, tilt=tilt)
    cake = one_of(rng, (206, 156, 92), (184, 128, 70), (222, 180, 116))
    syrup = one_of(rng, (120, 40, 60), (130, 76, 30))
    canvas.fill("egg", blob(rng, (0.5, 0.55), (0.36, 0.34 * tilt), 0.07), syrup)
    canvas.fill(
        "egg",
        blob(rng, (0.5, 0.53), (0.34, 0.32 * tilt), 0.04),
        rough(rng, rounded(lighter(cake, 0.25), darker(cake, 0.2)), darker(cake, 0.4)),
    )
    canvas.fill("egg", blob(rng, (0.5, 0.465), (0.245, 0.235 * tilt), 0.06), (206, 186, 160))
    canvas.fill(
        "egg",
        blob(rng, (0.5, 0.455), (0.24, 0.23 * tilt), 0.05),
        mottled(rng, (253, 246, 234), (242, 228, 208), "cloud"),
    )
    fruit = one_of(rng, (244, 110, 40), (236, 72, 40), (250, 150, 40))
    canvas.fill(
        "egg",
        ellipse((0.51, 0.385), (0.115, 0.11 * tilt)),
        rounded(lighter(fruit, 0.5), darker(fruit, 0.12)),
    )
    canvas.glow((0.47, 0.35), (0.04, 0.03), (255, 255, 255), 0.9)
