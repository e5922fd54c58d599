from __future__ import annotations

import numpy as np
import pytest

from quizproof.probes.methods.translation import best_shift, mismatch, relative_difference


def picture() -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    return np.random.default_rng(0).random((3, 20, 30))


@pytest.mark.parametrize("shift", [(0, 0), (3, 0), (0, 5), (-4, 7), (9, -14), (-10, -15)])
def test_a_shift_around_the_edges_is_found(shift: tuple[int, int]) -> None:
    moved = np.roll(picture(), shift, axis=(1, 2))
    assert best_shift(picture(), moved) == shift
    assert mismatch(picture(), moved, shift) == 0


def test_a_shift_into_black_is_found() -> None:
    moved = np.zeros_like(picture())
    moved[:, 2:, :-3] = picture()[:, :-2, 3:]
    assert best_shift(picture(), moved) == (2, -3)
    assert mismatch(picture(), moved, (2, -3)) == 0
    assert mismatch(picture(), moved, (2, 3)) > 0.3


@pytest.mark.parametrize("share", [0.0, 0.3, 1.0])
def test_dimming_is_no_shift(share: float) -> None:
    assert best_shift(picture(), share * picture()) == (0, 0)
    assert mismatch(picture(), share * picture(), (0, 0)) == pytest.approx(
        (1 - share) / (1 + share)
    )


def test_one_colour_is_nowhere_recognised() -> None:
    flat = np.full((3, 8, 8), 0.5)
    assert best_shift(flat, np.random.default_rng(0).random((3, 8, 8))) == (0, 0)


def test_relative_difference_of_nothing() -> None:
    zeros = np.zeros((3, 2, 2))
    assert relative_difference(zeros, zeros) == 0
    assert relative_difference(zeros, zeros + 1) == 1
