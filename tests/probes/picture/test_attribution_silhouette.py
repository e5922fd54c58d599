from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw
from scipy import ndimage

from quizproof.probes.methods import silhouettes
from tests.planted import found, question
from tests.probes.picture.painted import Region, box, painted_world

SIDE = 128
# outlines as seen by a draughtsman, in shares of the picture
OUTLINES = {
    "a": [(0.2, 0.35), (0.45, 0.2), (0.8, 0.3), (0.8, 0.65), (0.55, 0.85), (0.2, 0.7)],
    "d": [(0.5, 0.15), (0.85, 0.58), (0.66, 0.79), (0.15, 0.71)],
    "e": [(0.45, 0.1), (0.85, 0.62), (0.2, 0.85)],
}


def drawn(option: str) -> Region:
    image = Image.new("1", (SIDE, SIDE))
    draw = ImageDraw.Draw(image)
    match option:
        case "b":
            draw.ellipse([24, 28, 100, 104], fill=1)
        case "c":
            draw.ellipse([24, 20, 100, 48], fill=1)
            draw.rectangle([24, 34, 100, 90], fill=1)
            draw.ellipse([24, 76, 100, 104], fill=1)
        case _:
            draw.polygon([(x * SIDE, y * SIDE) for x, y in OUTLINES[option]], fill=1)
    return np.asarray(image)


def polygon(corners: list[tuple[float, float]]) -> Region:
    image = Image.new("1", (SIDE, SIDE))
    ImageDraw.Draw(image).polygon(corners, fill=1)
    return np.asarray(image)


def posed(solid: str, pose: tuple[float, float, float]) -> Region:
    """The outline of a solid seen at azimuth, elevation and tilt, 80 pixels at its longest."""
    outline = silhouettes._corners(solid) @ silhouettes._camera(*pose)
    outline = silhouettes._convex((outline - outline.min(axis=0)) / np.ptp(outline, axis=0).max())
    return polygon([(24 + 80 * float(x), 24 + 80 * float(y)) for x, y in outline])


def dots(shape: Region, seed: int = 0) -> np.ndarray:
    """Saliency like a model's: heavy-tailed everywhere, on the shape ten times as strong."""
    noise = np.random.default_rng(seed).random(shape.shape) ** 2
    return noise * np.where(shape, 1.0, 0.1)


@pytest.mark.parametrize("option", "abcde")
@pytest.mark.parametrize("seed", [0, 1])
def test_q09_every_option_is_reachable(option: str, seed: int, tmp_path: Path) -> None:
    world = painted_world(tmp_path, 0, dots(drawn(option), seed), {})
    assert found(question("q09"), world) == {option}


def test_q09_stray_dots_do_not_count(tmp_path: Path) -> None:
    paint = dots(drawn("e"))
    paint[[4, 120, 6], [6, 120, 110]] = 1
    assert found(question("q09"), painted_world(tmp_path, 0, paint, {})) == {"e"}


def test_q09_a_picture_stretched_to_a_square_changes_nothing(tmp_path: Path) -> None:
    wide = np.asarray(Image.fromarray(drawn("b")).resize((SIDE, SIDE * 2 // 3)))
    paint = dots(np.pad(wide, ((0, SIDE - len(wide)), (0, 0))))
    assert found(question("q09"), painted_world(tmp_path, 0, paint, {})) == {"b"}


@pytest.mark.parametrize(("option", "solid"), list(zip("abcde", silhouettes.SOLIDS, strict=True)))
def test_q09_a_solid_is_known_in_poses_that_were_never_drawn(
    option: str, solid: str, tmp_path: Path
) -> None:
    """From some sides a pyramid and a tetrahedron look alike: then none, but never another."""
    seen = [
        found(question("q09"), painted_world(tmp_path / str(k), 0, dots(posed(solid, pose)), {}))
        for k, pose in enumerate([(11, 35, 5), (31, 28, -8), (57, 40, 12)])
    ]
    assert set.union(*seen) == {option}
    assert sum(map(len, seen)) >= 2


def test_q09_an_outline_that_is_no_solids_resembles_none(tmp_path: Path) -> None:
    down, right = np.mgrid[:SIDE, :SIDE] - SIDE / 2
    slanting = ((right + down) / 75) ** 2 + ((right - down) / 30) ** 2 < 1
    assert nothing(tmp_path / "a slanting ellipse", dots(slanting))
    half = polygon([(20, 20), (110, 110), (20, 110)])
    assert nothing(tmp_path / "half a square", dots(half))


def noise(generator: np.random.Generator, blur: float) -> np.ndarray:
    return ndimage.gaussian_filter(generator.random((SIDE, SIDE)), blur)


def nothing(tmp_path: Path, paint: np.ndarray) -> bool:
    return not found(question("q09"), painted_world(tmp_path, 0, paint, {}))


def test_dots_that_make_no_figure_resemble_nothing(tmp_path: Path) -> None:
    noise = np.random.default_rng(1).random((SIDE, SIDE))
    assert nothing(tmp_path, noise)
    assert nothing(tmp_path, ndimage.gaussian_filter(noise, 6))
    assert nothing(tmp_path, np.ones((SIDE, SIDE)))
    assert nothing(tmp_path, 1.0 * box(0, 0, 1, 1))


@pytest.mark.slow
def test_of_two_hundred_maps_of_noise_hardly_any_resembles_a_solid(tmp_path: Path) -> None:
    generator = np.random.default_rng(2)
    seen = [
        not nothing(
            tmp_path / str(k), ndimage.gaussian_filter(generator.random((SIDE, SIDE)), k % 8)
        )
        for k in range(200)
    ]
    assert not any(seen)


@pytest.mark.parametrize("option", "abcde")
def test_q09_mirrored_it_is_the_same_solid(option: str, tmp_path: Path) -> None:
    world = painted_world(tmp_path, 0, dots(drawn(option))[:, ::-1].copy(), {})
    assert found(question("q09"), world) == {option}
