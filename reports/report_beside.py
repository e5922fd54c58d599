"""The page that ``verify --report`` wrote of a quiz, where it lies beside another page."""

from __future__ import annotations

import html
import re
from pathlib import Path
from urllib.parse import quote

from quizproof.reports.output_paths import PAGE

_HEAD = 4096  # bytes of a page that are looked at: the mark is its first lines
_MOST = 200  # folders that are looked into
_MARK = re.compile(rb'<meta name="quizproof" content="verify ([^"]*)">')


def report_beside(folder: Path, quiz: str) -> str:
    """The link from a page in ``folder`` to ``quiz``'s report in a folder beside it, or ""."""
    try:
        above = folder.resolve().parent
        beside = sorted(path for path in above.iterdir() if path.is_dir())[:_MOST]
        found = [path for path in beside if path != folder.resolve() and _is_of(path / PAGE, quiz)]
    except OSError:
        return ""
    return f"../{quote(found[0].name)}/{PAGE}" if found else ""


def _is_of(page: Path, quiz: str) -> bool:
    if not page.is_file():
        return False
    with page.open("rb") as file:
        mark = _MARK.search(file.read(_HEAD))
    return mark is not None and html.unescape(mark[1].decode("utf-8", "replace")) == quiz
