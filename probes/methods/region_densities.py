"""Where in a picture a map has its mass, beside where maps that say nothing have theirs."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.fft import irfft2, rfft2
from torch import Tensor

from quizproof.probes.methods import null_maps
from quizproof.probes.methods.localisation import EmptyRegionError, Mask, density

Numbers = NDArray[np.float64]

NULLS = 100
_PLACES = 30_000  # of a region in nulls, of which one has more than chance is said to give


def densities(
    relevance: ArrayLike, regions: Mapping[str, Mask], generator: np.random.Generator
) -> dict[str, tuple[float, float]]:
    """For each region the ``density`` of a map (H, W), ≥ 0, and the most that chance gives.

    Chance is maps with the values and the grain of ``relevance``, their places at random (see
    ``null_maps``), and the region laid everywhere in them, what leaves it coming in again: one of
    30,000 times it has more, and so any of three regions in one map of 10,000. Both are 1 for a
    constant map. Raises NoMassError, MapError, and EmptyRegionError for a region that cannot be
    told from the rest of the picture, or from a single pixel.
    """
    for name, region in regions.items():
        _check(name, region)
    found = {name: density(relevance, region) for name, region in regions.items()}
    evenly = float(np.asarray(relevance, dtype=np.float64).mean())  # of every null as well
    laid = {name: np.conj(rfft2(region / region.sum())) for name, region in regions.items()}
    nulls: dict[str, list[Numbers]] = {name: [] for name in regions}
    for order in null_maps.phase_randomised(relevance, generator, NULLS):
        null = null_maps.with_values_of(relevance, order)
        spectrum = rfft2(null / evenly)
        for name, region in laid.items():
            nulls[name].append(irfft2(spectrum * region, s=null.shape).ravel())
    most = {name: float(np.quantile(values, 1 - 1 / _PLACES)) for name, values in nulls.items()}
    return {name: (found[name], most[name]) for name in regions}


def of_one_colour(picture: Tensor) -> bool:
    """Whether all places of a picture, (3, H, W), are alike."""
    return bool((picture == picture[:, :1, :1]).all())


def require_parts(picture: Tensor, number: int) -> None:
    """Raises EmptyRegionError for a picture of one colour, whatever is said to lie on it."""
    if of_one_colour(picture):
        raise EmptyRegionError(
            f"picture {number} is of one colour and has no parts; put the right one in its place"
        )


def _check(name: str, region: Mask) -> None:
    if region.sum() <= 1:
        raise EmptyRegionError(
            f"region {name} has {int(region.sum())} of {region.size} pixels, which is no part of a "
            "picture; draw its outline"
        )
    if region.all():
        raise EmptyRegionError(
            f"region {name} is the whole picture, of which nothing can be denser; draw its outline"
        )
