"""A distribution of probes that behave and misbehave, and a quiz that asks them."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from tests.planted import planted_pack

PROBES = """
import math, os, time
from quizproof.probes import Classifier, Pictures
from quizproof.probes.probe import Draw, Measure, category, probe

NUMBER = (Measure("x", "share", 0.0, 1.0, "planted"),)

@probe("planted.good", measures=NUMBER, tolerance=1e-6)
def good(bench, *, x: float = 0.9):
    yield Draw({"x": x})

@probe("planted.twice", measures=NUMBER)
def twice(bench, *, x: float = 0.9):
    yield Draw({"x": x})
    yield Draw({"x": 1 - x})

@probe("planted.random", measures=NUMBER, stochastic=True)
def random(bench, *, x: float = 0.9):
    import numpy as np
    k = 0
    while True:
        rng = np.random.default_rng(bench.draw_seed(k))
        yield Draw({"x": float(rng.uniform(x - 0.1, x + 0.1))})
        k += 1

def brightness(photos):
    return float(photos.pixels(0, (8, 8)).mean())

@probe("planted.bright", measures=NUMBER, stochastic=True)
def bright(bench, *, photos: Pictures):
    import numpy as np
    x, k = brightness(photos), 0
    while True:
        rng = np.random.default_rng(bench.draw_seed(k))
        yield Draw({"x": float(rng.uniform(max(0, x - 0.1), min(1, x + 0.1)))})
        k += 1

@probe("planted.bright_exactly", measures=NUMBER, tolerance=0.01)
def bright_exactly(bench, *, photos: Pictures):
    yield Draw({"x": brightness(photos)})

@probe("planted.raises", measures=NUMBER)
def raises(bench):
    raise RuntimeError("a fault\\nof two lines")
    yield

@probe("planted.nan", measures=NUMBER)
def nan(bench):
    yield Draw({"x": math.nan})

@probe("planted.outside", measures=NUMBER)
def outside(bench):
    yield Draw({"x": 1.5})

@probe("planted.nothing", measures=NUMBER)
def nothing(bench):
    return
    yield

@probe("planted.other", measures=NUMBER)
def other(bench):
    yield Draw({"y": 0.5})

@probe("planted.hangs", measures=NUMBER)
def hangs(bench):
    time.sleep(3600)
    yield

def passing(bench):
    # what the bench counts as passes, of a model that is none
    from types import SimpleNamespace
    from quizproof.probes.models.passes import Passes
    model = SimpleNamespace(passes=Passes(), description="planted", device="cpu")
    return bench.loaded.setdefault("planted", model).passes

@probe("planted.passes", measures=NUMBER)
def passes(bench):
    made = passing(bench)
    for _ in range(12):
        made.forward += 1
        time.sleep(1)
    yield Draw({"x": 0.9})

@probe("planted.passes_and_spins", measures=NUMBER)
def passes_and_spins(bench):
    made = passing(bench)
    made.forward += 1234
    made.backward += 1000
    while True:
        sum(range(1000))
    yield

@probe("planted.dies", measures=NUMBER)
def dies(bench):
    os._exit(3)
    yield

@probe("planted.eats", measures=NUMBER)
def eats(bench):
    eaten = []
    while True:
        eaten.append(bytes(1 << 24))
    yield

@probe("planted.eats_at_once", measures=NUMBER)
def eats_at_once(bench):
    import torch
    try:
        torch.empty(1 << 40)
    except RuntimeError:
        raise ValueError("something else") from None
    yield

@probe("planted.dies_once", measures=NUMBER)
def dies_once(bench):
    from pathlib import Path
    died = Path(__file__).parent / "died"
    if not died.exists():
        died.touch()
        os._exit(3)
    yield Draw({"x": 0.9})

@probe("planted.kills_its_parent_once", measures=NUMBER)
def kills_its_parent_once(bench):
    from pathlib import Path
    killed = Path(__file__).parent / "killed"
    if not killed.exists():
        killed.touch()
        os.kill(os.getppid(), 9)
        time.sleep(3600)
    yield Draw({"x": 0.9})

@probe("planted.sees_a_change", measures=NUMBER)
def sees_a_change(bench, *, photos: Pictures):
    path = photos.part.files.file(photos.part.entry.pictures[0])
    path.write_bytes(path.read_bytes() + b"more")
    yield Draw({"x": 0.9})

@probe("planted.looks", measures=NUMBER)
def looks(bench, *, photos: Pictures):
    photos.part.files.file(photos.part.entry.pictures[0])
    yield Draw({"x": 0.9})

@probe("planted.slow", measures=NUMBER)
def slow(bench):
    time.sleep(1)
    yield Draw({"x": 0.9})

@probe("planted.prints", measures=NUMBER)
def prints(bench):
    import sys
    print("words, words")
    os.write(1, b"words" * 1000)
    yield Draw({"x": 0.9 if sys.stdin.read() == "" else 0.1})

@probe("planted.classifier", measures=NUMBER)
def classifier(bench, *, model: Classifier):
    yield Draw({"x": 0.9})
"""

QUESTION = """\
kind: single
points: 1
about: model
prompt: {{en: One, zh-Hant: 一}}
probe: {{name: planted.{probe}}}
options:
  a: {{text: {{en: A, zh-Hant: 甲}}, rule: x > 0.5}}
  b: {{text: {{en: B, zh-Hant: 乙}}, rule: x < 0.5}}
expected: [{expected}]
"""


def install(site: Path) -> None:
    """A distribution with these probes in ``site``, as pip would install it, and a broken one."""
    information = site / "planted_probes-1.0.dist-info"
    information.mkdir(parents=True)
    (site / "planted_probes.py").write_text(PROBES, encoding="utf-8")
    (site / "missing_dependency.py").write_text("import no_such_module", encoding="utf-8")
    (information / "METADATA").write_text("Name: planted-probes\nVersion: 1.0\n", encoding="utf-8")
    (information / "entry_points.txt").write_text(
        "[quizproof.probes]\nplanted = planted_probes\nbroken = missing_dependency\n",
        encoding="utf-8",
    )


def bright_pack(folder: Path, brightness: float) -> Path:
    """A pack with one grey picture, which is the world that ``planted.bright`` measures."""
    planted_pack(folder, [np.full((8, 8, 3), brightness, np.float32)], [])
    return folder


def write_quiz(folder: Path, **probes: str) -> Path:
    """A quiz with a question per probe, each with its expected answer, and a pack beside it."""
    names = []
    folder.mkdir(parents=True, exist_ok=True)
    for number, (probe, expected) in enumerate(probes.items(), 1):
        names.append(f"q{number:02d}")
        text = QUESTION.format(probe=probe, expected=expected)
        (folder / f"{names[-1]}.yaml").write_text(text, encoding="utf-8")
    head = "id: planted\ntitle: {en: Planted, zh-Hant: 種}\nquestions: [" + ", ".join(names) + "]\n"
    (folder / "quiz.yaml").write_text(head, encoding="utf-8")
    planted_pack(folder / "pack", [np.zeros((8, 8, 3), np.float32)], [])
    return folder
