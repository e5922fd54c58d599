"""A pack: a folder with a manifest that names what is measured, each file with its SHA-256.

Nothing but the manifest is read before it is asked for, and nothing whose digest differs is used.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from functools import cached_property
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Annotated, ClassVar, TypeAlias

from pydantic import AfterValidator, Field, TypeAdapter, model_validator

from quizproof.questions.problems import InputError, Problem, QuizproofError
from quizproof.questions.spec import Model, Sha256
from quizproof.questions.yaml_file import read_model

MANIFEST = "pack.yaml"
EMBEDDED = Path(__file__).parent / "embedded" / "pack"


class MissingError(QuizproofError):
    """The pack lacks a role, a picture or a region that is asked for."""


class DigestError(QuizproofError):
    """A file of the pack is not the one that the manifest names."""


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


FileName: TypeAlias = Annotated[str, Field(pattern=r"^[^\x00-\x1f\x7f]+$", max_length=1000)]
Side: TypeAlias = Annotated[int, Field(ge=1, le=1024)]
Share: TypeAlias = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
Finite: TypeAlias = Annotated[float, Field(allow_inf_nan=False)]
Spread: TypeAlias = Annotated[float, Field(gt=0, allow_inf_nan=False)]
Point: TypeAlias = Annotated[list[Share], Field(min_length=2, max_length=2)]
RegionName: TypeAlias = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=64)]


class File(Model):
    file: FileName
    sha256: Sha256


class Input(Model):
    """What the classifier takes: [height, width] in pixels, values (x − mean) ∕ std."""

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


class Manifest(Model):
    """``pack.yaml``."""

    name: Annotated[str, Field(min_length=1, max_length=200)]
    classifier: ClassifierRole | None = None
    pictures: list[PictureRole] = []

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


class Pack:
    """An opened pack."""

    def __init__(self, folder: Path) -> None:
        """Raises InputError for a manifest that is missing or wrong."""
        if not (folder / MANIFEST).is_file():
            raise InputError(
                [
                    Problem(
                        str(folder), 0, 0, f"no {MANIFEST} here", f"quizproof pack build {folder}"
                    )
                ]
            )
        self.folder = folder
        self.manifest, _ = read_model(folder / MANIFEST, TypeAdapter(Manifest))
        self.digest = sha256(folder / MANIFEST)  # it holds the digests of all the rest
        self.embedded = folder.resolve() == EMBEDDED.resolve()

    @property
    def roles(self) -> Mapping[str, bool]:
        """The roles a probe may ask for, and whether this pack has them."""
        return {
            "classifier": self.manifest.classifier is not None,
            "pictures": bool(self.manifest.pictures),
        }

    @property
    def classifier(self) -> ClassifierRole:
        if self.manifest.classifier is None:
            raise MissingError(f"pack {self.manifest.name} has no classifier")
        return self.manifest.classifier

    def picture(self, number: int) -> PictureRole:
        if not 0 <= number < len(self.manifest.pictures):
            raise MissingError(f"pack {self.manifest.name} has no picture {number}")
        return self.manifest.pictures[number]

    @cached_property
    def _checked(self) -> set[Path]:
        return set()

    def path(self, name: str, digest: str) -> Path:
        """The file called ``name``, once its digest is known to be right.

        Raises MissingError where it is not there or outside the pack, DigestError where it differs.
        """
        path = self.folder / name
        if path in self._checked:
            return path
        try:
            if not path.resolve().is_relative_to(self.folder.resolve()):
                raise MissingError(f"{name} lies outside the pack {self.folder}; copy it into it")
            if not path.is_file():  # nor a pipe, which would be read for ever
                raise MissingError(f"{path} is no file; put it back, or rebuild the pack")
            found = sha256(path)
        except (OSError, RuntimeError) as error:  # links in a circle raise the latter
            reason = getattr(error, "strerror", None) or "links in a circle"
            raise MissingError(
                f"{path} cannot be read ({reason}); put it back, or rebuild the pack"
            ) from None
        if found != digest:
            raise DigestError(
                f"{path} has SHA-256 {found[:12]}…, the manifest names {digest[:12]}…; "
                f"restore the file, or rebuild the pack if the change is meant"
            )
        self._checked.add(path)
        return path


def sha256(path: Path) -> str:
    """Hexadecimal SHA-256 of a file. Raises OSError."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
