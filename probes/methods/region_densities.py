"""Density of a map in the regions of a picture, beside that of maps that say nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.fft import irfft2, rfft2
from torch import Tensor

from quizproof.probes.methods import null_maps
from quizproof.probes.methods.localisation import EmptyRegionError, Mask, density

Numbers = NDArray[np.float64]

NULLS = 100
# of so many places of a region in nulls one has more: where chance may be what put it there, and
# where it is not, with three regions one map in a hundred and one in a thousand
_SELDOM, _HARDLY_EVER = 300, 3_000


@dataclass(frozen=True)
class Density:
    """Density of a map in a region, and what chance gives: more than that seldom, hardly ever."""

    there: float
    seldom: float
    hardly_ever: float


def densities(
    relevance: ArrayLike, regions: Mapping[str, Mask], generator: np.random.Generator
) -> dict[str, Density]:
    """For each region the ``density`` of a map (H, W), ≥ 0, and what chance gives there.

    Chance is maps with the values and the grain of ``relevance``, their places at random (see
    ``null_maps``), and the region laid everywhere in them, what leaves it coming in again: once in
    300 and in 3,000 times it has more. All are 1 for a constant map. Raises NoMassError, MapError,
    and EmptyRegionError for a region that cannot be told from the rest of the picture, or from a
    single pixel.
    """
    for name, region in regions.items():
        require_part(name, region)
    found = {name: density(relevance, region) for name, region in regions.items()}
    evenly = float(np.asarray(relevance, dtype=np.float64).mean())  # of every null as well
    laid = {name: np.conj(rfft2(region / region.sum())) for name, region in regions.items()}
    nulls: dict[str, list[Numbers]] = {name: [] for name in regions}
    for order in null_maps.phase_randomised(relevance, generator, NULLS):
        null = null_maps.with_values_of(relevance, order)
        spectrum = rfft2(null / evenly)
        for name, region in laid.items():
            nulls[name].append(irfft2(spectrum * region, s=null.shape).ravel())
    bounds = [1 - 1 / places for places in (_SELDOM, _HARDLY_EVER)]
    return {
        name: Density(found[name], *map(float, np.quantile(values, bounds)))
        for name, values in nulls.items()
    }


def of_one_colour(picture: Tensor) -> bool:
    """Return whether all places of a picture, (3, H, W), are alike."""
    return bool((picture == picture[:, :1, :1]).all())


def require_parts(picture: Tensor, number: int) -> None:
    """Raises EmptyRegionError for a picture of one colour, whatever is said to lie on it."""
    if of_one_colour(picture):
        raise EmptyRegionError(
            f"picture {number} is of one colour and has no parts; put the right one in its place"
        )


def require_part(name: str, region: Mask) -> None:
    """Raises EmptyRegionError for a region of a single pixel, or of all of the picture."""
    if region.sum() <= 1:
        raise EmptyRegionError(
            f"region {name} has {int(region.sum())} of {region.size} pixels, which is no part of a "
            "picture; draw its outline"
        )
    if region.all():
        raise EmptyRegionError(
            f"region {name} is the whole picture, of which nothing can be denser; draw its outline"
        )
