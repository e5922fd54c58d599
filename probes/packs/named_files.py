"""Files that a probe's parameters name: of the pack, or beside the quiz."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from quizproof.probes.packs.pack import MissingError


def named_file(name: str, folders: Sequence[Path]) -> Path:
    """The file called ``name`` in the first of ``folders`` that has it. Raises MissingError."""
    for folder in folders:
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
