from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizproof.probes.catalogue import catalogue
from quizproof.probes.engine.evidence.code import Sources
from quizproof.probes.methods.reader_calibration import FILE, Scores, calibration, margins

ON_PAPER = Scores((0.0, 1.0), ((0, 1, 7), (2, 2, 4)), ((4, 3, 1),))


def test_a_likelihood_ratio_on_paper() -> None:
    """Counts and one more: of the fine-tuned 1 2 8 and 3 3 5 of 11, of the other 5 4 2 of 11."""
    assert ON_PAPER.factors_of_ten([2.0]) == pytest.approx(math.log10((8 + 5) / 2 / 2))
    assert ON_PAPER.factors_of_ten([-9.0]) == pytest.approx(math.log10((1 + 3) / 2 / 5))
    # of two triples: each reader's own product, then their mean
    both = (8 * 2 + 5 * 3) / 2 / (2 * 4)
    assert ON_PAPER.factors_of_ten([1.0, 0.5]) == pytest.approx(math.log10(both))
    assert ON_PAPER.factors_of_ten([0.5, 1.0]) == pytest.approx(math.log10(both))
    assert ON_PAPER.factors_of_ten([]) == 0


def test_what_never_happened_is_rare_and_not_impossible() -> None:
    never = Scores((0.0,), ((0, 98),), ((98, 0),))
    assert never.factors_of_ten([1.0]) == pytest.approx(math.log10(99))
    assert never.factors_of_ten([1.0] * 500) == pytest.approx(500 * math.log10(99))


def test_margins_are_where_one_head_in_a_hundred_says_otherwise() -> None:
    leads = [k / 1000 for k in range(-1000, 1001)]
    below, above = margins(leads, [lead > 0.2 for lead in leads])
    assert above == 0.193  # 800 right, and the eight that these let in
    assert below == -0.001
    # one wrong among the hundred furthest is one in a hundred; two need two hundred
    assert margins(leads, [0 < lead < 0.9995 for lead in leads])[1] == 0.001
    few = leads[:1001] + leads[-150:]
    assert margins(few, [0 < lead < 0.9995 for lead in few])[1] == 0.851
    assert margins(few, [0 < lead < 0.9985 for lead in few])[1] == 1


@pytest.mark.parametrize("count", [0, 99])
def test_fewer_than_a_hundred_tell_nothing(count: int) -> None:
    assert margins([0.5] * count, [True] * count) == (-1, 1)
    assert margins([0.5] * 100, [True] * 100) == (-1, 0.5)


@given(st.integers(0, 10**6), st.integers(0, 40))
def test_beyond_the_margins_heads_say_so(seed: int, noise: int) -> None:
    rng = np.random.default_rng(seed)
    leads = (rng.integers(-20, 21, 600) / 20).tolist()  # with many that are alike
    right = [lead > rng.normal(0, noise / 100) for lead in leads]
    below, above = margins(leads, right)
    for end, beyond, wanted in (
        (above, [yes for lead, yes in zip(leads, right, strict=True) if lead >= above], True),
        (below, [yes for lead, yes in zip(leads, right, strict=True) if lead <= below], False),
    ):
        assert 0 < abs(end) <= 1
        if abs(end) < 1:
            assert len(beyond) >= 100
            assert sum(yes is not wanted for yes in beyond) <= 0.01 * len(beyond)


def test_the_shipped_figures_are_of_readers_of_both_kinds() -> None:
    known = calibration()
    for scores in (known.separation, known.gain):
        assert list(scores.edges) == sorted(scores.edges)
        counts = {sum(reader) for reader in (*scores.tuned, *scores.untuned)}
        assert len(counts) == 1
        assert min(len(scores.tuned), len(scores.untuned)) >= 2
        assert {len(reader) for reader in (*scores.tuned, *scores.untuned)} == {
            len(scores.edges) + 1
        }
        # a triple far up is for fine-tuning, one far down against it
        assert scores.factors_of_ten([99.0]) > 0 > scores.factors_of_ten([-99.0])
    assert -1 < known.wrong_below < 0 < known.right_above < 1


def test_other_figures_make_other_evidence() -> None:
    """A module and figures in JSON under its name beside it are one: see ``Sources.digest``."""
    files, _ = Sources().closure(catalogue()["reading.answers"])
    assert any(
        path.with_suffix(".json").samefile(FILE)
        for path in files.values()
        if path.with_suffix(".json").exists()
    )
