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


def test_q06_noise_and_a_map_that_is_the_same_everywhere_lie_in_no_place(tmp_path: Path) -> None:
    assert found(question("q06"), world(tmp_path / "even", np.ones((32, 32)))) == {"d"}
    for seed in range(5):
        paint = np.random.default_rng(seed).exponential(size=(32, 32))
        assert found(question("q06"), world(tmp_path / str(seed), paint)) == {"d"}


@pytest.mark.slow
@pytest.mark.parametrize("heavy", [False, True])
def test_q06_two_hundred_maps_of_noise_lie_in_no_place(heavy: bool, tmp_path: Path) -> None:
    for seed in range(200):
        paint = np.random.default_rng(seed).random((32, 32)) ** (3 if heavy else 1)
        assert found(question("q06"), world(tmp_path / str(seed), paint)) == {"d"}


@pytest.mark.parametrize("moved", [-3, 3])
def test_q06_masks_that_are_drawn_three_pixels_off_change_nothing(
    moved: int, tmp_path: Path
) -> None:
    """In a picture of 128 × 128, in which things are as large as in one of 32."""
    large = {name: np.kron(mask, np.ones((4, 4))) > 0 for name, mask in REGIONS.items()}
    masks = {name: np.roll(mask, moved, axis=(0, 1)) for name, mask in large.items()}
    for option, thing in zip("abc", large.values(), strict=True):
        paint = 0.3 * np.random.default_rng(1).random((128, 128)) + thing
        assert found(question("q06"), world(tmp_path / option, paint, masks)) == {option}


def test_q06_mirrored_with_its_masks_it_is_the_same_place(tmp_path: Path) -> None:
    masks = {name: mask[:, ::-1].copy() for name, mask in REGIONS.items()}
    for option, thing in zip("abc", REGIONS.values(), strict=True):
        paint = (noise(0.3) + thing)[:, ::-1].copy()
        assert found(question("q06"), world(tmp_path / option, paint, masks)) == {option}


def test_saliency_of_either_sign_counts(tmp_path: Path) -> None:
    paint = noise(0.3) + CAKE
    there = look(question("q06"), world(tmp_path / "plus", paint)).measurements
    back = look(question("q06"), world(tmp_path / "minus", -paint)).measurements
    for name in there:
        assert back[name].value == pytest.approx(there[name].value, abs=1e-4)


def test_a_region_of_a_pixel_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(EmptyRegionError, match="plate has 1 of 1024 pixels"):
        look(question("q06"), world(tmp_path, noise(1), REGIONS | {"plate": box(3, 3, 4, 4)}))


def test_a_region_that_covers_the_picture_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(EmptyRegionError):
        look(question("q06"), world(tmp_path, noise(1), REGIONS | {"plate": box(0, 0, 32, 32)}))
