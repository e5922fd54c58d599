"""Pictures of a pack as a classifier is shown them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

from quizproof.probes.kinds.kind import Part
from quizproof.probes.packs.pack import MissingError
from quizproof.probes.packs.picture_set import PictureSet
from quizproof.probes.packs.pictures import Mask, Picture, picture_of, read_picture, region_mask

if TYPE_CHECKING:
    from torch import Tensor

    from quizproof.probes.models.classifiers import Classifier

Size = tuple[int, int]  # height and width


@dataclass(eq=False)
class Pictures:
    """Pictures in order, known by number from 0: each is read once for each size."""

    part_kind: ClassVar[str] = "pictures"

    part: Part[PictureSet]
    _read: dict[tuple[int, Size], Picture] = field(default_factory=dict, repr=False)
    _masks: dict[tuple[int, str, Size], Mask] = field(default_factory=dict, repr=False)

    def __len__(self) -> int:
        return len(self.part.entry.pictures)

    def shown(self, number: int, model: Classifier) -> Tensor:
        """Picture ``number`` as ``model`` takes it: (3, H, W), values 0–1. Raises MissingError."""
        import torch

        array = torch.from_numpy(self.pixels(number, model.size))
        return array.permute(2, 0, 1).contiguous().to(model.device)

    def pixels(self, number: int, size: Size) -> Picture:
        """Picture ``number`` stretched to ``size``: (H, W, 3), values 0–1. Raises MissingError."""
        if (number, size) not in self._read:
            path = self.part.files.file(picture_of(self.part, number))
            self._read[number, size] = read_picture(path, size)
        return self._read[number, size]

    def label(self, number: int, model: Classifier) -> int:
        """The true class of picture ``number``, an index into ``model.classes``.

        Raises MissingError.
        """
        label = picture_of(self.part, number).label
        if label >= len(model.classes):
            raise MissingError(f"picture {number} has label {label}, which is no class")
        return label

    def region(self, number: int, name: str, size: Size) -> Mask:
        """Region ``name`` of picture ``number``, (H, W), never empty. Raises MissingError."""
        if (number, name, size) not in self._masks:
            self._masks[number, name, size] = region_mask(self.part, number, name, size)
        return self._masks[number, name, size]
