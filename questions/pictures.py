"""Pictures that a quiz shows: files of its folder, named in a text as ``![in words](figure.png)``.

What reads a file here looks at no more than its size; ``sound`` opens one, for whoever shows it.
"""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from quizproof.questions.files import read_bounded
from quizproof.questions.languages import placed_texts
from quizproof.questions.problems import InputError, QuizproofError
from quizproof.questions.spec import Question, Text

MAX_PICTURE_BYTES = 4 * 2**20
MAX_ALL_BYTES = 32 * 2**20  # of a quiz: a page holds them all
MAX_SIDE = 8192
MAX_PIXELS = 16 * 10**6
FORMATS = {"PNG": "png", "JPEG": "jpg", "WEBP": "webp", "GIF": "gif"}

_NAME = r"(?:[\w-][\w.-]*/)*[\w-][\w.-]*\.(?:png|jpe?g|webp|gif)"
_SHOWN = re.compile(rf"!\[([^\[\]\n]*)\]\(({_NAME})\)", re.ASCII | re.IGNORECASE)
_MEANT = re.compile(r"!\[[^\[\]\n]*\]\(([^()\s]*)\)")


class PictureError(QuizproofError):
    """A file that is no picture to be shown; the message says why, and what to do."""


@dataclass(frozen=True)
class Picture:
    """A picture made anew of what was decoded, so that nothing else of a file is passed on."""

    content: bytes
    media_type: str
    width: int
    height: int


def is_name(name: str) -> bool:
    """Tell whether a picture may be called so: within the folder, and like a picture."""
    return re.fullmatch(_NAME, name, re.ASCII | re.IGNORECASE) is not None and len(name) <= 200


def pictures_in(words: str) -> Iterator[tuple[str, str]]:
    """The alternative text and the file of every picture that ``words`` show."""
    return ((match[1], match[2]) for match in _SHOWN.finditer(words))


def mistaken_in(words: str) -> Iterator[str]:
    """The files that ``words`` name as a picture, and that are none of a quiz's folder."""
    return (match[1] for match in _MEANT.finditer(words) if not _SHOWN.fullmatch(match[0]))


def pieces(words: str) -> Iterator[str | tuple[str, str]]:
    """``words``, and each picture in them as its alternative text and its file."""
    at = 0
    for match in _SHOWN.finditer(words):
        yield words[at : match.start()]
        yield match[1], match[2]
        at = match.end()
    yield words[at:]


def in_words(words: str) -> str:
    """``words`` where no picture can be shown: each as its alternative text, in brackets."""
    return _SHOWN.sub(lambda match: f"({match[1] or match[2]})", words)


def without_pictures(words: str) -> str:
    return _SHOWN.sub("", words)


def named_pictures(questions: Iterable[Question]) -> tuple[str, ...]:
    """The files of the pictures that ``questions`` show, each once."""
    texts = (text for question in questions for _, text in placed_texts(question))
    return tuple(
        dict.fromkeys(name for words in _all_words(texts) for _, name in pictures_in(words))
    )


def read_picture(folder: Path, name: str) -> bytes:
    """The file called ``name`` in the quiz's ``folder``. Raises InputError, PictureError."""
    path = folder / name
    if not path.resolve().is_relative_to(folder.resolve()):
        raise PictureError(f"{name} lies outside the quiz's folder; put the file itself into it")
    return read_bounded(path, MAX_PICTURE_BYTES, "make the picture smaller")


def read_pictures(folder: Path, questions: Iterable[Question]) -> dict[str, bytes]:
    """The pictures that ``questions`` show, by name; lint tells of those that cannot be read."""
    found: dict[str, bytes] = {}
    left = MAX_ALL_BYTES
    for name in named_pictures(questions):
        try:
            content = read_picture(folder, name)
        except (InputError, PictureError, OSError):
            continue
        if len(content) <= left:
            found[name] = content
            left -= len(content)
    return found


@lru_cache(256)
def sound(content: bytes) -> Picture:
    """The picture in ``content``, the first where there are several. Raises PictureError."""
    from PIL import Image, ImageOps

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            with Image.open(io.BytesIO(content), formats=tuple(FORMATS)) as found:
                width, height = found.size
                if max(width, height) > MAX_SIDE or width * height > MAX_PIXELS:
                    raise PictureError(f"{width} × {height} pixels; make it smaller")
                kind = found.format or ""
                upright = ImageOps.exif_transpose(found)
                made = upright.convert("RGB" if kind == "JPEG" else "RGBA")
    except PictureError:
        raise
    except Exception as error:  # whatever a decoder says of a file that is none
        raise PictureError(
            f"no picture that can be read ({type(error).__name__}); save it anew as PNG or JPEG"
        ) from None
    buffer = io.BytesIO()
    made.save(buffer, "JPEG" if kind == "JPEG" else "PNG")
    media_type = "image/jpeg" if kind == "JPEG" else "image/png"
    return Picture(buffer.getvalue(), media_type, *made.size)


def extension_of(content: bytes) -> str:
    """The ending for the name of the picture in ``content``. Raises PictureError."""
    from PIL import Image

    sound(content)
    with Image.open(io.BytesIO(content), formats=tuple(FORMATS)) as found:
        return FORMATS[found.format or "PNG"]


def _all_words(texts: Iterable[Text]) -> Iterator[str]:
    for text in texts:
        yield from (text.in_(language) for language in text.languages or [""])
