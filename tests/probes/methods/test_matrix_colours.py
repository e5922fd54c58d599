from __future__ import annotations

import numpy as np
import pytest

from quizproof.probes.methods.matrix_colours import colour_difference, colour_rounding

MATRIX = np.array([[1, 0.2, 0.4], [0.2, 1, 0.7], [0.4, 0.7, 1]])


@pytest.mark.parametrize(
    "other",
    [MATRIX, 3 * MATRIX + 2, 1 - MATRIX, -MATRIX, MATRIX * (1 - np.eye(3)), MATRIX + 5 * np.eye(3)],
    ids=["same", "scaled", "turned round", "negative", "empty diagonal", "other diagonal"],
)
def test_the_same_colours(other: np.ndarray[tuple[int, int], np.dtype[np.float64]]) -> None:
    assert colour_difference(MATRIX, other) == pytest.approx(0, abs=1e-12)
    assert colour_difference(other, MATRIX) == pytest.approx(0, abs=1e-12)


def test_other_colours_on_paper() -> None:
    other = MATRIX.copy()
    other[0, 2] = other[2, 0] = 0.5  # 0.6 of the scale, where it was 0.4
    assert colour_difference(MATRIX, other) == pytest.approx(0.2)
    other[0, 2] = 0.4  # in one of the two cells alone
    assert colour_difference(MATRIX, other) == pytest.approx(0.2)


def test_a_constant_matrix_has_no_colours() -> None:
    assert colour_difference(MATRIX, np.full((3, 3), 0.3) + np.eye(3)) == 1
    assert colour_difference(np.zeros((3, 3)), np.zeros((3, 3))) == 1


@pytest.mark.parametrize("shape", [(2, 2), (3, 4), (4, 4), (9,)])
def test_what_is_no_pair_of_square_matrices_is_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="two square matrices"):
        colour_difference(np.ones(shape), np.ones((3, 3)) if shape == (4, 4) else np.ones(shape))


@pytest.mark.parametrize("decimals", range(1, 6))
def test_rounding_moves_no_colour_further_than_it_can(decimals: int) -> None:
    generator = np.random.default_rng(decimals)
    furthest = 0.0
    for _ in range(50):
        matrix = generator.uniform(size=(10, 10)) ** 2
        rounded = matrix.round(decimals)
        most = colour_rounding(rounded, 10.0**-decimals)
        furthest = max(furthest, colour_difference(matrix, rounded) / most)
        assert colour_difference(matrix, rounded) <= most
    assert furthest > 0.3  # it is no bound that could be anything


def test_what_is_rounded_to_one_colour_says_nothing() -> None:
    assert colour_rounding(MATRIX, 0.5) == 1
    assert colour_rounding(np.ones((3, 3)), 0.01) == 1
    assert colour_rounding(MATRIX, 0.05) == pytest.approx(0.05 / 0.45)
