"""Soup, vegetables and fruit."""

from __future__ import annotations

import numpy as np

from quizproof.probes.embedded.pictures.canvas import Canvas
from quizproof.probes.embedded.pictures.garnish import GREENS, leaf
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
    curve,
    ellipse,
    rectangle,
    scattered,
    turned,
)
from quizproof.probes.embedded.pictures.tableware import bowl, dish, plate


def onion_soup(canvas: Canvas, colour: Colour | None = None) -> None:
    """A bowl of soup with chopped spring onion."""
    canvas.edible = {"soup", "spring_onion"}
    rng = canvas.rng
    soup = one_of(rng, (226, 190, 140), (212, 166, 110), (236, 206, 150), (190, 130, 74))
    cloudy = mottled(rng, lighter(soup, 0.15), darker(soup, 0.15), "cloud")
    x, y = 0.5, 0.44
    rx, ry = bowl(
        canvas,
        "soup",
        cloudy,
        x=x,
        y=y,
        r=canvas.between(0.36, 0.43),
        tilt=canvas.between(0.7, 0.95),
        colour=colour,
        fill=canvas.between(0.8, 0.88),
    )
    with canvas.within("soup"):
        canvas.glow((x - 0.1, y - 0.06), (0.16, 0.1), lighter(soup, 0.6), 0.5)
        sx, sy = x + rx * canvas.between(-0.25, 0.25), y + ry * canvas.between(-0.1, 0.35)
        for px, py in scattered(rng, int(rng.integers(9, 26)), (sx, sy), (rx * 0.6, ry * 0.5)):
            green = one_of(rng, (110, 170, 60), (150, 196, 90), (70, 136, 50))
            size, lean, flat = (
                canvas.between(0.018, 0.034),
                canvas.between(0, 180),
                canvas.between(0.6, 1),
            )
            canvas.fill(
                "spring_onion",
                ellipse((px, py + 0.006), (size, size * flat), lean),
                darker(green, 0.45),
            )
            canvas.fill("spring_onion", ellipse((px, py), (size, size * flat), lean), green)
            core = ellipse((px, py), (size * 0.45, size * 0.45 * flat), lean)
            canvas.fill("spring_onion", core, lighter(green, 0.6))


def cream_soup(canvas: Canvas) -> None:
    """A smooth coloured soup with a thread of cream."""
    canvas.edible = {"soup"}
    rng = canvas.rng
    soup = one_of(rng, (206, 60, 34), (234, 142, 40), (130, 160, 70), (240, 222, 180))
    rx, ry = dish(canvas, "soup", mottled(rng, soup, darker(soup, 0.1), "cloud"))
    with canvas.within("soup"):
        turns = canvas.between(1.2, 2.6)
        angle = np.linspace(0, turns * 2 * np.pi, 40)
        thread = np.stack([np.cos(angle) * rx, np.sin(angle) * ry], axis=1)
        thread = thread * (0.1 + 0.6 * angle / angle[-1])[:, None] + (0.5, 0.46)
        if canvas.chance(0.8):
            canvas.line("soup", thread, 0.016, lighter(soup, 0.75))
        canvas.glow((0.42, 0.4), (0.14, 0.08), (255, 255, 255), 0.4)
        if canvas.chance(0.6):
            leaf(canvas, "soup", 0.5, 0.46, 0.07)


def chunky_soup(canvas: Canvas) -> None:
    """Broth with pieces of vegetables or meat."""
    canvas.edible = {"soup"}
    rng = canvas.rng
    soup = one_of(rng, (204, 150, 70), (170, 90, 40), (216, 190, 130), (150, 60, 34))
    rx, ry = dish(canvas, "soup", mottled(rng, lighter(soup, 0.1), darker(soup, 0.2), "cloud"))
    tones: tuple[Colour, ...] = (
        (236, 130, 50),
        (110, 160, 70),
        (240, 226, 180),
        (150, 96, 64),
        (206, 50, 40),
    )
    with canvas.within("soup"):
        for px, py in scattered(rng, int(rng.integers(7, 15)), (0.5, 0.47), (rx * 0.75, ry * 0.7)):
            tone = one_of(rng, *tones)
            size, lean = canvas.between(0.05, 0.085), canvas.between(0, 90)
            canvas.fill(
                "soup", rectangle((px, py + 0.012), (size, size * 0.85), lean), darker(soup, 0.5)
            )
            canvas.fill(
                "soup", rectangle((px, py), (size, size * 0.85), lean), mix(tone, soup, 0.15)
            )
        for px, py in scattered(rng, 14, (0.5, 0.46), (rx * 0.8, ry * 0.8)):
            size = canvas.between(0.01, 0.026)
            canvas.fill("soup", ellipse((px, py), (size, size * 0.8)), lighter(soup, 0.35), 0.6)
        canvas.glow((0.42, 0.4), (0.14, 0.08), (255, 255, 255), 0.35)


def tofu_soup(canvas: Canvas) -> None:
    """Clear or dark broth with white cubes and seaweed."""
    canvas.edible = {"soup"}
    rng = canvas.rng
    soup = one_of(rng, (200, 160, 104), (176, 128, 80), (220, 200, 160))
    rx, ry = dish(canvas, "soup", mottled(rng, lighter(soup, 0.15), darker(soup, 0.15), "cloud"))
    with canvas.within("soup"):
        for px, py in scattered(rng, int(rng.integers(4, 9)), (0.5, 0.47), (rx * 0.65, ry * 0.6)):
            size, lean = canvas.between(0.07, 0.1), canvas.between(-30, 30)
            canvas.fill(
                "soup", rectangle((px, py + 0.02), (size, size * 0.7), lean), (206, 196, 176)
            )
            canvas.fill("soup", rectangle((px, py), (size, size * 0.7), lean), (250, 246, 236))
        for px, py in scattered(rng, int(rng.integers(3, 8)), (0.5, 0.47), (rx * 0.75, ry * 0.7)):
            weed = one_of(rng, (36, 70, 44), (60, 96, 50))
            canvas.fill(
                "soup", blob(rng, (px, py), (0.05, 0.025), 0.25, canvas.between(0, 180)), weed
            )
        canvas.glow((0.42, 0.4), (0.14, 0.08), (255, 255, 255), 0.35)


def salad(canvas: Canvas) -> None:
    """Leaves, tomato, cucumber and onion in a bowl or on a plate."""
    canvas.edible = {"salad"}
    rng = canvas.rng
    if canvas.chance(0.6):
        rx, ry = dish(canvas, "salad", (60, 100, 44))
        y = 0.45
    else:
        plate(canvas, r=0.48, tilt=canvas.between(0.75, 1))
        rx, ry, y = 0.33, 0.27, 0.51
    for px, py in scattered(rng, 44, (0.5, y), (rx * 0.85, ry * 0.85)):
        leaf(canvas, "salad", px, py, canvas.between(0.08, 0.13))
    for px, py in scattered(rng, int(rng.integers(3, 9)), (0.5, y), (rx * 0.7, ry * 0.7)):
        if canvas.chance(0.6):
            red: Colour = varied(rng, (214, 50, 40))
            canvas.fill("salad", ellipse((px, py), (0.06, 0.055)), rounded(lighter(red, 0.5), red))
        else:
            canvas.fill("salad", ellipse((px, py), (0.065, 0.055)), (80, 140, 60))
            canvas.fill("salad", ellipse((px, py), (0.054, 0.045)), (206, 226, 160))


def round_fruit(canvas: Canvas) -> None:
    """Apples, oranges or tomatoes."""
    canvas.edible = {"fruit"}
    rng = canvas.rng
    kinds: tuple[Colour, ...] = (
        (204, 36, 40),
        (130, 180, 60),
        (244, 140, 30),
        (226, 60, 40),
        (240, 200, 70),
    )
    if canvas.chance(0.5):
        if canvas.chance(0.5):
            plate(canvas, r=0.47, tilt=canvas.between(0.6, 0.9))
        else:
            dish(canvas, "rim", (110, 80, 56), y=0.6)
    places = [(0.5, 0.5, 0.3)]
    if canvas.chance(0.65):
        places = [(0.5, 0.34, 0.19), (0.33, 0.54, 0.19), (0.67, 0.55, 0.19)]
    same = one_of(rng, *kinds)
    for x, y, r in places:
        tone = same if canvas.chance(0.6) else one_of(rng, *kinds)
        canvas.glow((x + 0.02, y + r * 0.6), (r * 1.2, r * 0.9), (0, 0, 0), 0.5)
        peel = rough(
            rng, rounded(lighter(tone, 0.35), darker(tone, 0.4)), lighter(tone, 0.2), "fine", 0.3
        )
        canvas.fill("fruit", blob(rng, (x, y), (r, r * 0.94), 0.025), peel)
        canvas.glow((x, y - r * 0.72), (r * 0.3, r * 0.14), darker(tone, 0.6), 0.8)
        canvas.line("fruit", curve((x, y - r * 0.7), (x + 0.03, y - r * 1.1)), 0.022, (90, 64, 36))
        if canvas.chance(0.6):
            lobe = ellipse((x + 0.08, y - r), (0.07, 0.03), -25)
            canvas.fill("fruit", lobe, one_of(rng, *GREENS))
        canvas.glow((x - r * 0.35, y - r * 0.4), (r * 0.25, r * 0.2), (255, 255, 255), 0.6)


def broccoli(canvas: Canvas) -> None:
    """Florets of broccoli or cauliflower."""
    canvas.edible = {"florets"}
    rng = canvas.rng
    if canvas.chance(0.6):
        plate(canvas, r=0.48, tilt=canvas.between(0.7, 1))
    green = one_of(rng, (70, 130, 50), (50, 104, 44), (96, 150, 60), (236, 228, 200))
    places = (
        [(0.5, 0.42, 0.27)]
        if canvas.chance(0.4)
        else [(0.34, 0.36, 0.17), (0.66, 0.4, 0.17), (0.48, 0.56, 0.18)]
    )
    for x, y, r in places:
        stalk = mix(green, (206, 220, 140), 0.7)
        trunk = np.array(
            [
                (x - r * 0.35, y),
                (x + r * 0.35, y),
                (x + r * 0.28, y + r * 1.6),
                (x - r * 0.28, y + r * 1.6),
            ]
        )
        canvas.fill("florets", trunk, ramp(lighter(stalk, 0.2), darker(stalk, 0.2), 90))
        for px, py in scattered(rng, 22, (x, y), (r * 0.85, r * 0.65)):
            own = varied(rng, green, 12)
            bud = rounded(lighter(own, 0.35), darker(own, 0.45))
            canvas.fill(
                "florets",
                blob(rng, (px, py), (r * 0.34, r * 0.31), 0.06),
                rough(rng, bud, darker(own, 0.4), "fine", 0.6),
            )


def bananas(canvas: Canvas) -> None:
    """A hand of bananas."""
    canvas.edible = {"fruit"}
    rng = canvas.rng
    colour = one_of(rng, (248, 212, 60), (240, 196, 50), (206, 206, 80))
    count = int(rng.integers(1, 5))
    canvas.glow((0.5, 0.66), (0.42, 0.22), (0, 0, 0), 0.45)
    for k in range(count):
        drop = 0.09 * k - 0.1
        line = curve(
            (0.2, 0.26), (0.22, 0.66 + drop), (0.58, 0.86 + drop), (0.88, 0.48 + drop), count=18
        )
        for (px, py), share in zip(line, np.sin(np.linspace(0.35, 2.9, 18)), strict=True):
            size = 0.075 * float(share) + 0.012
            canvas.fill("fruit", ellipse((px, py + 0.012), (size, size)), darker(colour, 0.35))
        for width, tone, lift in ((0.105, colour, 0.0), (0.035, lighter(colour, 0.4), 0.022)):
            canvas.line("fruit", line[2:-2] - (0, lift), width, tone)
        for end in (line[0], line[-1]):
            canvas.fill("fruit", ellipse((end[0], end[1]), (0.028, 0.028)), (96, 80, 40))


def carrots(canvas: Canvas) -> None:
    """Carrots, cucumbers or aubergines with their green tops."""
    canvas.edible = {"roots"}
    rng = canvas.rng
    colour = one_of(rng, (240, 128, 40), (230, 110, 36), (90, 140, 56), (90, 50, 96))
    lean, count = canvas.between(-40, 40), int(rng.integers(2, 5))
    for k in range(count):
        y = 0.5 + (k - (count - 1) / 2) * 0.17
        angle = lean + canvas.between(-8, 8)
        centre = (0.5, 0.5)
        canvas.glow((0.5, y + 0.05), (0.42, 0.12), (0, 0, 0), 0.35)
        for _ in range(5):
            frond = curve(
                (0.24, y),
                (0.14, y + canvas.between(-0.08, 0.08)),
                (0.03, y + canvas.between(-0.12, 0.12)),
            )
            canvas.line("roots", turned(frond, angle, centre), 0.022, one_of(rng, *GREENS))
        root = np.concatenate(
            [
                curve((0.22, y - 0.06), (0.5, y - 0.085), (0.92, y)),
                curve((0.92, y), (0.5, y + 0.085), (0.22, y + 0.06)),
            ]
        )
        canvas.fill(
            "roots",
            turned(root, angle, centre),
            ramp(lighter(colour, 0.25), darker(colour, 0.35), int(-angle)),
        )
        for step in (0.34, 0.46, 0.6, 0.72):
            ring = curve((step, y - 0.04), (step + 0.012, y))
            canvas.line("roots", turned(ring, angle, centre), 0.009, darker(colour, 0.3))


def melon(canvas: Canvas) -> None:
    """Slices of watermelon."""
    canvas.edible = {"fruit"}
    rng = canvas.rng
    if canvas.chance(0.5):
        plate(canvas, r=0.48, tilt=canvas.between(0.75, 1))
    flesh = one_of(rng, (226, 60, 60), (240, 96, 90), (246, 190, 70))
    half = ellipse((0, 0), (1, 1))
    half = half[half[:, 1] >= -1e-9]
    places = [(0.5, 0.38, 0.4)] if canvas.chance(0.5) else [(0.42, 0.26, 0.3), (0.57, 0.52, 0.32)]
    for x, y, r in places:
        lean = canvas.between(-25, 25)
        canvas.glow((x, y + r * 0.6), (r * 1.1, r * 0.8), (0, 0, 0), 0.45)
        for size, tone in ((1.0, (44, 110, 50)), (0.93, (220, 236, 190)), (0.86, flesh)):
            shade = mottled(rng, tone, darker(tone, 0.12), "patch")
            canvas.fill("fruit", turned(half * r * size + (x, y), lean, (x, y)), shade)
        for px, py in scattered(rng, 12, (x, y + r * 0.4), (r * 0.6, r * 0.28)):
            canvas.fill("fruit", ellipse((px, py), (0.011, 0.017)), (40, 26, 24))
