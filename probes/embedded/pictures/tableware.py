"""Tables, plates, bowls and trays that food lies on, and things beside it that are not food."""

from __future__ import annotations

from collections.abc import Callable

from quizproof.probes.embedded.pictures.canvas import Canvas
from quizproof.probes.embedded.pictures.paint import (
    Colour,
    Paint,
    darker,
    lighter,
    mix,
    mottled,
    one_of,
    ramp,
    rough,
    rounded,
)
from quizproof.probes.embedded.pictures.shapes import curve, ellipse, pill, profile, rectangle

WHITE: Colour = (246, 246, 242)
_STRONG_PLAINS: tuple[Colour, ...] = (
    (60, 60, 66),
    (120, 40, 40),
    (60, 90, 120),
    (120, 130, 100),
    (205, 190, 140),
)
_COLOURED_PLATES: tuple[Colour, ...] = (
    (70, 105, 150),
    (52, 52, 56),
    (178, 104, 72),
    (150, 176, 160),
    (222, 200, 150),
    (196, 206, 216),
)


def wood(canvas: Canvas, colour: Colour = (150, 105, 66)) -> None:
    """A wooden table."""
    rng = canvas.rng
    canvas.ground(mottled(rng, darker(colour, 0.12), lighter(colour, 0.1), "streak"))
    for k in range(1, int(rng.integers(2, 5))):
        canvas.stripe((0, canvas.between(0, 1)), (1, 0.006), darker(colour, 0.3 + 0.05 * k))


def cloth(canvas: Canvas, colour: Colour = (190, 70, 60)) -> None:
    """A striped or checked tablecloth."""
    canvas.ground(mottled(canvas.rng, WHITE, lighter(colour, 0.75), "fine"))
    step = canvas.between(0.1, 0.25)
    checked = canvas.chance(0.6)
    for k in range(int(1 / step) + 1):
        canvas.stripe((k * step, 0), (step * 0.45, 1), lighter(colour, 0.45))
    if checked:
        for k in range(int(1 / step) + 1):
            canvas.stripe((0, k * step), (1, step * 0.45), lighter(colour, 0.25))
            for j in range(int(1 / step) + 1):
                canvas.stripe((j * step, k * step), (step * 0.45, step * 0.45), colour)


def plain(canvas: Canvas, colour: Colour = WHITE) -> None:
    """A smooth surface, a little darker at one end."""
    degrees = int(canvas.rng.integers(0, 12)) * 30
    canvas.ground(ramp(colour, darker(colour, canvas.between(0.02, 0.3)), degrees))


def stone(canvas: Canvas, colour: Colour = (190, 188, 184)) -> None:
    """A stone worktop."""
    cloudy = mottled(canvas.rng, colour, darker(colour, 0.25), "cloud")
    canvas.ground(rough(canvas.rng, cloudy, darker(colour, 0.5), "grain", 0.3))


def table(canvas: Canvas) -> None:
    """One of the tables above in a colour of its own."""
    rng = canvas.rng
    kind = int(rng.integers(0, 6))
    if kind <= 1:
        wood(canvas, one_of(rng, (150, 105, 66), (196, 152, 104), (92, 62, 44), (214, 190, 158)))
    elif kind == 2:
        cloth(canvas, one_of(rng, (190, 70, 60), (70, 100, 170), (80, 140, 90), (150, 150, 150)))
    elif kind == 3:
        plain(canvas, lighter(one_of(rng, WHITE, (230, 226, 214)), canvas.between(0, 0.8)))
    elif kind == 4:
        plain(canvas, one_of(rng, *_STRONG_PLAINS))
    else:
        stone(canvas, one_of(rng, (190, 188, 184), (80, 82, 88), (225, 220, 212)))


def plate_colour(canvas: Canvas) -> Colour:
    """Mostly white, now and then coloured or dark."""
    if canvas.chance(0.6):
        return one_of(canvas.rng, WHITE, (232, 230, 222))
    return one_of(canvas.rng, *_COLOURED_PLATES)


def plate(
    canvas: Canvas,
    x: float = 0.5,
    y: float = 0.52,
    r: float = 0.42,
    tilt: float = 0.8,
    colour: Colour | None = None,
) -> None:
    """A round plate of radius ``r`` seen with its height ``tilt`` times its width."""
    colour = colour or plate_colour(canvas)
    canvas.glow((x + 0.02, y + 0.04), (r * 1.15, r * 1.15 * tilt), (0, 0, 0), 0.5)
    canvas.fill("plate", ellipse((x, y + 0.012), (r, r * tilt)), darker(colour, 0.3))
    canvas.fill("plate", ellipse((x, y), (r, r * tilt)), ramp(lighter(colour, 0.2), colour, 30))
    if canvas.chance(0.3):
        band = darker(one_of(canvas.rng, (60, 90, 160), (170, 60, 50), (190, 150, 70)), 0.1)
        canvas.fill("plate", ellipse((x, y), (r * 0.96, r * 0.96 * tilt)), band)
        canvas.fill("plate", ellipse((x, y), (r * 0.92, r * 0.92 * tilt)), lighter(colour, 0.1))
    well = r * canvas.between(0.66, 0.76)
    canvas.fill("plate", ellipse((x, y), (well * 1.02, well * 1.02 * tilt)), darker(colour, 0.14))
    canvas.fill(
        "plate",
        ellipse((x, y + 0.006), (well, well * tilt)),
        ramp(darker(colour, 0.06), colour, 330),
    )


def bowl(
    canvas: Canvas,
    part: str,
    content: Paint,
    x: float = 0.5,
    y: float = 0.45,
    r: float = 0.4,
    tilt: float = 0.75,
    colour: Colour | None = None,
    fill: float = 0.86,
) -> tuple[float, float]:
    """A bowl filled with ``content`` as ``part``; ``fill`` is the share of the opening it takes.

    The bowl itself is the part ``rim``. Returns the half-axes of the content's surface.
    """
    colour = colour or plate_colour(canvas)
    depth = r * (1.05 - 0.6 * tilt)
    canvas.glow((x + 0.02, y + depth * 1.1), (r * 1.05, r * 0.8), (0, 0, 0), 0.55)
    wall = profile(x, (y, r), (y + depth * 0.6, r * 0.86), (y + r * tilt * 0.5 + depth, r * 0.5))
    canvas.fill("rim", wall, ramp(colour, darker(colour, 0.45), 30))
    canvas.fill(
        "rim",
        ellipse((x, y + depth * 0.5), (r * 0.93, r * 0.93 * tilt)),
        ramp(colour, darker(colour, 0.35), 20),
    )
    canvas.fill("rim", ellipse((x, y), (r, r * tilt)), lighter(colour, 0.35))
    canvas.fill(
        "rim",
        ellipse((x, y + 0.004), (r * 0.95, r * 0.95 * tilt)),
        ramp(darker(colour, 0.35), lighter(colour, 0.1), 10),
    )
    rx, ry = r * fill, r * fill * tilt
    with canvas.within("rim"):
        canvas.fill(part, ellipse((x, y + r * (1 - fill) * 0.5), (rx, ry)), content)
    return rx, ry


def dish(canvas: Canvas, part: str, content: Paint, y: float = 0.5) -> tuple[float, float]:
    """A bowl of random size and tilt; returns what ``bowl`` does."""
    return bowl(
        canvas,
        part,
        content,
        y=y - 0.05,
        r=canvas.between(0.34, 0.42),
        tilt=canvas.between(0.62, 0.95),
        fill=canvas.between(0.8, 0.9),
    )


def tray(canvas: Canvas, x: float = 0.5, y: float = 0.5, degrees: float = 0) -> None:
    """A rectangular metal tray with a raised edge."""
    metal = one_of(canvas.rng, (150, 155, 162), (90, 98, 108), (56, 66, 80))
    canvas.glow((x + 0.02, y + 0.03), (0.62, 0.55), (0, 0, 0), 0.5)
    for k, shade in enumerate((0.45, -0.25, 0.3)):
        tone = lighter(metal, -shade) if shade < 0 else darker(metal, shade)
        size = 0.9 - 0.05 * k
        canvas.fill("tray", pill((x, y), (size, size * 0.84), 0.09, degrees), tone)
    inner = ramp(darker(metal, 0.1), lighter(metal, 0.12), int(canvas.rng.integers(0, 360)))
    canvas.fill(
        "tray",
        pill((x, y), (0.72, 0.58), 0.06, degrees),
        rough(canvas.rng, inner, darker(metal, 0.25), "streak", 0.35),
    )


def telephone(canvas: Canvas, x: float, y: float, degrees: float) -> None:
    """A telephone lying on its back."""
    case = one_of(canvas.rng, (34, 34, 40), (60, 64, 80), (200, 202, 206))
    canvas.glow((x + 0.01, y + 0.02), (0.2, 0.14), (0, 0, 0), 0.4)
    canvas.fill("telephone", pill((x, y + 0.012), (0.3, 0.16), 0.03, degrees), darker(case, 0.4))
    canvas.fill("telephone", pill((x, y), (0.3, 0.16), 0.03, degrees), case)
    screen = one_of(canvas.rng, (20, 24, 34), (60, 110, 180), (120, 150, 190))
    canvas.fill(
        "telephone",
        rectangle((x, y), (0.24, 0.13), degrees),
        ramp(lighter(screen, 0.25), screen, 60),
    )


def glass(canvas: Canvas, x: float, y: float, degrees: float) -> None:
    """A tumbler of water or a cup seen from the side."""
    colour = one_of(canvas.rng, (170, 200, 214), (190, 190, 196), (140, 90, 60))
    cover = canvas.between(0.45, 1.0)
    body = profile(x, (y - 0.12, 0.085), (y + 0.12, 0.065))
    canvas.fill("glass", body, ramp(lighter(colour, 0.3), colour, 90), cover)
    canvas.fill("glass", ellipse((x, y - 0.12), (0.085, 0.028)), lighter(colour, 0.5), cover)
    canvas.line("glass", curve((x - 0.05, y - 0.08), (x - 0.04, y + 0.09)), 0.01, WHITE)


def fork(canvas: Canvas, x: float, y: float, degrees: float) -> None:
    """A fork or a spoon."""
    metal = one_of(canvas.rng, (178, 180, 186), (140, 142, 150), (196, 170, 100))
    upright = canvas.chance(0.5)
    reach = (0.0, 0.2) if upright else (0.2, 0.06)
    canvas.line(
        "cutlery", curve((x - reach[0], y - reach[1]), (x + reach[0], y + reach[1])), 0.022, metal
    )
    canvas.fill(
        "cutlery",
        ellipse((x - reach[0], y - reach[1]), (0.045, 0.07), 0 if upright else 80),
        rounded(lighter(metal, 0.4), metal),
    )


def chopsticks(canvas: Canvas, x: float, y: float, degrees: float) -> None:
    """A pair of chopsticks."""
    colour = one_of(canvas.rng, (120, 50, 40), (50, 40, 38), (200, 160, 104))
    lean = canvas.between(-0.1, 0.1)
    for k in (0.0, 0.045):
        line = curve((x + k, y - 0.3), (x + k + lean, y + 0.3))
        canvas.line("chopsticks", line, 0.018, mix(colour, (0, 0, 0), 4 * k))


def napkin(canvas: Canvas, x: float, y: float, degrees: float) -> None:
    """A folded napkin."""
    colour = one_of(canvas.rng, (236, 232, 224), (180, 60, 60), (90, 120, 170), (214, 190, 120))
    canvas.fill(
        "napkin", rectangle((x + 0.01, y + 0.012), (0.26, 0.26), degrees), darker(colour, 0.4)
    )
    canvas.fill(
        "napkin", rectangle((x, y), (0.26, 0.26), degrees), ramp(colour, darker(colour, 0.15), 45)
    )


_THINGS: tuple[Callable[[Canvas, float, float, float], None], ...] = (
    telephone,
    glass,
    fork,
    chopsticks,
    napkin,
)


def things(canvas: Canvas, at_most: int = 2) -> None:
    """Up to ``at_most`` things that are not food, near the frame's edge."""
    for _ in range(int(canvas.rng.integers(0, at_most + 1))):
        side = canvas.chance(0.5)
        near, along = canvas.between(-0.04, 0.14), canvas.between(0, 1)
        near = near if canvas.chance(0.5) else 1 - near
        x, y = (near, along) if side else (along, near)
        thing = _THINGS[int(canvas.rng.integers(len(_THINGS)))]
        thing(canvas, x, y, canvas.between(-60, 60))
