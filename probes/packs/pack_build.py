"""From a course's folder, as its assistants have it, to a pack: ``pack.yaml`` beside the files."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from pydantic import TypeAdapter, model_validator
from torch import Tensor

import quizproof.questions
from quizproof.probes.models.classifiers import load_classifier
from quizproof.probes.models.weights import read_weights
from quizproof.probes.packs.course import COURSE_CLASSES, COURSE_SIDE, COURSE_WIDTH
from quizproof.probes.packs.language_build import find_language
from quizproof.probes.packs.language_check import wrong_language
from quizproof.probes.packs.language_roles import File
from quizproof.probes.packs.manifest import (
    MANIFEST,
    Architecture,
    ClassifierRole,
    CourseArchitecture,
    Input,
    Manifest,
    PictureRole,
    RegionNames,
    Regions,
)
from quizproof.probes.packs.manifest_file import manifest_text
from quizproof.probes.packs.pack import Pack, sha256
from quizproof.probes.packs.pack_check import check_pictures
from quizproof.questions.problems import InputError, Problem, QuizproofError
from quizproof.questions.spec import Model
from quizproof.questions.yaml_file import read_model

CHECKPOINT = "checkpoint.pth"
PICTURES = "food"
DRAWN = Path(quizproof.questions.__file__).parent / "hw09" / "regions.yaml"

_NAME = re.compile(r"([0-9]{1,9})_([0-9]{1,9})\.(jpg|jpeg|png)", re.IGNORECASE)
_SUFFIXES = (".jpg", ".jpeg", ".png")


class DrawnRegions(Model):
    """``regions.yaml``: the regions of certain pictures, known by their classes in order."""

    labels: list[int]
    names: RegionNames = {}
    pictures: list[Regions]

    @model_validator(mode="after")
    def _one_each(self) -> DrawnRegions:
        if len(self.labels) != len(self.pictures):
            raise ValueError(f"{len(self.labels)} labels for {len(self.pictures)} pictures")
        return self


@dataclass(frozen=True)
class Built:
    """A manifest that was written, and what is not as a quiz needs it."""

    manifest: Path
    lacking: tuple[str, ...]  # what a quiz may ask for and the pack does not have
    problems: tuple[str, ...]  # what is wrong with its files: it costs the questions about them


def build_pack(folder: Path, drawn: Path = DRAWN, *, hub: bool = False) -> Built:
    """Write ``pack.yaml`` for what of the course lies in ``folder``.

    That is ``checkpoint.pth`` and ``food/<class>_<number>.jpg``, pictures ordered by class, then
    number, with the regions in the file ``drawn`` if they are the pictures it is about; what of
    language ``find_language`` finds, or ``hub`` names; or all of it. A role of language that cannot
    be used is told and left out. An existing manifest is left alone, since it may hold regions
    drawn by hand. Raises QuizproofError where there is no pack to be made.
    """
    roles, problems = find_language(folder, hub=hub)
    lacking: tuple[str, ...] = ()
    pictures = any((folder / name).exists() for name in (CHECKPOINT, PICTURES))
    if pictures or not (roles or problems):
        of_pictures, lacking = _of_pictures(folder, drawn)
        roles = {**of_pictures, **roles}
    name = folder.resolve().name[:200] or "course"
    path = folder / MANIFEST
    _write(Manifest(name=name, **roles), path)
    try:
        pack = Pack(folder)
        if pack.manifest.classifier is not None:
            load_classifier(pack, torch.device("cpu"))
        wrong = wrong_language(pack)
        if wrong:
            path.unlink()
            kept = {role: part for role, part in roles.items() if role not in wrong}
            _write(Manifest(name=name, **kept), path)
        problems += [f"{line} (left out: {role})" for role in wrong for line in wrong[role]]
        if not any(Pack(folder).roles.values()):
            more = f" and {len(problems) - 1} more" if len(problems) > 1 else ""
            raise QuizproofError(
                f"{folder} holds nothing that can be measured: {problems[0]}{more}"
            )
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return Built(path, lacking, (*check_pictures(Pack(folder)), *problems))


def _of_pictures(folder: Path, drawn: Path) -> tuple[dict[str, Any], tuple[str, ...]]:
    """The classifier and the pictures, and what a quiz may ask for that they lack."""
    names = _picture_names(folder)
    checkpoint = folder / CHECKPOINT
    if not checkpoint.is_file():
        raise _wrong(checkpoint, "not there", "copy the course's checkpoint here")
    state = read_weights(checkpoint)
    regions, region_names, lacking = _regions([label for _, label in names], drawn)
    classifier = ClassifierRole(
        architecture=Architecture(course=CourseArchitecture(width=_width(state))),
        weights=File(file=CHECKPOINT, sha256=sha256(checkpoint)),
        input=Input(size=[COURSE_SIDE, COURSE_SIDE]),
        classes=list(COURSE_CLASSES),
    )
    pictures = [
        PictureRole(file=name, sha256=sha256(folder / name), label=label, regions=drawn_ones)
        for (name, label), drawn_ones in zip(names, regions, strict=True)
    ]
    roles: dict[str, Any] = {"classifier": classifier, "pictures": pictures}
    if region_names:
        roles["region_names"] = region_names
    return roles, lacking


def _picture_names(folder: Path) -> list[tuple[str, int]]:
    """The pictures' paths in the pack and their labels, in order."""
    try:
        found = [path for path in (folder / PICTURES).iterdir() if path.suffix.lower() in _SUFFIXES]
    except OSError as error:
        what = f"cannot be listed ({error.strerror})"
        raise _wrong(folder / PICTURES, what, "put the course's pictures here") from None
    found = [path for path in found if not path.name.startswith(".")]
    if not found:
        raise _wrong(folder / PICTURES, "holds no pictures", "put <class>_<number>.jpg here")
    ordered: list[tuple[int, int, str]] = []
    problems: list[Problem] = []
    for path in found:
        matched = _NAME.fullmatch(path.name)
        if matched is None or int(matched[1]) >= len(COURSE_CLASSES):
            mend = f"call it <class>_<number>.jpg, the class 0–{len(COURSE_CLASSES) - 1}"
            problems.append(Problem(str(path), 0, 0, "a name that says no class", mend))
        else:
            ordered.append((int(matched[1]), int(matched[2]), path.name))
    if problems:
        raise InputError(problems)
    return [(f"{PICTURES}/{name}", label) for label, _, name in sorted(ordered)]


def _width(state: Mapping[str, Tensor]) -> int:
    """The channels of the first convolution; the course's where there is no sensible one."""
    width = next((len(tensor) for tensor in state.values() if tensor.ndim == 4), COURSE_WIDTH)
    widest = CourseArchitecture.MAX_WIDTH
    return width if 1 <= width <= widest else COURSE_WIDTH  # the check says that it does not fit


def _regions(labels: list[int], path: Path) -> tuple[list[Regions], RegionNames, tuple[str, ...]]:
    """Return each picture's regions, the words for them, and what a quiz may ask for in vain."""
    drawn, _ = read_model(path, TypeAdapter(DrawnRegions))
    if labels == drawn.labels:
        return drawn.pictures, drawn.names, ()
    here, there = (", ".join(map(str, those)) for those in (labels, drawn.labels))
    lacking = (
        f"regions: these pictures (of classes {here}) are not the course's (of classes {there}); "
        f"a question about a region stays missing until you write its outline into {MANIFEST}",
    )
    return [{} for _ in labels], {}, lacking


def _write(manifest: Manifest, path: Path) -> None:
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(manifest_text(manifest))
    except FileExistsError:
        what, mend = "already there", "keep it, or take it away and build again"
        raise _wrong(path, what, mend) from None
    except OSError as error:
        what = f"cannot be written ({error.strerror})"
        raise _wrong(path, what, "make the folder writable") from None


def _wrong(path: Path, what: str, mend: str) -> InputError:
    return InputError([Problem(str(path), 0, 0, what, mend)])
