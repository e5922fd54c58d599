"""A check that what is asked for can be written, made before anything is measured for it."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from quizproof.questions.problems import QuizproofError

PAGE = "index.html"  # of a folder that is written


def check_outputs(files: Iterable[Path | None] = (), folders: Iterable[Path | None] = ()) -> None:
    """See that every one of ``files`` can be written, and every one of ``folders`` made.

    A file's folder has to be there; folders are made with those above them. None is for what is
    not asked for. What is there may be written over, but one output not by another.

    Raises:
        QuizproofError: one line, for the first that cannot be.
    """
    taken: set[Path] = set()
    for file in filter(None, files):
        check_parent(file)
        if file.is_dir():
            raise QuizproofError(f"{file} is a folder; name a file in it")
        _may_write(file if file.exists() else file.parent)
        _has_a_reader(file)
        if not file.exists() or file.is_file():  # else a device, which stays in its place
            _may_write(file.resolve().parent)
        if file.resolve() in taken:
            raise QuizproofError(f"{file} is asked for twice; name a file for each")
        taken.add(file.resolve())
    for folder in filter(None, folders):
        there = next(place for place in (folder, *folder.absolute().parents) if place.exists())
        if not there.is_dir():
            raise QuizproofError(f"{there} is a file; name a folder")
        _may_write(there)
        page = folder / PAGE
        if page.is_dir():
            raise QuizproofError(f"{page} is a folder, where the page belongs; name another place")
        if page.exists():
            _may_write(page)
        if page.resolve() in taken:
            raise QuizproofError(f"{page} is written for {folder}, too; name another file")


def page_in(folder: Path) -> Path:
    """The page of ``folder``, which is made with those above it. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    return folder / PAGE


def check_new_folder(folder: Path) -> None:
    """See that ``folder`` can be made, and that nothing lies in it yet.

    Raises:
        QuizproofError: one line, where that is not so.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise QuizproofError(f"{folder} is there already and is not empty; name a new folder")
    check_outputs(folders=[folder])


def check_parent(path: Path) -> None:
    """See that the folder is there in which ``path`` is made. Raises QuizproofError."""
    if not path.absolute().parent.is_dir():
        raise QuizproofError(f"{path.parent} is no folder; make it first")


def _has_a_reader(file: Path) -> None:
    """Raises QuizproofError for a pipe that nobody reads: to open it would wait for ever."""
    if not file.is_fifo():
        return
    try:
        os.close(os.open(file, os.O_WRONLY | os.O_NONBLOCK))
    except OSError:
        raise QuizproofError(f"{file} is a pipe that nobody reads; name a file") from None


def _may_write(path: Path) -> None:
    if not os.access(path, os.W_OK):
        raise QuizproofError(f"{path} may not be written to; name another place")
