"""Reading a pack's pictures, and the regions on them as masks."""

from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, UnidentifiedImageError
from scipy import ndimage

from quizproof.probes.pack import MissingError, Pack, Region
from quizproof.questions.problems import QuizproofError

MAX_PIXELS = 50_000_000
_SUPERSAMPLED = 4

Picture = NDArray[np.float32]
Mask = NDArray[np.bool_]


class PictureError(QuizproofError):
    """A file that is no picture, or none that a colour classifier can be shown."""


def read_picture(path: Path, size: tuple[int, int]) -> Picture:
    """The RGB picture at ``path`` stretched to ``size`` (height, width): (H, W, 3) in 0–1.

    Raises PictureError.
    """
    with _open(path) as image:
        if image.mode != "RGB":
            raise PictureError(
                f"{path} has mode {image.mode} (grey, palette or alpha), not RGB; "
                "convert it to RGB as the classifier was trained on"
            )
        try:
            resized = image.resize((size[1], size[0]), Image.Resampling.BILINEAR)
        except (OSError, SyntaxError, ValueError, MemoryError) as error:
            raise PictureError(f"{path} is damaged ({error}); restore it") from None
    return np.asarray(resized, dtype=np.float32) / 255


def read_mask(path: Path, size: tuple[int, int]) -> Mask:
    """The mask at ``path``, white inside, at ``size`` (height, width). Raises PictureError."""
    with _open(path) as image:
        try:
            grey = image.convert("L").resize((size[1], size[0]), Image.Resampling.BILINEAR)
        except (OSError, SyntaxError, ValueError, MemoryError) as error:
            raise PictureError(f"{path} is damaged ({error}); restore it") from None
    return np.asarray(grey) >= 128


def _open(path: Path) -> Image.Image:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            image = Image.open(path)
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, ValueError) as error:
        raise PictureError(f"{path} is no picture ({error}); use JPEG or PNG") from None
    if image.width * image.height > MAX_PIXELS:  # known from the header, before decoding
        raise PictureError(
            f"{path} has {image.width} × {image.height} pixels; "
            f"scale it below {MAX_PIXELS // 1_000_000} million"
        )
    return image


def region_mask(pack: Pack, number: int, name: str, size: tuple[int, int]) -> Mask:
    """Region ``name`` of picture ``number`` at ``size`` (height, width), never empty.

    Raises MissingError for a region that is not there or has no pixel.
    """
    mask = _mask(pack, number, name, size, ())
    if not mask.any():
        raise MissingError(f"region {name} of picture {number} is empty; mend the pack's manifest")
    return mask


def _mask(
    pack: Pack, number: int, name: str, size: tuple[int, int], above: tuple[str, ...]
) -> Mask:
    regions = pack.picture(number).regions
    if name not in regions:
        raise MissingError(
            f"picture {number} has no region {name} (it has {', '.join(regions) or 'none'})"
        )
    if name in above:
        raise MissingError(f"region {name} of picture {number} is defined by itself")
    region = regions[name]

    def other(other_name: str) -> Mask:
        return _mask(pack, number, other_name, size, (*above, name))

    mask = _shape(pack, region, size, other)
    for less in region.less:
        mask = mask & ~other(less)
    return mask


def _shape(pack: Pack, region: Region, size: tuple[int, int], other: object) -> Mask:
    assert callable(other)
    if region.mask is not None:
        assert region.sha256 is not None
        return read_mask(pack.path(region.mask, region.sha256), size)
    if region.polygons is not None:
        return polygons_mask(region.polygons, size)
    if region.outside is not None:
        return np.asarray(~other(region.outside))
    return outline(other(region.outline_of), region.width)


def polygons_mask(polygons: list[list[list[float]]], size: tuple[int, int]) -> Mask:
    """The union of ``polygons`` of [x, y] shares at ``size`` (height, width)."""
    height, width = size[0] * _SUPERSAMPLED, size[1] * _SUPERSAMPLED
    image = Image.new("L", (width, height))
    draw = ImageDraw.Draw(image)
    for polygon in polygons:
        draw.polygon([(x * width, y * height) for x, y in polygon], fill=255)
    small = image.resize((size[1], size[0]), Image.Resampling.BOX)
    return np.asarray(small) >= 128


def outline(mask: Mask, width: float) -> Mask:
    """The band of ``width`` (share of the shorter side) centred on the border of ``mask``.

    The picture's own edge is no border of the region.
    """
    half = max(1.0, width * min(mask.shape) / 2)
    inside: Mask = mask & (ndimage.distance_transform_edt(mask) <= half)
    outside: Mask = ~mask & (ndimage.distance_transform_edt(~mask) <= half)
    if mask.all() or not mask.any():
        return np.zeros_like(mask)
    return inside | outside
