from __future__ import annotations

import numpy as np
import pytest
from skimage.filters import threshold_otsu

from quizproof.probes.methods.otsu import otsu


def test_the_bound_is_otsus() -> None:
    generator = np.random.default_rng(0)
    values = np.concatenate([generator.normal(0, 1, 500), generator.normal(8, 1, 200)])
    expected = threshold_otsu(values)  # type: ignore[no-untyped-call]
    assert otsu(values) == pytest.approx(expected, abs=0.1)


def test_of_one_value_it_is_the_bound() -> None:
    assert otsu(np.full(5, 0.25)) == 0.25
