"""The page of the library is of the probes that there are."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "probes" / "library" / "README.md"


def test_it_is_what_is_written_of_them() -> None:
    assert PAGE.read_text(encoding="utf-8") == maker().text()


def test_its_pictures_are_there_and_no_others() -> None:
    shown = set(re.findall(r"\((\S+\.webp)\)", PAGE.read_text(encoding="utf-8")))
    assert shown == {path.name for path in PAGE.parent.glob("*.webp")}


def maker() -> ModuleType:
    spec = importlib.util.spec_from_file_location("library", ROOT / ".dev" / "library.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
