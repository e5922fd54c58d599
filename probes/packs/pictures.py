"""Reading a pack's pictures, and the regions on them as masks."""

from __future__ import annotations

import math
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from graphlib import TopologicalSorter
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, UnidentifiedImageError

from quizproof.probes.kinds.kind import Files, Part
from quizproof.probes.packs.files import File
from quizproof.probes.packs.pack import MissingError
from quizproof.probes.packs.picture_set import Picture as PictureEntry
from quizproof.probes.packs.picture_set import PictureSet, Region
from quizproof.questions.problems import QuizproofError, one_line

MAX_PIXELS = 50_000_000
MAX_NEEDED = 64  # regions that one is made from: each is as large as the picture
# few decoders, well tested: the file may come from anyone
_FORMATS = ("JPEG", "PNG", "WEBP", "BMP")
_MASK_MODES = ("1", "L", "P", "RGB")
_SUPERSAMPLED = 4

Picture = NDArray[np.float32]
Mask = NDArray[np.bool_]


class PictureError(QuizproofError):
    """A file that is no picture, or none that a colour classifier can be shown."""


def read_picture(path: Path, size: tuple[int, int]) -> Picture:
    """The RGB picture at ``path`` stretched to ``size`` (height, width): (H, W, 3) in 0–1.

    As the course read it: its pixels as they are stored, whatever way up EXIF says they are.
    Raises PictureError.
    """
    with _opened(path) as image:
        if image.mode != "RGB":
            raise PictureError(
                f"{path} has mode {image.mode}, not RGB; "
                "convert it to what the classifier was trained on"
            )
        resized = image.resize((size[1], size[0]), Image.Resampling.BILINEAR)
    return np.asarray(resized, dtype=np.float32) / np.float32(255)


def picture_size(path: Path) -> tuple[int, int]:
    """Height and width of the picture at ``path``, by its header. Raises PictureError."""
    with _opened(path) as image:
        return image.height, image.width


def read_mask(path: Path, size: tuple[int, int]) -> Mask:
    """The mask at ``path``, white inside, at ``size`` (height, width). Raises PictureError."""
    with _opened(path) as image:
        if image.mode not in _MASK_MODES:
            raise PictureError(f"{path} has mode {image.mode}; save the mask in black and white")
        grey = image.convert("L").resize((size[1], size[0]), Image.Resampling.BILINEAR)
    return np.asarray(grey) >= 128


@contextmanager
def _opened(path: Path) -> Iterator[Image.Image]:
    """The picture at ``path``; what goes wrong inside the block while decoding is its fault."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(path, formats=_FORMATS) as image:  # reads the header, no pixel
                _check(path, image)
                yield image
    except QuizproofError:
        raise
    except UnidentifiedImageError:
        raise PictureError(f"{path} is no picture; use {', '.join(_FORMATS)}") from None
    except Image.DecompressionBombError:
        raise PictureError(f"{path} {_TOO_LARGE}") from None
    except Exception as error:  # a damaged file raises nearly anything from its decoder
        reason = one_line(str(error)) or type(error).__name__
        raise PictureError(f"{path} is damaged ({reason}); restore it") from None


_TOO_LARGE = f"has more than {MAX_PIXELS // 1_000_000} million pixels; scale it down"


def _check(path: Path, image: Image.Image) -> None:
    if image.width * image.height > MAX_PIXELS:
        raise PictureError(f"{path} {_TOO_LARGE}")
    # cameras put a preview behind a JPEG's picture (MPO); any other sequence is a film
    if image.format != "MPO" and getattr(image, "is_animated", False):
        raise PictureError(f"{path} is a film; keep one picture of it")


def picture_of(part: Part[PictureSet], number: int) -> PictureEntry:
    """What the manifest says of picture ``number``, from 0. Raises MissingError."""
    pictures = part.entry.pictures
    if not 0 <= number < len(pictures):
        raise MissingError(
            f"pack {part.pack} has no picture {number} in {part.name}; "
            f"it has {len(pictures)}, from 0 to {len(pictures) - 1}"
        )
    return pictures[number]


def region_mask(part: Part[PictureSet], number: int, name: str, size: tuple[int, int]) -> Mask:
    """Region ``name`` of picture ``number`` at ``size`` (height, width), never empty.

    Raises MissingError for a region that is not there or has no pixel.
    """
    regions = picture_of(part, number).regions
    if name not in regions:
        raise MissingError(
            f"picture {number} has no region {name} (it has {', '.join(regions) or 'none'})"
        )
    graph: dict[str, set[str]] = {}
    pending = [name]
    while pending:
        one = pending.pop()
        graph[one] = set(regions[one].needs)
        pending.extend(graph[one] - graph.keys())
        if len(graph) > MAX_NEEDED:
            raise MissingError(
                f"region {name} of picture {number} follows from more than {MAX_NEEDED} regions, "
                "one after another; save it as a mask"
            )
    masks: dict[str, Mask] = {}
    for one in TopologicalSorter(graph).static_order():
        masks[one] = _mask(part.files, regions[one], size, masks)
    if not masks[name].any():
        raise MissingError(f"region {name} of picture {number} is empty; mend the pack's manifest")
    return masks[name]


def _mask(files: Files, region: Region, size: tuple[int, int], others: dict[str, Mask]) -> Mask:
    if region.mask is not None:
        assert region.sha256 is not None
        mask = read_mask(files.file(File(file=region.mask, sha256=region.sha256)), size)
    elif region.polygons is not None:
        mask = polygons_mask(region.polygons, size)
    elif region.union_of is not None:
        mask = np.logical_or.reduce([others[one] for one in region.union_of])
    elif region.outline_of is not None:
        mask = outline(others[region.outline_of], region.width)
    else:
        assert region.outside is not None
        mask = ~others[region.outside]
    for one in region.less:
        mask = mask & ~others[one]
    return mask


def polygons_mask(polygons: list[list[list[float]]], size: tuple[int, int]) -> Mask:
    """The pixels of which the union of ``polygons`` takes half or more, at ``size`` (H, W).

    A polygon is a list of [x, y], as shares of the width and the height; where its sides cross,
    what they go round twice is outside.
    """
    height, width = size[0] * _SUPERSAMPLED, size[1] * _SUPERSAMPLED
    image = Image.new("L", (width, height))
    draw = ImageDraw.Draw(image)
    for polygon in polygons:
        draw.polygon([(x * width, y * height) for x, y in polygon], fill=255)
    small = image.resize((size[1], size[0]), Image.Resampling.BOX)
    return np.asarray(small) >= 128


def outline(mask: Mask, width: float) -> Mask:
    """The band of ``width`` (share of the shorter side) centred on the border of ``mask``.

    It is two pixels wide at least. The picture's own edge is no border of the region, so all of
    the picture and nothing of it have no outline.
    """
    if mask.all() or not mask.any():
        return np.zeros_like(mask)
    half = max(1.0, width * min(mask.shape) / 2)
    return (mask & _within(half, ~mask)) | (~mask & _within(half, mask))


def _within(reach: float, mask: Mask) -> Mask:
    """The pixels no farther than ``reach`` from some pixel of ``mask``.

    Counted along the rows, which takes a hundredth of the time that importing scipy does.
    """
    height, width = mask.shape
    most = int(reach)
    counts = np.cumsum(np.pad(mask, ((most, most), (most + 1, most))), axis=1)
    found = np.zeros_like(mask)
    for down in range(-most, most + 1):
        across = math.isqrt(int(reach**2 - down**2))
        rows = counts[most + down : most + down + height]
        begin, end = most - across, most + across + 1
        found |= rows[:, end : end + width] > rows[:, begin : begin + width]
    return found
