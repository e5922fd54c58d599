from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import spearmanr

from quizproof.probes.methods.localisation import MapError
from quizproof.probes.methods.map_similarity import likeness

ONE, OTHER = np.random.default_rng(0).standard_normal((2, 20, 20))


def test_a_map_is_like_itself_at_any_scale() -> None:
    found = likeness(ONE, 3 * ONE, 0.1)
    assert (found.spearman, found.cosine, found.ssim, found.top) == pytest.approx((1, 1, 1, 1))


def test_a_map_is_its_negatives_opposite() -> None:
    found = likeness(ONE, -ONE, 0.1)
    assert (found.spearman, found.cosine, found.top) == pytest.approx((-1, -1, 0))


def test_unrelated_maps_share_what_chance_gives() -> None:
    found = likeness(ONE, OTHER, 0.25)
    assert found.spearman == pytest.approx(spearmanr(ONE.ravel(), OTHER.ravel())[0])
    assert abs(found.cosine) < 0.15
    assert found.top == pytest.approx(0.25, abs=0.1)


def test_the_largest_pixels_are_counted() -> None:
    one, other = np.zeros((20, 20)), np.zeros((20, 20))
    one[0, :8], other[0, 4:12] = 1, 1
    assert likeness(one, other, 8 / 400).top == 0.5


def test_nothing_is_like_a_map_of_one_value() -> None:
    found = likeness(ONE, np.zeros((20, 20)), 0.1)
    assert (found.spearman, found.cosine) == (0, 0)
    assert found.top == pytest.approx(0.1)
    assert likeness(ONE, np.full((20, 20), 2.0), 0.1).spearman == 0


@pytest.mark.parametrize(("shape", "said"), [((20, 10), "cannot be compared"), ((8, 8), "window")])
def test_what_cannot_be_compared(shape: tuple[int, int], said: str) -> None:
    one = ONE if shape[0] == 20 else ONE[:8, :8]
    with pytest.raises(MapError, match=said):
        likeness(one, np.ones(shape), 0.1)
