"""Bread and desserts."""

from __future__ import annotations

import numpy as np

from quizproof.probes.embedded.pictures.canvas import Canvas
from quizproof.probes.embedded.pictures.paint import (
    Colour,
    Paint,
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
    pill,
    profile,
    scattered,
    turned,
)
from quizproof.probes.embedded.pictures.tableware import plate

CREAM: Colour = (250, 242, 226)
_CAKES: tuple[tuple[Colour, Colour], ...] = (
    ((74, 44, 30), (236, 214, 178)),
    ((232, 190, 112), (250, 236, 214)),
    ((150, 34, 40), (248, 240, 232)),
    ((120, 150, 76), (246, 240, 216)),
)
_ICINGS: tuple[Colour, ...] = (
    (248, 226, 232),
    (240, 150, 180),
    (110, 66, 44),
    (250, 240, 214),
    (160, 214, 200),
)


def _slice_outline(x: float, y: float, size: float) -> Points:
    top = ellipse((x, y - 0.55 * size), (1.08 * size, 0.42 * size))
    left = [(x - 0.94 * size, y - 0.3 * size), (x - 0.9 * size, y + 0.92 * size)]
    right = [(x + 0.9 * size, y + 0.92 * size), (x + 0.94 * size, y - 0.3 * size)]
    upper = top[top[:, 1] < y - 0.45 * size]
    return np.concatenate(
        [np.array(left)[::-1], upper[np.argsort(upper[:, 0])], np.array(right)[::-1]]
    )


def toast(canvas: Canvas) -> None:
    """One to three slices of a tin loaf."""
    canvas.edible = {"bread"}
    if canvas.chance(0.5):
        plate(canvas, r=0.45, tilt=canvas.between(0.7, 1))
    rng = canvas.rng
    crust = one_of(rng, (160, 98, 48), (126, 74, 38), (186, 122, 62))
    crumb = one_of(rng, (240, 218, 172), (222, 186, 130), (196, 150, 98))
    count = int(rng.integers(1, 4))
    for k in range(count):
        x = 0.5 + (k - (count - 1) / 2) * canvas.between(0.1, 0.2)
        y = 0.48 + (k - (count - 1) / 2) * 0.08
        lean = canvas.between(-14, 14)
        size = canvas.between(0.24, 0.29)
        outline = turned(_slice_outline(x, y, size), lean, (x, y))
        canvas.glow((x + 0.03, y + 0.08), (0.36, 0.34), (0, 0, 0), 0.4)
        canvas.fill("bread", moved(outline, 0.012, 0.018), darker(crust, 0.3))
        canvas.fill("bread", outline, crust)
        inner = (outline - (x, y)) * 0.88 + (x, y)
        pores = rough(rng, mottled(rng, crumb, lighter(crumb, 0.25), "patch"), crust, "fine", 0.35)
        canvas.fill("bread", inner, pores)


def buns(canvas: Canvas) -> None:
    """Round rolls, plain or with seeds."""
    canvas.edible = {"bread"}
    if canvas.chance(0.6):
        plate(canvas, r=0.45, tilt=canvas.between(0.6, 1))
    rng = canvas.rng
    colour = one_of(rng, (196, 122, 52), (168, 96, 40), (214, 150, 78))
    seeds = canvas.chance(0.5)
    places: tuple[tuple[float, float], ...] = ((0.5, 0.5),)
    if canvas.chance(0.6):
        places = ((0.5, 0.36), (0.34, 0.56), (0.66, 0.58))
    size = 0.3 if len(places) == 1 else 0.19
    for x, y in places:
        rx, ry = size * canvas.between(0.95, 1.15), size * canvas.between(0.75, 0.95)
        canvas.glow((x + 0.02, y + ry * 0.5), (rx * 1.3, ry * 1.2), (0, 0, 0), 0.5)
        shade = rounded(lighter(colour, 0.35), darker(colour, 0.35))
        canvas.fill(
            "bread", blob(rng, (x, y), (rx, ry), 0.03), rough(rng, shade, colour, "patch", 0.5)
        )
        canvas.glow((x - rx * 0.3, y - ry * 0.4), (rx * 0.35, ry * 0.25), (255, 244, 220), 0.5)
        if seeds:
            for px, py in scattered(rng, 30, (x, y - ry * 0.2), (rx * 0.7, ry * 0.55)):
                lean = canvas.between(0, 180)
                canvas.fill("bread", ellipse((px, py), (0.012, 0.007), lean), (250, 232, 190))
        else:
            for lean in (30, 120):
                cut = turned(
                    curve((x - rx * 0.5, y), (x, y - 0.02), (x + rx * 0.5, y)), lean, (x, y)
                )
                canvas.line("bread", cut, 0.022, lighter(colour, 0.55))


def baguette(canvas: Canvas) -> None:
    """One or two long loaves with slanting cuts."""
    canvas.edible = {"bread"}
    rng = canvas.rng
    colour = one_of(rng, (190, 120, 56), (168, 100, 44), (212, 146, 76))
    count = int(rng.integers(1, 3))
    lean = canvas.between(-35, 35)
    for k in range(count):
        y = 0.5 + (k - (count - 1) / 2) * 0.26
        thick = canvas.between(0.19, 0.24)
        canvas.glow((0.5, y + 0.08), (0.5, 0.18), (0, 0, 0), 0.5)
        shade = rough(rng, ramp(lighter(colour, 0.2), darker(colour, 0.4)), colour, "patch", 0.5)
        canvas.fill("bread", pill((0.5, y), (0.9, thick), thick / 2, lean), shade)
        for step in np.linspace(-0.33, 0.33, 5):
            mark = curve(
                (0.5 + step - 0.05, y - thick * 0.3), (0.5 + step + 0.05, y + thick * 0.25)
            )
            mark = turned(mark, lean, (0.5, y))
            canvas.line("bread", mark, 0.036, darker(colour, 0.25))
            canvas.line("bread", mark - (0.004, 0.004), 0.024, lighter(colour, 0.6))


def croissant(canvas: Canvas) -> None:
    """A crescent of overlapping folds."""
    canvas.edible = {"bread"}
    if canvas.chance(0.6):
        plate(canvas, r=0.46, tilt=canvas.between(0.6, 1))
    rng = canvas.rng
    colour = one_of(rng, (206, 136, 60), (184, 110, 46), (222, 160, 84))
    canvas.glow((0.5, 0.58), (0.46, 0.28), (0, 0, 0), 0.5)
    bend = canvas.between(0.14, 0.24)
    for step in (-4, 4, -3, 3, -2, 2, -1, 1, 0):
        x, y = 0.5 + step * 0.082, 0.42 + bend * (step / 3.4) ** 2
        size = 0.2 - 0.034 * abs(step)
        shade = ramp(lighter(colour, 0.3), darker(colour, 0.45), 15)
        lean = step * 11
        canvas.fill(
            "bread", ellipse((x, y + 0.006), (0.085, size + 0.01), lean), darker(colour, 0.5)
        )
        canvas.fill(
            "bread", ellipse((x, y), (0.078, size), lean), rough(rng, shade, colour, "fibre", 0.5)
        )


def _layered(cake: Colour, filling: Colour, layers: int) -> list[tuple[float, float, Colour]]:
    bands = []
    for k in range(layers):
        start, end = k / layers, (k + 1) / layers
        bands.append((start, end - 0.25 / layers, cake))
        bands.append((end - 0.25 / layers, end, filling))
    return bands


def cake_slice(
    canvas: Canvas,
    x: float = 0.5,
    y: float = 0.52,
    size: float | None = None,
    with_plate: bool = True,
    plate_paint: Colour | None = None,
    cake_kind: int | None = None,
) -> None:
    """A wedge of layer cake with its tip towards the viewer."""
    canvas.edible = {"cake"}
    rng = canvas.rng
    if with_plate:
        plate(canvas, x=x, y=y + 0.1, r=0.42, tilt=canvas.between(0.55, 0.75), colour=plate_paint)
    cake, filling = _CAKES[int(rng.integers(len(_CAKES))) if cake_kind is None else cake_kind]
    cake, filling = varied(rng, cake), varied(rng, filling, 6)
    size = size or canvas.between(0.9, 1.15)
    tip = np.array([x + canvas.between(-0.08, 0.08), y + 0.06])
    left = np.array([x - 0.27 * size, y - 0.14 * size])
    right = np.array([x + 0.27 * size, y - 0.11 * size])
    height = np.array([0.0, canvas.between(0.2, 0.28) * size])
    canvas.glow((x, y + height[1]), (0.4 * size, 0.24 * size), (0, 0, 0), 0.5)
    layers = int(rng.integers(2, 4))
    for corner, shade in ((left, 0.05), (right, 0.22)):
        for start, end, colour in _layered(cake, filling, layers):
            face = [corner + height * start, tip + height * start]
            face += [tip + height * end, corner + height * end]
            tone = darker(colour, shade)
            speckled = rough(rng, tone, darker(tone, 0.3), "fine", 0.4)
            canvas.fill("cake", np.array(face), speckled)
    icing = filling if canvas.chance(0.6) else cake
    back = (left + right) / 2 - (0, 0.07 * size)
    top = np.concatenate([curve(tuple(left), tuple(back), tuple(right)), tip[None]])
    canvas.fill("cake", moved(top, 0, 0.022), darker(icing, 0.12))
    canvas.fill("cake", top, ramp(lighter(icing, 0.25), icing, 20))
    crown = (left + right) / 2 + (0, 0.02)
    canvas.fill(
        "cake", ellipse((crown[0], crown[1]), (0.09, 0.05)), rounded(CREAM, darker(CREAM, 0.2))
    )
    berry = one_of(rng, (196, 30, 44), (60, 50, 110), (120, 20, 40))
    canvas.fill(
        "cake",
        ellipse((crown[0], crown[1] - 0.035), (0.052, 0.05)),
        rounded(lighter(berry, 0.4), darker(berry, 0.3)),
    )


def cupcake(canvas: Canvas) -> None:
    """A cupcake with swirled icing."""
    canvas.edible = {"cake"}
    if canvas.chance(0.5):
        plate(canvas, y=0.72, r=0.42, tilt=0.45)
    rng = canvas.rng
    case = one_of(rng, (120, 70, 44), (220, 120, 150), (90, 150, 190), (240, 230, 210))
    canvas.glow((0.5, 0.86), (0.3, 0.08), (0, 0, 0), 0.6)
    canvas.fill("cake", profile(0.5, (0.55, 0.25), (0.86, 0.17)), ramp(case, darker(case, 0.4), 60))
    for step in np.linspace(-1, 1, 10):
        fold = curve((0.5 + 0.24 * step, 0.56), (0.5 + 0.165 * step, 0.86))
        canvas.line("cake", fold, 0.009, darker(case, 0.35))
    icing = one_of(rng, *_ICINGS)
    for k, (y, r) in enumerate(((0.53, 0.29), (0.44, 0.23), (0.35, 0.17), (0.27, 0.1))):
        shade = rounded(lighter(icing, 0.3), darker(icing, 0.22))
        canvas.fill("cake", ellipse((0.5 + 0.01 * (-1) ** k, y), (r, 0.085)), shade)
    for px, py in scattered(rng, 26, (0.5, 0.42), (0.22, 0.16)):
        lean, tone = (
            canvas.between(0, 180),
            one_of(rng, (230, 60, 60), (60, 120, 220), (250, 210, 60)),
        )
        canvas.fill("cake", ellipse((px, py), (0.016, 0.006), lean), tone)
    canvas.fill(
        "cake", ellipse((0.5, 0.2), (0.055, 0.055)), rounded((250, 120, 120), (150, 10, 30))
    )


def ice_cream(canvas: Canvas) -> None:
    """Scoops in a cone or a glass cup."""
    canvas.edible = {"ice"}
    rng = canvas.rng
    tones: tuple[Colour, ...] = ((250, 232, 190), (236, 150, 176), (112, 70, 48), (170, 214, 170))
    if canvas.chance(0.5):
        cone = np.array([(0.34, 0.5), (0.66, 0.5), (0.5, 0.96)])
        canvas.fill("ice", cone, ramp((224, 170, 100), (176, 116, 56), 70))
        with canvas.within("ice"):
            for k in range(-4, 9):
                for lean in (0.28, -0.28):
                    x = 0.3 + 0.06 * k
                    canvas.line("ice", curve((x, 0.48), (x + lean, 0.98)), 0.01, (150, 94, 44))
        places = ((0.42, 0.4), (0.58, 0.4), (0.5, 0.24))
    else:
        canvas.glow((0.5, 0.88), (0.3, 0.08), (0, 0, 0), 0.5)
        stem = profile(0.5, (0.5, 0.32), (0.72, 0.12), (0.8, 0.03), (0.86, 0.17))
        canvas.fill("glass", stem, ramp((210, 226, 232), (150, 176, 190), 60), 0.7)
        places = ((0.36, 0.42), (0.64, 0.42), (0.5, 0.32))
    for x, y in places:
        tone = one_of(rng, *tones)
        shade = rounded(lighter(tone, 0.3), darker(tone, 0.25))
        scoop = blob(rng, (x, y), (0.165, 0.155), 0.04)
        canvas.fill("ice", scoop, rough(rng, shade, darker(tone, 0.2), "grain", 0.35))
    if canvas.chance(0.6):
        canvas.fill(
            "ice", ellipse((0.5, 0.13), (0.045, 0.045)), rounded((250, 110, 110), (150, 10, 30))
        )


def doughnuts(canvas: Canvas) -> None:
    """One iced ring, or two."""
    canvas.edible = {"doughnut"}
    rng = canvas.rng
    if canvas.chance(0.5):
        plate(canvas, r=0.47, tilt=canvas.between(0.75, 1))
    places, r = [(0.5, 0.5)], 0.33
    if canvas.chance(0.4):
        places, r = [(0.34, 0.36), (0.66, 0.62)], 0.22
    tilt = canvas.between(0.75, 1)
    for x, y in places:
        dough: Colour = varied(rng, (206, 144, 78))
        icing = one_of(rng, (238, 140, 176), (84, 50, 36), (250, 244, 236), (150, 200, 220))
        canvas.glow((x, y + 0.05), (r * 1.2, r * 1.2 * tilt), (0, 0, 0), 0.5)
        hole = ellipse((x, y), (r * 0.3, r * 0.3 * tilt))

        def ring(outline: Points, paint: Paint, hole: Points = hole) -> None:
            # A ring is one outline: round the outside, then back round the hole.
            outline = np.concatenate([outline, outline[:1], hole[:1], hole[::-1]])
            canvas.fill("doughnut", outline, paint)

        ring(
            ellipse((x, y + 0.02), (r, r * tilt)), rounded(lighter(dough, 0.2), darker(dough, 0.3))
        )
        ring(
            blob(rng, (x, y), (r * 0.92, r * 0.9 * tilt), 0.03), rounded(lighter(icing, 0.4), icing)
        )
        if canvas.chance(0.7):
            for angle in rng.uniform(0, 2 * np.pi, 34):
                reach = r * canvas.between(0.42, 0.82)
                px, py = x + reach * np.cos(angle), y + reach * tilt * np.sin(angle)
                tone = one_of(rng, (240, 240, 240), (250, 200, 60), (80, 150, 230), (230, 60, 70))
                canvas.fill(
                    "doughnut", ellipse((px, py), (0.016, 0.007), canvas.between(0, 180)), tone
                )
