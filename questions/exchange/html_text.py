"""Words as HTML, and HTML from strangers as words: what it says is kept, what it looks like not."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Literal, TypeAlias

from quizproof.questions.exchange.exchanged import NotHeldError

Language: TypeAlias = Literal["en", "zh-Hant"]
Note: TypeAlias = Callable[[str], None]

MAX_CHARACTERS = 100_000
MAX_TAGS = 5_000  # html.parser takes the square of the time for what begins tags without end
_LANGUAGES: dict[str, Language] = {
    "en": "en",
    **dict.fromkeys(("zh-hant", "zh_tw", "zh-tw", "zh-hant-tw"), "zh-Hant"),
}
_BLOCKS = re.compile(
    "address|article|blockquote|center|d[dlt]|div|fieldset|figure|footer|form|h[1-6r]|header|li"
    "|main|nav|[ou]l|p|pre|section|table|tr"
)
_UNSEEN = frozenset(["script", "style", "template", "title", "head", "noscript"])
_LOST = frozenset(["audio", "video", "iframe", "object", "embed", "svg", "canvas"])
_VOID = re.compile("area|base|br|col|embed|hr|img|input|link|meta|source|track|wbr")
_COLLAPSING = re.compile(r"[ \t\n\r\f]+")
_NEEDS_PRE = re.compile(r"[\t\r\f]|  |^ | \Z| \n|\n ")


@dataclass(frozen=True)
class Words:
    """The words of a piece of HTML in each language; the same in both where it marks none."""

    en: str
    zh_hant: str
    marked: bool  # whether it has words of either language


def html_of(text: str, tag: str = "p", attributes: str = "") -> str:
    """``text`` as HTML that ``words_of`` reads as the same."""
    style = ' style="white-space: pre-wrap"' if _NEEDS_PRE.search(text) else ""
    escaped = html.escape(text, quote=False).replace("\r", "&#13;").replace("\n", "<br>")
    return f"<{tag}{attributes}{style}>{escaped}</{tag}>"


def words_of(source: str, note: Note) -> Words:
    """The words of ``source``; ``note`` is told what words cannot hold. Raises NotHeldError."""
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
    marked = {piece.language for piece in reader.pieces} >= {"en", "zh-Hant"}
    en = _laid_out(piece for piece in reader.pieces if piece.language != "zh-Hant" or not marked)
    if not marked:
        return Words(en, en, marked=False)
    return Words(en, _laid_out(p for p in reader.pieces if p.language != "en"), marked=True)


@dataclass(frozen=True)
class _Piece:
    kind: Literal["text", "pre", "break", "block"]
    text: str
    language: Language | None


class _Reader(HTMLParser):
    """Notes pieces of text and where lines end."""

    def __init__(self, note: Note) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[_Piece] = []
        self._note = note
        self._open: list[tuple[str, Language | None, bool, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {key: value or "" for key, value in attrs}
        if tag == "br":
            self._add("break", "\n")
        if tag == "img":
            self._image(given)
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
        language, pre = self._language(), self._pre()
        language = _LANGUAGES.get(given.get("lang", "").lower(), language)
        pre = pre or tag == "pre" or "pre-wrap" in given.get("style", "")
        self._open.append((tag, language, pre, _before(tag)))
        if _before(tag):
            self._add("text", _before(tag))

    def handle_endtag(self, tag: str) -> None:
        if _BLOCKS.fullmatch(tag):
            self._add("block")
        if any(tag == open_[0] for open_ in self._open):
            while True:
                closed, _, _, before = self._open.pop()
                if before:
                    self._add("text", "}")
                if closed == tag:
                    return

    def handle_data(self, data: str) -> None:
        if not any(open_[0] in _UNSEEN for open_ in self._open):
            self._add("pre" if self._pre() else "text", data)

    def _image(self, given: dict[str, str]) -> None:
        formula = given.get("data-equation-content") or given.get("alt", "").partition("LaTeX:")[2]
        if formula.strip():
            self._add("text", rf"\({formula.strip()}\)")
            return
        told = given.get("alt", "").strip()
        self._note(f"an image is left out{f' ({told[:60]})' if told else ''}")
        self._add("text", f"({told or 'image'})")

    def _in_row(self) -> bool:
        last = self.pieces[-1] if self.pieces else None
        return last is not None and last.kind != "block"

    def _add(self, kind: Literal["text", "pre", "break", "block"], text: str = "") -> None:
        self.pieces.append(_Piece(kind, text, self._language()))

    def _language(self) -> Language | None:
        return self._open[-1][1] if self._open else None

    def _pre(self) -> bool:
        return bool(self._open) and self._open[-1][2]


def _before(tag: str) -> str:
    return {"sup": "^{", "sub": "_{"}.get(tag, "")


def _laid_out(pieces: Iterator[_Piece]) -> str:
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
