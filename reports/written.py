"""Files that a command writes in the end: each is tried, and what could not be is told."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from quizproof.questions.files import is_full, write_whole
from quizproof.questions.problems import QuizproofError


class NotWrittenError(QuizproofError):
    """Files that could not be written, a line for each."""

    def __init__(self, lines: list[str]) -> None:
        super().__init__("; ".join(lines))
        self.lines = lines


class Written:
    """Files that were written, and those that could not be."""

    def __init__(self) -> None:
        self.files: list[str] = []
        self.problems: list[str] = []

    def write(self, path: Path, content: Callable[[], str]) -> None:
        """Write ``content()`` to ``path``; that there was no room for it is no reason to stop."""

        def written() -> list[str]:
            write_whole(path, content())
            return [str(path)]

        self.make(written)

    def make(self, made: Callable[[], list[str]]) -> None:
        """Have ``made`` write files, and say which."""
        try:
            self.files += made()
        except OSError as error:
            self.problems.append(cannot_write(error))

    def check(self) -> None:
        """Raises NotWrittenError where a file could not be written."""
        if self.problems:
            raise NotWrittenError(self.problems)


def cannot_write(error: OSError) -> str:
    """A line for whoever has to make room, or to mend the path."""
    mend = "free some space, or name another place" if is_full(error) else "check the path"
    return f"{error.filename or 'output'}: {error.strerror or error}; {mend}"
