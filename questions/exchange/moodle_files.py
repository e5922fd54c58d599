"""The files of a question of Moodle, which stand in it, each beside the text that shows it."""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Mapping
from pathlib import PurePosixPath
from xml.etree.ElementTree import Element, SubElement

from quizproof.questions.exchange.picture_files import PLUGIN, Opening, with_images
from quizproof.questions.pictures import pictures_in


def files_of(element: Element) -> Opening:
    """What opens the files of a question; of two of one name that differ, neither."""
    found: dict[str, bytes | None] = {}
    for file in element.iter("file"):
        name = f"{file.get('path', '/').strip('/')}/{file.get('name', '')}".lstrip("/")
        content = _decoded(file)
        found[name] = content if found.get(name, content) == content else None

    def opened(source: str) -> bytes | None:
        return found.get(source.removeprefix(PLUGIN)) if source.startswith(PLUGIN) else None

    return opened


def show_pictures(element: Element, pictures: Mapping[str, bytes]) -> None:
    """Make images of the pictures in the texts of a question, and put the files beside each."""
    for holder in [found for found in element.iter() if found.get("format") == "html"]:
        text = holder.find("text")
        if text is None or not text.text:
            continue
        named = dict.fromkeys(name for _, name in pictures_in(text.text) if name in pictures)
        text.text = with_images(text.text, named, PLUGIN)
        for name in named:
            path = PurePosixPath("/", name)
            folder = "/" if path.parent == PurePosixPath("/") else f"{path.parent}/"
            file = SubElement(holder, "file", name=path.name, path=folder, encoding="base64")
            file.text = b64encode(pictures[name]).decode("ascii")


def _decoded(file: Element) -> bytes | None:
    if file.get("encoding") != "base64":
        return None
    try:
        return b64decode(file.text or "")
    except ValueError:
        return None
