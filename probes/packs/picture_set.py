"""Pictures as a manifest names them, and the regions on them."""

from __future__ import annotations

from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from typing import Annotated, TypeAlias

from pydantic import AfterValidator, Field, model_validator

from quizproof.probes.packs.files import File, FileName
from quizproof.questions.spec import Model, Sha256, Text

Share: TypeAlias = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
Point: TypeAlias = Annotated[list[Share], Field(min_length=2, max_length=2)]
RegionName: TypeAlias = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=64)]


class Region(Model):
    """A part of a picture: a mask, polygons, or what follows from other regions of the picture.

    Polygons are lists of [x, y] as shares of the picture's width and height, from the top left.
    ``outline_of`` is the band on another region's border, ``width`` of the picture's shorter side
    wide; ``outside`` is all but another region. ``less`` takes regions out, last of all.
    """

    mask: FileName | None = None
    sha256: Sha256 | None = None
    polygons: (
        Annotated[list[Annotated[list[Point], Field(min_length=3)]], Field(min_length=1)] | None
    ) = None
    union_of: Annotated[list[RegionName], Field(min_length=1)] | None = None
    outline_of: RegionName | None = None
    width: Annotated[float, Field(gt=0, lt=1)] = 0.06
    outside: RegionName | None = None
    less: list[RegionName] = []

    @property
    def needs(self) -> Iterator[str]:
        """The regions this one follows from."""
        yield from self.union_of or ()
        yield from filter(None, (self.outline_of, self.outside))
        yield from self.less

    @model_validator(mode="after")
    def _one(self) -> Region:
        given = (self.mask, self.polygons, self.union_of, self.outline_of, self.outside)
        if sum(part is not None for part in given) != 1:
            raise ValueError("name one of mask, polygons, union_of, outline_of and outside")
        if (self.mask is None) != (self.sha256 is None):
            raise ValueError("a mask, and nothing else, comes with a sha256")
        return self


def _well_founded(regions: dict[str, Region]) -> dict[str, Region]:
    for name, region in regions.items():
        if missing := sorted(set(region.needs) - regions.keys()):
            raise ValueError(f"region {name} follows from {missing[0]}, which is not there")
    try:
        TopologicalSorter({name: set(r.needs) for name, r in regions.items()}).prepare()
    except CycleError as error:
        raise ValueError(f"region {error.args[1][0]} is defined by itself") from None
    return regions


Regions: TypeAlias = Annotated[dict[RegionName, Region], AfterValidator(_well_founded)]


class Picture(File):
    """A picture, its true class, and the regions on it."""

    label: Annotated[int, Field(ge=0)]
    regions: Regions = {}

    def files(self) -> Iterator[File]:
        """Yield the picture and the masks of its regions."""
        yield self
        for region in self.regions.values():
            if region.mask is not None and region.sha256 is not None:
                yield File(file=region.mask, sha256=region.sha256)


RegionNames: TypeAlias = Annotated[
    dict[RegionName, str | Text],
    Field(
        description="what pages show of a region, by its name; the name itself where it has none"
    ),
]


class PictureSet(Model):
    """Pictures in order, each known by its number from 0."""

    pictures: Annotated[list[Picture], Field(min_length=1)]
    region_names: RegionNames = {}
