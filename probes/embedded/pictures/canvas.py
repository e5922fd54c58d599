"""A canvas that remembers, for every pixel, which part of the scene is seen there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from quizproof.probes.embedded.pictures.paint import (
    Box,
    Colour,
    Paint,
    cover_table,
    noise,
    soft_disc,
)
from quizproof.probes.embedded.pictures.shapes import Pair, Points

SIDE: Final = 128
_SAMPLES: Final = 2  # samples a pixel along each axis
_RASTER: Final = SIDE * _SAMPLES

Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class View:
    """Placement of scene coordinates in the frame: mirrored, turned, scaled, then shifted."""

    mirrored: bool = False
    degrees: float = 0.0
    scale: float = 1.0
    shift: tuple[float, float] = (0.0, 0.0)


@dataclass(frozen=True)
class Light:
    """Gains a colour channel (1 leaves it), a fall-off across the frame, sensor noise (0–255)."""

    gains: tuple[float, float, float] = (1.0, 1.0, 1.0)
    slope: tuple[float, float] = (0.0, 0.0)
    noise: float = 0.0


@dataclass(frozen=True)
class Scene:
    """A drawn picture and what is seen where.

    ``pixels`` is (128, 128, 3) uint8; ``owner`` (128, 128) uint8 indexes ``names``. ``edible``
    are the parts one eats, whether or not they are in this scene.
    """

    pixels: NDArray[np.uint8]
    owner: NDArray[np.uint8]
    names: tuple[str, ...]
    edible: frozenset[str]

    def mask(self, *parts: str) -> Mask:
        """Return the mask of where any of ``parts`` is visible, (128, 128) bool.

        Raises KeyError for an unknown part.
        """
        unknown = set(parts) - set(self.names)
        if unknown:
            raise KeyError(f"no part {sorted(unknown)} in this scene; it has {self.names}")
        return np.isin(self.owner, [self.names.index(part) for part in parts])

    def food(self) -> Mask:
        """Return the mask of where something edible is visible, (128, 128) bool."""
        return self.mask(*self.edible.intersection(self.names))


class Canvas:
    """Shapes are painted back to front in scene coordinates (see ``shapes``).

    Everything painted belongs to the part it names and hides what lay there before. A pixel
    of the finished scene belongs to the part that covers the sample just right of and below its
    centre; its colour is the mean of its samples.
    """

    def __init__(self, rng: np.random.Generator, view: View | None = None) -> None:
        self.rng = rng
        self.edible: set[str] = set()
        self._names = ["background"]
        self._colour = Image.new("RGB", (_RASTER, _RASTER))
        self._owner = Image.new("L", (_RASTER, _RASTER))
        self._bind()
        view = view or View()
        angle = np.deg2rad(view.degrees)
        turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
        mirror = np.diag([-1.0 if view.mirrored else 1.0, 1.0])
        self._matrix = mirror @ turn * view.scale
        self._shift = np.array(view.shift) + 0.5
        self._scale = view.scale

    def _bind(self) -> None:
        self._on_colour = ImageDraw.Draw(self._colour)
        self._on_owner = ImageDraw.Draw(self._owner)

    def _placed(self, points: Points) -> Points:
        placed: Points = ((points - 0.5) @ self._matrix + self._shift) * _RASTER
        return placed

    def _index(self, part: str) -> int:
        if part not in self._names:
            self._names.append(part)
        return self._names.index(part)

    def between(self, low: float, high: float) -> float:
        """A number drawn evenly from ``low`` to ``high``."""
        return float(self.rng.uniform(low, high))

    def chance(self, probability: float) -> bool:
        """True with ``probability``."""
        return bool(self.rng.random() < probability)

    def ground(self, paint: Paint) -> None:
        """Paint the whole frame as background, whatever the view is."""
        whole = (0, 0, _RASTER, _RASTER)
        self._colour.paste(paint(whole) if callable(paint) else paint, whole)
        self._owner.paste(0, whole)

    def stripe(self, corner: Pair, size: Pair, colour: Colour) -> None:
        """A rectangle of the background in frame coordinates (0–1), whatever the view is."""
        (x, y), (width, height) = corner, size
        corners = (x * _RASTER, y * _RASTER, (x + width) * _RASTER, (y + height) * _RASTER)
        self._on_colour.rectangle(corners, fill=colour)

    def fill(self, part: str, points: Points, paint: Paint, cover: float = 1.0) -> None:
        """Fill an outline (N, 2); ``cover`` below 1 lets the colour behind shine through."""
        placed = self._placed(points)
        outline = placed.ravel().tolist()
        index = self._index(part)
        if not callable(paint) and cover == 1:
            self._on_colour.polygon(outline, fill=paint)
            self._on_owner.polygon(outline, fill=index)
            return
        left, top = (int(max(0, value)) for value in np.floor(placed.min(axis=0)))
        right, bottom = (int(min(_RASTER, value)) for value in np.ceil(placed.max(axis=0)) + 1)
        if right <= left or bottom <= top:
            return
        box: Box = (left, top, right, bottom)
        inside = Image.new("L", (right - left, bottom - top))
        ImageDraw.Draw(inside).polygon((placed - (left, top)).ravel().tolist(), fill=255)
        self._owner.paste(index, box, inside)
        share = inside if cover == 1 else inside.point(cover_table(cover))
        self._colour.paste(paint(box) if callable(paint) else paint, box, share)

    def line(self, part: str, points: Points, width: float, colour: Colour) -> None:
        """Draw along points (N, 2) with a round-jointed pen of ``width`` (1 is the frame)."""
        course = self._placed(points).ravel().tolist()
        pen = max(1, round(width * self._scale * _RASTER))
        joint = "curve" if pen > 3 else None
        self._on_colour.line(course, fill=colour, width=pen, joint=joint)
        self._on_owner.line(course, fill=self._index(part), width=pen, joint=joint)

    def glow(self, centre: Pair, half_axes: Pair, colour: Colour, cover: float) -> None:
        """A soft spot of light or shade on whatever is there; no part changes."""
        (cx, cy), reach = self._placed(np.array([centre]))[0], self._scale * _RASTER
        rx, ry = half_axes
        size = max(1, round(2 * rx * reach)), max(1, round(2 * ry * reach))
        share = soft_disc().resize(size).point(cover_table(cover))
        corner = (round(cx - size[0] / 2), round(cy - size[1] / 2))
        self._colour.paste(colour, (*corner, corner[0] + size[0], corner[1] + size[1]), share)

    @contextmanager
    def within(self, *parts: str) -> Iterator[None]:
        """Show what is painted inside the block only where ``parts`` are visible now."""
        wanted = {self._index(part) for part in parts}
        clip = self._owner.point([255 if index in wanted else 0 for index in range(256)])
        colour, owner = self._colour, self._owner
        self._colour, self._owner = colour.copy(), owner.copy()
        self._bind()
        yield
        colour.paste(self._colour, (0, 0), clip)
        owner.paste(self._owner, (0, 0), clip)
        self._colour, self._owner = colour, owner
        self._bind()

    def finished(self, light: Light) -> Scene:
        """The scene under ``light``."""
        pixels = np.asarray(self._colour.reduce(_SAMPLES), dtype=np.float32)
        across = np.linspace(-1, 1, SIDE, dtype=np.float32)
        field = 1 + light.slope[0] * across[None, :] + light.slope[1] * across[:, None]
        pixels = pixels * field[:, :, None] * np.array(light.gains, dtype=np.float32)
        if light.noise:
            pixels += self._sensor_noise(light.noise)
        samples = np.asarray(self._owner)[1::_SAMPLES, 1::_SAMPLES]
        return Scene(
            pixels=np.clip(np.rint(pixels), 0, 255).astype(np.uint8),
            owner=samples.copy(),
            names=tuple(self._names),
            edible=frozenset(self.edible),
        )

    def _sensor_noise(self, strength: float) -> NDArray[np.float32]:
        channels = []
        for _ in range(3):
            left, top = (int(value) for value in self.rng.integers(0, 500, 2))
            tile = noise("fine").crop((left, top, left + SIDE, top + SIDE))
            channels.append(np.asarray(tile, dtype=np.float32) - 128)
        return np.stack(channels, axis=2) * np.float32(strength / 60)
