from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray
from scipy.spatial import distance

from quizproof.probes.methods.embedding_similarity import (
    cosine_similarity,
    euclidean_distance,
    pairwise,
    relative_distance,
)

RNG = np.random.default_rng(0)
VECTORS = RNG.normal(size=(7, 16)) * RNG.uniform(0.1, 30, size=(7, 1))


def test_pairwise_matrices_are_scipys() -> None:
    np.testing.assert_allclose(
        pairwise(cosine_similarity, VECTORS), 1 - distance.cdist(VECTORS, VECTORS, "cosine")
    )
    np.testing.assert_allclose(
        pairwise(euclidean_distance, VECTORS), distance.cdist(VECTORS, VECTORS), atol=1e-12
    )


def test_pairs_are_scipys() -> None:
    for one, other in itertools.pairwise(VECTORS):
        assert cosine_similarity(one, other) == pytest.approx(1 - distance.cosine(one, other))
        assert euclidean_distance(one, other) == pytest.approx(distance.euclidean(one, other))


def test_layers_are_broadcast() -> None:
    layers = RNG.normal(size=(3, 4, 5))
    for metric in (cosine_similarity, euclidean_distance):
        whole = pairwise(metric, layers)
        assert whole.shape == (3, 4, 4)
        for layer, matrix in zip(layers, whole, strict=True):
            np.testing.assert_allclose(matrix, pairwise(metric, layer))


def test_zero_vectors_are_defined() -> None:
    zero, one = np.zeros(3), np.array([3.0, 0.0, 4.0])
    assert cosine_similarity(zero, one) == cosine_similarity(zero, zero) == 0
    assert relative_distance(zero, zero) == 0
    assert relative_distance(zero, one) == 2
    assert euclidean_distance(zero, one) == 5


_VECTORS = arrays(np.float64, (2, 4), elements=st.floats(-1e6, 1e6))


@given(_VECTORS, st.floats(0.01, 100))
def test_ranges_and_what_scale_does(vectors: NDArray[np.float64], scale: float) -> None:
    one, other = vectors
    assert -1 <= cosine_similarity(one, other) <= 1
    assert 0 <= relative_distance(one, other) <= 2
    assert euclidean_distance(one * scale, other * scale) == pytest.approx(
        scale * euclidean_distance(one, other), rel=1e-6
    )
    assert relative_distance(one, one) == 0
