from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from scipy.ndimage import gaussian_filter, shift

from quizproof.probes.bench import Bench
from quizproof.probes.methods.localisation import EmptyRegionError
from quizproof.probes.methods.saliency import GradientError
from tests.planted import found, look, question
from tests.probes.picture.jugs import JUGS, NONE, OTHERS, SIDE, Numbers, bar, disc, dots
from tests.probes.picture.painted import Region, painted_world

BODY, HANDLE = disc(), bar(60, 64, 69, 112)
MIRROR = {"a": "a", "b": "b", "c": "d", "d": "c", "e": "e"}


def world(folder: Path, paint: Numbers, body: Region = BODY, jug: Region = BODY | HANDLE) -> Bench:
    return painted_world(folder, 1, paint, {"jug": jug, "body": body})


def answer(folder: Path, paint: Numbers) -> str:
    return "".join(found(question("q05"), world(folder, paint)))


@pytest.mark.parametrize("option", JUGS)
def test_q05_every_option_is_reachable(option: str, tmp_path: Path) -> None:
    """Whatever the regions, which say throughout that the handle is on the right."""
    assert answer(tmp_path / "clean", JUGS[option].astype(float)) == option
    assert answer(tmp_path / "dots", dots(OTHERS[option], 0)) == option


@pytest.mark.parametrize("option", JUGS)
def test_q05_in_a_mirrored_map_left_and_right_change_places(option: str, tmp_path: Path) -> None:
    """With the regions mirrored, too, or without."""
    paint, jug = dots(JUGS[option], 1)[:, ::-1].copy(), (BODY | HANDLE)[:, ::-1].copy()
    assert answer(tmp_path / "without", paint) == MIRROR[option]
    here = world(tmp_path / "with", paint, BODY[:, ::-1].copy(), jug)
    assert found(question("q05"), here) == {MIRROR[option]}


@pytest.mark.parametrize("figure", NONE.values(), ids=NONE)
def test_q05_a_figure_whose_handle_nobody_can_tell_decides_nothing(
    figure: Region, tmp_path: Path
) -> None:
    assert answer(tmp_path / "clean", figure.astype(float)) == ""
    assert answer(tmp_path / "dots", dots(figure, 0)) == ""


@pytest.mark.parametrize("body", [0.0, 0.1, 0.5, 1.0])
def test_q05_a_bright_handle_on_the_left_is_on_the_left_wherever_the_mask_is(
    body: float, tmp_path: Path
) -> None:
    ring = (bar(40, 5, 85, 22) & ~bar(48, 12, 77, 22)).astype(float)
    jug = bar(35, 22, 95, 86)
    paint = np.maximum(np.maximum(ring, 0.05 * ring[:, ::-1]), body * jug)
    regions = {"jug": jug | (ring[:, ::-1] > 0), "body": jug}
    here = painted_world(tmp_path, 1, paint, regions)
    assert found(question("q05"), here) == {"c"}
    assert look(question("q05"), here).measurements["on_part"].value == 0


def test_q05_the_regions_decide_nothing(tmp_path: Path) -> None:
    """Moved by three pixels, mirrored, or of another size: only where the handle lies is told."""
    paint = dots(JUGS["d"], 3)
    told = []
    for number, (body, jug) in enumerate(
        [
            (BODY, BODY | HANDLE),
            *((shift(BODY, m, order=0), shift(BODY | HANDLE, m, order=0)) for m in (-3, 3)),
            (BODY, (BODY | HANDLE)[:, ::-1]),
            (BODY, np.ones_like(BODY)),
        ]
    ):
        here = world(tmp_path / str(number), paint, body, jug)
        assert found(question("q05"), here) == {"d"}
        told.append(float(look(question("q05"), here).measurements["on_part"].value))
    assert min(*told[:3], told[4]) > 0.5
    assert told[3] == 0


def noise(kind: str, seed: int) -> Numbers:
    generator = np.random.default_rng(seed)
    match kind:
        case "even":
            return generator.random((SIDE, SIDE))
        case "heavy":
            return generator.exponential(size=(SIDE, SIDE)) ** 2
    return np.abs(gaussian_filter(generator.normal(size=(SIDE, SIDE)), 1.5, mode="wrap"))


@pytest.mark.parametrize("kind", ["even", "heavy", "grainy"])
def test_q05_noise_decides_nothing(kind: str, tmp_path: Path) -> None:
    for seed in range(3):
        assert answer(tmp_path / str(seed), noise(kind, seed)) == ""


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["even", "heavy", "grainy"])
def test_q05_two_hundred_maps_of_noise_decide_nothing(kind: str, tmp_path: Path) -> None:
    decided = [s for s in range(200) if answer(tmp_path / str(s), noise(kind, s))]
    assert decided == []


def test_q05_a_map_that_is_the_same_everywhere_decides_nothing(tmp_path: Path) -> None:
    assert answer(tmp_path, np.ones((SIDE, SIDE))) == ""


def test_the_handles_place_is_told_in_shares_of_the_picture(tmp_path: Path) -> None:
    measured = look(question("q05"), world(tmp_path, JUGS["d"].astype(float))).measurements
    places = {side: float(measured[side].value) for side in ("left", "right", "top", "bottom")}
    # from the disc's edge to the bar's end, less what the body's discs and the levels take
    assert places["right"] == pytest.approx((88 + 112) / 2 / 128 - 0.5, abs=0.02)
    assert places["left"] == pytest.approx(-places["right"], abs=0.02)  # the levels differ
    assert abs(places["top"]) < 0.01
    assert abs(places["bottom"]) < 0.01
    assert 0.6 < float(measured["handle"].value) * JUGS["d"].sum() / (24 * 9) < 1
    assert measured["rival"].value == 0
    assert float(measured["on_part"].value) > 0.9


def test_what_cannot_be_looked_for_is_an_error(tmp_path: Path) -> None:
    jug = BODY | HANDLE
    with pytest.raises(EmptyRegionError, match="covers all of jug"):
        look(question("q05"), world(tmp_path / "all", jug.astype(float), body=jug))
    with pytest.raises(GradientError):
        look(question("q05"), world(tmp_path / "nowhere", np.zeros(jug.shape)))
