"""Quizzes in plain text: text2qti's form, which the library text2qti reads."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from quizproof.questions.exchange.canvas_read import read_canvas_package
from quizproof.questions.exchange.exchanged import Exchanged, ExchangeError
from quizproof.questions.files import read_bounded
from quizproof.questions.problems import one_line

SUFFIXES = (".txt", ".md", ".text")
MAX_BYTES = 1_000_000


def read_text(path: Path) -> list[Exchanged]:
    """The quiz in ``path``. Raises ExchangeError, OSError.

    Nothing in the file is run, and no other file is opened: a code block is refused by text2qti,
    whose own settings are not read, and an image is left out, which text2qti would open.
    """
    try:
        from text2qti.config import Config
        from text2qti.err import Text2qtiError
        from text2qti.qti import QTI
        from text2qti.quiz import Quiz
    except ImportError:
        raise ExchangeError(
            f"{path}: plain text is read with text2qti; install quizproof[text]"
        ) from None
    text = _text(path)
    settings = Config(run_code_blocks=False, pandoc_mathml=False)
    try:
        with _images_unopened():
            package: bytes = QTI(Quiz(text, config=settings, source_name=path.name)).zip_bytes()
    except Text2qtiError as error:
        raise ExchangeError(f"{path}: {one_line(str(error))}; mend it there") from None
    except Exception as error:  # whatever text2qti did not foresee in a file
        why = one_line(f"{type(error).__name__}: {error}", 200)
        raise ExchangeError(f"{path}: text2qti cannot read it ({why}); mend it") from None
    with TemporaryDirectory() as folder:
        written = Path(folder) / path.name
        written.write_bytes(package)
        try:
            return read_canvas_package(written)
        except ExchangeError as error:
            raise ExchangeError(f"{path}{str(error).removeprefix(str(written))}") from None


@contextmanager
def _images_unopened() -> Iterator[None]:
    """Keep text2qti from opening what an image names: it stays a link, which is told of later."""
    from text2qti import markdown

    def unopened(pattern: str, processor: object, _: object) -> object:
        return markdown.ImageInlineProcessor(pattern, processor)

    opening = markdown.Text2qtiImagePattern
    markdown.Text2qtiImagePattern = unopened
    try:
        yield
    finally:
        markdown.Text2qtiImagePattern = opening


def _text(path: Path) -> str:
    try:
        return read_bounded(path, MAX_BYTES, "split the quiz").decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ExchangeError(f"{path}: not UTF-8 (byte {error.start}); save it as UTF-8") from None
