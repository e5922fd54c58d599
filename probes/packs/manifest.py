"""Manifest of a pack, ``pack.yaml``, and what it may say."""

from __future__ import annotations

from collections.abc import Mapping
from functools import reduce
from operator import or_
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeAlias

from pydantic import Field, TypeAdapter, model_validator

from quizproof.probes.kinds.every import every_kind
from quizproof.probes.kinds.kind import Entry
from quizproof.probes.packs.network import Network
from quizproof.probes.packs.old_form import new_form
from quizproof.probes.packs.picture_set import PictureSet, Share
from quizproof.questions.quiz import PACK_FILE
from quizproof.questions.spec import Model, Text
from quizproof.questions.yaml_file import read_model

MANIFEST = PACK_FILE

PartName: TypeAlias = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,47}$")]
if TYPE_CHECKING:
    AnyEntry: TypeAlias = Entry
else:
    AnyEntry = Annotated[
        reduce(or_, (kind.entry for kind in every_kind().values())), Field(discriminator="kind")
    ]


class HeldOutFigure(Model):
    """Accuracy of a model on what it was not trained on, as its builder counted it."""

    about: Text
    right: Share
    baseline: Share | None = None  # of always guessing the commonest
    count: Annotated[int, Field(ge=1)]


class Manifest(Model):
    """``pack.yaml``."""

    name: Annotated[str, Field(min_length=1, max_length=200)]
    parts: dict[PartName, AnyEntry] = {}
    held_out: list[HeldOutFigure] = []

    @property
    def kinds(self) -> Mapping[str, str]:
        """The kind of each part, by its name."""
        return {name: part.kind for name, part in self.parts.items()}

    @model_validator(mode="after")
    def _labels_are_classes(self) -> Manifest:
        networks = [part for part in self.parts.values() if isinstance(part, Network)]
        if len(networks) != 1:
            return self  # which of them is shown the pictures, a question says
        classes = len(networks[0].classes)
        for part in self.parts.values():
            for number, picture in enumerate(part.pictures if isinstance(part, PictureSet) else ()):
                if picture.label >= classes:
                    raise ValueError(
                        f"picture {number} has label {picture.label}, "
                        f"but the classes are 0–{classes - 1}"
                    )
        return self


_ADAPTER = TypeAdapter(Manifest)


def read_manifest(path: Path) -> Manifest:
    """The manifest at ``path``, of whichever form. Raises InputError."""
    return read_model(path, _ADAPTER, new_form)[0]
