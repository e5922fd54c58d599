"""The forms that quizzes are exchanged in, by name, and which of them a file is in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from quizproof.questions.exchange.canvas import canvas_package
from quizproof.questions.exchange.canvas_read import read_canvas_package
from quizproof.questions.exchange.exchanged import Exchanged, ExchangeError, some_read
from quizproof.questions.exchange.moodle_read import read_moodle
from quizproof.questions.exchange.moodle_write import moodle_xml
from quizproof.questions.exchange.qti_read import read_assessments
from quizproof.questions.exchange.safe_xml import MAX_BYTES, parse_xml
from quizproof.questions.exchange.safe_zip import MAX_ZIP_BYTES
from quizproof.questions.exchange.text_read import SUFFIXES, read_text
from quizproof.questions.files import open_bounded, read_bounded


@dataclass(frozen=True)
class Form:
    """A form that a quiz can be written in.

    ``write`` gives the file, and a line for each question that is left out of it or cut there.
    """

    what: str
    suffix: str
    write: Callable[[Exchanged], tuple[bytes, list[str]]]


FORMS: Mapping[str, Form] = {
    "canvas": Form("Canvas (QTI 1.2)", ".zip", canvas_package),
    "moodle": Form("Moodle (XML)", ".xml", moodle_xml),
}


def read_quizzes(path: Path) -> list[Exchanged]:
    """The quizzes in a file of any of these forms, unread ones among them.

    Raises QuizproofError where none of them can be read, OSError.
    """
    with open_bounded(path, MAX_ZIP_BYTES, "export one quiz alone") as file:
        start = file.read(64)
    if start.startswith(b"PK"):
        return read_canvas_package(path)
    if start.removeprefix(b"\xef\xbb\xbf").lstrip().startswith((b"<", b"\xff\xfe", b"\xfe\xff")):
        return _read_xml(path)
    if path.suffix.lower() in SUFFIXES:
        return read_text(path)
    raise ExchangeError(
        f"{path}: neither a zip nor XML nor text; name a QTI 1.2 package of Canvas, a Moodle XML "
        "file, or a .txt of text2qti"
    )


def _read_xml(path: Path) -> list[Exchanged]:
    root = parse_xml(read_bounded(path, MAX_BYTES, "split the quiz"), str(path))
    if root.tag == "quiz" and root.find("question") is not None:
        return some_read([read_moodle(root)], str(path))
    if root.tag == "questestinterop":
        return some_read(read_assessments(root, str(path)), str(path))
    raise ExchangeError(
        f"{path}: its root is <{root.tag}>; a quiz is <questestinterop> in QTI 1.2 and <quiz> in "
        "Moodle XML"
    )
