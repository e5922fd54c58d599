"""The report as a browser shows it: opened from disk, with a strict policy and hostile words."""

from __future__ import annotations

import base64
import io
import json
import os
import re
import shutil
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from PIL import Image
from selenium.webdriver import ActionChains, Chrome, ChromeOptions, ChromeService
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.wait import WebDriverWait

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
    """The report freshly opened, in English, nothing remembered, 1400 pixels wide."""
    for log in ("browser", "performance"):
        browser.get_log(log)  # type: ignore[no-untyped-call]
    browser.get("about:blank")  # so that a #place in the address is no mere jump
    show(browser, width=1400)
    browser.get(address)
    browser.execute_script("localStorage.clear()")
    browser.refresh()
    for log in ("browser", "performance"):
        browser.get_log(log)  # type: ignore[no-untyped-call]
    browser.refresh()
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
    assert page.title == "✗ 2 · A planted quiz · 一份測驗 · quizproof"
    assert len(page.find_elements(By.TAG_NAME, "script")) == 1
    find(page, ".entry[data-id=q08] > summary").click()
    assert "<script>document.title = 'run'</script>" in find(page, "#q08").text


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
    said = find(page, "#standing").text.replace("\u200b", "")
    assert said == "標準答案有 2 題錯誤。一題獲得證實。7 題尚未定案。"
    assert shown_words(page, "en") == 0 < shown_words(page, "zh-Hant")


def test_language_switches_by_keyboard(page: Chrome) -> None:
    find(page, "#language-en").send_keys(Keys.ARROW_RIGHT)
    assert find(page, "h1").text == "一份測驗"
    find(page, "#language-zh-Hant").send_keys(Keys.ARROW_LEFT)
    assert find(page, "h1").text == "A planted quiz"


def test_language_and_theme_are_remembered(page: Chrome) -> None:
    chinese(page)
    find(page, "[data-do=theme]").click()
    assert pixels(page, ".standing").mean() < 80
    page.refresh()
    assert find(page, "h1").text == "一份測驗"
    assert find(page, "html").get_attribute("lang") == "zh-Hant"
    assert pixels(page, ".standing").mean() < 80
    find(page, "[data-do=theme]").click()
    assert pixels(page, ".standing").mean() > 200


def test_what_the_address_asks_for_comes_before_what_is_remembered(
    page: Chrome, address: str
) -> None:
    page.get(f"{address}?language=zh-Hant&theme=dark")
    assert find(page, "h1").text == "一份測驗"
    assert pixels(page, ".standing").mean() < 80


def test_the_first_screen_says_what_is_wrong_and_whose_evidence_it_is(page: Chrome) -> None:
    for width in (1440, 1024, 360):
        show(page, width=width)
        for selector in ("#standing", ".whose", ".card h3"):
            place = find(page, selector).rect
            assert place["y"] + place["height"] <= 900, (width, selector)


def shown_rows(page: Chrome) -> list[str]:
    entries = page.find_elements(By.CSS_SELECTOR, ".entry")
    return [e.get_attribute("data-id") or "" for e in entries if e.is_displayed()]


def test_questions_are_filtered_by_state_evidence_and_words(page: Chrome) -> None:
    assert len(shown_rows(page)) == 8
    find(page, ".tools [data-state=confirmed]").click()
    assert shown_rows(page) == ["q01"]
    assert find(page, "[data-count]").text == "1"
    find(page, ".tools [data-state='']").click()
    find(page, ".tools [data-evidence=nothing]").click()
    nothing = shown_rows(page)
    assert 0 < len(nothing) < 8
    find(page, ".tools [data-evidence=nothing]").click()
    assert len(shown_rows(page)) == 8
    find(page, ".tools input").send_keys("q22")
    assert shown_rows(page) == ["q22"]


def test_questions_are_sorted_by_a_column_both_ways(page: Chrome) -> None:
    number = find(page, ".row-head [data-sort=n] button")
    number.click()
    assert shown_rows(page) == sorted(shown_rows(page))
    number.click()
    assert shown_rows(page) == sorted(shown_rows(page), reverse=True)
    assert number.get_attribute("aria-pressed") == "true"
    arrow = "return getComputedStyle(arguments[0], '::after').content"
    assert "▾" in page.execute_script(arrow, number)


def test_an_address_opens_its_question(page: Chrome, address: str) -> None:
    assert not find(page, "#q01").is_displayed()
    page.get("about:blank")
    page.get(f"{address}#q01")
    assert find(page, "#q01").is_displayed()
    page.refresh()
    assert find(page, "#q01").is_displayed()


def test_a_card_leads_to_its_evidence(page: Chrome) -> None:
    assert not find(page, "#q02").is_displayed()
    find(page, ".card a[href='#q02']").click()
    assert find(page, "#q02").is_displayed()


def test_the_keyboard_goes_through_the_questions(page: Chrome) -> None:
    body = find(page, "body")
    body.send_keys("j")
    assert page.switch_to.active_element == find(page, ".entry[data-id=q02] > summary")
    page.switch_to.active_element.send_keys("j")
    assert page.switch_to.active_element == find(page, ".entry[data-id=q06] > summary")
    page.switch_to.active_element.send_keys("k")
    page.switch_to.active_element.send_keys("/")
    assert page.switch_to.active_element == find(page, ".tools input")


def test_without_script_everything_can_be_opened(page: Chrome, address: str) -> None:
    page.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        page.get(address)
        assert not find(page, ".tools").is_displayed()
        find(page, ".entry[data-id=q01] > summary").click()
        assert find(page, "#q01 .options").is_displayed()
    finally:
        page.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})


@pytest.mark.parametrize("width", [320, 736, 1400])
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_fits_every_width(page: Chrome, width: int, lang: str) -> None:
    if lang == "zh":
        chinese(page)
    show(page, width=width)
    page.execute_script("document.querySelectorAll('details').forEach(d => { d.open = true })")
    WebDriverWait(page, 5).until(lambda _: page.find_elements(By.CSS_SELECTOR, "#q01 .view"))
    too_wide: list[str] = page.execute_script(
        """return [...document.querySelectorAll('body *')].filter(e => !e.closest('.skip, .hidden')
            && !e.closest('.scroll') && e.getBoundingClientRect().right > innerWidth + 1)
            .map(e => e.tagName + '.' + e.className)"""
    )
    assert too_wide == []
    assert page.execute_script("return document.documentElement.scrollWidth") <= width


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
    show(page, width=1400, media="print")
    find(page, ".entry[data-id=q01] > summary").click()
    for panel in range(1, 4):
        painted = pixels(page, f"#q01 .panel:nth-child({panel}) > svg")
        assert len(np.unique(painted, axis=0)) > 100
    for panel in range(2, 4):
        bar = pixels(page, f"#q01 .panel:nth-child({panel}) .colours svg")
        assert len(np.unique(bar, axis=0)) > 50


def viewer(page: Chrome) -> WebElement:
    """The viewer of q01's maps: a disc outlined as food, a bar, two maps."""
    find(page, ".entry[data-id=q01] > summary").click()
    return WebDriverWait(page, 5).until(lambda _: find(page, "#q01 .view"))


def test_a_slider_goes_from_the_picture_to_the_map(page: Chrome) -> None:
    viewer(page)
    assert not find(page, "#q01 .panels").is_displayed()
    stage = find(page, "#q01 .stage").rect
    assert 420 <= stage["width"] <= 640
    half = pixels(page, "#q01 .layers")
    slide = find(page, "#q01 .slide input")
    slide.send_keys(Keys.END)
    whole = pixels(page, "#q01 .layers")
    slide.send_keys(Keys.HOME)
    none = pixels(page, "#q01 .layers")
    assert len({colours.tobytes() for colours in (half, whole, none)}) == 3
    assert (half != whole).any(axis=1).mean() < (none != whole).any(axis=1).mean()


def test_the_picture_is_dragged_over_with_a_pointer(page: Chrome) -> None:
    layers = viewer(page).find_element(By.CSS_SELECTOR, ".layers")
    move = ActionChains(page).move_to_element(layers).click_and_hold()
    move.move_by_offset(100, 0).release().perform()
    share = 50 + 100 * 100 / layers.rect["width"]
    assert float(find(page, "#q01 .slide input").get_attribute("value") or 0) == pytest.approx(
        share, abs=1
    )


def test_another_map_is_picked_and_enlarged(page: Chrome) -> None:
    viewer(page)
    before = pixels(page, "#q01 .layers")
    chips = page.find_elements(By.CSS_SELECTOR, "#q01 .pick .chip")
    assert [chip.text for chip in chips] == ["Saliency", "Signed"]
    chips[1].send_keys(Keys.ENTER)
    assert (pixels(page, "#q01 .layers") != before).any()
    width = find(page, "#q01 .layers").rect["width"]
    find(page, "#q01 [data-zoom]").click()
    assert find(page, "#q01 .layers").rect["width"] == pytest.approx(2 * width, rel=0.05)


def test_a_row_lights_up_the_regions_it_speaks_of(page: Chrome) -> None:
    viewer(page)
    assert not page.find_elements(By.CSS_SELECTOR, "#q01 .label.lit")
    row = find(page, "#q01 .numbers tbody[data-regions=food]")
    page.execute_script("arguments[0].focus()", row)
    lit = page.find_elements(By.CSS_SELECTOR, "#q01 .label.lit")
    assert [label.text for label in lit] == ["food 0.7"]
    assert find(page, "#q01 .layers .marks .lit").get_attribute("data-region") == "food"
    ActionChains(page).move_to_element(find(page, "#q01 .label[data-region=bar]")).perform()
    assert find(page, "#q01 .options tr.lit")


def test_one_goes_through_the_draws_that_are_kept(page: Chrome) -> None:
    viewer(page)
    before, after = page.find_elements(By.CSS_SELECTOR, "#q01 [data-step]")
    first = pixels(page, "#q01 .layers")
    assert find(page, "#q01 .which").text == "draw 1 of 8 (2 kept)"
    assert before.get_attribute("aria-disabled") == "true"
    before.click()
    assert find(page, "#q01 .which").text == "draw 1 of 8 (2 kept)"
    after.click()
    assert find(page, "#q01 .which").text == "draw 2 of 8 (2 kept)"
    assert (pixels(page, "#q01 .layers") != first).any()
    assert after.get_attribute("aria-disabled") == "true"
    assert page.switch_to.active_element == after
    before.click()
    assert (pixels(page, "#q01 .layers") == first).all()


def test_draws_are_dots_on_their_side_of_the_limit(page: Chrome) -> None:
    find(page, ".entry[data-id=q01] > summary").click()
    limit = find(page, "#q01 tr.holds .threshold").rect
    for model in (0, 1):
        assert find(page, f"#q01 tr.holds .dots.model-{model}").rect["x"] > limit["x"]
    assert len(np.unique(pixels(page, "#q01 tr.holds svg.draws"), axis=0)) > 3


def test_dark_when_the_reader_prefers_it(page: Chrome) -> None:
    light = pixels(page, ".standing").mean()
    show(page, width=1400, dark=True)
    assert pixels(page, ".standing").mean() < 80 < 200 < light


def test_prints_on_white_without_the_switch(page: Chrome) -> None:
    show(page, width=800, dark=True, media="print")
    assert not find(page, ".languages").is_displayed()
    assert pixels(page, ".standing").mean() > 200
    page.execute_script(
        "window.opened = 0;"
        "addEventListener('beforeprint', () => { window.opened = "
        "document.querySelectorAll('.entry[open]').length })"
    )
    paper = page.execute_cdp_cmd("Page.printToPDF", {"preferCSSPageSize": True})
    assert 2 <= len(re.findall(rb"/Type\s*/Page\b", base64.b64decode(paper["data"]))) <= 4
    assert page.execute_script("return window.opened") == 2  # the evidence of the wrong ones
    assert not page.find_elements(By.CSS_SELECTOR, ".entry[open]")


def test_no_column_is_lost_on_paper_and_no_prompt_cut(page: Chrome) -> None:
    show(page, width=650, media="print")  # a sheet of A4 between its margins
    row = find(page, ".entry[data-id=q01] > summary")
    for column in ("n", "q", "key", "measured", "state", "sure", "whose"):
        assert row.find_element(By.CSS_SELECTOR, f".c-{column}").is_displayed()
    cut: int = page.execute_script(
        "return [...document.querySelectorAll('.c-q, .card .prompt')]"
        ".filter(e => e.scrollHeight > e.clientHeight + 1).length"
    )
    assert cut == 0
    closed = page.find_elements(By.CSS_SELECTOR, "details:not([open], .entry)")
    assert closed
    assert not [part for part in closed if part.is_displayed()]
    page.execute_script(
        "const row = document.querySelector('.entry[data-id=q01]');"
        "row.open = true; row.dataset.opened = ''"
    )
    assert find(page, "#q01 .axis-text").is_displayed()


def test_drawings_are_named_in_the_chosen_language(page: Chrome) -> None:
    def named() -> list[str]:
        nodes = page.execute_cdp_cmd("Accessibility.getFullAXTree", {})["nodes"]
        roles = [(node.get("role", {}).get("value"), node.get("name", {})) for node in nodes]
        return [name.get("value", "") for role, name in roles if role in ("image", "img")]

    viewer(page)
    assert " ".join(named()[0].split()) == (
        "Picture 1 as the model sees it Outlined food food_x 0.7 bar bar_x 0.8"
    )
    chinese(page)
    assert " ".join(named()[0].split()) == "模型所見的圖片 1 輪廓線 食物 food_x 0.7 bar bar_x 0.8"


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
    browser.execute_script("localStorage.clear()")
    browser.refresh()
    assert browser.get_log("browser") == []  # type: ignore[no-untyped-call]
    assert browser.title == "✗ 2 · Planted · 種 · quizproof"
    wide: int = browser.execute_script("return document.documentElement.scrollWidth")
    assert wide <= width
    heads = [
        th.get_attribute("textContent")
        for th in browser.find_elements(By.CSS_SELECTOR, ".packs thead th")
    ]
    assert heads == ["Pack模型包", "q9", "q10"]
    cells = [
        [(cell.text.removeprefix("q10 ")) for cell in row.find_elements(By.CSS_SELECTOR, "td, th")]
        for row in browser.find_elements(By.CSS_SELECTOR, ".packs tbody tr")
    ]
    assert [row[0] for row in cells[:4]] == ["ann", "ben", "cid", "dora"]
    assert cells[1][2].endswith("c")
    assert cells[3][2] == ""
    cell = find(browser, ".packs tbody tr:nth-child(2) td:nth-child(3) a")
    link = cell.get_attribute("href")
    assert link == packs_address.replace("index.html", "ben/index.html#q10")
    assert " ".join((cell.get_attribute("textContent") or "").split()).startswith("ben q10 ✗")
    outside = "a => a.getBoundingClientRect().right > innerWidth"
    every = f"[...document.querySelectorAll('.packs a')].filter({outside}).length"
    for media in ("print", ""):
        show(browser, width=width, media=media)
        assert browser.execute_script(f"return {every}") == 0
    assert shown_words(browser, "zh-Hant") == 0
    chinese(browser)
    assert shown_words(browser, "en") == 0
    assert "6 個模型包中只完成 4 個" in find(browser, ".alert").text
    show(browser, width=1400)
