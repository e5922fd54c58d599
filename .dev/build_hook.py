"""How the three rooms become the package ``quizproof`` where pip installs it.

A wheel holds copies. With ``pip install -e`` there are links instead, in `.dev/path/quizproof/`,
which is the one folder put on Python's path: what is edited is what runs, and type checkers and
editors, which run no code to find a module, follow links. Windows gives links to folders to
everybody (junctions), but links to files only to some: there the files of the package itself are
copied, and an edit of these takes another ``pip install -e .``.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

ROOMS = ("questions", "probes", "reports")
PACKAGE = Path("reports", "package")  # what is `quizproof/` itself
LINKS = Path(".dev", "path", "quizproof")


class Rooms(BuildHookInterface):  # type: ignore[misc]
    """Called by hatch before it writes a wheel."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Add the package's own files to a wheel; for an editable one, make the links."""
        root = Path(self.root)
        own = sorted(path.name for path in (root / PACKAGE).iterdir() if path.is_file())
        if version != "editable":
            for name in own:
                build_data["force_include"][str(PACKAGE / name)] = f"quizproof/{name}"
            return
        (root / LINKS).mkdir(parents=True, exist_ok=True)
        for name in ROOMS:
            link(root / LINKS / name, root / name)
        for name in own:
            link(root / LINKS / name, root / PACKAGE / name)


def link(place: Path, target: Path) -> None:
    """Make ``place`` lead to ``target``, whatever it led to. Raises OSError for a full folder."""
    if place.is_symlink() or place.is_file():
        place.unlink()
    elif place.exists():
        place.rmdir()  # a junction, of which this takes the link alone
    if sys.platform != "win32":
        place.symlink_to(target)
    elif target.is_dir():
        import _winapi

        _winapi.CreateJunction(str(target), str(place))
    else:
        shutil.copyfile(target, place)
