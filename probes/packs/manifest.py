"""Manifest of a pack, ``pack.yaml``, and what it may say."""

from __future__ import annotations

from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from typing import Annotated, ClassVar, TypeAlias

from pydantic import AfterValidator, Field, model_validator

from quizproof.probes.packs.language_roles import File, FileName, LanguageModelRole, ReaderRole
from quizproof.questions.quiz import PACK_FILE
from quizproof.questions.spec import Model, Sha256, Text

MANIFEST = PACK_FILE


class CourseArchitecture(Model):
    """The course's network: ``width`` channels in its first stage, 128 in the course."""

    MAX_WIDTH: ClassVar[int] = 256

    width: Annotated[int, Field(ge=1, le=MAX_WIDTH)] = 128


class Architecture(Model):
    """Exactly one of the three; code is never taken from the pack itself."""

    course: CourseArchitecture | None = None
    torchvision: Annotated[
        str | None, Field(pattern=r"^[a-z0-9_]+$", description="a network for classification")
    ] = None
    callable: Annotated[
        str | None,
        Field(pattern=r"^[\w.]+:[\w.]+$", description="module:callable of an installed package"),
    ] = None

    @model_validator(mode="after")
    def _one(self) -> Architecture:
        if sum(part is not None for part in (self.course, self.torchvision, self.callable)) != 1:
            raise ValueError("name one of course, torchvision and callable")
        return self

    @property
    def name(self) -> str:
        """Name by which a quiz knows it: a width is no part of it."""
        if self.course is not None:
            return "course"
        if self.torchvision is not None:
            return f"torchvision:{self.torchvision}"
        return f"callable:{self.callable}"


Side: TypeAlias = Annotated[int, Field(ge=1, le=1024)]
Share: TypeAlias = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
Finite: TypeAlias = Annotated[float, Field(allow_inf_nan=False)]
Spread: TypeAlias = Annotated[float, Field(gt=0, allow_inf_nan=False)]
Point: TypeAlias = Annotated[list[Share], Field(min_length=2, max_length=2)]
RegionName: TypeAlias = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=64)]


class Input(Model):
    """Input of the classifier: [height, width] in pixels, values (x − mean) ∕ std."""

    size: Annotated[list[Side], Field(min_length=2, max_length=2)]
    mean: Annotated[list[Finite], Field(min_length=3, max_length=3)] = [0.0, 0.0, 0.0]
    std: Annotated[list[Spread], Field(min_length=3, max_length=3)] = [1.0, 1.0, 1.0]


class ClassifierRole(Model):
    architecture: Architecture
    weights: File
    input: Input
    classes: Annotated[list[str], Field(min_length=2, max_length=10_000)]


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


class PictureRole(Model):
    file: FileName
    sha256: Sha256
    label: Annotated[int, Field(ge=0)]
    regions: Regions = {}


RegionNames: TypeAlias = Annotated[
    dict[RegionName, str | Text],
    Field(
        description="what pages show of a region, by its name; the name itself where it has none"
    ),
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
    classifier: ClassifierRole | None = None
    pictures: list[PictureRole] = []
    region_names: RegionNames = {}
    english: LanguageModelRole | None = None
    chinese: LanguageModelRole | None = None
    readers: list[ReaderRole] = []
    triples: File | None = None
    corpus: File | None = None
    sentences: File | None = None
    reference_matrix: File | None = None
    held_out: list[HeldOutFigure] = []

    @model_validator(mode="after")
    def _labels_are_classes(self) -> Manifest:
        if self.classifier is not None:
            classes = len(self.classifier.classes)
            for number, picture in enumerate(self.pictures):
                if picture.label >= classes:
                    raise ValueError(
                        f"picture {number} has label {picture.label}, "
                        f"but the classes are 0–{classes - 1}"
                    )
        return self
