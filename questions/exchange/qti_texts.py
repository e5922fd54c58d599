"""The texts of an item of QTI 1.2: its prompt and its options."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from html import escape, unescape
from xml.etree.ElementTree import Element

from quizproof.questions.exchange.exchanged import NotHeldError
from quizproof.questions.exchange.html_text import Note
from quizproof.questions.exchange.languages import one_line_of, read_line
from quizproof.questions.exchange.naming import option_letters
from quizproof.questions.spec import Option


def prompt_html(item: Element) -> str:
    presentation = item.find("presentation")
    if presentation is None:
        raise NotHeldError("it has no presentation")
    # the prompt stands by itself or in a flow, beside the responses
    # or, as New Quizzes write what goes above and below the items to be put in order, with them
    parents = [
        presentation,
        *presentation.findall("flow"),
        *presentation.findall("response_lid/render_extension"),
    ]
    materials = [material for parent in parents for material in parent.findall("material")]
    pieces = [_as_html(m) for material in materials for m in material if _is_text(m)]
    return "\n".join(pieces)


def renamed(prompt: str, names: Mapping[str, str]) -> str:
    """``prompt`` with its blanks named as ``names`` has them."""
    return re.sub(
        r"\[([^\[\]]+)\]", lambda m: f"[{names.get(unescape(m[1]).strip(), m[1])}]", prompt
    )


def options_of(
    labels: Sequence[Element], note: Note, languages: Sequence[str]
) -> tuple[dict[str, str], dict[str, Option]]:
    """The letters by ident, and the options by letter; those without a text are left out."""
    texts = {label: line_of(label, note) for label in labels}
    shown = [label for label in labels if texts[label]]
    if empty := len(labels) - len(shown):
        note(f"{empty} {'option' if empty == 1 else 'options'} without a text left out")
    if not shown:
        raise NotHeldError("none of its options has a text")
    letters = option_letters([label.get("ident", "") for label in shown])
    options = {
        letters[label.get("ident", "")]: Option(text=read_line(texts[label], languages))
        for label in shown
    }
    return letters, options


def line_of(label: Element, note: Note) -> str:
    """The text of an option."""
    texts = []
    for element in label.iter():
        if element.tag == "mattext":
            text = "".join(element.itertext())
            texts.append(one_line_of(text, note) if _is_html(element) else text)
        elif element.tag == "matimage":
            note("an image is left out")
            texts.append("(image)")
    return " ".join(filter(None, map(str.strip, texts)))


def _is_text(material: Element) -> bool:
    return material.tag in ("mattext", "matimage")


def _as_html(mattext: Element) -> str:
    """A text as HTML, whichever it is written as."""
    if mattext.tag == "matimage":
        return "<img>"
    text = "".join(mattext.itertext())
    return text if _is_html(mattext) else escape(text, quote=False).replace("\n", "<br>")


def _is_html(mattext: Element) -> bool:
    return mattext.get("texttype", "").lower() in ("text/html", "html")
