"""Null maps, which carry no answer: what a measure gives where there is nothing to find.

A measure means something beyond what it gives on a *null*: a map of the same size and grain whose
places say nothing. Two maps are alike when they are nearer to what two halves of one thing have in
common, the *ceiling*, than to what unrelated maps have. All randomness is a generator's.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.fft import irfft2, rfft2

from quizproof.probes.methods.localisation import MapError
from quizproof.questions.problems import QuizproofError

Numbers = NDArray[np.float64]


class NullError(QuizproofError):
    """Fewer nulls than the quantile that is asked for takes."""


def phase_randomised(
    relevance: ArrayLike, generator: np.random.Generator, count: int
) -> Iterator[Numbers]:
    """``count`` maps (H, W) with the power spectrum of ``relevance`` and the phases of white noise.

    So the mean, the variance and the grain are kept, and the places are not; surrogates in the
    sense of Theiler et al. (1992), section 2.4.1. Their values are nearly normal whatever those of
    the map are, so that some may be negative: see ``with_values_of``. Edges wrap round. Raises
    MapError for what is no map (H, W) of finite numbers.
    """
    values = _map(relevance)
    sizes = np.abs(rfft2(values))
    for _ in range(count):
        noise = rfft2(generator.standard_normal(values.shape))
        turned = noise * (sizes / np.abs(noise))
        turned[0, 0] = values.sum()
        yield np.asarray(irfft2(turned, s=values.shape), dtype=np.float64)


def with_values_of(relevance: ArrayLike, order: ArrayLike) -> Numbers:
    """The values of ``relevance``, placed in the order that those of ``order`` have.

    With ``phase_randomised`` for the second, a null that has the map's own values: none negative
    where the map has none, and as few bright ones (Theiler et al. 1992, section 2.4.3). Raises
    MapError.
    """
    values, places = _map(relevance), _map(order)
    if values.shape != places.shape:
        raise MapError(f"maps of shapes {values.shape} and {places.shape} have no common order")
    placed = np.empty(values.size)
    placed[np.argsort(places, axis=None)] = np.sort(values, axis=None)
    return placed.reshape(values.shape)


def shifted(relevance: ArrayLike, generator: np.random.Generator) -> Numbers:
    """The map (H, W) moved by at least a quarter of each side, what leaves it coming in again.

    Its values and its grain are kept exactly, and nothing is where it was. Raises MapError.
    """
    values = _map(relevance)
    steps = [int(generator.integers(side // 4, side - side // 4 + 1)) for side in values.shape]
    return np.asarray(np.roll(values, steps, axis=(0, 1)), dtype=np.float64)


def quantile(numbers: Sequence[float] | Numbers, share: float) -> float:
    """Return what a further number of the kind exceeds with probability 1 − ``share`` at most.

    The k-th smallest of n, k = ⌈share · (n + 1)⌉, whatever their distribution: 0.99 takes 99 of
    them. Raises NullError where there are too few.
    """
    ordered = np.sort(np.asarray(numbers, dtype=np.float64))
    place = math.ceil(round(share * (ordered.size + 1), 9))
    if not 1 <= place <= ordered.size:
        raise NullError(
            f"{ordered.size} nulls have no quantile at {share:g}; "
            f"take {math.ceil(round(1 / (1 - share), 9)) - 1 if share < 1 else 'a share below 1'}"
        )
    return float(ordered[place - 1])


def midpoint(null: float, ceiling: float) -> float:
    """Halfway from ``null`` to ``ceiling``: what is above it is nearer to the ceiling."""
    return (null + ceiling) / 2


def _map(relevance: ArrayLike) -> Numbers:
    values = np.asarray(relevance, dtype=np.float64)
    if values.ndim != 2 or values.size == 0 or not np.isfinite(values).all():
        raise MapError(
            f"an array of shape {values.shape} is no map (H, W) of finite numbers; mend the model"
        )
    return values
