"""Protrusion of the figure that a map makes: its handle, found in the map alone.

The map is smoothed by 1 ÷ 64 of its shorter side. Otsu's bound (1979) parts it into figure and
ground, and the figure is what lies above a level between the means of the two. It is taken apart by
thickness, as a person does who sees a jug and its handle: the *body* is the opening of the figure
by a disc two thirds as thick as the figure at its thickest, and the *handle* the largest part that
reaches beyond it. A figure more than three times as long as thick has no body: it is all handle,
such as a bar, unless it is wound up.

A share of hot pixels would cut a figure of another size through: of an even one that covers more
than the share, the smoothed map's hottest pixels are those farthest from its edge, and no handle.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from quizproof.probes.methods.localisation import Mask
from quizproof.probes.methods.null_maps import phase_randomised, quantile
from quizproof.probes.methods.otsu import otsu

NULLS = 99
LEVELS = (1 / 3, 1 / 2, 2 / 3)  # of the way from the ground's mean to the figure's
_SLENDER = 3  # times as long as thick: what is stouter is a body
_DISC = 2 / 3  # of the figure's half thickness: what is thinner is no body
_REACH = 1 / 3  # of it, beyond the body: the corner of a square one reaches 0.28
_WOUND = 2  # times its length: a straight bar has one, a ring's bow a half more
_EIGHT = np.ones((3, 3), bool)

Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Handle:
    """The largest part that sticks out of a figure."""

    mask: Mask
    share: float  # of the figure's mass above the ground
    rival: float  # the share of the next largest part, 0 where there is none
    down: float  # its centre, from the picture's middle, in heights
    right: float  # in widths


@dataclass(frozen=True)
class Figure:
    """A smoothed map with its ground taken away."""

    above: Numbers  # (H, W), 0 where it is not above the ground's mean
    height: float  # the figure's mean above the ground's
    parted: float  # variance between figure and ground ÷ all variance (Otsu's η), 0–1
    grain: float  # pixels: what it was smoothed by


def figure(relevance: Numbers) -> Figure | None:
    """The figure that a map (H, W) ≥ 0 makes; None where it is the same everywhere."""
    grain = min(relevance.shape) / 64
    smooth = ndimage.gaussian_filter(relevance, grain)
    if np.ptp(smooth) <= 1e-9 * abs(smooth).max():
        return None
    inside = smooth >= otsu(smooth)
    ground, share = smooth[~inside].mean(), inside.mean()
    height = float(smooth[inside].mean() - ground)
    parted = float(share * (1 - share) * height**2 / smooth.var())
    return Figure((smooth - ground).clip(min=0), height, parted, grain)


def handle(seen: Figure, level: float) -> Handle | None:
    """The handle of a figure cut at ``level``, 0–1; None where nothing sticks out of it.

    Nor is there one where the largest part does not touch the body, or is larger than it.
    """
    hot = _closed(seen.above >= level * seen.height, seen.grain)
    if hot.all() or not hot.any():
        return None
    depth = ndimage.distance_transform_edt(hot)
    thickest = np.unravel_index(np.argmax(depth), hot.shape)
    half = float(depth[thickest])
    places, _ = ndimage.label(hot, _EIGHT)
    whole = places == places[thickest]
    length = _length(whole)
    stout = 2 * half * _SLENDER >= length
    if not stout and whole.sum() > _WOUND * 2 * half * length:
        return None
    parts = _beyond(hot, depth * whole, half, seen.grain) if stout else places
    if not parts.any():
        return None
    masses = ndimage.sum_labels(seen.above, parts, np.arange(1, parts.max() + 1))
    masses = np.asarray(masses) / seen.above[hot].sum()
    largest = int(masses.argmax())
    mask: Mask = parts == largest + 1
    if not (mask & whole).any() or (stout and masses[largest] > 1 - masses.sum()):
        return None
    down, right = ndimage.center_of_mass(seen.above * mask)
    return Handle(
        mask=mask,
        share=float(masses[largest]),
        rival=float(np.sort(masses)[-2]) if len(masses) > 1 else 0.0,
        down=float((down + 0.5) / hot.shape[0] - 0.5),
        right=float((right + 0.5) / hot.shape[1] - 0.5),
    )


def chance(relevance: Numbers, generator: np.random.Generator, nulls: int = NULLS) -> float:
    """Return what ``parted`` does not exceed on maps of the grain of this one that say nothing.

    A further one exceeds it once in a hundred times (see ``null_maps``). Each is looked at as it is
    and without its signs, since saliency has none. Their figures are all that
    is above the middle: in half of the picture some part sticks out of some other by more than any
    handle does, which is why it is not the handle's size that is held against chance.
    """
    found = []
    for copy in phase_randomised(relevance - relevance.mean(), generator, nulls):
        seen = (figure(copy), figure(np.abs(copy)))
        found.append(max(one.parted if one else 0.0 for one in seen))
    return quantile(found, 0.99)


def _closed(mask: Mask, gap: float) -> Mask:
    """``mask`` with gaps and holes up to twice ``gap`` wide filled, which are noise's."""
    reach = gap + 0.5  # from the middle of a pixel to that of the next one that is not between
    closed: Mask = mask | (_off(_off(mask) > reach) > reach)
    return closed


def _beyond(hot: Mask, depth: Numbers, half: float, grain: float) -> NDArray[np.int_]:
    """The parts of ``hot`` that reach beyond a body of that ``depth``, ``half`` at most.

    Numbered from 1. As much of it as smoothing makes of a pixel has to reach far enough.
    """
    body = _off(depth > _DISC * half) <= _DISC * half  # what discs of that radius cover
    off = _off(body)
    parts, count = ndimage.label(hot & (off > grain), _EIGHT)
    far = ndimage.sum_labels(off > max(grain, _REACH * half), parts, np.arange(1, count + 1))
    kept = 1 + np.flatnonzero(np.asarray(far) >= np.pi * grain**2)
    numbers = np.zeros(count + 1, dtype=np.int_)
    numbers[kept] = np.arange(1, len(kept) + 1)
    return np.asarray(numbers[parts])


def _off(mask: Mask) -> Numbers:
    """Return the distance of every pixel from ``mask``, in pixels."""
    far: Numbers = ndimage.distance_transform_edt(~mask)
    return far


def _length(mask: Mask) -> float:
    """From end to end along the direction in which a region is longest, in pixels."""
    points = np.argwhere(mask).astype(np.float64)
    points -= points.mean(axis=0)
    _, axes = np.linalg.eigh(points.T @ points)
    return float(np.ptp(points @ axes[:, -1])) + 1
