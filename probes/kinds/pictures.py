"""Kind ``pictures``: labelled pictures in order, and the regions on them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Literal

from quizproof.probes.kinds.kind import Entry, Kind, Part
from quizproof.probes.packs.files import File
from quizproof.probes.packs.picture_set import PictureSet

if TYPE_CHECKING:
    from quizproof.probes.models.shown_pictures import Pictures


class PicturesEntry(PictureSet, Entry):
    """``kind: pictures``, the pictures, and what pages call their regions."""

    kind: Literal["pictures"]

    def shown(self) -> Iterator[File]:
        for picture in self.pictures:
            yield from picture.files()

    def rests_on(self) -> Any:
        """All of them; a call that looks at some names these by number."""
        return {str(k): one.model_dump(mode="json") for k, one in enumerate(self.pictures)}

    @property
    def location(self) -> str:
        return f"{len(self.pictures)} pictures"


def load(part: Part[PicturesEntry], randomized: int | None) -> Pictures:
    """The pictures, of which none is read before it is asked for."""
    from quizproof.probes.models.shown_pictures import Pictures

    return Pictures(part)


KIND = Kind(name="pictures", entry=PicturesEntry, load=load)
