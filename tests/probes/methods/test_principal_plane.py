from __future__ import annotations

import numpy as np
import pytest

from quizproof.probes.methods.principal_plane import principal_plane


@pytest.mark.parametrize("shape", [(30, 8), (6, 40), (5, 2)])
def test_equals_sklearn(shape: tuple[int, int]) -> None:
    decomposition = pytest.importorskip("sklearn.decomposition")
    rng = np.random.default_rng(0)
    points = rng.normal(size=shape) * np.linspace(3, 1, shape[1]) + 7
    pca = decomposition.PCA(2, svd_solver="full")
    expected = pca.fit_transform(points)
    plane, shares = principal_plane(points)
    turned = np.where((expected * plane).sum(axis=0) < 0, -1, 1)
    np.testing.assert_allclose(plane, expected * turned, atol=1e-9)
    np.testing.assert_allclose(shares, pca.explained_variance_ratio_, atol=1e-12)


def test_an_axis_points_where_its_weightiest_dimension_grows() -> None:
    points = np.array([[0.0, 0.0, 0.0], [-4.0, 1.0, 0.0], [-8.0, 0.0, 0.0]])
    for turn in (1.0, -1.0):
        plane, _ = principal_plane(turn * points)
        assert np.argsort(plane[:, 0]).tolist() == np.argsort(turn * points[:, 0]).tolist()


@pytest.mark.parametrize(
    ("points", "shares"),
    [
        (np.ones((4, 3)), (0.0, 0.0)),
        (np.array([[1.0, 2.0]]), (0.0, 0.0)),
        (np.arange(4.0)[:, None], (1.0, 0.0)),
        (np.outer(np.arange(4.0), [1.0, 1.0, 1.0]), (1.0, 0.0)),
    ],
)
def test_points_without_a_plane(points: np.ndarray, shares: tuple[float, float]) -> None:
    plane, kept = principal_plane(points)
    assert plane.shape == (len(points), 2)
    np.testing.assert_allclose(kept, shares, atol=1e-12)
    np.testing.assert_allclose(plane[:, 1], 0, atol=1e-9)
