from __future__ import annotations

import io
import struct
import tracemalloc
import zlib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from numpy.typing import NDArray
from PIL import Image
from scipy import ndimage

from quizproof.probes.packs.pack import MissingError
from quizproof.probes.packs.picture_set import Region
from quizproof.probes.packs.pictures import (
    MAX_NEEDED,
    MAX_PIXELS,
    PictureError,
    outline,
    polygons_mask,
    read_mask,
    read_picture,
    region_mask,
)
from tests.planted import pictures_in, planted_pack

SIZE = (8, 12)
RNG = np.random.default_rng(0)
PIXELS = RNG.integers(0, 255, (20, 30, 3), dtype=np.uint8)


def refusal(path: Path) -> str:
    with pytest.raises(PictureError) as caught:
        read_picture(path, SIZE)
    message = str(caught.value)
    assert "\n" not in message
    assert str(path) in message
    return message.replace(str(path), "FILE")  # it holds the test's name


def png_header(width: int, height: int) -> bytes:
    """A PNG that claims a size and has no pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IEND", b"")


def jpeg_header(width: int, height: int) -> bytes:
    """A JPEG whose frame header was changed to claim a size."""
    buffer = io.BytesIO()
    Image.fromarray(PIXELS).save(buffer, "JPEG")
    content = buffer.getvalue()
    place = content.index(b"\xff\xc0") + 5
    return content[:place] + struct.pack(">HH", height, width) + content[place + 4 :]


@pytest.mark.parametrize("suffix", ["png", "jpg", "webp", "bmp"])
def test_a_picture_is_stretched_to_the_size_asked_for(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a.{suffix}"
    Image.new("RGB", (30, 20), (255, 51, 0)).save(path)
    picture = read_picture(path, SIZE)
    assert picture.shape == (*SIZE, 3)
    assert picture.dtype == np.float32
    np.testing.assert_allclose(picture, np.broadcast_to([1, 0.2, 0], picture.shape), atol=0.02)


def test_resizing_is_the_course_s(tmp_path: Path) -> None:
    Image.fromarray(PIXELS).save(tmp_path / "a.png")
    resized = Image.fromarray(PIXELS).resize((12, 8), Image.Resampling.BILINEAR)
    np.testing.assert_array_equal(
        read_picture(tmp_path / "a.png", SIZE), np.asarray(resized, np.float32) / 255
    )


def test_a_picture_stays_as_it_is_stored_whatever_exif_says(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned by a quarter
    Image.fromarray(PIXELS).save(tmp_path / "turned.png", exif=exif)
    Image.fromarray(PIXELS).save(tmp_path / "plain.png")
    np.testing.assert_array_equal(
        read_picture(tmp_path / "turned.png", SIZE), read_picture(tmp_path / "plain.png", SIZE)
    )


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16", "CMYK"])
def test_other_modes_are_named(tmp_path: Path, mode: str) -> None:
    # as the course: whatever is not RGB its network could not be shown
    path = tmp_path / ("a.jpg" if mode == "CMYK" else "a.png")
    Image.new(mode, (30, 20)).save(path)
    assert f"has mode {mode}, not RGB" in refusal(path)


@pytest.mark.parametrize("suffix", ["gif", "tif", "ico", "ppm", "eps", "pdf"])
def test_formats_beyond_the_few_are_refused(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a.{suffix}"
    Image.fromarray(PIXELS).save(path)
    assert "use JPEG, PNG, WEBP, BMP" in refusal(path)


@pytest.mark.parametrize("suffix", ["png", "webp"])
def test_a_film_is_refused(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a.{suffix}"
    frames = [Image.fromarray(PIXELS), Image.fromarray(255 - PIXELS)]
    frames[0].save(path, save_all=True, append_images=frames[1:])
    assert "film" in refusal(path)


def test_a_camera_s_preview_behind_the_picture_is_let_be(tmp_path: Path) -> None:
    frames = [Image.fromarray(PIXELS), Image.fromarray(PIXELS[:5, :5])]
    frames[0].save(tmp_path / "a.jpg", "MPO", save_all=True, append_images=frames[1:])
    assert read_picture(tmp_path / "a.jpg", SIZE).shape == (*SIZE, 3)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\0",
        b"not a picture",
        b"<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>",
        b"\x89PNG\r\n\x1a\n",
        b"\xff\xd8\xff",
        b"BM",
    ],
)
def test_what_is_no_picture_says_so(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(content)
    message = refusal(path)
    assert "is no picture" in message or "is damaged" in message


@pytest.mark.parametrize("suffix", ["jpg", "png", "webp", "bmp"])
@pytest.mark.parametrize("share", [0.3, 0.6, 0.9])
def test_a_truncated_picture_is_damaged(tmp_path: Path, suffix: str, share: float) -> None:
    path = tmp_path / f"a.{suffix}"
    Image.fromarray(PIXELS.repeat(4, 0).repeat(4, 1)).save(path)
    whole = path.read_bytes()
    path.write_bytes(whole[: int(share * len(whole))])
    message = refusal(path)
    assert "is damaged" in message or "is no picture" in message


@pytest.mark.parametrize(
    "content",
    [png_header(100_000, 100_000), png_header(9000, 9000), jpeg_header(60_000, 60_000)],
    ids=["png", "smaller png", "jpeg"],
)
def test_an_enormous_picture_is_refused_before_it_takes_memory(
    tmp_path: Path, content: bytes
) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(content)
    tracemalloc.start()
    message = refusal(path)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert f"more than {MAX_PIXELS // 1_000_000} million pixels" in message
    assert peak < 5_000_000


def test_a_small_file_that_unfolds_beyond_bounds_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "bomb.png"
    Image.new("1", (10_000, MAX_PIXELS // 10_000 + 1)).save(path)
    assert path.stat().st_size < 100_000
    assert "million pixels" in refusal(path)


def test_a_picture_with_a_bomb_of_text_in_it_is_damaged(tmp_path: Path) -> None:
    from PIL import PngImagePlugin

    path = tmp_path / "a.png"
    text = PngImagePlugin.PngInfo()
    text.add_text("comment", "a" * 5_000_000, zip=True)
    Image.fromarray(PIXELS).save(path, pnginfo=text)
    assert path.stat().st_size < 100_000
    assert "is damaged" in refusal(path)


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB"])
def test_a_mask_is_white_inside(tmp_path: Path, mode: str) -> None:
    inside = np.zeros((16, 24), bool)
    inside[4:10, 6:20] = True
    Image.fromarray(inside).convert(mode).save(tmp_path / "a.png")
    np.testing.assert_array_equal(read_mask(tmp_path / "a.png", (16, 24)), inside)


@pytest.mark.parametrize("mode", ["I;16", "LA", "RGBA"])
def test_a_mask_whose_white_is_unclear_is_refused(tmp_path: Path, mode: str) -> None:
    Image.new(mode, (24, 16)).save(tmp_path / "a.png")
    with pytest.raises(PictureError, match="black and white"):
        read_mask(tmp_path / "a.png", SIZE)


def regular_polygon(corners: int, radius: float, turn: float) -> list[list[float]]:
    angles = turn + np.arange(corners) * 2 * np.pi / corners
    return [[0.5 + radius * np.cos(a), 0.5 + radius * np.sin(a)] for a in angles]


def coverage(polygon: list[list[float]], size: tuple[int, int]) -> NDArray[np.float64]:
    """The share of each pixel inside a convex ``polygon``, from 16 × 16 points in it."""
    height, width = size
    y, x = ((np.arange(16 * n) + 0.5) / (16 * n) for n in (height, width))
    inside = np.ones((16 * height, 16 * width), bool)
    for (x0, y0), (x1, y1) in zip(polygon, polygon[1:] + polygon[:1], strict=True):
        inside &= (x1 - x0) * (y[:, None] - y0) - (y1 - y0) * (x - x0) >= 0
    return np.asarray(inside.reshape(height, 16, width, 16).mean((1, 3)))


@given(
    corners=st.integers(3, 12),
    radius=st.floats(0.05, 0.5),
    turn=st.floats(0, 7),
    size=st.tuples(st.integers(16, 64), st.integers(16, 64)),
)
@settings(max_examples=40, deadline=None)
def test_a_polygon_takes_the_pixels_it_covers(
    corners: int, radius: float, turn: float, size: tuple[int, int]
) -> None:
    polygon = regular_polygon(corners, radius, turn)
    taken, covered = polygons_mask([polygon], size), coverage(polygon, size)
    assert taken[covered > 0.9].all()
    assert not taken[covered < 0.1].any()


def test_polygons_are_neither_grown_nor_shrunk_nor_moved() -> None:
    rng = np.random.default_rng(0)
    excess, moved = [], []  # in pixels, the first outwards along the border
    for _ in range(200):
        radius = rng.uniform(0.1, 0.5)
        polygon = regular_polygon(int(rng.integers(3, 12)), radius, rng.uniform(0, 7))
        x, y = np.array(polygon).T
        area = abs(x @ np.roll(y, 1) - y @ np.roll(x, 1)) / 2
        length = np.hypot(x - np.roll(x, 1), y - np.roll(y, 1)).sum()
        mask = polygons_mask([polygon], (100, 100))
        excess.append((mask.mean() - area) / length * 100)
        moved.append(np.mean(mask.nonzero(), axis=1) - 49.5)
    assert abs(np.mean(excess)) < 0.15
    np.testing.assert_allclose(np.mean(moved, axis=0), 0, atol=0.05)


@given(left=st.integers(0, 31), right=st.integers(1, 32), top=st.integers(0, 31))
@settings(deadline=None)
def test_a_rectangle_on_the_pixels_borders_is_exact(left: int, right: int, top: int) -> None:
    left, right = min(left, right), max(left, right)
    rectangle = [[x / 32, y / 32] for x, y in ((left, top), (right, top), (right, 32), (left, 32))]
    expected = np.zeros((32, 32), bool)
    expected[top:, left:right] = True
    if left < right:
        np.testing.assert_array_equal(polygons_mask([rectangle], (32, 32)), expected)


def test_polygons_are_joined_and_the_whole_picture_is_whole() -> None:
    left = [[0.0, 0.0], [0.5, 0.0], [0.5, 1.0], [0.0, 1.0]]
    right = [[0.5, 0.0], [1.0, 0.0], [1.0, 1.0], [0.5, 1.0]]
    assert polygons_mask([left, right], (10, 10)).all()
    assert polygons_mask([left], (10, 10)).sum() == 50


def test_a_polygon_without_area_takes_nothing() -> None:
    assert not polygons_mask([[[0.5, 0.5]] * 3], (16, 16)).any()


masks = arrays(np.bool_, array_shapes(min_dims=2, max_dims=2, min_side=2, max_side=24))


@given(mask=masks, width=st.floats(0.01, 0.5))
@settings(deadline=None)
def test_an_outline_is_that_of_both_sides(mask: NDArray[np.bool_], width: float) -> None:
    np.testing.assert_array_equal(outline(mask, width), outline(~mask, width))


@given(mask=masks, width=st.floats(0.01, 0.5))
@settings(deadline=None)
def test_an_outline_follows_a_turned_mask(mask: NDArray[np.bool_], width: float) -> None:
    np.testing.assert_array_equal(outline(mask[::-1].T, width), outline(mask, width)[::-1].T)


@given(mask=masks, width=st.floats(0.01, 0.4))
@settings(deadline=None)
def test_a_wider_outline_holds_a_narrower_one(mask: NDArray[np.bool_], width: float) -> None:
    assert not (outline(mask, width) & ~outline(mask, width + 0.1)).any()


@given(mask=masks)
@settings(deadline=None)
def test_the_narrowest_outline_is_every_pixel_with_a_neighbour_across(
    mask: NDArray[np.bool_],
) -> None:
    across = np.zeros_like(mask)
    across[1:] |= mask[1:] != mask[:-1]
    across[:-1] |= mask[1:] != mask[:-1]
    across[:, 1:] |= mask[:, 1:] != mask[:, :-1]
    across[:, :-1] |= mask[:, 1:] != mask[:, :-1]
    np.testing.assert_array_equal(outline(mask, 0.001), across)


@given(mask=masks, width=st.floats(0.001, 1.5))
@settings(deadline=None)
def test_an_outline_is_what_lies_near_the_other_side(mask: NDArray[np.bool_], width: float) -> None:
    if mask.all() or not mask.any():
        return
    distance = np.maximum(*(ndimage.distance_transform_edt(m) for m in (mask, ~mask)))
    half = max(1.0, width * min(mask.shape) / 2)
    near = np.abs(distance - half) < 1e-6  # which side of it rounding falls on is no matter
    np.testing.assert_array_equal(outline(mask, width)[~near], (distance <= half)[~near])


@pytest.mark.parametrize("filled", [True, False])
def test_all_and_nothing_have_no_outline(filled: bool) -> None:
    assert not outline(np.full((9, 9), filled), 0.2).any()


def test_the_picture_s_edge_is_no_outline() -> None:
    mask = np.zeros((20, 20), bool)
    mask[:, :10] = True
    band = outline(mask, 0.2)
    assert band[:, 8:12].all()
    assert band.sum() == 20 * 4


@pytest.mark.parametrize("step", ["outside", "outline_of"])
def test_a_region_at_the_end_of_a_chain_costs_itself(step: str, tmp_path: Path) -> None:
    pack = planted_pack(tmp_path, [np.zeros((*SIZE, 3), np.float32)], [])
    regions: dict[str, Region] = {"r0": Region(polygons=[[[0, 0], [1, 0], [0.5, 1]]])}
    regions |= {f"r{n}": Region.model_validate({step: f"r{n - 1}"}) for n in range(1, 3000)}
    picture = pictures_in(pack).pictures[0].model_copy(update={"regions": regions})
    pictures = pictures_in(pack).model_copy(update={"pictures": [picture]})
    pack.manifest.parts["pictures"] = pictures
    tracemalloc.start()
    with pytest.raises(MissingError, match=f"more than {MAX_NEEDED} regions"):
        region_mask(pack.part("pictures"), 0, "r2999", SIZE)
    assert tracemalloc.get_traced_memory()[1] < 1_000_000
    tracemalloc.stop()
    assert region_mask(pack.part("pictures"), 0, "r1", SIZE).any()
