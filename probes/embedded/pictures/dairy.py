"""Dairy products."""

from __future__ import annotations

import numpy as np

from quizproof.probes.embedded.pictures.canvas import Canvas
from quizproof.probes.embedded.pictures.paint import (
    Colour,
    darker,
    lighter,
    mix,
    mottled,
    one_of,
    ramp,
    rounded,
)
from quizproof.probes.embedded.pictures.shapes import (
    curve,
    ellipse,
    moved,
    profile,
    scattered,
)
from quizproof.probes.embedded.pictures.tableware import bowl, plate

MILK: Colour = (250, 248, 240)


def butter(canvas: Canvas, with_plate: bool | None = None) -> None:
    """A block of butter seen from a corner, now and then with a pat cut off."""
    canvas.edible = {"butter"}
    rng = canvas.rng
    if canvas.chance(0.4) if with_plate is None else with_plate:
        plate(canvas, y=0.6, r=0.47, tilt=canvas.between(0.55, 0.75))
    colour = one_of(rng, (250, 222, 104), (246, 230, 150), (252, 214, 84))
    shade: Colour = (206, 142, 40)
    long = np.array([canvas.between(0.34, 0.44), -canvas.between(0.12, 0.2)])
    deep = np.array([-canvas.between(0.2, 0.28), -canvas.between(0.1, 0.16)])
    height = np.array([0.0, canvas.between(0.2, 0.28)])
    near = np.array([0.5, 0.56]) - (long + deep) * 0.35
    canvas.glow((0.52, 0.78), (0.46, 0.16), (0, 0, 0), 0.45)
    for start in (0.0, 1.12) if canvas.chance(0.3) else (0.0,):
        a = near + long * start
        reach = long * (1.0 if start == 0 else 0.18)
        front = np.array([a, a + reach, a + reach + height, a + height])
        side = np.array([a, a + deep, a + deep + height, a + height])
        top = np.array([a, a + reach, a + reach + deep, a + deep])
        canvas.fill("butter", front, ramp(mix(colour, shade, 0.15), mix(colour, shade, 0.45)))
        canvas.fill("butter", side, ramp(mix(colour, shade, 0.5), mix(colour, shade, 0.85)))
        canvas.fill("butter", top, ramp(lighter(colour, 0.45), lighter(colour, 0.15), 40))
        for edge in ((a, a + reach), (a, a + deep), (a, a + height)):
            canvas.line("butter", np.array(edge), 0.012, lighter(colour, 0.55))


def milk_jug(canvas: Canvas, clear: bool | None = None) -> None:
    """A jug of milk with its handle on the right and its spout on the left."""
    canvas.edible = {"milk"}
    rng = canvas.rng
    clear = canvas.chance(0.75) if clear is None else clear
    ware: Colour = (186, 204, 212) if clear else one_of(rng, (238, 236, 230), (120, 150, 180))
    belly, neck = canvas.between(0.23, 0.27), canvas.between(0.13, 0.17)
    x, top, bottom = 0.44, 0.12, 0.9
    canvas.glow((x + 0.05, bottom), (0.4, 0.09), (0, 0, 0), 0.45)
    handle = curve(
        (x + neck * 0.9, 0.2), (x + 0.52, 0.1), (x + 0.5, 0.62), (x + belly * 0.93, 0.62), count=24
    )
    canvas.line("handle", handle, 0.06, darker(ware, 0.35))
    canvas.line("handle", handle, 0.042, lighter(ware, 0.1))
    canvas.line("handle", handle - (0.006, 0.006), 0.014, lighter(ware, 0.7))
    levels = [(top, neck + 0.03), (top + 0.13, neck), (0.6, belly), (0.82, belly * 0.9)]
    levels += [(bottom, belly * 0.68)]
    spout = np.array([(x - neck + 0.03, top - 0.01), (x - neck - 0.1, top), (x - neck, top + 0.1)])
    canvas.fill("glass", spout, darker(ware, 0.1), 0.8 if clear else 1.0)
    canvas.fill(
        "glass",
        profile(x, *levels),
        ramp(lighter(ware, 0.2), darker(ware, 0.2), 90),
        0.62 if clear else 1.0,
    )
    if clear:
        surface = canvas.between(0.29, 0.36)
        width = float(np.interp(surface, [0.25, 0.6], [neck, belly])) - 0.02
        inside = [(surface, width), (0.6, belly - 0.022), (0.82, belly * 0.9 - 0.022)]
        milk = profile(x, *inside, (bottom - 0.03, belly * 0.66))
        canvas.fill("milk", milk, ramp(MILK, (206, 206, 204), 60))
        canvas.fill("milk", ellipse((x, surface), (width, 0.03)), (255, 254, 250))
        canvas.line(
            "milk",
            curve((x - belly * 0.7, 0.5), (x - belly * 0.85, 0.65), (x - belly * 0.6, 0.8)),
            0.02,
            (255, 255, 255),
        )
    canvas.fill(
        "glass", ellipse((x, top), (neck + 0.03, 0.036)), darker(ware, 0.25), 0.7 if clear else 1
    )
    canvas.fill(
        "milk" if not clear else "glass",
        ellipse((x, top + 0.006), (neck + 0.008, 0.026)),
        lighter(ware, 0.4) if clear else MILK,
        0.7 if clear else 1,
    )


def milk_glass(canvas: Canvas) -> None:
    """A glass or a bottle of milk."""
    canvas.edible = {"milk"}
    rng = canvas.rng
    canvas.glow((0.55, 0.9), (0.34, 0.08), (0, 0, 0), 0.45)
    if canvas.chance(0.5):
        wide, top = canvas.between(0.17, 0.22), canvas.between(0.14, 0.22)
        levels = [(top, wide), (0.9, wide * 0.8)]
    else:
        wide, top = canvas.between(0.17, 0.2), 0.1
        levels = [(top, 0.075), (0.26, 0.08), (0.44, wide), (0.9, wide)]
    canvas.fill("glass", profile(0.5, *levels), ramp((214, 226, 232), (160, 178, 188), 90), 0.7)
    surface = canvas.between(0.3, 0.42)
    heights, widths = zip(*levels, strict=True)
    at = float(np.interp(surface, heights, widths)) - 0.016
    lower = [(y, w - 0.016) for y, w in levels if y > surface + 0.05]
    lower[-1] = (lower[-1][0] - 0.02, lower[-1][1])
    canvas.fill("milk", profile(0.5, (surface, at), *lower), ramp(MILK, (206, 206, 204), 60))
    canvas.fill("milk", ellipse((0.5, surface), (at, 0.028)), (255, 254, 250))
    canvas.fill("glass", ellipse((0.5, top), (levels[0][1], 0.03)), (226, 236, 240), 0.6)
    if canvas.chance(0.3):
        straw = one_of(rng, (220, 60, 70), (70, 130, 200))
        canvas.line("straw", curve((0.54, surface), (0.64, 0.02)), 0.03, straw)


def cheese(canvas: Canvas) -> None:
    """A wedge of cheese with holes."""
    canvas.edible = {"cheese"}
    rng = canvas.rng
    if canvas.chance(0.5):
        plate(canvas, y=0.62, r=0.47, tilt=canvas.between(0.5, 0.7))
    colour = one_of(rng, (250, 200, 70), (244, 214, 120), (246, 178, 60))
    tip = np.array([canvas.between(0.1, 0.18), 0.52])
    right = np.array([0.86, canvas.between(0.5, 0.58)])
    back = np.array([canvas.between(0.6, 0.7), 0.28])
    height = np.array([0.0, canvas.between(0.18, 0.26)])
    canvas.glow((0.52, 0.76), (0.48, 0.14), (0, 0, 0), 0.45)
    face = np.array([tip, right, right + height, tip + height])
    canvas.fill("cheese", face, ramp(colour, darker(colour, 0.14), 20))
    canvas.fill(
        "cheese", np.array([tip, right, back]), ramp(lighter(colour, 0.5), lighter(colour, 0.3))
    )
    canvas.line("cheese", np.array([tip, right]), 0.01, lighter(colour, 0.6))
    with canvas.within("cheese"):
        for px, py in rng.uniform((0.15, 0.3), (0.86, 0.8), (15, 2)):
            size = canvas.between(0.018, 0.05)
            flat = 0.5 if py < 0.5 else 0.9
            canvas.fill("cheese", ellipse((px, py), (size, size * flat)), darker(colour, 0.32))
            canvas.fill(
                "cheese",
                ellipse((px + 0.006, py + 0.008), (size * 0.8, size * 0.75 * flat)),
                darker(colour, 0.16),
            )


def yoghurt(canvas: Canvas) -> None:
    """Yoghurt in a bowl with a swirl and a few berries."""
    canvas.edible = {"yoghurt"}
    rng = canvas.rng
    tone = one_of(rng, (250, 246, 238), (248, 240, 226), (246, 222, 226))
    tilt = canvas.between(0.6, 0.95)
    rx, ry = bowl(
        canvas,
        "yoghurt",
        mottled(rng, tone, darker(tone, 0.08), "cloud"),
        r=canvas.between(0.32, 0.4),
        tilt=tilt,
    )
    angle = np.linspace(0, 4.5 * np.pi, 60)
    swirl = np.stack([np.cos(angle) * rx, np.sin(angle) * ry], axis=1) * (angle / 18)[:, None]
    with canvas.within("yoghurt"):
        canvas.line("yoghurt", moved(swirl, 0.5, 0.47), 0.035, darker(tone, 0.16))
        canvas.line("yoghurt", moved(swirl, 0.497, 0.462), 0.022, (255, 254, 252))
        berry = one_of(rng, (60, 60, 130), (190, 30, 60), (210, 40, 50))
        for px, py in scattered(rng, int(rng.integers(0, 6)), (0.5, 0.46), (rx * 0.7, ry * 0.7)):
            shade = rounded(lighter(berry, 0.5), darker(berry, 0.3))
            canvas.fill("yoghurt", ellipse((px, py), (0.04, 0.038)), shade)
