"""Whether a series rises, falls, or turns: the shape with one turn that fits it best."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import isotonic_regression

FLAT: Final = 1e-5
"""A series whose range is at most this share of its largest size has no trend: float32 noise."""


@dataclass(frozen=True)
class Trend:
    """The two legs of the fit, each relative to the longer: +1 is a rise, −1 a fall.

    One of them is near 0 where the series rises or falls throughout.
    """

    first: float
    second: float
    turn: int  # the place of the turn; an end where there is none
    explained: float  # share of the series' variance, in [0, 1]
    fit: tuple[float, ...]


def trend(values: Sequence[float]) -> Trend:
    """The least-squares fit of a valley or of a peak to ``values``, whichever is nearer.

    Unimodal regression (Frisén 1986; Stout 2008): isotonic regressions down to a place and up from
    it, over all places. A series that only rises, or only falls, is a valley or a peak with one leg
    of no height, so it is among the shapes fitted. A flat series has legs of 0, none of it
    explained. Raises ValueError for fewer than three values, or one that is not finite.
    """
    series = np.asarray(values, dtype=np.float64)
    if series.ndim != 1 or len(series) < 3 or not np.isfinite(series).all():
        raise ValueError("a trend takes three finite values at least")
    if np.ptp(series) <= FLAT * np.abs(series).max():
        return Trend(0.0, 0.0, 0, 0.0, tuple(np.full(len(series), series.mean())))
    valley, peak = _valley(series), -_valley(-series)
    is_valley = _residual(series, valley) <= _residual(series, peak)
    fit = valley if is_valley else peak
    turn = int(np.argmin(fit) if is_valley else np.argmax(fit))
    first, second = fit[turn] - fit[0], fit[-1] - fit[turn]
    longer = max(abs(first), abs(second))
    explained = 1 - _residual(series, fit) / _residual(series, np.full(len(series), series.mean()))
    return Trend(
        float(first / longer) if longer > 0 else 0.0,
        float(second / longer) if longer > 0 else 0.0,
        turn,
        float(min(1.0, max(0.0, explained))),
        tuple(float(value) for value in fit),
    )


def _valley(series: NDArray[np.float64]) -> NDArray[np.float64]:
    """The nearest series that falls, then rises, (n,)."""
    fits = [
        np.concatenate([_fitted(series[:place], False), _fitted(series[place:], True)])
        for place in range(len(series) + 1)
    ]
    return min(fits, key=lambda fit: _residual(series, fit))


def _fitted(part: NDArray[np.float64], increasing: bool) -> NDArray[np.float64]:
    if not len(part):
        return part
    fit: NDArray[np.float64] = isotonic_regression(part, increasing=increasing).x
    return fit


def _residual(series: NDArray[np.float64], fit: NDArray[np.float64]) -> float:
    return float(np.sum((series - fit) ** 2))
