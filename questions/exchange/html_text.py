"""Words as HTML, and HTML from strangers as words: what it says is kept, what it looks like not."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Literal, TypeAlias

from quizproof.questions.exchange.exchanged import NotHeldError
from quizproof.questions.exchange.picture_files import Taking, as_alternative
from quizproof.questions.text import language_tag

Note: TypeAlias = Callable[[str], None]
# words that are marked as in no language, or by the languages that they are marked as
Words: TypeAlias = str | dict[str, str]

MAX_CHARACTERS = 100_000
MAX_LANGUAGES = 50
MAX_TAGS = 5_000  # html.parser takes the square of the time for what begins tags without end
_BLOCKS = re.compile(
    "address|article|blockquote|center|d[dlt]|div|fieldset|figure|footer|form|h[1-6r]|header|li"
    "|main|nav|[ou]l|p|pre|section|table|tr"
)
_UNSEEN = frozenset(["script", "style", "template", "title", "head", "noscript"])
_LOST = frozenset(["audio", "video", "iframe", "object", "embed", "svg", "canvas"])
_VOID = re.compile("area|base|br|col|embed|hr|img|input|link|meta|source|track|wbr")
# a picture written into the text itself, which may be longer than any text
_PICTURE_WITHIN = re.compile(r"""(src\s{0,9}=\s{0,9}["'])(data:[^"'<>]*)""", re.IGNORECASE)
_COLLAPSING = re.compile(r"[ \t\n\r\f]+")
_NEEDS_PRE = re.compile(r"[\t\r\f]|  |^ | \Z| \n|\n ")


def html_of(text: str, tag: str = "p", attributes: str = "") -> str:
    """``text`` as HTML that ``words_of`` reads as the same."""
    style = ' style="white-space: pre-wrap"' if _NEEDS_PRE.search(text) else ""
    escaped = html.escape(text, quote=False).replace("\r", "&#13;").replace("\n", "<br>")
    return f"<{tag}{attributes}{style}>{escaped}</{tag}>"


def words_of(source: str, note: Note) -> Words:
    """The words of ``source``; ``note`` is told what words cannot hold. Raises NotHeldError."""
    keep = note.within if isinstance(note, Taking) else lambda _: ""
    source = _PICTURE_WITHIN.sub(lambda match: match[1] + keep(match[2]), source)
    if len(source) > MAX_CHARACTERS:
        raise NotHeldError(f"a text of {len(source)} characters")
    if source.count("<") > MAX_TAGS:
        raise NotHeldError(f"a text with {source.count('<')} tags")
    reader = _Reader(note)
    try:
        reader.feed(source)
        reader.close()
    except AssertionError:  # how html.parser refuses a malformed <![…]>
        raise NotHeldError("its HTML cannot be read") from None
    languages = _languages(reader.pieces)
    if len(languages) > MAX_LANGUAGES:
        raise NotHeldError(f"a text in {len(languages)} languages")
    if not languages:
        return _laid_out(reader.pieces)
    return {
        language: _laid_out(
            piece
            for piece in reader.pieces
            if piece.language == language or piece.language not in languages
        )
        for language in languages
    }


@dataclass(frozen=True)
class _Piece:
    kind: Literal["text", "pre", "break", "block"]
    text: str
    language: str  # "" where none is marked
    apart: bool  # whether what is in that language stands apart: is no word within a line


@dataclass(frozen=True)
class _Open:
    """An element that is not closed yet."""

    tag: str = ""
    language: str = ""
    apart: bool = False
    pre: bool = False
    before: str = ""


class _Reader(HTMLParser):
    """Notes pieces of text and where lines end."""

    def __init__(self, note: Note) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[_Piece] = []
        self._note = note
        self._open: list[_Open] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {key: value or "" for key, value in attrs}
        if tag == "br":
            self._add("break", "\n")
        if tag == "img":
            self._image(given)
        if tag == "a" and "@@PLUGINFILE@@" in given.get("href", ""):
            self._note("a file that it links to is left out")
        if tag in _LOST:
            self._note(f"an embedded {tag} is left out")
        if _BLOCKS.fullmatch(tag):
            self._add("block")
        if tag == "li":
            self._add("text", "- ")
        if tag in ("td", "th") and self._in_row():
            self._add("text", " | ")
        if _VOID.fullmatch(tag) or len(self._open) > 200:
            return
        around = self._open[-1] if self._open else _Open()
        multilang = "multilang" in given.get("class", "").split()
        language, apart = around.language, around.apart
        # a foreign word within what is marked is part of it
        if (named := _language(given.get("lang", ""))) and (multilang or not language):
            language, apart = named, multilang or _BLOCKS.fullmatch(tag) is not None
        pre = around.pre or tag == "pre" or "pre-wrap" in given.get("style", "")
        self._open.append(_Open(tag, language, apart=apart, pre=pre, before=_before(tag)))
        if _before(tag):
            self._add("text", _before(tag))

    def handle_endtag(self, tag: str) -> None:
        if _BLOCKS.fullmatch(tag):
            self._add("block")
        if any(tag == open_.tag for open_ in self._open):
            while True:
                closed = self._open.pop()
                if closed.before:
                    self._add("text", "}")
                if closed.tag == tag:
                    return

    def handle_data(self, data: str) -> None:
        if not any(open_.tag in _UNSEEN for open_ in self._open):
            self._add("pre" if self._open and self._open[-1].pre else "text", data)

    def _image(self, given: dict[str, str]) -> None:
        formula = given.get("data-equation-content") or given.get("alt", "").partition("LaTeX:")[2]
        if formula.strip():
            self._add("text", rf"\({formula.strip()}\)")
            return
        alternative = given.get("alt", "").strip()
        if isinstance(self._note, Taking) and (name := self._note.picture(given.get("src", ""))):
            self._add("pre", f"![{as_alternative(given.get('alt', ''))}]({name})")
            return
        self._note(f"an image is left out{f' ({alternative[:60]})' if alternative else ''}")
        self._add("text", f"({alternative or 'image'})")

    def _in_row(self) -> bool:
        last = self.pieces[-1] if self.pieces else None
        return last is not None and last.kind != "block"

    def _add(self, kind: Literal["text", "pre", "break", "block"], text: str = "") -> None:
        around = self._open[-1] if self._open else _Open()
        self.pieces.append(_Piece(kind, text, around.language, around.apart))


def _languages(pieces: Sequence[_Piece]) -> list[str]:
    """The languages that the words of ``pieces`` are in.

    Where some are in none, they belong to all; a foreign word in them makes no language.
    """
    words = [
        piece
        for piece in pieces
        if piece.text.strip() or (piece.language and piece.kind in ("pre", "break"))
    ]
    if all(piece.language for piece in words):
        return list(dict.fromkeys(piece.language for piece in words))
    apart = list(dict.fromkeys(piece.language for piece in words if piece.apart))
    return apart if len(apart) > 1 else []


def _language(attribute: str) -> str:
    """The language that ``lang`` names, by Moodle's codes as well; "" where it names none."""
    return "zh-Hant" if attribute.lower() == "zh_tw" else language_tag(attribute)


def _before(tag: str) -> str:
    return {"sup": "^{", "sub": "_{"}.get(tag, "")


def _laid_out(pieces: Iterable[_Piece]) -> str:
    """As a browser would: white space is one space, and none stands at the end of a line."""
    lines: list[str] = [""]
    space = fresh = False  # a space to come; a line was ended by a block
    for piece in pieces:
        if piece.kind == "pre":
            lines[-1] += (" " if space and lines[-1] else "") + piece.text
            space = fresh = False
        elif piece.kind == "break":
            lines.append("")
            space = fresh = False
        elif piece.kind == "block":
            if lines[-1]:
                lines.append("")
                fresh = True
            space = False
        else:
            words = _COLLAPSING.sub(" ", piece.text)
            if not words.strip(" "):
                space = space or bool(words)
                continue
            lead = (space or words.startswith(" ")) and lines[-1] != ""
            lines[-1] += (" " if lead else "") + words.strip(" ")
            space, fresh = words.endswith(" "), False
    if fresh:
        lines.pop()
    return "\n".join(lines)
