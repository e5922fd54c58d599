"""A confidence sequence for the mean of bounded draws, valid however long one goes on looking.

Betting (Waudby-Smith & Ramdas 2024, arXiv 2010.09686, section 4) with a mixture of constant bets
(Cover's universal portfolio; Orabona & Jun 2021, arXiv 2110.14099): for a candidate mean m and
draws x scaled to [0, 1], the capital

    K⁺(m) = mean over f of Π (1 + f · (x ∕ m − 1))          f in (0, 1]

is a non-negative martingale when the mean is m, and decreases in m; K⁻ is its mirror image. By
Ville's inequality each of them ever exceeds 2 ∕ error with probability at most error ∕ 2. The
interval is the set of means that neither rules out; no normality and no variance is assumed.

A third of the capital is bet whole (f = 1): it doubles with each draw that agrees about a share of
one half, and is lost with the first that does not. The rest is spread evenly over f. So draws that
all agree show their share after 9 at an error of 1 %, which whole draws, each of minutes, need; for
what varies it costs a factor 1.5 of capital.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

_EVEN = 16
_BETS = np.array([*(np.arange(_EVEN) + 0.5) / _EVEN, 1.0])
_LOG_WEIGHTS = np.log([*[2 / 3 / _EVEN] * _EVEN, 1 / 3])
_BISECTIONS = 32  # to 2⁻³² of the range, rounded outwards


class ConfidenceSequence:
    """Confidence sequence of the mean of draws in [low, high], and of its side of ``threshold``.

    The probability that ``side`` is ever wrong, or that an ``interval`` misses the mean when it is
    read after a draw chosen by any rule, is at most ``error``. Where ``interval_error`` is given,
    that is what intervals may miss the mean with, beside a wrong side.
    """

    def __init__(
        self,
        low: float,
        high: float,
        error: float,
        threshold: float = 0.0,
        interval_error: float | None = None,
    ) -> None:
        if not (math.isfinite(low) and math.isfinite(high) and low < threshold < high):
            raise ValueError(f"draws need a finite range around {threshold}, not [{low}, {high}]")
        if not 0 < error < 1:
            raise ValueError(f"error is a probability strictly between 0 and 1, not {error}")
        self._low, self._width = low, high - low
        self._log_bar = math.log(2 / error)
        self._log_bar_of_interval = math.log(2 / (interval_error or error))
        self._threshold = (threshold - low) / self._width
        self._shares: list[float] = []
        self._log_above = np.zeros_like(_BETS)
        self._log_below = np.zeros_like(_BETS)
        self._side = 0

    @property
    def side(self) -> int:
        """+1 when the mean is known to lie above the threshold, −1 below, 0 not yet known.

        It is sticky: the capital that once crossed the bar is all the evidence that is needed.
        """
        return self._side

    @property
    def mean(self) -> float:
        """Mean of the draws so far; NaN before the first."""
        if not self._shares:
            return math.nan
        return self._low + self._width * math.fsum(self._shares) / len(self._shares)

    @property
    def interval(self) -> tuple[float, float]:
        """The means not ruled out by the draws so far, ends included, rounded outwards."""
        if not self._shares:
            return (self._low, self._low + self._width)
        shares = np.asarray(self._shares)
        lower = _largest_ruled_out(shares, self._log_bar_of_interval)
        upper = 1 - _largest_ruled_out(1 - shares, self._log_bar_of_interval)
        if self._side > 0:
            lower, upper = max(lower, self._threshold), max(upper, self._threshold)
        if self._side < 0:
            lower, upper = min(lower, self._threshold), min(upper, self._threshold)
        return (self._low + self._width * lower, self._low + self._width * upper)

    def may_show(self, draws: int, side: int = 0) -> bool:
        """Return whether ``side`` (0: either) is known, or so many more ``draws`` could show it."""
        if self._side != 0:
            return side in (0, self._side)
        # the capital that gains most is that of draws at one end of the range, all of them
        above = self._log_above + draws * _log_factors(np.array([1 / self._threshold]))[0]
        below = self._log_below + draws * _log_factors(np.array([1 / (1 - self._threshold)]))[0]
        most = [_log_mean(logs) for logs, end in ((above, 1), (below, -1)) if side in (0, end)]
        return bool(max(most) >= self._log_bar)

    def add(self, draw: float) -> None:
        """Take one more draw. Raises ValueError for one outside the declared range."""
        self.extend((draw,))

    def extend(self, draws: Sequence[float]) -> None:
        """Take more draws, in order. Raises ValueError for one outside the declared range."""
        shares = (np.asarray(draws, dtype=np.float64) - self._low) / self._width
        inside = (shares >= 0) & (shares <= 1)
        if not inside.all():
            raise ValueError(
                f"draw {draws[int(inside.argmin())]} lies outside its range "
                f"[{self._low}, {self._low + self._width}]"
            )
        self._shares += shares.tolist()
        above = self._log_above + _log_factors(shares / self._threshold).cumsum(axis=0)
        below = self._log_below + _log_factors((1 - shares) / (1 - self._threshold)).cumsum(axis=0)
        if len(shares):
            self._log_above, self._log_below = above[-1], below[-1]
        if self._side == 0:
            up, down = (_log_mean(logs) >= self._log_bar for logs in (above, below))
            crossed = up | down
            if crossed.any():
                self._side = 1 if up[crossed.argmax()] else -1


def _largest_ruled_out(shares: NDArray[np.float64], log_bar: float) -> float:
    """The largest mean that the capital K⁺ rules out as too small, rounded down; 0 if none."""
    low, high = 0.0, float(shares.mean())
    for _ in range(_BISECTIONS):
        middle = (low + high) / 2
        if middle <= 0:
            return 0.0
        if _log_mean(_log_factors(shares / middle).sum(axis=0)) >= log_bar:
            low = middle
        else:
            high = middle
    return low


def _log_factors(ratios: NDArray[np.float64]) -> NDArray[np.float64]:
    """By what each draw, as a multiple of the mean, changes each bet's capital: (draws, bets)."""
    with np.errstate(divide="ignore"):  # −∞ where all of it was bet, and lost
        factors: NDArray[np.float64] = np.log1p(np.multiply.outer(ratios - 1, _BETS))
    return factors


def _log_mean(logs: NDArray[np.float64]) -> Any:
    """The logarithm of the mean over the bets, which are the last axis."""
    return np.logaddexp.reduce(logs + _LOG_WEIGHTS, axis=-1)
