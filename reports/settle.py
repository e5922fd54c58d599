"""``quizproof settle``: write into a quiz which pack its questions are about."""

from __future__ import annotations

import re
from pathlib import Path
from tempfile import TemporaryDirectory

from quizproof.probes.packs.pack import Pack
from quizproof.probes.packs.settling_lines import settling_lines
from quizproof.questions.files import read_bounded, write_whole
from quizproof.questions.problems import InputError, QuizproofError
from quizproof.questions.quiz import QUIZ_FILE, bundled_quiz, read_head, shown_path
from quizproof.questions.spec import SettledBy
from quizproof.questions.yaml_file import MAX_BYTES
from quizproof.reports import exit_codes
from quizproof.reports.telling import tell

_BLOCK = re.compile(r"^settled_by:.*\n(?:(?:[ \t].*)?\n)*?(?=\S|\Z)", re.MULTILINE)


def settle(quiz: str, pack: Path) -> int:
    """Write ``settled_by`` of ``quiz`` for ``pack``, and nothing else; returns the exit code.

    Raises QuizproofError for a quiz that comes with the program, and one whose file cannot be
    edited without another change.
    """
    folder = bundled_quiz(quiz)
    path = folder / QUIZ_FILE
    if shown_path(path) != path:
        raise QuizproofError(
            f"{quiz} comes with the program; make it your own first: quizproof copy {quiz} DIR"
        )
    head, _ = read_head(folder)
    opened = Pack(pack)
    lines = list(settling_lines(opened))
    text = read_bounded(path, MAX_BYTES).decode("utf-8-sig")
    settled = settled_text(text, lines)
    _check(folder, settled, head.model_copy(update={"settled_by": SettledBy()}).model_dump())
    write_whole(path, settled)
    tell(f"written: {path}, settled by {opened.manifest.name} ({len(opened.parts)} parts)")
    return exit_codes.NOTHING_TO_COMPLAIN_OF


def settled_text(text: str, lines: list[str]) -> str:
    """``text`` with ``lines`` in the place of its ``settled_by``, or at its end."""
    block = "\n".join([*lines, ""])
    text = text if text.endswith("\n") else f"{text}\n"
    if _BLOCK.search(text) is None:
        return f"{text}{block}"
    return _BLOCK.sub(lambda _: block, text, count=1)


def _check(folder: Path, text: str, before: object) -> None:
    """See that ``text`` says what was said before, but for ``settled_by``."""
    with TemporaryDirectory() as passing:
        (Path(passing) / QUIZ_FILE).write_text(text, encoding="utf-8")
        try:
            head, _ = read_head(Path(passing))
        except InputError:
            head = None
    same = head and head.model_copy(update={"settled_by": SettledBy()}).model_dump() == before
    if not same or head is None or head.settled_by == SettledBy():
        raise QuizproofError(
            f"{folder / QUIZ_FILE} cannot be edited without another change; "
            "paste what `quizproof pack show` prints"
        )
