"""Similarity of vectors: cosine similarity and Euclidean distance, of pairs and of all pairs."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Vectors: TypeAlias = NDArray[np.float64]
Metric: TypeAlias = Callable[[Vectors, Vectors], Vectors]


def cosine_similarity(one: Vectors, other: Vectors) -> Vectors:
    """Of vectors (…, D) with vectors (…, D), which broadcast: (…), in [−1, 1].

    A vector of zeros has no direction; its similarity to any is 0.
    """
    sizes = np.linalg.norm(one, axis=-1) * np.linalg.norm(other, axis=-1)
    products: Vectors = np.sum(one * other, axis=-1)
    cosines: Vectors = np.divide(products, sizes, out=np.zeros_like(products), where=sizes > 0)
    return cosines.clip(-1.0, 1.0)


def unit_vectors(vectors: Vectors) -> Vectors:
    """``vectors`` (…, D) made as long as 1; one of zeros stays as it is."""
    sizes = np.linalg.norm(vectors, axis=-1, keepdims=True)
    units: Vectors = np.divide(vectors, sizes, out=np.zeros_like(vectors), where=sizes > 0)
    return units


def euclidean_distance(one: Vectors, other: Vectors) -> Vectors:
    """Of vectors (…, D) from vectors (…, D), which broadcast: (…), from 0."""
    distances: Vectors = np.linalg.norm(one - other, axis=-1)
    return distances


def relative_distance(one: Vectors, other: Vectors) -> Vectors:
    """The Euclidean distance ÷ the mean length of the two vectors: (…), in [0, 2].

    0 of two vectors of zeros.
    """
    distances = euclidean_distance(one, other)
    sizes = (np.linalg.norm(one, axis=-1) + np.linalg.norm(other, axis=-1)) / 2
    relative: Vectors = np.divide(distances, sizes, out=np.zeros_like(distances), where=sizes > 0)
    return relative.clip(0.0, 2.0)


def pairwise(metric: Metric, vectors: Vectors) -> Vectors:
    """``metric`` of each of N vectors (…, N, D) with each of them: (…, N, N)."""
    return metric(vectors[..., :, None, :], vectors[..., None, :, :])
