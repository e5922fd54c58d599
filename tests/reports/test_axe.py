"""Every page as axe-core sees it: both languages, light and dark, all of it opened."""

from __future__ import annotations

from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from selenium.webdriver import Chrome

from quizproof.questions.spec import Text
from quizproof.reports.classroom.class_page import render_class
from quizproof.reports.html import render_html
from quizproof.reports.notebook import check
from quizproof.reports.packs_page import render_packs
from quizproof.reports.watch.regress_page import render_regression
from quizproof.reports.watch.regression import Regression
from tests.reports.answered import quiz as answered_quiz
from tests.reports.classroom.test_class_page import contradicted, graded
from tests.reports.runs import every_state, pack_rows
from tests.reports.test_page_in_browser import browser, pytestmark
from tests.reports.watch.test_regress import quiz, told

__all__ = ["browser", "pytestmark", "quiz", "told"]

AXE = files("axe_core_python").joinpath("axe.min.js").read_text(encoding="utf-8")
OPENED = "document.querySelectorAll('details').forEach(d => { d.open = true })"
RUN = """const done = arguments[arguments.length - 1];
axe.run(document, {resultTypes: ['violations']}).then(found => done(found.violations.map(
    broken => `${broken.id}: ${broken.nodes.slice(0, 3).map(node => node.html.slice(0, 120))}`)))"""


LOOKS = [
    "language=en&theme=light",
    "language=zh-Hant&theme=dark",
    pytest.param("language=en&theme=dark", marks=pytest.mark.slow),
    pytest.param("language=zh-Hant&theme=light", marks=pytest.mark.slow),
]
every_look = pytest.mark.parametrize("look", LOOKS)


def violations(browser: Chrome, page: Path, look: str) -> Any:
    """What axe says of ``page``, all of it opened."""
    browser.get(f"{page.as_uri()}?{look}")
    browser.execute_script(OPENED)
    browser.execute_script(AXE)
    return browser.execute_async_script(RUN)


PAGES: dict[str, Callable[[], str]] = {
    "verify": lambda: render_html(every_state()),
    "packs": lambda: render_packs(Text(en="Many", zh_hant="多"), ("en", "zh-Hant"), pack_rows(), 6),
    "class": lambda: render_class(graded(results=contradicted())),
}


@every_look
@pytest.mark.parametrize("name", PAGES)
def test_a_page_has_no_violation(browser: Chrome, tmp_path: Path, name: str, look: str) -> None:
    page = tmp_path / "index.html"
    page.write_text(PAGES[name](), encoding="utf-8")
    assert violations(browser, page, look) == []


@every_look
def test_a_comparison_has_no_violation(
    browser: Chrome, told: Regression, tmp_path: Path, look: str
) -> None:
    page = tmp_path / "index.html"
    page.write_text(render_regression(told), encoding="utf-8")
    assert violations(browser, page, look) == []


@every_look
def test_a_student_s_page_has_no_violation(
    browser: Chrome, planted_site: Path, tmp_path: Path, look: str
) -> None:
    asked = answered_quiz(tmp_path / "quiz")
    page = check(str(asked), {"q01": "b", "q02": "a"}, pack=asked / "pack").save(tmp_path / "out")
    assert violations(browser, page, look) == []
