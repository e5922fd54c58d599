"""Localisation of an attribution map: the field's measures, defined for every map and region.

A map is an array of finite numbers, usually (H, W); a region is a boolean array of its shape.
Maps may be signed: ``of`` says which part counts (see ``part_of``), and for a map without negative
values "absolute" and "positive" are the map itself. What is undefined is an error, never a number:

    MapError           a map that is no map: not finite, of another shape than its region
    ├── NoMassError        nothing but zeros in the part that counts, so it has no shares
    └── ConstantMapError   one value everywhere, so it has no order
    EmptyRegionError   a region without a pixel, or one where none is left outside it
"""

from __future__ import annotations

from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.stats import rankdata

from quizproof.questions.problems import QuizproofError

Part: TypeAlias = Literal["absolute", "positive", "negative"]
Numbers: TypeAlias = NDArray[np.float64]
Mask: TypeAlias = NDArray[np.bool_]


class MapError(QuizproofError):
    """Something that cannot be measured as an attribution map."""


class NoMassError(MapError):
    """A map that is zero everywhere in the part that counts."""


class ConstantMapError(MapError):
    """A map with one value everywhere."""


class EmptyRegionError(QuizproofError):
    """A region without pixels, of which no share or density can be told."""


def part_of(relevance: ArrayLike, of: Part) -> Numbers:
    """The part of a signed map that counts as mass, ≥ 0, same shape.

    "absolute" |v|; "positive" max(v, 0); "negative" max(−v, 0). Raises MapError.
    """
    values = _numbers(relevance)
    match of:
        case "absolute":
            return np.abs(values)
        case "positive":
            return np.maximum(values, 0)
        case "negative":
            return np.maximum(-values, 0)


def mass_share(relevance: ArrayLike, region: Mask, of: Part = "absolute") -> float:
    """Share of the map's mass in ``region``, in [0, 1].

    Relevance mass accuracy of Arras, Osman & Samek (2022), which they define for positive
    relevance. Raises NoMassError, EmptyRegionError, MapError.
    """
    mass = part_of(relevance, of)
    _check_region(mass, region)
    largest = mass.max()
    if largest == 0:
        raise NoMassError(
            f"the map is zero everywhere in its {of} part and has no share of mass; "
            "look at a map that is not"
        )
    mass = mass / largest  # sums of tiny or huge values neither vanish nor overflow
    return min(1.0, float(mass[region].sum() / mass.sum()))


def area_share(region: Mask) -> float:
    """Share of the picture that ``region`` covers, in (0, 1]. Raises EmptyRegionError."""
    if not region.any():
        raise EmptyRegionError("the region has no pixels; name one that has")
    return float(region.mean())


def density(relevance: ArrayLike, region: Mask, of: Part = "absolute") -> float:
    """Share of mass ÷ share of area: 1 for a constant map, in [0, pixels ÷ pixels of the region].

    Raises NoMassError, EmptyRegionError, MapError.
    """
    return mass_share(relevance, region, of) / area_share(region)


def contrast(
    relevance: ArrayLike, region: Mask, other: Mask | None = None, of: Part = "absolute"
) -> float:
    """(a − b) ÷ (a + b) of the mean mass a in ``region`` and b in ``other``, in [−1, 1].

    ``other`` is all the rest unless given. 0 for a constant map and where neither has mass, ⅓ where
    the region has twice the other's, 1 where only the region has any. Unlike density it can reach
    its ends whatever area the region has. Raises NoMassError, EmptyRegionError, MapError.
    """
    mass = part_of(relevance, of)
    other = ~region if other is None else other
    for side in (region, other):
        _check_region(mass, side)
    if mass.max() == 0:
        raise NoMassError(
            f"the map is zero everywhere in its {of} part and has no contrast; "
            "look at a map that is not"
        )
    mass = mass / mass.max()
    inside, outside = float(mass[region].mean()), float(mass[other].mean())
    return (inside - outside) / (inside + outside) if inside + outside else 0.0


def rank_accuracy(relevance: ArrayLike, region: Mask, of: Part = "absolute") -> float:
    """Share of the K largest pixels that lie in ``region``, which has K pixels; in [0, 1].

    Relevance rank accuracy of Arras, Osman & Samek (2022). Of pixels that tie for the last places
    each counts with its chance of a place, so that a constant map gets the region's share of area.
    Raises EmptyRegionError, MapError.
    """
    mass = part_of(relevance, of)
    _check_region(mass, region)
    return _share_of_largest(mass, region, int(region.sum()))


def pointing_game(relevance: ArrayLike, region: Mask, of: Part = "positive") -> float:
    """1 where the map's largest pixel lies in ``region``, 0 where it does not.

    Zhang et al. (2018), without their tolerance of 15 pixels: widen the region for one. Of several
    largest pixels it is the share that lies inside, so that a constant map gets the region's share
    of area. Raises EmptyRegionError, MapError.
    """
    mass = part_of(relevance, of)
    _check_region(mass, region)
    return _share_of_largest(mass, region, 1)


def hot_pixels(relevance: ArrayLike, share: float, of: Part = "absolute") -> Mask:
    """The ``share`` (0–1) of pixels with the largest values, at least one, as a mask.

    Pixels that equal the last of them are hot too, so there may be more; pixels at the smallest
    value never are, so there may be fewer, and a constant map has none. Raises MapError.
    """
    if not 0 < share <= 1:
        raise MapError(f"a share of {share} of the pixels cannot be hot; use one in (0, 1]")
    mass = part_of(relevance, of)
    count = max(1, round(share * mass.size))
    threshold = np.partition(mass, mass.size - count, axis=None)[mass.size - count]
    hot: Mask = (mass >= threshold) & (mass > mass.min())
    return hot


def iou(one: Mask, other: Mask) -> float:
    """Intersection over union of two regions, in [0, 1].

    Raises EmptyRegionError where both are empty, MapError where their shapes differ.
    """
    if one.shape != other.shape:
        raise MapError(f"regions of shapes {one.shape} and {other.shape} cannot be compared")
    union = int((one | other).sum())
    if union == 0:
        raise EmptyRegionError("two empty regions have no intersection over union; fill one")
    return int((one & other).sum()) / union


def rank_correlation(one: ArrayLike, other: ArrayLike) -> float:
    """Spearman's ρ of two maps pixel by pixel, ties at their mean rank; in [−1, 1].

    Signs count as they are: hand over ``part_of`` both for magnitudes. Raises ConstantMapError,
    MapError where the shapes differ.
    """
    first, second = _numbers(one), _numbers(other)
    if first.shape != second.shape:
        raise MapError(f"maps of shapes {first.shape} and {second.shape} cannot be correlated")
    for values in (first, second):
        if values.min() == values.max():
            raise ConstantMapError(
                f"a map is {values.flat[0]:g} everywhere and correlates with nothing; "
                "look at a map that is not"
            )
    ranks = [rankdata(values) - (values.size + 1) / 2 for values in (first, second)]
    # not `@`: for a map's length BLAS starts threads, which costs more than it saves
    one_two, one_one, two_two = (
        (a * b).sum() for a, b in ((ranks[0], ranks[1]), (ranks[0], ranks[0]), (ranks[1], ranks[1]))
    )
    rho = one_two / np.sqrt(one_one * two_two)
    return float(np.clip(rho, -1, 1))


def gini(relevance: ArrayLike, of: Part = "absolute") -> float:
    """Gini coefficient of the pixels: 0 for a constant map, 1 − 1 ÷ pixels for a single one.

    Equation 2 of Hurley & Rickard (2009). It does not change when the map is scaled, and falls
    when a constant is added. Raises NoMassError, MapError.
    """
    ordered = np.sort(part_of(relevance, of), axis=None)
    if ordered[-1] == 0:
        raise NoMassError(
            f"the map is zero everywhere in its {of} part and is neither even nor uneven; "
            "look at a map that is not"
        )
    ordered = ordered / ordered[-1]
    places = np.arange(ordered.size) + 0.5
    even = 2 * (ordered / ordered.sum()) @ (1 - places / ordered.size)
    return float(np.clip(1 - even, 0, 1))


def centroid(relevance: ArrayLike, of: Part = "absolute") -> tuple[float, float]:
    """Return the centre of an (H, W) map's mass: (down, right), shares of the sides in (0, 1).

    (0, 0) is the picture's upper left corner, and a pixel's mass is at its middle.
    Raises NoMassError, MapError.
    """
    mass = part_of(relevance, of)
    if mass.ndim != 2:
        raise MapError(f"a map of shape {mass.shape} has no centre; use one of shape (H, W)")
    largest = mass.max()
    if largest == 0:
        raise NoMassError(
            f"the map is zero everywhere in its {of} part and has no centre; "
            "look at a map that is not"
        )
    mass = mass / largest
    height, width = mass.shape
    total = mass.sum()
    down = mass.sum(axis=1) @ (np.arange(height) + 0.5) / height / total
    right = mass.sum(axis=0) @ (np.arange(width) + 0.5) / width / total
    return float(down), float(right)


def _numbers(relevance: ArrayLike) -> Numbers:
    values = np.asarray(relevance, dtype=np.float64)
    if values.size == 0 or not np.isfinite(values).all():
        raise MapError("a map with no pixels, NaN or infinity cannot be measured; mend the model")
    return values


def _check_region(relevance: Numbers, region: Mask) -> None:
    if region.dtype != np.bool_ or region.shape != relevance.shape:
        raise MapError(
            f"a map of shape {relevance.shape} has no region of shape {region.shape}, "
            f"type {region.dtype}; make it boolean and of the map's shape"
        )
    if not region.any():
        raise EmptyRegionError("the region has no pixels; name one that has")


def _share_of_largest(mass: Numbers, region: Mask, count: int) -> float:
    last = np.partition(mass, mass.size - count, axis=None)[mass.size - count]
    above, tied = mass > last, mass == last
    chance = (count - int(above.sum())) / int(tied.sum())
    return float((above & region).sum() + chance * (tied & region).sum()) / count
