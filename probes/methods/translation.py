"""Translation of pictures: whether one is another one shifted."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.float64]


def best_shift(picture: Picture, sample: Picture) -> tuple[int, int]:
    """By how many pixels (down, right) ``sample`` looks like ``picture`` shifted, both (3, H, W).

    Phase correlation (Kuglin & Hines 1975) of their grey values; what leaves one side may come in
    at the other. (0, 0) where either is of one colour: nothing to recognise.
    """
    grey = [image.mean(axis=0) - image.mean() for image in (picture, sample)]
    if not (grey[0].any() and grey[1].any()):
        return 0, 0
    cross = np.conj(np.fft.fft2(grey[0])) * np.fft.fft2(grey[1])
    size = np.abs(cross)
    peaks = np.fft.ifft2(np.where(size > 1e-9 * size.max(), cross / np.maximum(size, 1e-300), 0))
    down, right = np.unravel_index(int(peaks.real.argmax()), size.shape)
    height, width = size.shape
    return (
        int(down) - height * (2 * int(down) >= height),
        int(right) - width * (2 * int(right) >= width),
    )


def mismatch(picture: Picture, sample: Picture, shift: tuple[int, int]) -> float:
    """Return how far ``sample`` is from ``picture`` shifted by (down, right), where both are seen.

    |sample − shifted| ∕ (|sample| + |shifted|), Euclidean norms: 0 for the same, 1 at most.
    """
    down, right = shift
    height, width = picture.shape[1:]
    inside = picture[
        :, max(0, -down) : height - max(0, down), max(0, -right) : width - max(0, right)
    ]
    seen = sample[:, max(0, down) : height + min(0, down), max(0, right) : width + min(0, right)]
    return relative_difference(inside, seen)


def relative_difference(one: Picture, other: Picture) -> float:
    """|one − other| ∕ (|one| + |other|), Euclidean norms, in [0, 1]; 0 for two zeros."""
    whole = float(np.linalg.norm(one) + np.linalg.norm(other))
    return min(1.0, float(np.linalg.norm(one - other)) / whole) if whole > 0 else 0.0
