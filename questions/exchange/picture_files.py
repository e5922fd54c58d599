"""Pictures on their way to or from another system: files of a package, and what shows them."""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from html import escape
from pathlib import PurePosixPath
from typing import TypeAlias
from urllib.parse import quote, unquote

from quizproof.questions.pictures import (
    MAX_ALL_BYTES,
    MAX_PICTURE_BYTES,
    PictureError,
    extension_of,
    is_name,
    pieces,
)

FOLDER = "images/"  # of a package, where text2qti has them, too
BASE = "$IMS-CC-FILEBASE$/"
PLUGIN = "@@PLUGINFILE@@/"
_FOLDERS = (FOLDER, "web_resources/", "Uploaded Media/")
_DATA = re.compile(r"data:image/[\w.+-]{1,40};base64,", re.IGNORECASE)

# The content of the file that a text shows, by what it calls it; None where there is none
Opening: TypeAlias = Callable[[str], bytes | None]


def no_file(_: str) -> None:
    return None


@dataclass
class Taking:
    """Takes the lines to be told of a question, and the pictures that its texts show."""

    tell: Callable[[str], None]
    opening: Opening = no_file
    kept: dict[str, bytes] = field(default_factory=dict)  # by the name that each has here
    _within: dict[str, str] = field(default_factory=dict)

    def __call__(self, line: str) -> None:
        self.tell(line)

    def within(self, uri: str) -> str:
        """A short name for a picture that is written into the text itself."""
        name = f"data:{len(self._within)}"
        self._within[name] = uri
        return name

    def picture(self, source: str) -> str:
        """The name under which the picture at ``source`` is kept; "" where it cannot be."""
        content = _decoded(self._within[source]) if source in self._within else self._open(source)
        if content is None or len(content) > MAX_PICTURE_BYTES:
            return ""
        try:
            ending = extension_of(content)
        except PictureError as error:
            self.tell(f"an image is {error}")
            return ""
        name = _own_name(source)
        number = 1
        while not self._is_free(name, content):
            name, number = f"picture-{number}.{ending}", number + 1
        if sum(map(len, self.kept.values())) + len(content) > MAX_ALL_BYTES:
            self.tell(f"more than {MAX_ALL_BYTES} bytes of images; split the quiz")
            return ""
        self.kept[name] = content
        return name

    def _is_free(self, name: str, content: bytes) -> bool:
        """Tell whether ``content`` can be kept as ``name``: no file is a folder, too."""
        folders = (one for one in self.kept if one.startswith(f"{name}/"))
        within = (one for one in self.kept if name.startswith(f"{one}/"))
        taken = self.kept.get(name, content) != content
        return is_name(name) and not taken and not any(folders) and not any(within)

    def _open(self, source: str) -> bytes | None:
        return self.opening(unquote(source).partition("?")[0])


def as_alternative(words: str) -> str:
    """``words`` as they may stand in brackets."""
    return words.replace("[", "(").replace("]", ")").replace("\n", " ")


def with_images(html: str, names: Collection[str], place: str) -> str:
    """``html`` that was made of a text, with images for those of ``names`` that it shows."""

    def shown(piece: str | tuple[str, str]) -> str:
        if isinstance(piece, str):
            return piece
        words, name = piece
        if name not in names or "<" in words:  # what is within a tag is no word
            return f"![{words}]({name})"
        alternative = words.replace('"', "&quot;")
        return f'<img src="{escape(place + quote(name))}" alt="{alternative}">'

    return "".join(map(shown, pieces(html)))


def _own_name(source: str) -> str:
    path = unquote(source).partition("?")[0].removeprefix(BASE).removeprefix(PLUGIN)
    for folder in _FOLDERS:
        path = path.removeprefix(folder)
    return path if is_name(path) else PurePosixPath(path).name


def _decoded(uri: str) -> bytes | None:
    found = _DATA.match(uri)
    if found is None or len(uri) > 2 * MAX_PICTURE_BYTES:
        return None
    try:
        return b64decode(unquote(uri[found.end() :]))
    except ValueError:
        return None
