from __future__ import annotations

import math
import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy import stats

from quizproof.questions.item_statistics import (
    correlation,
    cronbach_alpha,
    item_statistics,
    option_statistics,
    shares_of_rest,
)

# six students, four items of one point; worked by hand below
POINTS = np.array(
    [[1, 1, 1, 1], [1, 1, 1, 0], [1, 1, 0, 0], [1, 0, 1, 0], [0, 1, 0, 0], [0, 0, 0, 0]], float
)
WORTH = np.ones(4)


def test_by_hand() -> None:
    rest = shares_of_rest(POINTS, WORTH)
    np.testing.assert_allclose(rest[:, 0] * 3, [3, 2, 1, 1, 1, 0])
    found = item_statistics(POINTS[:, 0], 1, rest[:, 0])
    assert found.difficulty == pytest.approx(4 / 6)
    # x is 1 for four, y = 3 2 1 1 1 0 of mean 4/3: Σxy − nx̄ȳ = 7 − 16/3, over √(4/3 · 16/3)
    assert found.discrimination == pytest.approx((7 - 16 / 3) / math.sqrt(4 / 3 * 16 / 3))
    # the items' variances are .2667 .2667 .3 .1667, that of the totals 4 3 2 2 1 0 is 2
    assert cronbach_alpha(POINTS) == pytest.approx(4 / 3 * (1 - 1 / 2))


def test_upper_and_lower_group() -> None:
    rest = np.arange(100.0)
    chosen = rest >= 80  # 20 of the upper 27, none of the lower
    found = option_statistics(chosen, np.ones(100, bool), rest)
    assert (found.count, found.share) == (20, 0.2)
    assert found.upper == pytest.approx(20 / 27)
    assert found.lower == 0
    assert found.noise == pytest.approx(1 / math.sqrt(99))
    assert found.draws_the_good
    assert not option_statistics(~chosen, np.ones(100, bool), rest).draws_the_good


def test_an_option_of_chance_seldom_draws_the_good() -> None:
    generator = np.random.default_rng(3)
    rest = generator.normal(size=200)
    drawn = [
        option_statistics(generator.random(200) < 0.3, np.ones(200, bool), rest).draws_the_good
        for _ in range(400)
    ]
    assert sum(drawn) < 25  # 2.3 % are expected


def test_what_was_not_put_to_someone_is_left_out() -> None:
    points = POINTS.copy()
    points[5, 1] = np.nan
    rest = shares_of_rest(points, WORTH)
    assert rest[5, 0] == 0
    np.testing.assert_allclose(rest[:5], shares_of_rest(POINTS, WORTH)[:5])
    assert item_statistics(points[:, 1], 1, rest[:, 1]).put_to == 5
    assert item_statistics(points[:, 1], 1, rest[:, 1]).difficulty == pytest.approx(4 / 5)
    assert cronbach_alpha(points) == pytest.approx(cronbach_alpha(POINTS[:5]))


@pytest.mark.parametrize(
    "points",
    [np.zeros((0, 3)), np.ones((9, 3)), np.ones((2, 3)), np.full((5, 3), np.nan), np.ones((9, 1))],
)
def test_where_nothing_differs_nothing_is_said(points: np.ndarray) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        rest = shares_of_rest(points, np.ones(points.shape[1]))
        assert math.isnan(cronbach_alpha(points))
        assert math.isnan(item_statistics(points[:, 0], 1, rest[:, 0]).discrimination)
        found = option_statistics(
            np.zeros(len(points), bool), np.isfinite(points[:, 0]), rest[:, 0]
        )
    assert not found.draws_the_good


@settings(max_examples=60)
@given(
    hnp.arrays(np.bool_, 30),
    hnp.arrays(np.float64, 30, elements=st.floats(-10, 10).map(lambda x: round(x, 3))),
)
def test_point_biserial_is_scipys(chosen: np.ndarray, rest: np.ndarray) -> None:
    found = correlation(chosen.astype(float), rest)
    if chosen.all() or not chosen.any() or np.ptp(rest) == 0:
        assert math.isnan(found)
        return
    assert found == pytest.approx(stats.pointbiserialr(chosen, rest).statistic, abs=1e-9)
    # and by the formula with the means of the two groups
    p = chosen.mean()
    formula = (rest[chosen].mean() - rest[~chosen].mean()) / rest.std() * math.sqrt(p * (1 - p))
    assert found == pytest.approx(formula, abs=1e-6)


@settings(max_examples=60)
@given(hnp.arrays(np.float64, (12, 5), elements=st.sampled_from([0.0, 0.15, 0.3])))
def test_alpha_is_that_of_the_mean_covariance(points: np.ndarray) -> None:
    covariance = np.cov(points, rowvar=False)
    if covariance.sum() < 1e-9:
        assert math.isnan(cronbach_alpha(points))
        return
    # alpha = k c̄ / (v̄ + (k − 1) c̄), with the mean variance and the mean covariance
    k = 5
    mean_v = np.trace(covariance) / k
    mean_c = (covariance.sum() - np.trace(covariance)) / (k * (k - 1))
    expected = k * mean_c / (mean_v + (k - 1) * mean_c)
    assert cronbach_alpha(points) == pytest.approx(expected, abs=1e-6)
