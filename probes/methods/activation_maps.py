"""How fine the detail of activation maps is, and whether two layers answer at the same places."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.fft import dctn
from scipy.stats import rankdata
from torch import Tensor
from torch.nn.functional import adaptive_avg_pool2d

Numbers = NDArray[np.float64]


def varying(maps: Tensor) -> Tensor:
    """Which of ``maps``, (filters, h, w), have more than one value: (filters,), boolean."""
    return maps.amax(dim=(1, 2)) > maps.amin(dim=(1, 2))


def fineness(maps: Tensor) -> Numbers:
    """The spectral centroid of each of ``maps``, (filters, h, w): cycles ∕ side of the picture.

    It is the mean spatial frequency, each weighted with its power, of the map less its mean (the
    cosine transform DCT-II, which sees no jump at the picture's edges). A map of w positions can
    show w ∕ 2 cycles at most along a side, however finely it is drawn. Each map must vary.
    """
    values = maps.cpu().double().numpy()
    values = values - values.mean(axis=(1, 2), keepdims=True)
    values = values / np.abs(values).max(axis=(1, 2), keepdims=True)  # so that squares are fit
    power = dctn(values, axes=(1, 2), norm="ortho") ** 2
    power[:, 0, 0] = 0
    down, right = (np.arange(side) / 2 for side in values.shape[1:])
    frequencies = np.hypot(down[:, None], right[None])
    centroids: Numbers = (power * frequencies).sum(axis=(1, 2)) / power.sum(axis=(1, 2))
    return centroids


def place_correlations(one: Tensor, other: Tensor) -> Numbers:
    """Spearman's ρ over positions, of every filter of ``one`` with every one of ``other``.

    Both are (filters, h, w) over the same picture; each is first averaged over the cells of the
    coarser of the two grids. The result is (filters of one, filters of other), without those that
    do not vary over these cells; so it can be empty.
    """
    cells = min(one.shape[1], other.shape[1]), min(one.shape[2], other.shape[2])
    ranks = [_ranks(adaptive_avg_pool2d(maps[None].double(), cells)[0]) for maps in (one, other)]
    correlations: Numbers = np.clip(ranks[0] @ ranks[1].T, -1, 1)
    return correlations


def _ranks(maps: Tensor) -> Numbers:
    """Ranks over positions, ties at their mean rank, each row of mean 0 and length 1."""
    rows = torch.flatten(maps[varying(maps)], 1).cpu().numpy()
    ranks = rankdata(rows, axis=1) - (rows.shape[1] + 1) / 2
    scaled: Numbers = ranks / np.linalg.norm(ranks, axis=1, keepdims=True)
    return scaled
