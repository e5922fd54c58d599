"""From a course's folder, as its assistants have it, to a pack: ``pack.yaml`` beside the files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from quizproof.probes.kinds.kind import Entry
from quizproof.probes.packs.course_file import COURSE_FILE, Course, read_course
from quizproof.probes.packs.language_build import find_language
from quizproof.probes.packs.manifest import MANIFEST, Manifest
from quizproof.probes.packs.manifest_file import manifest_text
from quizproof.probes.packs.pack import Pack
from quizproof.probes.packs.pack_check import check_pictures, examined
from quizproof.probes.packs.picture_build import find_pictures, has_pictures
from quizproof.probes.packs.picture_set import PictureSet
from quizproof.questions.files import write_whole
from quizproof.questions.problems import InputError, Problem, QuizproofError
from quizproof.questions.quiz import read_head


@dataclass(frozen=True)
class Built:
    """A manifest that was written, and what is not as a quiz needs it."""

    manifest: Path
    remarks: tuple[str, ...]  # how what is there was taken
    lacking: tuple[str, ...]  # what a quiz may ask for and the pack does not have
    problems: tuple[str, ...]  # what is wrong with its files: it costs the questions about them


def build_pack(folder: Path, quiz: Path, *, hub: bool = False) -> Built:
    """Write ``pack.yaml`` for what lies in ``folder`` of the course whose quiz has folder ``quiz``.

    Its ``course.yaml`` says what lies where. Pictures are ordered by class, then number, and have
    the regions that the quiz has if they are the pictures these are about; with ``hub``, models
    that are not there are named on the hub. A part that cannot be used is told and left out. An
    existing manifest is left alone, since it may hold regions drawn by hand. Raises QuizproofError
    where there is no pack to be made.
    """
    if not folder.is_dir():
        raise QuizproofError(f"{folder} is no folder; name the course's")
    course = _course_of(quiz, folder)
    parts, problems = find_language(folder, course, hub=hub)
    lacking: list[str] = []
    if has_pictures(folder, course) or not (parts or problems):
        of_pictures, lacking, wrong = find_pictures(folder, course, quiz)
        parts = {**of_pictures, **parts}  # what is shown pictures comes first
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
        lacking=tuple(lacking),
        problems=(*check_pictures(Pack(folder)), *problems),
    )


def _course_of(quiz: Path, folder: Path) -> Course:
    path = quiz / COURSE_FILE
    if not path.exists() and not path.is_symlink():
        read_head(quiz)  # a folder that is no quiz's says so
        what = "not there, which says how the course's folder is laid out"
        mend = f"write it, or let `quizproof pack init {folder}` take what lies there"
        raise _wrong(path, what, mend)
    return read_course(quiz)


def _refuse_empty(folder: Path, parts: Mapping[str, Entry], problems: list[str]) -> None:
    # of pictures alone nothing can be asked
    if all(isinstance(part, PictureSet) for part in parts.values()):
        lines = "; ".join(problems) or f"nothing is there that {COURSE_FILE} names"
        raise QuizproofError(f"{folder} holds nothing that can be measured: {lines}")


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
