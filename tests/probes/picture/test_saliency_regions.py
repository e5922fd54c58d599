from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from quizproof.probes.bench import Bench
from quizproof.probes.methods.localisation import EmptyRegionError
from tests.planted import found, look, question
from tests.probes.picture.painted import Region, box, painted_world

CAKE, PLATE, TELEPHONE = (
    box(10, 4, 20, 14),
    box(18, 2, 30, 24) & ~box(10, 4, 20, 14),
    box(0, 20, 10, 32),
)
REGIONS = {"cake": CAKE, "plate": PLATE, "telephone": TELEPHONE}


def noise(strength: float) -> np.ndarray:
    return strength * np.random.default_rng(0).random((32, 32))


def world(folder: Path, paint: np.ndarray, regions: dict[str, Region] = REGIONS) -> Bench:
    return painted_world(folder, 2, paint, regions)


@pytest.mark.parametrize(
    ("option", "dots"),
    [
        ("a", CAKE),
        ("b", PLATE),
        ("c", TELEPHONE),
        ("d", np.zeros((32, 32))),
        ("d", box(0, 0, 10, 20)),
    ],
    ids=["cake", "plate", "telephone", "nowhere", "elsewhere"],
)
def test_q06_every_option_is_reachable(option: str, dots: Region, tmp_path: Path) -> None:
    assert found(question("q06"), world(tmp_path, noise(0.3) + dots)) == {option}


def test_q06_of_two_that_stand_out_the_clearer_one_counts(tmp_path: Path) -> None:
    paint = noise(0.1) + CAKE + 0.7 * TELEPHONE
    measured = look(question("q06"), world(tmp_path, paint)).measurements
    assert float(measured["contrast_telephone"].value) > 1 / 3
    assert found(question("q06"), world(tmp_path, paint)) == {"a"}


def test_q06_a_cake_that_fills_most_of_the_picture_can_stand_out(tmp_path: Path) -> None:
    cake = box(0, 0, 32, 24)
    world_ = world(tmp_path, noise(0.3) + cake, REGIONS | {"cake": cake})
    assert "a" in found(question("q06"), world_)


def test_saliency_of_either_sign_counts(tmp_path: Path) -> None:
    paint = noise(0.3) + CAKE
    there = look(question("q06"), world(tmp_path / "plus", paint)).measurements
    back = look(question("q06"), world(tmp_path / "minus", -paint)).measurements
    for name in there:
        assert back[name].value == pytest.approx(there[name].value, abs=1e-4)


def test_a_region_that_covers_the_picture_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(EmptyRegionError):
        look(question("q06"), world(tmp_path, noise(1), REGIONS | {"plate": box(0, 0, 32, 32)}))
