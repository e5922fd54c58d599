"""Files that a probe's parameters name: of the pack, or beside the quiz."""

from __future__ import annotations

from pathlib import Path

from quizproof.probes.packs.pack import MissingError


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
