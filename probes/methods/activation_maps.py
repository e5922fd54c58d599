"""Fineness of the detail of activation maps, and agreement of two maps on places."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.fft import dctn
from scipy.stats import rankdata
from torch import Tensor

Numbers = NDArray[np.float64]

POWER = 0.9
_CHANCE = 0.99


def varying(maps: Tensor) -> Tensor:
    """Return which of ``maps``, (filters, h, w), have more than one value: (filters,), boolean."""
    return maps.amax(dim=(1, 2)) > maps.amin(dim=(1, 2))


def resolution(maps: Tensor) -> Numbers:
    """The frequency up to which each of ``maps``, (filters, h, w), has 90 % of its power.

    In cycles ∕ side of the picture, of the map less its mean (the cosine transform DCT-II, which
    sees no jump at the picture's edges). A map of w positions can show w ∕ 2 cycles at most along a
    side, however finely it is drawn. Each map must vary.
    """
    values = maps.cpu().double().numpy()
    values = values - values.mean(axis=(1, 2), keepdims=True)
    values = values / np.abs(values).max(axis=(1, 2), keepdims=True)  # so that squares are fit
    power = dctn(values, axes=(1, 2), norm="ortho") ** 2
    power[:, 0, 0] = 0
    down, right = (np.arange(side) / 2 for side in values.shape[1:])
    frequencies = np.hypot(down[:, None], right[None]).ravel()
    order = np.argsort(frequencies, kind="stable")
    so_far = power.reshape(len(power), frequencies.size)[:, order].cumsum(axis=1)
    reached = (so_far >= POWER * so_far[:, -1:]).argmax(axis=1)
    found: Numbers = frequencies[order][reached]
    return found


def agreement(one: ArrayLike, other: ArrayLike) -> tuple[float, float]:
    """Return how far two maps (H, W) of one picture are high at the same places; both must vary.

    Spearman's ρ over places, in [−1, 1], and what it comes to by chance, where the places of the
    two have nothing to do with each other: with the second one shifted by a quarter of each side or
    more, what leaves it coming in again, one shift in a hundred gives more. Over all shifts ρ
    averages to 0.
    """
    first, second = _ranks(one), _ranks(other)
    down, right = first.shape
    spectrum = np.conj(np.fft.rfft2(first)) * np.fft.rfft2(second)
    shifted = np.fft.irfft2(spectrum, s=first.shape)  # ρ for every shift
    far = shifted[down // 4 : down - down // 4 + 1, right // 4 : right - right // 4 + 1]
    chance = float(np.quantile(far, _CHANCE))
    return _correlation(float((first * second).sum())), _correlation(chance)


def _correlation(value: float) -> float:
    """Within [−1, 1] whatever the rounding."""
    return min(1.0, max(-1.0, value))


def _ranks(values: ArrayLike) -> Numbers:
    """Ranks over positions, ties at their mean rank, of mean 0 and length 1."""
    given = np.asarray(values, dtype=np.float64)
    ranks = rankdata(given).reshape(given.shape) - (given.size + 1) / 2
    scaled: Numbers = ranks / np.sqrt((ranks**2).sum())
    return scaled
