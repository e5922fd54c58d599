"""The report as a browser shows it: opened from disk, with a strict policy and hostile words."""

from __future__ import annotations

import base64
import io
import json
import os
import shutil
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from PIL import Image
from selenium.webdriver import Chrome, ChromeOptions, ChromeService
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement

from quizproof.questions.spec import Text
from quizproof.reports.html import render_html
from quizproof.reports.packs_page import render_packs
from tests.reports.runs import every_state, pack_rows

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
DRIVER = shutil.which("chromedriver")
FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

pytestmark = pytest.mark.skipif(
    (CHROMIUM is None or DRIVER is None) and "CI" not in os.environ,
    reason="no chromium and chromedriver on the path (Debian: chromium, chromium-driver)",
)


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chrome]:
    assert CHROMIUM is not None
    assert DRIVER is not None
    options = ChromeOptions()
    options.binary_location = CHROMIUM
    for flag in (*FLAGS, f"--user-data-dir={tmp_path_factory.mktemp('profile')}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = Chrome(options, ChromeService(DRIVER))
    yield driver
    driver.quit()


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("report") / "index.html"
    path.write_text(render_html(every_state()), encoding="utf-8")
    return path.as_uri()


@pytest.fixture
def page(browser: Chrome, address: str) -> Iterator[Chrome]:
    """The report freshly opened, in English, 1400 pixels wide."""
    for log in ("browser", "performance"):
        browser.get_log(log)  # type: ignore[no-untyped-call]
    browser.get("about:blank")  # so that a #place in the address is no mere jump
    show(browser, width=1400)
    browser.get(address)
    yield browser
    show(browser, width=1400)


def show(browser: Chrome, *, width: int, dark: bool = False, media: str = "") -> None:
    metrics = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": media, "features": [scheme]})


def chinese(browser: Chrome) -> None:
    browser.find_element(By.CSS_SELECTOR, "label[for=language-zh-Hant]").click()


def shown_words(browser: Chrome, lang: str) -> int:
    """How many words of the report in ``lang`` have a place on the screen."""
    count: int = browser.execute_script(
        "return [...document.querySelectorAll(`.t.in-${arguments[0]}`)]"
        ".filter(e => e.getClientRects().length).length",
        lang,
    )
    return count


def find(browser: Chrome, selector: str) -> WebElement:
    return browser.find_element(By.CSS_SELECTOR, selector)


def test_opens_quietly_and_asks_for_nothing(page: Chrome, address: str) -> None:
    assert page.get_log("browser") == []  # type: ignore[no-untyped-call]
    messages = [json.loads(entry["message"])["message"] for entry in page.get_log("performance")]  # type: ignore[no-untyped-call]
    asked = [m["params"] for m in messages if m["method"] == "Network.requestWillBeSent"]
    ours = [request["request"]["url"] for request in asked if request["documentURL"] == address]
    assert [url for url in ours if not url.startswith("data:")] == [address]


def test_hostile_words_do_not_run(page: Chrome) -> None:
    assert page.title == "A planted quiz · 一份測驗 · quizproof"
    assert page.find_elements(By.TAG_NAME, "script") == []
    assert "<script>document.title = 'run'</script>" in find(page, "#question-q08").text


def test_policy_stops_a_script_that_got_in_all_the_same(page: Chrome) -> None:
    page.execute_script(
        "const s = document.createElement('script'); s.textContent = 'document.title = 1';"
        "document.body.append(s)"
    )
    assert page.title.endswith("quizproof")
    assert "Content Security Policy" in page.get_log("browser")[0]["message"]  # type: ignore[no-untyped-call]


def test_hostile_writing_direction_stays_inside_its_words(page: Chrome) -> None:
    isolates: list[str] = page.execute_script(
        """const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), found = [];
        while (walk.nextNode()) if (walk.currentNode.data.includes('\\u202e'))
            found.push(getComputedStyle(walk.currentNode.parentElement).unicodeBidi);
        return found"""
    )
    assert len(isolates) > 5
    assert set(isolates) <= {"isolate", "isolate-override"}


def test_language_switches_by_mouse(page: Chrome) -> None:
    assert find(page, "h1").text == "A planted quiz"
    chinese(page)
    assert find(page, "h1").text == "一份測驗"
    assert find(page, "#standing").text == "10 題預期答案中，1 題獲得證實"
    assert shown_words(page, "en") == 0 < shown_words(page, "zh-Hant")


def test_language_switches_by_keyboard(page: Chrome) -> None:
    find(page, "#language-en").send_keys(Keys.ARROW_RIGHT)
    assert find(page, "h1").text == "一份測驗"
    find(page, "#language-zh-Hant").send_keys(Keys.ARROW_LEFT)
    assert find(page, "h1").text == "A planted quiz"


def test_language_is_not_remembered(page: Chrome) -> None:
    chinese(page)
    page.refresh()
    assert find(page, "h1").text == "A planted quiz"


@pytest.mark.parametrize("width", [360, 736, 1400])
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_fits_every_width(page: Chrome, width: int, lang: str) -> None:
    if lang == "zh":
        chinese(page)
    show(page, width=width)
    too_wide: list[str] = page.execute_script(
        """return [...document.querySelectorAll('body *')].filter(e => !e.closest('.skip, .hidden')
            && !e.closest('.scroll') && e.getBoundingClientRect().right > innerWidth + 1)
            .map(e => e.tagName + '.' + e.className)"""
    )
    assert too_wide == []
    assert page.execute_script("return document.documentElement.scrollWidth") <= width


def test_chips_lead_to_their_questions(page: Chrome) -> None:
    find(page, ".strip a[href='#question-q06']").click()
    assert page.current_url.endswith("#question-q06")
    top = "return document.querySelector('#question-q06').getBoundingClientRect().top"
    assert 0 <= page.execute_script(top) < 100


def pixels(browser: Chrome, selector: str) -> Any:
    """The colours of the first element that ``selector`` finds, (N, 3)."""
    place = browser.execute_script(
        "const r = document.querySelector(arguments[0]).getBoundingClientRect();"
        "return {x: r.x + scrollX, y: r.y + scrollY, width: r.width, height: r.height, scale: 1}",
        selector,
    )
    shot = browser.execute_cdp_cmd(
        "Page.captureScreenshot", {"captureBeyondViewport": True, "clip": place}
    )
    with Image.open(io.BytesIO(base64.b64decode(shot["data"]))) as image:
        return np.asarray(image.convert("RGB")).reshape(-1, 3)


def test_pictures_and_maps_are_really_painted(page: Chrome) -> None:
    for panel in range(1, 4):
        painted = pixels(page, f"#question-q01 .panel:nth-child({panel}) > svg")
        assert len(np.unique(painted, axis=0)) > 100
    for panel in range(2, 4):
        bar = pixels(page, f"#question-q01 .panel:nth-child({panel}) .colours svg")
        assert len(np.unique(bar, axis=0)) > 50


def test_margins_are_drawn_on_their_side_of_zero(page: Chrome) -> None:
    def places(selector: str) -> list[float]:
        found = page.find_elements(By.CSS_SELECTOR, f"#question-q01 {selector}")
        return [element.rect["x"] + element.rect["width"] / 2 for element in found]

    holds, fails = places(".estimate")
    zero, also_zero = places(".threshold")
    assert zero == pytest.approx(also_zero)
    assert holds > zero > fails
    assert holds - zero == pytest.approx(zero - fails, abs=1)


def test_dark_when_the_reader_prefers_it(page: Chrome) -> None:
    light = pixels(page, ".standing").mean()
    show(page, width=1400, dark=True)
    assert pixels(page, ".standing").mean() < 80 < 200 < light


def test_prints_on_white_without_the_switch(page: Chrome) -> None:
    show(page, width=800, dark=True, media="print")
    assert not find(page, ".languages").is_displayed()
    assert pixels(page, ".standing").mean() > 200
    assert page.execute_cdp_cmd("Page.printToPDF", {})["data"]


def test_drawings_are_named_in_the_chosen_language(page: Chrome) -> None:
    def named() -> list[str]:
        nodes = page.execute_cdp_cmd("Accessibility.getFullAXTree", {})["nodes"]
        roles = [(node.get("role", {}).get("value"), node.get("name", {})) for node in nodes]
        return [name.get("value", "") for role, name in roles if role in ("image", "img")]

    assert " ".join(named()[0].split()) == "Picture 1 as the model sees it Outlined food bar"
    chinese(page)
    assert " ".join(named()[0].split()) == "模型所見的圖片 1 輪廓線 食物 bar"


@pytest.fixture(scope="module")
def packs_address(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("packs") / "index.html"
    title = Text(en="Planted", zh_hant="種")
    path.write_text(render_packs(title, title.languages, pack_rows(), 6), encoding="utf-8")
    return path.as_uri()


@pytest.mark.parametrize("width", [1400, 360])
def test_many_packs_have_a_table_that_fits(browser: Chrome, packs_address: str, width: int) -> None:
    for log in ("browser", "performance"):
        browser.get_log(log)  # type: ignore[no-untyped-call]
    show(browser, width=width)
    browser.get(packs_address)
    assert browser.get_log("browser") == []  # type: ignore[no-untyped-call]
    assert browser.title == "Planted · 種 · quizproof"
    wide: int = browser.execute_script("return document.documentElement.scrollWidth")
    assert wide <= width
    heads = [th.text for th in browser.find_elements(By.CSS_SELECTOR, ".packs thead th")]
    assert heads == ["Pack", "q9", "q10"]
    cells = [
        [cell.text for cell in row.find_elements(By.CSS_SELECTOR, "td, th")]
        for row in browser.find_elements(By.CSS_SELECTOR, ".packs tbody tr")
    ]
    assert [row[0] for row in cells[:4]] == ["ann", "ben", "cid", "dora"]
    assert cells[1][2].endswith("c")
    assert cells[3][2] == ""
    link = find(browser, ".packs tbody tr:nth-child(2) td:nth-child(3) a").get_attribute("href")
    assert link == packs_address.replace("index.html", "ben/index.html#question-q10")
    assert shown_words(browser, "zh-Hant") == 0
    chinese(browser)
    assert shown_words(browser, "en") == 0
    assert "6 個資料包中只完成 4 個" in find(browser, ".alert").text
    show(browser, width=1400)
