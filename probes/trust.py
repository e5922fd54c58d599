"""The code beside quizzes that this user trusts: by folder, the digest of what was shown.

Nothing of a folder runs because it lies there: somebody has to have said so, of this very content.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Final

from platformdirs import user_config_path
from pydantic import TypeAdapter, ValidationError

from quizproof.questions.files import read_bounded, write_whole
from quizproof.questions.problems import QuizproofError

_MOST: Final = 1_000_000  # bytes of what is remembered
_TRUSTED: Final = TypeAdapter(dict[str, str])

_for_this_run: set[Path] = set()


def trusted_file() -> Path:
    """The file that remembers, which is this user's alone."""
    return user_config_path("quizproof", appauthor=False) / "trusted.json"


def trust(folder: Path, digest: str) -> None:
    """Remember that the code of ``digest`` in ``folder`` may run. Raises OSError."""
    path = trusted_file()
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    known = {**_remembered(), str(folder.resolve()): digest}
    if not path.exists():
        path.touch(mode=0o600)
    write_whole(path, _TRUSTED.dump_json(known, indent=1) + b"\n")


def trust_for_this_run(folder: Path) -> None:
    """Let the code in ``folder`` run in this process and those that it starts, whatever it is."""
    _for_this_run.add(folder.resolve())


def is_trusted(folder: Path, digest: str) -> bool:
    """Tell whether the code of ``digest`` in ``folder`` may run. Raises QuizproofError."""
    if folder.resolve() in _for_this_run:
        return True
    return _remembered().get(str(folder.resolve())) == digest


def _remembered() -> dict[str, str]:
    path = trusted_file()
    if not path.exists():
        return {}
    found = path.stat()
    if hasattr(os, "getuid") and (found.st_uid != os.getuid() or found.st_mode & stat.S_IWOTH):
        raise QuizproofError(f"{path} may be written by others; remove it, and trust anew")
    try:
        return _TRUSTED.validate_json(read_bounded(path, _MOST, "remove it, and trust anew"))
    except ValidationError:
        raise QuizproofError(f"{path} is damaged; remove it, and trust anew") from None
