"""Files that a probe's parameters name: of the pack, or beside the quiz."""

from __future__ import annotations

from pathlib import Path

from quizproof.probes.packs.held import Held, hold, hold_folder
from quizproof.probes.packs.pack import MissingError
from quizproof.questions.problems import one_line


def named_file(name: str, pack: Path, quiz: Path | None) -> Path:
    """Return the file ``name`` in the folder of the pack, else of the quiz. Raises MissingError."""
    for folder in filter(None, (pack, quiz)):
        path = folder / name
        try:
            inside = path.resolve().is_relative_to(folder.resolve())
        except (OSError, RuntimeError):  # links in a circle raise the latter
            continue
        if inside and path.is_file():  # no pipe, which would be read for ever
            return path
    raise MissingError(
        f"{name} is no file of the pack, nor beside the quiz; put it there, or mend the parameter"
    )


def held_file(name: str, pack: Path, quiz: Path | None) -> tuple[Held, str]:
    """Return the same, held, and its SHA-256: what opens it opens that very file.

    It opens under its own name, for by its end many a library tells what a file is.
    """
    path = named_file(name, pack, quiz)
    try:
        held, digest, _ = hold(path)
    except OSError as error:
        reason = one_line(error.strerror or str(error))
        raise MissingError(f"{path} cannot be read ({reason}); put it back") from None
    return hold_folder(path.parent, {path.name: held}) / path.name, digest
