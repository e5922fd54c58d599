"""Silhouettes: what shape the hot pixels of a map make, and which solid has such an outline.

A silhouette is a convex polygon, (N, 2) of (right, down). Five solids are seen as things are that
stand on a table: on their base, from 15° to 60° above, from any side, the camera tilted by up to
20°. (From straight above, or lying, several solids have the very same outline.) Of each there are
as many poses, spread evenly, so that none fits better for having more of them. They are the solids
as named, as high as wide: the cube, the sphere, the cylinder, the pyramid on a square and the
regular tetrahedron. Pictures come to a classifier stretched, by how much is not known; so outlines
are compared with their bounding boxes stretched to the same square.
"""

from __future__ import annotations

from functools import lru_cache
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw
from scipy import ndimage
from scipy.spatial import ConvexHull
from scipy.stats import qmc

from quizproof.probes.methods.localisation import EmptyRegionError, Mask
from quizproof.probes.methods.otsu import otsu

SOLIDS = ("cube", "sphere", "cylinder", "pyramid", "tetrahedron")
_POSES = 400  # of each solid
_ELEVATIONS = (15, 60)  # degrees above the table
_TILTS = (-20, 20)
_LARGE = 0.1  # share of the hot pixels; on planted outlines of all five solids this and "only the
# largest place" find the solid about as often, a twentieth or less finds it less often
_RASTER = 64  # pixels a side on which outlines are compared

Polygon = NDArray[np.float64]


def dense_part(hot: Mask) -> Mask:
    """The hot pixels where they lie dense, without stray ones and small groups of them.

    Their density is their mask under a Gaussian of 1 ÷ 64 of the shorter side, and the bound
    between dense and not is Otsu's (1979). Dense places that hold less than a tenth of the hot
    pixels are left out; several may remain, such as edges of one thing that do not touch.
    Raises EmptyRegionError where no pixel is hot or no place holds a tenth of them.
    """
    densities = ndimage.gaussian_filter(hot.astype(np.float64), min(hot.shape) / 64)
    places, count = ndimage.label(densities >= otsu(densities))
    held = ndimage.sum_labels(hot, places, np.arange(1, count + 1))
    large = 1 + np.flatnonzero(held >= _LARGE * hot.sum())
    dense: Mask = hot & np.isin(places, large)
    if not dense.any():
        raise EmptyRegionError("the hot pixels gather nowhere, so they make no shape")
    return dense


def hull(mask: Mask) -> Polygon:
    """The convex hull of a mask's pixels, each a square of side 1. Raises EmptyRegionError."""
    if not mask.any():
        raise EmptyRegionError("a region without pixels has no outline")
    down, right = np.nonzero(mask)
    corners = [(right + a, down + b) for a in (0, 1) for b in (0, 1)]
    return _convex(np.concatenate([np.stack(c, axis=1) for c in corners]).astype(np.float64))


def filled(outline: Polygon, shape: tuple[int, ...]) -> Mask:
    """``outline``, in pixels, as a region of a picture of ``shape`` (H, W)."""
    image = Image.new("1", (shape[1], shape[0]))
    ImageDraw.Draw(image).polygon([(float(x), float(y)) for x, y in outline], fill=1)
    return np.asarray(image)


def likeness(outline: Polygon) -> NDArray[np.float64]:
    """The largest intersection over union of ``outline`` with each solid, over its poses: (5,).

    In the order of SOLIDS, each in (0, 1]. It is exact to some 0.01: outlines are drawn 64 pixels
    wide, poses lie some degrees apart.
    """
    drawn = _raster(outline).ravel().astype(np.float32)
    found = []
    for solid in SOLIDS:
        poses = _poses(solid)
        both = poses @ drawn
        found.append(float((both / (poses.sum(axis=1) + drawn.sum() - both)).max()))
    return np.array(found)


@lru_cache
def _poses(solid: str) -> NDArray[np.float32]:
    """The outlines of a solid over its poses, drawn to fill the raster: (poses, pixels), 0 or 1."""
    corners = _corners(solid)
    alike = solid == "sphere"  # from everywhere
    spread = qmc.Halton(3, scramble=False).random(1 if alike else _POSES)
    low = np.array([0, _ELEVATIONS[0], _TILTS[0]])
    high = np.array([_PERIODS[solid], _ELEVATIONS[1], _TILTS[1]])
    poses = low + spread * (high - low)
    outlines = [_raster(_convex(corners @ _camera(*pose))).ravel() for pose in poses]
    return np.stack(outlines).astype(np.float32)


# degrees of a turn about the upright axis after which a solid looks the same
_PERIODS = MappingProxyType(
    {"cube": 90, "sphere": 10, "cylinder": 10, "pyramid": 90, "tetrahedron": 120}
)


def _corners(solid: str) -> NDArray[np.float64]:
    """Points whose convex hull the solid is, (N, 3) of (x, y, up)."""
    square = np.array([(x, y) for x in (-0.5, 0.5) for y in (-0.5, 0.5)])
    turns = np.linspace(0, 2 * np.pi, 72, endpoint=False)
    circle = np.stack([np.cos(turns), np.sin(turns)], axis=1) / 2
    match solid:
        case "cube":
            return np.concatenate([_at(square, 0.0), _at(square, 1.0)])
        case "sphere":
            heights = np.linspace(-0.5, 0.5, 37)
            rings = [_at(2 * np.sqrt(0.25 - h * h) * circle, h) for h in heights]
            return np.concatenate(rings)
        case "cylinder":
            return np.concatenate([_at(circle, 0.0), _at(circle, 1.0)])
        case "pyramid":
            return np.concatenate([_at(square, 0.0), [(0, 0, 1)]])
        case "tetrahedron":
            return np.concatenate([_at(circle[::24], 0.0), [(0, 0, np.sqrt(0.5))]])
    raise ValueError(f"no solid is called {solid}")


def _at(points: NDArray[np.float64], height: float) -> NDArray[np.float64]:
    return np.column_stack([points, np.full(len(points), height)])


def _camera(azimuth: float, elevation: float, tilt: float) -> NDArray[np.float64]:
    """The matrix (3, 2) from (x, y, up) to (right, down), in degrees, without perspective."""
    a, e, t = np.radians([azimuth, elevation, tilt])
    right = np.array([-np.sin(a), np.cos(a), 0])
    down = np.array([np.sin(e) * np.cos(a), np.sin(e) * np.sin(a), -np.cos(e)])
    turn = np.array([[np.cos(t), np.sin(t)], [-np.sin(t), np.cos(t)]])
    camera: NDArray[np.float64] = np.stack([right, down], axis=1) @ turn
    return camera


def _convex(points: NDArray[np.float64]) -> Polygon:
    outline: Polygon = points[ConvexHull(points).vertices]
    return outline


def _raster(outline: Polygon) -> Mask:
    """``outline`` drawn with its bounding box stretched over the raster."""
    low, high = outline.min(axis=0), outline.max(axis=0)
    scaled = (outline - low) / (high - low) * (_RASTER - 1)
    image = Image.new("1", (_RASTER, _RASTER))
    ImageDraw.Draw(image).polygon([(float(x), float(y)) for x, y in scaled], fill=1, outline=1)
    return np.asarray(image)
