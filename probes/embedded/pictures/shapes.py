"""Outlines as point lists in scene coordinates: x to the right, y down, both 0–1 in the frame."""

from __future__ import annotations

from functools import cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]
Pair = tuple[float, float]
"""A place (x, y), or a size: width and height, or half-axes."""


@cache
def _circle(count: int) -> Points:
    angle = np.arange(count) * (2 * np.pi / count)
    points: Points = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    return points


def turned(points: Points, degrees: float, centre: Pair) -> Points:
    """``points`` (N, 2) turned about ``centre``, clockwise on the picture."""
    angle = np.deg2rad(degrees)
    cos, sin = np.cos(angle), np.sin(angle)
    spun: Points = (points - centre) @ np.array([[cos, sin], [-sin, cos]]) + centre
    return spun


def moved(points: Points, right: float, down: float) -> Points:
    """``points`` (N, 2) shifted."""
    there: Points = points + np.array((right, down))
    return there


def ellipse(centre: Pair, half_axes: Pair, degrees: float = 0) -> Points:
    """An ellipse about (x, y) with half-axes ``rx`` and ``ry``; shape (32, 2)."""
    points = _circle(32) * half_axes + centre
    return turned(points, degrees, centre) if degrees else points


def blob(
    rng: np.random.Generator,
    centre: Pair,
    half_axes: Pair,
    unevenness: float = 0.1,
    degrees: float = 0,
) -> Points:
    """An ellipse whose radius wanders by about ``unevenness`` (a share of it); shape (40, 2)."""
    angle = np.arange(40) * (2 * np.pi / 40)
    radius = np.ones(40)
    for waves in (2, 3, 5, 8):
        radius += (
            unevenness
            * rng.uniform(0.2, 1)
            / waves**0.5
            * np.cos(waves * angle + rng.uniform(0, 2 * np.pi))
        )
    points = _circle(40) * radius[:, None] * half_axes + centre
    return turned(points, degrees, centre) if degrees else points


def rectangle(centre: Pair, size: Pair, degrees: float = 0) -> Points:
    """A rectangle about (x, y); shape (4, 2)."""
    corners = np.array([[-1.0, -1], [1, -1], [1, 1], [-1, 1]])
    points = corners * (size[0] / 2, size[1] / 2) + centre
    return turned(points, degrees, centre) if degrees else points


def pill(centre: Pair, size: Pair, corner: float, degrees: float = 0) -> Points:
    """A rectangle with corners rounded by ``corner`` (at most half a side); shape (32, 2)."""
    circle = np.roll(_circle(32), -4, axis=0)
    width, height = size
    corner = min(corner, width / 2, height / 2)
    points = circle * corner + np.sign(circle) * (width / 2 - corner, height / 2 - corner) + centre
    return turned(points, degrees, centre) if degrees else points


def curve(*anchors: Pair, count: int = 14) -> Points:
    """The Bézier curve of the given anchors (2 to 4 of them); shape (count, 2)."""
    points = np.repeat(np.array(anchors, dtype=np.float64)[:, None, :], count, axis=1)
    share = np.linspace(0, 1, count)[:, None]
    while len(points) > 1:
        points = points[:-1] * (1 - share) + points[1:] * share
    return np.asarray(points[0])


def softened(corners: Points, reach: float = 0.5, count: int = 6) -> Points:
    """A polygon (N, 2) with its corners rounded over ``reach`` (at most 0.5) of each side.

    ``count`` points make a corner; shape (N x count, 2).
    """
    rounded = []
    for before, corner, after in zip(
        np.roll(corners, 1, axis=0), corners, np.roll(corners, -1, axis=0), strict=True
    ):
        enter = reach * before + (1 - reach) * corner
        leave = reach * after + (1 - reach) * corner
        rounded.append(curve(tuple(enter), tuple(corner), tuple(leave), count=count))
    return np.concatenate(rounded)


def stick(centre: Pair, length: float, degrees: float) -> Points:
    """The two ends of a stick about (x, y); shape (2, 2)."""
    x, y = centre
    return turned(np.array([(x - length / 2, y), (x + length / 2, y)]), degrees, centre)


def profile(x: float, *levels: tuple[float, float]) -> Points:
    """The outline of a turned body about the axis ``x`` from (y, half-width) from top to bottom.

    The half-widths are joined by a smooth (monotone cosine) course; shape (2 x 6(n - 1) + 2, 2).
    """
    heights, widths = [], []
    for (y0, w0), (y1, w1) in pairwise(levels):
        share = np.arange(6) / 6
        heights.append(y0 + (y1 - y0) * share)
        widths.append(w0 + (w1 - w0) * (1 - np.cos(np.pi * share)) / 2)
    height = np.append(np.concatenate(heights), levels[-1][0])
    width = np.append(np.concatenate(widths), levels[-1][1])
    right = np.stack([x + width, height], axis=1)
    left = np.stack([x - width, height], axis=1)
    return np.concatenate([right, left[::-1]])


def scattered(rng: np.random.Generator, count: int, centre: Pair, half_axes: Pair) -> Points:
    """``count`` points spread evenly over an ellipse, sorted from back to front; (count, 2)."""
    (x, y), (rx, ry) = centre, half_axes
    radius = np.sqrt(rng.uniform(0, 1, count))
    angle = rng.uniform(0, 2 * np.pi, count)
    points = np.stack([x + rx * radius * np.cos(angle), y + ry * radius * np.sin(angle)], axis=1)
    return points[np.argsort(points[:, 1], kind="stable")]
