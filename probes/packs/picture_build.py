"""Classifiers and pictures in a course's folder, with the regions that its quiz has of them."""

from __future__ import annotations

import mimetypes
import re
from collections.abc import Mapping
from pathlib import Path

from torch import Tensor

from quizproof.probes.kinds.classifier import ClassifierEntry
from quizproof.probes.kinds.kind import Entry
from quizproof.probes.kinds.pictures import PicturesEntry
from quizproof.probes.models.weights import read_weights
from quizproof.probes.packs.course_file import Course, CourseClassifier, CoursePictures
from quizproof.probes.packs.drawn_regions import read_regions
from quizproof.probes.packs.manifest import MANIFEST
from quizproof.probes.packs.manifest_file import named_file
from quizproof.probes.packs.network import Architecture, CourseArchitecture
from quizproof.probes.packs.pack import sha256
from quizproof.probes.packs.picture_set import Picture
from quizproof.questions.problems import InputError, Problem, QuizproofError

_SUFFIXES = (".jpg", ".jpeg", ".jfif", ".png", ".webp", ".bmp")
_NAME = re.compile(rf"([0-9]{{1,9}})_([0-9]{{1,9}})({'|'.join(_SUFFIXES)})", re.IGNORECASE)
_NAMED_ALIKE = re.compile(r"[0-9]+_[0-9]+.*")


def has_pictures(folder: Path, course: Course) -> bool:
    """Tell whether one of the course's classifiers or pictures is in ``folder``."""
    places = [part.file for part in course.classifiers.values()]
    places += [part.folder for part in course.pictures.values()]
    return any((folder / place).exists() for place in places)


def find_pictures(
    folder: Path, course: Course, quiz: Path
) -> tuple[dict[str, Entry], list[str], list[str]]:
    """The classifiers and pictures, what a quiz may ask for that they lack, and what is wrong.

    The ones are there without the others. Raises InputError for regions of ``quiz`` that are wrong.
    """
    parts: dict[str, Entry] = {}
    lacking: list[str] = []
    problems: list[str] = []
    for name, place in course.pictures.items():
        classes = min(len(part.classes) for part in course.classifiers.values())
        pictures, wrong = _pictures(folder, place.folder, classes)
        problems += map(str, wrong)
        if pictures:
            parts[name], lacks = _with_regions(pictures, place, quiz)
            lacking += lacks
    for name, classifier in course.classifiers.items():
        try:
            parts[name] = _classifier(folder, classifier)
        except InputError as error:
            problems += map(str, error.problems)
        except QuizproofError as error:
            problems.append(f"{error} (left out: {name})")
    return {name: parts[name] for name in course.parts if name in parts}, lacking, problems


def _classifier(folder: Path, place: CourseClassifier) -> ClassifierEntry:
    weights = folder / place.file
    if not weights.is_file():
        raise _wrong(weights, "not there", "copy the course's checkpoint here")
    architecture = place.architecture
    if architecture.course is not None:
        width = _width(read_weights(weights).state, architecture.course.width)
        architecture = Architecture(course=CourseArchitecture(width=width))
    try:
        named = named_file(folder, place.file)
    except OSError as error:
        raise _wrong(weights, f"cannot be read ({error.strerror})", "mend it") from None
    return ClassifierEntry(
        kind="classifier",
        architecture=architecture,
        weights=named,
        input=place.input,
        classes=place.classes,
    )


def _pictures(folder: Path, place: str, classes: int) -> tuple[list[Picture], list[Problem]]:
    """The pictures in order, and those that are passed over, since the others' numbers shift."""
    try:
        there = sorted(p for p in (folder / place).iterdir() if not p.name.startswith("."))
    except OSError as error:
        what = f"cannot be listed ({error.strerror})"
        return [], [Problem(str(folder / place), 0, 0, what, "put the course's pictures here")]
    found: dict[tuple[int, int], Picture] = {}
    problems = []
    for path in there:
        try:
            number, picture = _picture(path, place, classes)
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
        problems.append(Problem(str(folder / place), 0, 0, "holds no pictures", mend))
    return [found[number] for number in sorted(found)], problems


class _NoPicture(Exception):  # noqa: N818  # it never leaves this file
    """A file that nobody takes for one of the pictures."""


def _picture(path: Path, place: str, classes: int) -> tuple[tuple[int, int], Picture]:
    """The class and number of the picture at ``path``, and its entry. Raises InputError."""
    matched = _NAME.fullmatch(path.name)
    if matched is None and path.suffix.lower() not in _SUFFIXES:
        kind, _ = mimetypes.guess_type(path.name)
        if _NAMED_ALIKE.fullmatch(path.name) is None and not (kind or "").startswith("image/"):
            raise _NoPicture
        mend = "save it as PNG: until then, those after it have other numbers"
        raise _wrong(path, f"passed over, not called {', '.join(_SUFFIXES)}", mend)
    if matched is None or int(matched[1]) >= classes:
        mend = f"call it <class>_<number>.jpg, the class 0–{classes - 1}"
        raise _wrong(path, "passed over, a name that says no class", mend)
    if not path.is_file():  # nor a pipe, which would be read for ever
        raise _wrong(path, "passed over, no file", "put the picture in its place")
    try:
        digest = sha256(path)
    except OSError as error:
        what = f"passed over, cannot be read ({error.strerror})"
        raise _wrong(path, what, "make it readable") from None
    entry = Picture(file=f"{place}/{path.name}", sha256=digest, label=int(matched[1]))
    return (int(matched[1]), int(matched[2])), entry


def _width(state: Mapping[str, Tensor], usual: int) -> int:
    """The channels of the first convolution; ``usual`` where there is no sensible one."""
    width = next((len(tensor) for tensor in state.values() if tensor.ndim == 4), usual)
    # the check says that it does not fit
    return width if 1 <= width <= CourseArchitecture.MAX_WIDTH else usual


def _with_regions(
    pictures: list[Picture], place: CoursePictures, quiz: Path
) -> tuple[PicturesEntry, list[str]]:
    """The part with the regions that ``quiz`` has of these pictures, and a line if of others."""
    plain = PicturesEntry(kind="pictures", pictures=pictures)
    if place.regions is None:
        return plain, []
    drawn = read_regions(quiz / place.regions)
    labels = [picture.label for picture in pictures]
    if labels != drawn.labels:
        here, there = (", ".join(map(str, those)) for those in (labels, drawn.labels))
        return plain, [
            f"regions: these pictures (of classes {here}) are not the course's (of classes "
            f"{there}); a question about a region stays missing until you write its outline into "
            f"{MANIFEST}"
        ]
    shown = [
        picture.model_copy(update={"regions": regions}) if regions else picture
        for picture, regions in zip(pictures, drawn.pictures, strict=True)
    ]
    words = {"region_names": drawn.names} if drawn.names else {}
    return PicturesEntry(kind="pictures", pictures=shown, **words), []


def _wrong(path: Path, what: str, mend: str) -> InputError:
    return InputError([Problem(str(path), 0, 0, what, mend)])
