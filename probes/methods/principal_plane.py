"""Points of many dimensions in the plane that keeps most of their variance (PCA)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def principal_plane(
    points: NDArray[np.float64],
) -> tuple[NDArray[np.float64], tuple[float, float]]:
    """(N, D) as (N, 2) along the first two principal axes, and the share of variance of each.

    Along an axis, positive is where the dimension that weighs most in it grows, so that the same
    points give the same picture. An axis along which nothing varies has 0 everywhere and share 0.
    """
    centred = points - points.mean(axis=0)
    _, singular, axes = np.linalg.svd(centred, full_matrices=False)
    singular, axes = singular[:2], axes[:2]
    largest = axes[np.arange(len(axes)), np.abs(axes).argmax(axis=1)]
    plane = centred @ (axes * np.where(largest < 0, -1.0, 1.0)[:, None]).T
    total = float((centred**2).sum())
    shares = [float(s) ** 2 / total if total else 0.0 for s in singular]
    missing = 2 - len(shares)
    return np.pad(plane, ((0, 0), (0, missing))), (
        shares[0],
        shares[1] if not missing else 0.0,
    )
