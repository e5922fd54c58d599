"""From a course's folder, as its assistants have it, to a pack: ``pack.yaml`` beside the files."""

from __future__ import annotations

import mimetypes
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter, model_validator
from torch import Tensor

import quizproof.questions
from quizproof.probes.kinds.classifier import ClassifierEntry
from quizproof.probes.kinds.kind import Entry
from quizproof.probes.kinds.pictures import PicturesEntry
from quizproof.probes.models.weights import read_weights
from quizproof.probes.packs.course import COURSE_CLASSES, COURSE_SIDE, COURSE_WIDTH
from quizproof.probes.packs.files import File
from quizproof.probes.packs.language_build import find_language
from quizproof.probes.packs.manifest import MANIFEST, Manifest
from quizproof.probes.packs.manifest_file import manifest_text
from quizproof.probes.packs.network import Architecture, CourseArchitecture, Input
from quizproof.probes.packs.pack import Pack, sha256
from quizproof.probes.packs.pack_check import check_pictures, examined
from quizproof.probes.packs.picture_set import Picture, RegionNames, Regions
from quizproof.questions.files import write_whole
from quizproof.questions.problems import InputError, Problem, QuizproofError
from quizproof.questions.spec import Model
from quizproof.questions.yaml_file import read_model

CHECKPOINT = "checkpoint.pth"
PICTURES = "food"
DRAWN = Path(quizproof.questions.__file__).parent / "hw09" / "regions.yaml"

_SUFFIXES = (".jpg", ".jpeg", ".jfif", ".png", ".webp", ".bmp")
_NAME = re.compile(rf"([0-9]{{1,9}})_([0-9]{{1,9}})({'|'.join(_SUFFIXES)})", re.IGNORECASE)
_NAMED_ALIKE = re.compile(r"[0-9]+_[0-9]+.*")


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
    remarks: tuple[str, ...]  # how what is there was taken
    lacking: tuple[str, ...]  # what a quiz may ask for and the pack does not have
    problems: tuple[str, ...]  # what is wrong with its files: it costs the questions about them


def build_pack(folder: Path, drawn: Path = DRAWN, *, hub: bool = False) -> Built:
    """Write ``pack.yaml`` for what of the course lies in ``folder``.

    That is ``checkpoint.pth`` and ``food/<class>_<number>.jpg``, pictures ordered by class, then
    number, with the regions in the file ``drawn`` if they are the pictures it is about; what of
    language ``find_language`` finds, or ``hub`` names; or all of it. A part that cannot be used is
    told and left out. An existing manifest is left alone, since it may hold regions drawn by hand.
    Raises QuizproofError where there is no pack to be made.
    """
    if not folder.is_dir():
        raise QuizproofError(f"{folder} is no folder; name the course's")
    parts, problems = find_language(folder, hub=hub)
    lacking: tuple[str, ...] = ()
    pictures = any((folder / name).exists() for name in (CHECKPOINT, PICTURES))
    if pictures or not (parts or problems):
        of_pictures, lacking, wrong = _of_pictures(folder, drawn)
        parts = {**dict(sorted(of_pictures.items())), **parts}  # what is shown pictures comes first
        problems = [*wrong, *problems]
    _refuse_empty(folder, parts, problems)
    pack_name = folder.resolve().name[:200] or "course"
    path = folder / MANIFEST
    _write(Manifest(name=pack_name, parts=parts), path)
    try:
        found = examined(Pack(folder))
        if found.wrong:
            path.unlink()
            parts = {name: part for name, part in parts.items() if name not in found.wrong}
            _write(Manifest(name=pack_name, parts=parts), path)
        wrong = [f"{line} (left out: {r})" for r, lines in found.wrong.items() for line in lines]
        problems = [*problems, *wrong, *found.doubtful]
        _refuse_empty(folder, parts, problems)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return Built(
        manifest=path,
        remarks=found.remarks,
        lacking=lacking,
        problems=(*check_pictures(Pack(folder)), *problems),
    )


def _refuse_empty(folder: Path, parts: Mapping[str, Entry], problems: list[str]) -> None:
    if not parts.keys() - {"pictures"}:  # of which nothing can be asked alone
        lines = "; ".join(problems)
        raise QuizproofError(f"{folder} holds nothing that can be measured: {lines}")


def _of_pictures(folder: Path, drawn: Path) -> tuple[dict[str, Entry], tuple[str, ...], list[str]]:
    """The classifier and the pictures, what a quiz may ask for that they lack, and what is wrong.

    The one is there without the other.
    """
    parts: dict[str, Entry] = {}
    lacking: tuple[str, ...] = ()
    pictures, problems = _pictures(folder)
    if pictures:
        labels = [picture.label for picture in pictures]
        regions, region_names, lacking = _regions(labels, drawn)
        named = [
            picture.model_copy(update={"regions": drawn_ones}) if drawn_ones else picture
            for picture, drawn_ones in zip(pictures, regions, strict=True)
        ]
        words = {"region_names": region_names} if region_names else {}
        parts["pictures"] = PicturesEntry(kind="pictures", pictures=named, **words)
    try:
        parts["classifier"] = _classifier(folder)
    except InputError as error:
        problems += error.problems
    except QuizproofError as error:
        return parts, lacking, [*map(str, problems), f"{error} (left out: classifier)"]
    return parts, lacking, [str(problem) for problem in problems]


def _classifier(folder: Path) -> ClassifierEntry:
    checkpoint = folder / CHECKPOINT
    if not checkpoint.is_file():
        raise _wrong(checkpoint, "not there", "copy the course's checkpoint here")
    state = read_weights(checkpoint).state
    return ClassifierEntry(
        kind="classifier",
        architecture=Architecture(course=CourseArchitecture(width=_width(state))),
        weights=File(file=CHECKPOINT, sha256=sha256(checkpoint)),
        input=Input(size=[COURSE_SIDE, COURSE_SIDE]),
        classes=list(COURSE_CLASSES),
    )


def _pictures(folder: Path) -> tuple[list[Picture], list[Problem]]:
    """The pictures in order, and those that are passed over, since the others' numbers shift."""
    place = folder / PICTURES
    try:
        there = sorted(path for path in place.iterdir() if not path.name.startswith("."))
    except OSError as error:
        what = f"cannot be listed ({error.strerror})"
        return [], [Problem(str(place), 0, 0, what, "put the course's pictures here")]
    found: dict[tuple[int, int], Picture] = {}
    problems = []
    for path in there:
        try:
            number, picture = _picture(path)
            if number in found:
                name = found[number].file
                raise _wrong(path, f"passed over, of the number of {name}", "keep one of the two")
            found[number] = picture
        except _NoPicture:
            continue
        except InputError as error:
            problems += error.problems
    if not found:
        mend = "put <class>_<number>.jpg here"
        problems.append(Problem(str(place), 0, 0, "holds no pictures", mend))
    return [found[number] for number in sorted(found)], problems


class _NoPicture(Exception):  # noqa: N818  # it never leaves this file
    """A file that nobody takes for one of the pictures."""


def _picture(path: Path) -> tuple[tuple[int, int], Picture]:
    """The class and number of the picture at ``path``, and its entry. Raises InputError."""
    matched = _NAME.fullmatch(path.name)
    if matched is None and path.suffix.lower() not in _SUFFIXES:
        kind, _ = mimetypes.guess_type(path.name)
        if _NAMED_ALIKE.fullmatch(path.name) is None and not (kind or "").startswith("image/"):
            raise _NoPicture
        mend = "save it as PNG: until then, those after it have other numbers"
        raise _wrong(path, f"passed over, not called {', '.join(_SUFFIXES)}", mend)
    if matched is None or int(matched[1]) >= len(COURSE_CLASSES):
        mend = f"call it <class>_<number>.jpg, the class 0–{len(COURSE_CLASSES) - 1}"
        raise _wrong(path, "passed over, a name that says no class", mend)
    if not path.is_file():  # nor a pipe, which would be read for ever
        raise _wrong(path, "passed over, no file", "put the picture in its place")
    try:
        digest = sha256(path)
    except OSError as error:
        what = f"passed over, cannot be read ({error.strerror})"
        raise _wrong(path, what, "make it readable") from None
    entry = Picture(file=f"{PICTURES}/{path.name}", sha256=digest, label=int(matched[1]))
    return (int(matched[1]), int(matched[2])), entry


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
    if path.exists() or path.is_symlink():
        raise _wrong(path, "already there", "keep it, or take it away and build again")
    try:
        write_whole(path, manifest_text(manifest))
    except OSError as error:
        what = f"cannot be written ({error.strerror})"
        raise _wrong(path, what, "make the folder writable") from None


def _wrong(path: Path, what: str, mend: str) -> InputError:
    return InputError([Problem(str(path), 0, 0, what, mend)])
