"""A class's report, a comparison with a baseline, and a quiz in French, as a browser shows them."""

from __future__ import annotations

from pathlib import Path

import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.support.wait import WebDriverWait

from quizproof.reports.classroom.class_page import render_class
from quizproof.reports.watch.regress_page import render_regression
from quizproof.reports.watch.regression import Regression
from tests.reports.classroom.test_class_page import contradicted, graded
from tests.reports.test_languages import quiz as quiz_in
from tests.reports.test_languages import report_of
from tests.reports.test_page_in_browser import browser, pytestmark
from tests.reports.watch.test_regress import quiz, told

__all__ = ["browser", "pytestmark", "quiz", "told"]


def shown(browser: Chrome, folder: Path, page: str) -> None:
    """Open ``page`` in English and, what a stranger's words are in it, see that nothing ran."""
    file = folder / "page.html"
    file.write_text(page, encoding="utf-8")
    browser.get(file.as_uri())
    assert browser.get_log("browser") == []  # type: ignore[no-untyped-call]
    browser.find_element(By.CSS_SELECTOR, "label[for=language-en]").click()


def in_chinese(browser: Chrome) -> str:
    browser.find_element(By.CSS_SELECTOR, "label[for=language-zh-Hant]").click()
    return browser.find_element(By.TAG_NAME, "body").text


@pytest.mark.parametrize("width", [360, 1200])
def test_a_class_in_the_language_that_is_chosen(
    browser: Chrome, tmp_path: Path, width: int
) -> None:
    shown(browser, tmp_path, render_class(graded(results=contradicted())))
    body = browser.find_element(By.TAG_NAME, "body")
    assert "students graded" in body.text
    assert "已評分學生" not in body.text
    chinese = in_chinese(browser)
    assert "已評分學生" in chinese
    assert "students graded" not in chinese
    assert fits(browser, width)


def test_questions_of_a_class_are_found_and_led_to(browser: Chrome, tmp_path: Path) -> None:
    shown(browser, tmp_path, render_class(graded(results=contradicted())))
    assert browser.title.startswith("✗ 1 · ")

    def seen() -> list[str]:
        found = browser.find_elements(By.CSS_SELECTOR, "article.question")
        return [article.get_attribute("id") or "" for article in found if article.is_displayed()]

    assert seen() == ["question-q01", "question-q22", "question-q29"]
    browser.find_element(By.CSS_SELECTOR, ".finder input").send_keys("q22")
    assert seen() == ["question-q22"]
    browser.execute_script("location.hash = '#q29'")
    WebDriverWait(browser, 5).until(lambda _: len(seen()) == 3)
    place = "document.getElementById('question-q29').getBoundingClientRect()"
    assert browser.execute_script(f"return {place}.top < innerHeight && {place}.bottom > 0")


def test_a_class_s_table_is_sorted_and_had_as_a_file(browser: Chrome, tmp_path: Path) -> None:
    shown(browser, tmp_path, render_class(graded()))
    heads = browser.find_elements(By.CSS_SELECTOR, ".of-items th button")
    right = next(head for head in heads if head.text == "Right")

    def order() -> list[str]:
        found = browser.find_elements(By.CSS_SELECTOR, ".of-items td[data-value]:nth-of-type(3)")
        return [cell.get_attribute("data-value") or "" for cell in found]

    right.click()
    assert order() == sorted(order(), key=float)
    right.click()
    assert order() == sorted(order(), key=float, reverse=True)
    assert right.find_element(By.XPATH, "..").get_attribute("aria-sort") == "descending"
    browser.execute_script(
        "URL.createObjectURL = file => { file.text().then(said => { window.said = said }); "
        "return '#' }"
    )
    browser.execute_script(
        "document.querySelector('.of-items').nextElementSibling.firstChild.click()"
    )
    said = WebDriverWait(browser, 5).until(lambda _: browser.execute_script("return window.said"))
    assert said.splitlines()[0].startswith('"Question","Key","Measurement","Right"')
    assert len(said.splitlines()) == 4


@pytest.mark.parametrize("width", [360, 1200])
def test_a_comparison_in_the_language_that_is_chosen(
    browser: Chrome, told: Regression, tmp_path: Path, width: int
) -> None:
    shown(browser, tmp_path, render_regression(told))
    body = browser.find_element(By.TAG_NAME, "body")
    assert "measured b instead of a" in body.text
    assert "原為：a" not in body.text
    chinese = in_chinese(browser)
    assert "原為：a" in chinese
    assert "measured b instead of a" not in chinese
    assert fits(browser, width)


def fits(browser: Chrome, width: int) -> bool:
    """Whether the page is no wider than a window of ``width`` pixels."""
    browser.set_window_size(width, 900)
    return bool(browser.execute_script("return document.documentElement.scrollWidth <= innerWidth"))


@pytest.mark.parametrize("width", [360, 1200])
def test_a_quiz_in_french_has_its_own_words_in_french(
    browser: Chrome, tmp_path: Path, width: int
) -> None:
    asked = quiz_in(tmp_path / "quiz", ("en", "fr"))
    shown(browser, tmp_path, report_of(asked))
    labels = browser.find_elements(By.CSS_SELECTOR, ".languages label")
    assert [label.text for label in labels] == ["English", "Français"]
    heads = [browser.find_element(By.CSS_SELECTOR, name) for name in ("h1", "#questions")]
    in_english = [head.text for head in heads]
    labels[1].click()
    in_french = [head.text for head in heads]
    assert (in_english[0], in_french[0]) == ("My quiz", "Mon quiz")
    assert in_english[1] == in_french[1] != ""
    browser.find_element(By.CSS_SELECTOR, "[data-do=open]").click()
    assert "le chat" in browser.find_element(By.TAG_NAME, "body").text
    assert fits(browser, width)


def test_plain_words_have_no_switch(browser: Chrome, tmp_path: Path) -> None:
    file = tmp_path / "page.html"
    file.write_text(report_of(quiz_in(tmp_path / "quiz", ())), encoding="utf-8")
    browser.get(file.as_uri())
    assert browser.find_element(By.TAG_NAME, "h1").text == "My quiz"
    assert not browser.find_elements(By.CSS_SELECTOR, "fieldset, input[name=language]")
