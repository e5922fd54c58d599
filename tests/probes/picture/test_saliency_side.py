from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from quizproof.probes.bench import Bench
from quizproof.probes.methods.localisation import EmptyRegionError, NoMassError
from quizproof.probes.methods.saliency import GradientError
from tests.planted import found, look, question
from tests.probes.picture.painted import Region, box, painted_world

# the jug reaches as far beyond its body on every side: only the saliency says where the handle is
BODY = box(10, 10, 22, 22)
JUG = box(4, 4, 28, 28)
HANDLES = {
    "a": box(5, 13, 9, 19),
    "b": box(23, 13, 27, 19),
    "c": box(13, 5, 19, 9),
    "d": box(13, 23, 19, 27),
    "e": JUG & ~BODY,
}


def world(folder: Path, dots: Region, body: Region = BODY, jug: Region = JUG) -> Bench:
    return painted_world(folder, 1, dots.astype(float), {"jug": jug, "body": body})


@pytest.mark.parametrize("option", HANDLES)
def test_q05_every_option_is_reachable(option: str, tmp_path: Path) -> None:
    assert found(question("q05"), world(tmp_path, HANDLES[option] | BODY)) == {option}


def test_q05_a_handle_in_front_of_the_body_is_in_the_middle(tmp_path: Path) -> None:
    handle = box(14, 14, 18, 18)
    body = BODY & ~handle
    assert found(question("q05"), world(tmp_path, handle, body, BODY)) == {"e"}


def test_q05_it_is_the_side_of_the_saliency_not_that_of_the_region(tmp_path: Path) -> None:
    jug = BODY | box(4, 22, 28, 32) | box(14, 6, 18, 10)  # most of it to the right
    assert found(question("q05"), world(tmp_path, box(14, 6, 18, 10), jug=jug)) == {"c"}


@pytest.mark.parametrize("dots", [BODY, ~JUG], ids=["on the body", "off the jug"])
def test_q05_without_dots_on_the_handle_nothing_holds(dots: Region, tmp_path: Path) -> None:
    assert found(question("q05"), world(tmp_path, dots)) == set()


def test_offsets_are_in_halves_of_the_body(tmp_path: Path) -> None:
    measured = look(question("q05"), world(tmp_path, box(13, 22, 19, 28))).measurements
    assert measured["offset_right"].value == pytest.approx((25 - 16) / 6)
    assert measured["offset_down"].value == pytest.approx(0)
    assert measured["part_contrast"].value == pytest.approx(1)


def test_a_body_that_covers_the_jug_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(EmptyRegionError):
        look(question("q05"), world(tmp_path, JUG, body=JUG))


def test_a_model_that_looks_nowhere_or_everywhere_alike_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(GradientError):
        look(question("q05"), world(tmp_path / "nowhere", np.zeros_like(JUG)))
    with pytest.raises(NoMassError):
        look(question("q05"), world(tmp_path / "alike", np.ones_like(JUG)))
