"""Language models, saved hidden states, texts and tables in a course's folder."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from quizproof.probes.kinds.every import every_kind
from quizproof.probes.kinds.kind import Entry
from quizproof.probes.kinds.reader import ReaderEntry, SavedStates
from quizproof.probes.packs.course_file import Course, CourseModel, CourseText, SavedReaders
from quizproof.probes.packs.files import File
from quizproof.probes.packs.manifest_file import named_file, named_folder
from quizproof.probes.packs.pack import model_files
from quizproof.questions.problems import Problem


def find_language(folder: Path, course: Course, *, hub: bool) -> tuple[dict[str, Entry], list[str]]:
    """The parts that are there, and a line for what should be there and is not whole.

    With ``hub``, the public models that ``folder`` does not hold are named on the Hugging Face hub.
    """
    parts: dict[str, Entry] = {}
    problems: list[Problem] = []
    for name, place in course.parts.items():
        try:
            match place:
                case CourseModel():
                    entry = _model(folder, place, hub=hub)
                case CourseText():
                    entry = _text(folder, place)
                case SavedReaders():
                    readers, wrong = _readers(folder, name, place)
                    parts |= readers
                    problems += wrong
                    continue
                case _:
                    continue
        except _Unreadable as error:
            problems.append(error.problem)
        else:
            if entry is not None:
                parts[name] = entry
    return parts, [str(problem) for problem in problems]


class _Unreadable(Exception):  # noqa: N818  # it never leaves this file
    def __init__(self, path: Path, what: str, mend: str) -> None:
        self.problem = Problem(str(path), 0, 0, what, mend)


def _model(folder: Path, place: CourseModel, *, hub: bool) -> Entry | None:
    entry = every_kind()[place.kind].entry
    if (folder / place.folder).is_dir():
        return entry.model_validate({"kind": place.kind, "local": _folder(folder, place.folder)})
    if hub and place.hub is not None:
        return entry.model_validate({"kind": place.kind, "hub": place.hub})
    return None


def _text(folder: Path, place: CourseText) -> Entry | None:
    there = next((name for name in place.file if (folder / name).is_file()), None)
    if there is None:
        return None
    entry = every_kind()[place.kind].entry
    return entry.model_validate(
        {"kind": place.kind, **_file(folder, there).model_dump(exclude_unset=True)}
    )


def _readers(
    folder: Path, name: str, place: SavedReaders
) -> tuple[dict[str, Entry], list[Problem]]:
    """The readers that are whole, by ``name`` and number, and what is wrong with the others."""
    parts: dict[str, Entry] = {}
    problems: list[Problem] = []
    try:
        states = _states(folder, place)
    except _Unreadable as error:
        return {}, [error.problem]
    for number, files in enumerate(states, 1):
        try:
            parts[f"{name}_{number}"] = _reader(folder, place.tokenizer, number, files)
        except _Unreadable as error:
            problems.append(error.problem)
    return parts, problems


def _states(folder: Path, place: SavedReaders) -> list[list[str]]:
    """The files of hidden states of each model of reading comprehension, in order."""
    within, _, name = place.hidden_states.rpartition("/")
    output = folder / within
    if not output.is_dir():
        return []
    pattern = re.escape(name).replace(r"\{n\}", "(?P<n>[1-9])")
    pattern = pattern.replace(r"\{k\}", "(?P<k>[1-9][0-9]?)")
    matched = [m for path in output.iterdir() if (m := re.fullmatch(pattern, path.name))]
    if not matched:
        first, second = (_numbered(name, 1, k) for k in (1, 2))
        raise _Unreadable(output, "no hidden states", f"put {first}, {second}, … here")
    models, questions = (max(int(m[group]) for m in matched) for group in ("n", "k"))
    return [
        [_numbered(place.hidden_states, model, k) for k in range(1, questions + 1)]
        for model in range(1, models + 1)
    ]


def _numbered(name: str, reader: int, triple: int = 0) -> str:
    return name.replace("{n}", str(reader)).replace("{k}", str(triple))


def _reader(folder: Path, tokenizer: str, number: int, files: list[str]) -> ReaderEntry:
    """Reader ``number``, from 1, by its tokenizer and its hidden states."""
    for name in files:
        if not (folder / name).exists():
            mend = "put it back: the models and questions go by their numbers"
            raise _Unreadable(folder / name, "not there, though others are", mend)
    return ReaderEntry(
        kind="reader",
        saved=SavedStates(
            tokenizer=_folder(folder, _numbered(tokenizer, number)),
            hidden_states=[_file(folder, name) for name in files],
        ),
    )


def _file(folder: Path, name: str) -> File:
    try:
        return named_file(folder, name)
    except OSError as error:
        raise _Unreadable(folder / name, f"cannot be read ({error.strerror})", "mend it") from None


def _folder(folder: Path, name: str) -> Any:
    try:
        if not any((folder / name).iterdir()):
            raise _Unreadable(folder / name, "an empty folder", "copy the model's files here")
        if not model_files(folder / name):
            raise _Unreadable(folder / name, "no file of a model", "copy the model's files here")
        return named_folder(folder, name)
    except OSError as error:
        raise _Unreadable(folder / name, f"cannot be read ({error.strerror})", "mend it") from None
