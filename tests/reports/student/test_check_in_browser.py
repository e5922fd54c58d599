"""What a student is shown, as a browser shows it: the page by itself, and within a notebook."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By

from quizproof.reports.notebook import Check, check
from tests.reports.answered import quiz
from tests.reports.test_page_in_browser import browser, pytestmark

__all__ = ["browser", "pytestmark"]

ANSWERS = {"q01": "b", "q02": "a", "q05": ["a", "c"], "q06": {1: "0.9", 2: 0.5}, "q07": "1a 2b"}


@pytest.fixture
def found(tmp_path: Path, planted_site: Path) -> Check:
    asked = quiz(tmp_path / "quiz")
    return check(str(asked), ANSWERS, pack=asked / "pack", language="zh-Hant")


def test_the_page_shows_the_language_that_is_chosen(
    browser: Chrome, found: Check, tmp_path: Path
) -> None:
    browser.get(found.save(tmp_path / "out").as_uri())
    browser.get_log("browser")  # type: ignore[no-untyped-call]
    body = browser.find_element(By.TAG_NAME, "body")
    assert "與你的答案不同" in body.text
    assert "differs from your answer" not in body.text
    browser.find_element(By.CSS_SELECTOR, "label[for=language-en]").click()
    assert "differs from your answer" in body.text
    assert "與你的答案不同" not in body.text
    assert browser.get_log("browser") == []  # type: ignore[no-untyped-call]


def test_a_notebook_keeps_its_looks_and_its_place(
    browser: Chrome, found: Check, tmp_path: Path
) -> None:
    page = tmp_path / "notebook.html"
    first, second = found._repr_html_(), found._repr_html_()
    page.write_text(
        "<!doctype html><meta charset=utf-8><style>table { color: rgb(1, 2, 3) }</style>"
        f"<h1>Mine</h1><table id=mine><tr><td>mine</table>{first}{second}",
        encoding="utf-8",
    )
    browser.get(page.as_uri())
    looks = "return JSON.stringify(getComputedStyle(arguments[0]))"
    mine = browser.find_element(By.ID, "mine")
    with_it = browser.execute_script(looks, mine)
    browser.execute_script("document.querySelectorAll('body > div').forEach(d => d.remove())")
    assert json.loads(browser.execute_script(looks, mine)) == json.loads(with_it)
    browser.refresh()
    for details in browser.find_elements(By.CSS_SELECTOR, "body > div > details > summary"):
        details.click()
    frame = browser.find_elements(By.TAG_NAME, "iframe")[1]
    browser.switch_to.frame(frame)
    link = browser.find_element(By.CSS_SELECTOR, "a.chip[href='#question-q07']")
    link.click()
    assert browser.find_element(By.ID, "question-q07").is_displayed()
    browser.find_element(By.CSS_SELECTOR, "label[for=language-en]").click()
    assert "differs from your answer" in browser.find_element(By.TAG_NAME, "body").text
    browser.switch_to.default_content()
    assert browser.current_url.split("#")[0] == page.as_uri()
    assert browser.find_element(By.TAG_NAME, "h1").text == "Mine"
