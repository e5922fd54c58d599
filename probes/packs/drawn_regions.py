"""Regions that a quiz's folder has of its course's pictures, such as ``regions.yaml``."""

from __future__ import annotations

from pathlib import Path

from pydantic import TypeAdapter, model_validator

from quizproof.probes.packs.picture_set import RegionNames, Regions
from quizproof.questions.spec import Model
from quizproof.questions.yaml_file import read_model


class DrawnRegions(Model):
    """The regions of certain pictures, known by their classes in order."""

    labels: list[int]
    names: RegionNames = {}
    pictures: list[Regions]

    @model_validator(mode="after")
    def _one_each(self) -> DrawnRegions:
        if len(self.labels) != len(self.pictures):
            raise ValueError(f"{len(self.labels)} labels for {len(self.pictures)} pictures")
        return self


_ADAPTER = TypeAdapter(DrawnRegions)


def read_regions(path: Path) -> DrawnRegions:
    """The regions in the file at ``path``. Raises InputError with every problem."""
    return read_model(path, _ADAPTER)[0]
