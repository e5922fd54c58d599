"""The pages that ``verify --report`` wrote of a quiz, where they lie beside another page."""

from __future__ import annotations

import html
import re
from pathlib import Path
from urllib.parse import quote

from quizproof.reports.output_paths import PAGE

_HEAD = 65_536  # bytes of a page that are looked at: the marks are its first lines
_MOST = 200  # folders that are looked into
_MARK = re.compile(rb'<meta name="quizproof" content="verify ([^"]*)">')
_QUESTIONS = re.compile(rb'<meta name="quizproof-questions" content="([^"]*)">')


def evidence_beside(folder: Path, quiz: str) -> dict[str, str]:
    """The link of each question to the newest report of ``quiz`` that has it, beside ``folder``."""
    found: dict[str, str] = {}
    try:
        above = folder.resolve().parent
        beside = sorted(path for path in above.iterdir() if path.is_dir())[:_MOST]
        pages = [path / PAGE for path in beside if path != folder.resolve()]
        pages = [page for page in pages if page.is_file()]
        for page in sorted(pages, key=lambda page: page.stat().st_mtime):
            link = f"../{quote(page.parent.name)}/{PAGE}"
            found |= {question: f"{link}#{quote(question)}" for question in _told(page, quiz)}
    except OSError:
        return {}
    return found


def _told(page: Path, quiz: str) -> list[str]:
    """The questions that ``page`` tells of, if it is a report of ``quiz``."""
    with page.open("rb") as file:
        head = file.read(_HEAD)
    mark, questions = _MARK.search(head), _QUESTIONS.search(head)
    if mark is None or questions is None or _text(mark[1]) != quiz:
        return []
    return _text(questions[1]).split()


def _text(content: bytes) -> str:
    return html.unescape(content.decode("utf-8", "replace"))
