"""What probes are tested with tells right probes and rules from wrong ones."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from quizproof.probes import Pictures
from quizproof.probes.bench import Bench
from quizproof.probes.catalogue import catalogue
from quizproof.probes.declaration import DECLARED, Draw, Measure, probe
from quizproof.probes.engine.collect import ProbeError
from quizproof.probes.testing import draws_of, options_that_hold, planted_pack, world
from quizproof.questions.problems import QuizproofError

QUESTION = """\
kind: single
points: 1
about: model
prompt: Is it bright?
probe: {name: tested.bright, with: {picture: 0}}
options:
  a: {text: Bright, rule: brightness > 0.5}
  b: {text: Dark, rule: brightness <= 0.5}
expected: [a]
"""


@pytest.fixture(autouse=True)
def _declared() -> Iterator[None]:
    catalogue()
    before = dict(DECLARED)
    measures = (Measure("brightness", "share", 0, 1, "of the picture"),)

    @probe("tested.bright", measures=measures)
    def bright(
        bench: Bench, *, photos: Pictures, picture: int, times: float = 1.0
    ) -> Iterator[Draw]:
        pixels = photos.pixels(picture, (8, 8))
        yield Draw({"brightness": float(pixels.mean()) * times})

    yield
    DECLARED.clear()
    DECLARED.update(before)


def grey(folder: Path, *levels: float) -> Bench:
    return world(planted_pack(folder, [np.full((8, 8, 3), x, np.float32) for x in levels]))


def test_draws_are_those_of_the_planted_world(tmp_path: Path) -> None:
    bench = grey(tmp_path, 0.2, 1.0)
    values = [draws_of("tested.bright", bench, picture=n)[0].values for n in (0, 1)]
    assert [value["brightness"] for value in values] == pytest.approx([0.2, 1.0])


def test_every_option_can_hold(tmp_path: Path) -> None:
    (tmp_path / "q01.yaml").write_text(QUESTION, encoding="utf-8")
    bench = grey(tmp_path / "pack", 0.2, 0.9)
    assert options_that_hold(tmp_path / "q01.yaml", bench) == {"b"}
    assert options_that_hold(tmp_path / "q01.yaml", bench, picture=1) == {"a"}


def test_a_draw_is_held_to_what_is_declared(tmp_path: Path) -> None:
    bench = grey(tmp_path, 0.9)
    with pytest.raises(ProbeError, match="outside its range"):
        draws_of("tested.bright", bench, picture=0, times=2.0)
    with pytest.raises(ProbeError, match="outside its range"):
        draws_of("tested.bright", grey(tmp_path / "white", 1.0), picture=0, times=1.00001)
    with pytest.raises(QuizproofError, match="parameter picture"):
        draws_of("tested.bright", bench, picture="0")
    with pytest.raises(QuizproofError, match="declared nowhere"):
        draws_of("tested.dark", bench)
