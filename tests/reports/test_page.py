"""The frame that every page is within."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from typing import Any

import pytest

from quizproof.questions.spec import Text
from quizproof.reports.classroom.class_page import render_class
from quizproof.reports.html import page_environment, render_html
from quizproof.reports.packs_page import render_packs
from quizproof.reports.page import render_page
from tests.reports.classroom.test_class_page import graded
from tests.reports.parsed import parsed
from tests.reports.runs import every_state, pack_rows, text

TITLE = Text.model_validate(text("A quiz", "測驗"))
PAGES: dict[str, tuple[Callable[[], str], bool]] = {  # and whether it shows pictures
    "report": (lambda: render_html(every_state()), True),
    "packs": (lambda: render_packs(TITLE, TITLE.languages, pack_rows(), 6), False),
    "class": (lambda: render_class(graded()), False),
}


def digest(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


@pytest.mark.parametrize("name", PAGES)
def test_the_policy_allows_our_style_and_our_script_alone(name: str) -> None:
    render, pictures = PAGES[name]
    page = render()
    assert page.startswith("<!doctype html>\n")
    tree = parsed(page)
    [policy] = [
        meta.attributes["content"]
        for meta in tree.all("meta")
        if meta.attributes.get("http-equiv") == "Content-Security-Policy"
    ]
    [style] = tree.one("style").children
    assert isinstance(style, str)
    [script] = tree.one("script").children
    assert isinstance(script, str)
    assert set(policy.split("; ")) - {"img-src data:"} == {
        "default-src 'none'",
        f"style-src 'sha256-{digest(style)}'",
        f"script-src 'sha256-{digest(script)}'",
        "base-uri 'none'",
        "form-action 'none'",
    }
    assert ("img-src data:" in policy) == pictures


@pytest.mark.parametrize(
    ("first", "checked"),
    [("en", "language-en"), ("zh-Hant", "language-zh-Hant"), ("fr", "language-en")],
)
def test_the_language_that_is_shown_first(first: str, checked: str) -> None:
    counts = dict.fromkeys(("asked", "done", "wrong", "on_stand_in", "lacking"), 0)
    shown: dict[str, Any] = {"rows": [], "questions": [], "differs": (), **counts}
    page = render_page(
        page_environment(TITLE.languages),
        "packs.html.j2",
        TITLE,
        first=first,
        **shown,
        states=[],
        splits=[],
        tone="plain",
    )
    [button] = [each for each in parsed(page).all("input") if "checked" in each.attributes]
    assert button.attributes["id"] == checked


def test_no_control_character_reaches_a_page_and_no_title_is_turned() -> None:
    title = Text("A\x00\x07\x1b[31m\x7f\x85\x9b \u202etitle\u2066 é")
    page = render_packs(title, ("en",), pack_rows(), 6)
    assert not [c for c in page if c not in "\t\n\r" and (c < " " or "\x7f" <= c < "\xa0")]
    named = parsed(page).one("title").text()
    assert named.isprintable()
    assert "title" in named
    assert "é" in named
