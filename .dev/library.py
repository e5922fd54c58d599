"""Writes `probes/library/README.md`: every probe, what it measures and what a report shows of it.

    python .dev/library.py            # the words
    python .dev/library.py pictures   # and pictures: measures each example, in Chromium

A picture is the example of a probe as `quizproof probes NAME` prints it, in the report of `verify`,
opened. It is measured on the first pack that has what it takes: the embedded one, a bundled quiz's,
or one with a table that is made here.
"""

from __future__ import annotations

import base64
import io
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from quizproof import verify
from quizproof.probes.catalogue import catalogue
from quizproof.probes.declaration import Probe
from quizproof.probes.engine.results import Run, State
from quizproof.probes.packs.manifest_file import named_file, write_parts
from quizproof.probes.packs.pack import EMBEDDED
from quizproof.questions.quiz import bundled_quiz
from quizproof.reports.html import render_html
from quizproof.reports.probes import drawing, question_to_paste

ROOT = Path(__file__).resolve().parents[1]
LIBRARY = ROOT / "probes" / "library"
ROOMS = {"picture": "Pictures", "language": "Language", "table": "Tables and functions"}
PACKS = ("photographs", "sentences")  # quizzes whose packs have what the embedded one lacks
TABLE = "table"  # a pack with rows of a spam filter and of prices, made here
WIDTH, SCALE, QUALITY = 900, 0.8, 65

HEAD = """\
# The library of probes

What can be measured, and what a report shows of it. `quizproof probes NAME` prints the parameters,
the measures and a question to paste: the one that is measured here, on the pack that comes with the
program, on that of a bundled quiz, or on a table of random rows. `.dev/library.py` makes this page.
"""


def text() -> str:
    """The page, of the probes that the program declares."""
    own = {n: p for n, p in catalogue().items() if p.run.__module__.startswith("quizproof.")}
    return "\n".join([HEAD, *_rooms(own)])


def _rooms(probes: dict[str, Probe]) -> Iterator[str]:
    for room, title in ROOMS.items():
        here = {n: p for n, p in probes.items() if p.run.__module__.split(".")[2] == room}
        yield f"## {title}\n"
        for name, probe in sorted(here.items()):
            yield from _entry(name, probe)


def _entry(name: str, probe: Probe) -> Iterator[str]:
    takes = ", ".join(dict.fromkeys(k for part in probe.parts.values() for k in part.kinds))
    yield f"### {name}\n"
    yield f"{probe.summary} ({takes or 'no pack'}; {drawing(probe)})\n"
    if (LIBRARY / f"{name}.webp").is_file():
        yield f"![the report of {name}]({name}.webp)\n"


def quiz_of(probes: dict[str, Probe], folder: Path) -> Path:
    """A quiz that asks each probe's example, by the names of the probes."""
    names = {name: f"q{k:02}" for k, name in enumerate(sorted(probes), 1)}
    asked = ", ".join(names.values())
    head = f"id: library\ntitle: The library of probes\nquestions: [{asked}]\n"
    (folder / "quiz.yaml").write_text(head, encoding="utf-8")
    for name, file in names.items():
        (folder / f"{file}.yaml").write_text(question_to_paste(probes[name]), encoding="utf-8")
    return folder


def take_pictures(names: set[str]) -> None:
    """Measure the examples of ``names`` and keep what their reports look like."""
    left = {name: probe for name, probe in catalogue().items() if name in names}
    for pack in (None, *PACKS, TABLE):
        if not left:
            return
        with tempfile.TemporaryDirectory() as folder:
            quiz = quiz_of(left, Path(folder))
            run = verify(quiz, pack=_pack(pack, Path(folder, "pack")))
            page = Path(folder, "index.html")
            page.write_text(render_html(run), encoding="utf-8")
            done = set(_measured(run))
            rows = {name: f"q{k:02}" for k, name in enumerate(sorted(left), 1)}
            _shoot(page, {name: row for name, row in rows.items() if name in done})
        left = {name: probe for name, probe in left.items() if name not in done}
    print("no picture of:", ", ".join(sorted(left)) or "none", file=sys.stderr)


def _pack(name: str | None, folder: Path) -> Path | None:
    """The pack of a bundled quiz, by its name, or one with a table, made in ``folder``."""
    if name is None:
        return None  # the embedded one
    if name != TABLE:
        return bundled_quiz(name)
    shutil.copytree(EMBEDDED, folder)
    drawn, rows = np.random.default_rng(16), ["label,said,p,area,age,price"]
    for _ in range(300):
        p, area, age = drawn.random(), drawn.uniform(30, 200), drawn.uniform(0, 60)
        label = "spam" if drawn.random() < p**3 else "ham"
        price = 3 * area - 2 * age + drawn.normal(0, 20)
        rows.append(
            f"{label},{'spam' if p > 0.5 else 'ham'},{p:.3f},{area:.0f},{age:.0f},{price:.0f}"
        )
    (folder / "table.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    file = named_file(folder, "table.csv").model_dump(exclude_unset=True)
    write_parts(folder, {"table": {"kind": "table", **file}}, [])
    return folder


def _measured(run: Run) -> Iterator[str]:
    for result in run.results:
        if result.state not in (State.MISSING, State.FAILED, State.KEY_INVALID):
            assert result.question.probe is not None
            yield result.question.probe.name
        else:
            print(result.question.id, result.state, result.reason, file=sys.stderr)


def _shoot(page: Path, rows: dict[str, str]) -> None:
    from PIL import Image
    from selenium.webdriver import Chrome, ChromeOptions, ChromeService
    from selenium.webdriver.common.by import By

    options = ChromeOptions()
    options.binary_location = shutil.which("chromium") or ""
    for flag in ("--headless=new", "--no-sandbox", "--disable-gpu", f"--window-size={WIDTH},4000"):
        options.add_argument(flag)
    browser = Chrome(options, ChromeService(shutil.which("chromedriver")))
    try:
        for name, row in rows.items():
            browser.get(f"{page.as_uri()}#{row}")
            shown = browser.find_element(By.ID, row)
            where = browser.execute_script(
                "const r = arguments[0].getBoundingClientRect();"
                "return {x: r.x + scrollX, y: r.y + scrollY, width: r.width, height: r.height}",
                shown,
            )
            clip = {**where, "height": min(where["height"], 1100), "scale": SCALE}
            asked = {"clip": clip, "captureBeyondViewport": True}
            taken = browser.execute_cdp_cmd("Page.captureScreenshot", asked)["data"]
            picture = Image.open(io.BytesIO(base64.b64decode(taken))).convert("RGB")
            picture.save(LIBRARY / f"{name}.webp", quality=QUALITY, method=6)
    finally:
        browser.quit()


if __name__ == "__main__":
    LIBRARY.mkdir(exist_ok=True)
    if sys.argv[1:2] == ["pictures"]:
        take_pictures(set(sys.argv[2:]) or set(catalogue()))
    (LIBRARY / "README.md").write_text(text(), encoding="utf-8")
