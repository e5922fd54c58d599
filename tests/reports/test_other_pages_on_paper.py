"""The pages beside verify's on paper: in brief, and whole where that is asked for."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By

from quizproof.probes.engine.results import State
from quizproof.questions.responses import Response
from quizproof.questions.scoring import Policy
from quizproof.reports.classroom.class_page import render_class
from quizproof.reports.student.check_page import render_check
from quizproof.reports.student.marking import checked
from quizproof.reports.watch.regress_page import render_regression
from quizproof.reports.watch.regression import Regression
from tests.reports.classroom.test_class_page import contradicted, graded
from tests.reports.runs import choice, illustration, measured, result
from tests.reports.student.test_headline import checked_quiz
from tests.reports.test_page_in_browser import browser, pytestmark
from tests.reports.watch.test_regress import quiz, told

__all__ = ["browser", "pytestmark", "quiz", "told"]

HIDDEN = "[...document.querySelectorAll('{0}')].filter(e => e.checkVisibility()).length"
CUT = (
    "return [...document.querySelectorAll('.prompt, .told .option')]"
    ".filter(e => e.checkVisibility() && e.scrollHeight > e.clientHeight + 1).length"
)


def class_page() -> str:
    return render_class(graded(results=contradicted()))


def check_page() -> str:
    """One answer that is as measured and one that is not, each with maps."""
    pages = [
        checked(
            result(
                State.CONFIRMED,
                choice(name),
                measurement=measured(),
                illustrations=[illustration()],
                settles=True,
            ),
            Response(frozenset(given)),
            Policy.ALL_OR_NOTHING,
        )
        for name, given in (("q01", "a"), ("q02", "b"))
    ]
    return render_check(checked_quiz(*pages))


def printed(browser: Chrome) -> int:
    """The sheets of the page as it is."""
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})
    paper = browser.execute_cdp_cmd("Page.printToPDF", {"preferCSSPageSize": True})
    return len(re.findall(rb"/Type\s*/Page\b", base64.b64decode(paper["data"])))


def seen(browser: Chrome, selector: str) -> int:
    found: int = browser.execute_script(f"return {HIDDEN.format(selector)}")
    return found


def opened(browser: Chrome, folder: Path, page: str) -> None:
    (folder / "page.html").write_text(page, encoding="utf-8")
    browser.get((folder / "page.html").as_uri())
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})


@pytest.mark.parametrize(("page", "told_of"), [(class_page, 1), (check_page, 1)])
def test_a_page_is_printed_in_brief_and_whole_where_that_is_asked_for(
    browser: Chrome, tmp_path: Path, page: Callable[[], str], told_of: int
) -> None:
    opened(browser, tmp_path, page())
    in_brief_and_whole(browser, told_of)


def test_a_comparison_is_printed_in_brief_and_whole_where_that_is_asked_for(
    browser: Chrome, tmp_path: Path, told: Regression
) -> None:
    opened(browser, tmp_path, render_regression(told))
    in_brief_and_whole(browser, told_of=2)


def in_brief_and_whole(browser: Chrome, told_of: int) -> None:
    every = len(browser.find_elements(By.CSS_SELECTOR, "article.question"))
    assert seen(browser, "article.question") == seen(browser, ".question.told") == told_of < every
    assert seen(browser, ".told .option, .told .of-class th") > 0
    assert seen(browser, ".brief figure, .brief .columns, .brief svg.margin") == 0
    assert seen(browser, ".paper-note") == 1
    assert browser.execute_script(CUT) == 0
    brief = printed(browser)
    assert brief <= 4
    browser.execute_script(
        "window.asked = 0; window.print = () => { window.asked += 1 };"
        "document.querySelector('[data-do=paper]').click()"
    )
    assert browser.execute_script("return window.asked") == 1
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    assert seen(browser, "article.question") == every
    assert seen(browser, ".paper-note") == 0
    assert seen(browser, "article details:not([open])") == 0
    assert printed(browser) >= brief
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    assert seen(browser, "article.question") == told_of  # once is once


def test_the_button_is_there_for_who_can_press_it(browser: Chrome, tmp_path: Path) -> None:
    opened(browser, tmp_path, class_page())
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})
    button = browser.find_element(By.CSS_SELECTOR, "[data-do=paper]")
    assert button.is_displayed()
    assert "列印全部" in (button.get_attribute("textContent") or "")
    assert seen(browser, "article.question") == 3
    assert seen(browser, ".paper-note") == 0
