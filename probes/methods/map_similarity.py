"""Likeness of two attribution maps, pixel by pixel, as sanity checks compare them.

Adebayo et al., "Sanity checks for saliency maps" (NeurIPS 2018), section 3: Spearman's ρ and SSIM;
beside them the cosine and the share of the largest pixels that both have. A map of one value
everywhere says nothing, and nothing is like it: its ρ and its cosine with another are 0.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from quizproof.probes.methods.embedding_similarity import cosine_similarity
from quizproof.probes.methods.localisation import MapError, rank_correlation

Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Likeness:
    """How alike two maps are: 1 for the same map, whatever its scale."""

    spearman: float
    cosine: float
    ssim: float
    top: float


def likeness(one: ArrayLike, other: ArrayLike, top: float) -> Likeness:
    """How alike two maps, (H, W), are; ``top`` is the share of pixels that are the largest.

    Raises MapError where the shapes differ, and for maps that are too small for SSIM's window.
    """
    first, second = (np.asarray(each, dtype=np.float64) for each in (one, other))
    if first.shape != second.shape:
        raise MapError(
            f"maps of {first.shape} and {second.shape} pixels cannot be compared; "
            "compare models that take pictures of one size"
        )
    even = any(each.min() == each.max() for each in (first, second))
    return Likeness(
        spearman=0.0 if even else rank_correlation(first, second),
        cosine=float(cosine_similarity(first.ravel(), second.ravel())),
        ssim=_ssim(first, second),
        top=_shared_top(first, second, top),
    )


def _ssim(one: Numbers, other: Numbers) -> float:
    """SSIM with the settings of its paper (Wang et al. 2004): a Gaussian window of σ = 1.5.

    Each map is divided by its largest size first, so that its values are in [−1, 1].
    """
    from skimage.metrics import structural_similarity

    if min(one.shape) < 11:
        raise MapError(f"maps of {one.shape} pixels are smaller than SSIM's window of 11")
    scaled = [each / (np.abs(each).max() or 1.0) for each in (one, other)]
    signed = min(each.min() for each in scaled) < 0
    return float(
        structural_similarity(  # type: ignore[no-untyped-call]
            *scaled,
            data_range=2.0 if signed else 1.0,
            gaussian_weights=True,
            sigma=1.5,
            use_sample_covariance=False,
        )
    )


def _shared_top(one: Numbers, other: Numbers, share: float) -> float:
    """The share of the largest pixels that both maps have; ties count by chance of a place."""
    count = max(1, round(share * one.size))
    both = np.minimum(_among_top(one, count), _among_top(other, count))
    return float(both.sum()) / count


def _among_top(values: Numbers, count: int) -> Numbers:
    last = np.partition(values, values.size - count, axis=None)[values.size - count]
    above, tied = values > last, values == last
    found: Numbers = np.where(tied, (count - above.sum()) / tied.sum(), above.astype(np.float64))
    return found
