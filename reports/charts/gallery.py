"""The pictures of a page, each kept once however often it is shown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from quizproof.probes.engine.results import Illustration
from quizproof.probes.probe import Words
from quizproof.questions.rules import Value
from quizproof.reports.charts.colours import DASHES, OUTLINES
from quizproof.reports.charts.map_pictures import (
    Scale,
    data_uri,
    map_png,
    outline_path,
    picture_file,
    thinned,
)
from quizproof.reports.charts.region_numbers import region_key, region_numbers
from quizproof.reports.numbers import number

_UPPER = 0.04  # of a region's pixels that lie above its label


@dataclass(frozen=True)
class Image:
    """A bitmap that the page holds once."""

    id: str
    width: int
    height: int
    uri: str


@dataclass(frozen=True)
class Outline:
    """A region's border as the page holds it, and how it is drawn here."""

    id: str
    key: str  # what its label and the numbers of it are known by
    region: Words
    colour: str
    dash: str
    scale: str  # from the mask's pixels to those of the picture it is drawn on
    label: tuple[float, float]  # its place across and down, as shares of the picture

    @property
    def dashed(self) -> bool:
        return self.dash != DASHES[0]


@dataclass(frozen=True)
class Panel:
    """A picture or a map with outlines."""

    title: Words | None  # None for the picture itself
    number: int | None  # of the picture in the pack
    image: Image
    width: int  # what the outlines are measured in
    height: int
    scale: Scale | None  # None where colours are the picture's own
    low: str
    high: str
    no_value: bool
    constant: str = ""  # the value of all its pixels
    legend: tuple[tuple[str, Words], ...] = ()  # colours of a picture, and what they mean


@dataclass(frozen=True)
class DrawnMaps:
    """A picture and the maps over it in one draw."""

    draw: int
    panels: tuple[Panel, ...]
    numbers: tuple[tuple[tuple[str, str], ...], ...]  # of each outlined region: name and value


@dataclass(frozen=True)
class Figure:
    """A picture and the maps over it, side by side, in the first draw and a few after it."""

    draws: tuple[DrawnMaps, ...]
    outlines: tuple[Outline, ...]


class Gallery:
    """Collects bitmaps and outlines, the same ones under the same id."""

    def __init__(self) -> None:
        self.images: dict[bytes, Image] = {}
        self.outlines: dict[str, str] = {}  # path → id

    def figures(
        self, illustrations: Iterable[Illustration], values: Sequence[Mapping[str, Value]] = ()
    ) -> Iterator[Figure]:
        """A figure for those illustrations that share picture and outlines.

        ``values`` are what each draw measured, of which regions have theirs beside them.
        """
        settings: dict[tuple[object, ...], dict[int, list[Illustration]]] = {}
        for one in illustrations:
            settings.setdefault(_setting(one), {}).setdefault(one.draw, []).append(one)
        for draws in settings.values():
            first = next(iter(draws.values()))[0]
            yield Figure(
                tuple(self._drawn(draw, those, values) for draw, those in draws.items()),
                tuple(self._outlines(first, *reversed(_frame(first)))),
            )

    def _drawn(
        self, draw: int, members: list[Illustration], values: Sequence[Mapping[str, Value]]
    ) -> DrawnMaps:
        measured = values[draw - 1] if draw <= len(values) else {}
        picture = members[0].picture
        height, width = _frame(members[0])
        panels = []
        if picture is not None:
            number = members[0].map.picture
            panels.append(self._picture(None, number, picture, width, height))
        for member in members:
            shown = np.asarray(member.map.values)
            if shown.ndim == 3:
                panel = self._picture(member.map.title, None, shown, width, height)
                panels.append(replace(panel, legend=tuple(member.map.legend.items())))
            else:
                panels.append(self._map(member, shown, width, height))
        return DrawnMaps(
            draw,
            tuple(panels),
            tuple(region_numbers(region, measured) for region in members[0].outlines),
        )

    def _picture(
        self,
        title: Words | None,
        number: int | None,
        picture: NDArray[np.float32],
        width: int,
        height: int,
    ) -> Panel:
        image = self._image(picture_file(picture), picture.shape[1], picture.shape[0])
        return Panel(
            title=title,
            number=number,
            image=image,
            width=width,
            height=height,
            scale=None,
            low="",
            high="",
            no_value=False,
        )

    def _map(
        self, shown: Illustration, values: NDArray[np.float32], width: int, height: int
    ) -> Panel:
        png, scale = map_png(values, signed=shown.map.signed, range_of=shown.range_of)
        image = self._image(png, values.shape[1], values.shape[0])
        beyond_low = "≤ " if scale.clipped and scale.diverging else ""
        beyond_high = "≥ " if scale.clipped else ""
        return Panel(
            title=shown.map.title,
            number=shown.map.picture,
            image=image,
            width=width,
            height=height,
            scale=scale,
            low=beyond_low + number(scale.low),
            high=beyond_high + number(scale.high),
            no_value=not np.isfinite(values).all(),
            constant=_constant(values),
        )

    def cells(self, png: bytes) -> Image:
        """A bitmap whose size is for the drawing it is in to say."""
        return self._image(png, 1, 1)

    def _image(self, png: bytes, width: int, height: int) -> Image:
        if png not in self.images:
            self.images[png] = Image(f"image-{len(self.images)}", width, height, data_uri(png))
        return self.images[png]

    def _outlines(self, shown: Illustration, width: int, height: int) -> Iterator[Outline]:
        for k, (region, mask) in enumerate(shown.outlines.items()):
            mask = thinned(mask)
            path = outline_path(mask)
            id_ = self.outlines.setdefault(path, f"outline-{len(self.outlines)}")
            scale = f"scale({width / mask.shape[1]:g} {height / mask.shape[0]:g})"
            yield Outline(
                id=id_,
                key=region_key(region),
                region=shown.region_names.get(region, region),
                colour=OUTLINES[k % len(OUTLINES)],
                dash=DASHES[k % len(DASHES)],
                scale=scale,
                label=_place(mask),
            )


def _constant(values: NDArray[np.float32]) -> str:
    """The value that all pixels of a map have; empty where they differ, or none has any."""
    known = values[np.isfinite(values)]
    same = bool(known.size) and known.min() == known.max()
    return number(float(known[0])) if same else ""


def _place(mask: NDArray[np.bool_]) -> tuple[float, float]:
    """A place inside ``mask`` near its upper end, so that labels of nested regions lie apart."""
    inside = np.argwhere(mask)
    if not len(inside):
        return 0.5, 0.5
    row = inside[int(_UPPER * (len(inside) - 1)), 0]
    columns = np.flatnonzero(mask[row])
    height, width = mask.shape
    return float((columns[len(columns) // 2] + 0.5) / width), float((row + 0.5) / height)


def _setting(illustration: Illustration) -> tuple[object, ...]:
    picture = illustration.picture
    masks = tuple((name, thinned(mask).tobytes()) for name, mask in illustration.outlines.items())
    seen = None if picture is None else thinned(picture).tobytes()
    return seen, masks, _frame(illustration)


def _frame(illustration: Illustration) -> tuple[int, int]:
    """Height and width of what an illustration is drawn over."""
    shape = (
        illustration.map.values if illustration.picture is None else illustration.picture
    ).shape
    return int(shape[0]), int(shape[1])
