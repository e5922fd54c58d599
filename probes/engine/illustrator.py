"""The pictures and outlines that maps are shown with, read once for many questions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from quizproof.probes.engine.results import Illustration
from quizproof.probes.kinds.kind import Part
from quizproof.probes.packs.pack import Pack
from quizproof.probes.packs.picture_set import PictureSet
from quizproof.probes.packs.pictures import Mask, Picture, picture_of, read_picture, region_mask
from quizproof.probes.probe import Map

Size: TypeAlias = tuple[int, int]  # height and width


@dataclass
class Illustrator:
    """Reads each picture, and each outline on it, once for each size that maps are of."""

    pack: Pack
    _pictures: dict[tuple[str, int, Size], Picture] = field(default_factory=dict, repr=False)
    _regions: dict[tuple[str, int, str, Size], Mask] = field(default_factory=dict, repr=False)

    def illustrations(
        self, draws: Sequence[Sequence[Map]], parts: Sequence[Part[Any]]
    ) -> tuple[Illustration, ...]:
        """The maps of ``draws`` with their pictures and regions' outlines, of ``parts``.

        Raises QuizproofError.
        """
        pictures = [part for part in parts if isinstance(part.entry, PictureSet)]
        return tuple(
            self._illustration(shown, draw, pictures)
            for draw, maps in enumerate(draws, 1)
            for shown in maps
        )

    def _illustration(
        self, shown: Map, draw: int, those: Sequence[Part[PictureSet]]
    ) -> Illustration:
        named = (part for part in those if part.name == shown.part)
        pictures = next(named, those[0] if those else None)
        if shown.picture is None or pictures is None:
            return Illustration(shown, None, {}, draw=draw)
        height, width = shown.values.shape[:2]
        size, number = (height, width), shown.picture
        outlines = {name: self._region(pictures, number, name, size) for name in shown.regions}
        names = pictures.entry.region_names
        picture = self._picture(pictures, number, size)
        return Illustration(shown, picture, outlines, names, draw)

    def _picture(self, part: Part[PictureSet], number: int, size: Size) -> Picture:
        key = part.name, number, size
        if key not in self._pictures:
            path = self.pack.file(picture_of(part, number))
            self._pictures[key] = read_picture(path, size)
        return self._pictures[key]

    def _region(self, part: Part[PictureSet], number: int, name: str, size: Size) -> Mask:
        key = part.name, number, name, size
        if key not in self._regions:
            self._regions[key] = region_mask(part, number, name, size)
        return self._regions[key]
