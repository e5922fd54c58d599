"""The pictures and outlines that maps are shown with, read once for many questions."""

from __future__ import annotations

from dataclasses import dataclass, field

from quizproof.probes.engine.results import Illustration
from quizproof.probes.packs.pack import Pack
from quizproof.probes.packs.pictures import Mask, Picture, read_picture, region_mask
from quizproof.probes.probe import Map


@dataclass
class Illustrator:
    """Of one pack's pictures, at the size that its classifier sees them in."""

    pack: Pack
    _pictures: dict[int, Picture] = field(default_factory=dict, init=False, repr=False)
    _regions: dict[tuple[int, str], Mask] = field(default_factory=dict, init=False, repr=False)

    def illustration(self, shown: Map) -> Illustration:
        """``shown`` with its picture and its regions' outlines. Raises QuizproofError."""
        if shown.picture is None:
            return Illustration(shown, None, {})
        number = shown.picture
        outlines = {name: self._region(number, name) for name in shown.regions}
        names = self.pack.manifest.region_names
        return Illustration(shown, self._picture(number), outlines, names)

    def _picture(self, number: int) -> Picture:
        if number not in self._pictures:
            role = self.pack.picture(number)
            path = self.pack.path(role.file, role.sha256)
            self._pictures[number] = read_picture(path, self._size)
        return self._pictures[number]

    def _region(self, number: int, name: str) -> Mask:
        if (number, name) not in self._regions:
            self._regions[number, name] = region_mask(self.pack, number, name, self._size)
        return self._regions[number, name]

    @property
    def _size(self) -> tuple[int, int]:
        height, width = self.pack.classifier.input.size
        return height, width
