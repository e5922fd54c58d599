"""Shares of whole draws: the error that exclusive options share, and the first draw's say."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from quizproof.probes.engine.confidence import ConfidenceSequence
from quizproof.probes.engine.share_judge import ShareJudge
from quizproof.questions.rules import parse_rule
from tests.probes.engine.lattice import ever_shown, needed, wrong_of_group

NAMES = "abcd"
RANGES = dict.fromkeys([*NAMES, "x", "y"], (0.0, 1.0))
EXCLUSIVE = {name: parse_rule(f"{name} > max({', '.join(set(NAMES) - {name})})") for name in NAMES}


def saying(answer: str, k: int) -> dict[str, float]:
    """A draw in which the options ``answer`` hold and the others do not, unlike any other."""
    return {name: (0.9 if name in answer else 0.1) + k * 1e-5 for name in NAMES}


def judge(error: float = 0.01) -> ShareJudge:
    return ShareJudge(EXCLUSIVE, error, RANGES)


def after(*answers: str, error: float = 0.01) -> ShareJudge:
    made = judge(error)
    for k, answer in enumerate(answers):
        made.take(saying(answer, k))
    return made


def holding(made: ShareJudge) -> dict[str, bool | None]:
    return {option: finding.holds for option, finding in made.findings().items()}


@pytest.mark.parametrize(("error", "draws"), [(0.01, 9), (0.005, 10), (0.0025, 11), (0.00125, 12)])
def test_draws_that_all_agree_settle_options_that_exclude_each_other_soon(
    error: float, draws: int
) -> None:
    """0.005 is what each of two models has; the last are those of two and four groups."""
    assert not after(*"b" * (draws - 1), error=error).decided
    made = after(*"b" * draws, error=error)
    assert made.decided
    assert holding(made) == {"a": False, "b": True, "c": False, "d": False}
    assert made.doubt is None


def test_options_that_may_hold_together_are_a_test_each() -> None:
    rules = {"p": parse_rule("x > 0.5"), "q": parse_rule("y > 0.5")}
    made = ShareJudge(rules, 0.01, RANGES)
    for k in range(20):
        if made.decided:
            break
        made.take({"x": 0.9, "y": 0.2 + k * 1e-3})
    assert k == 10  # one more than alone


@pytest.mark.parametrize("error", [0.01, 0.009, 0.005])
@pytest.mark.parametrize(
    "shares",
    [(0.5, 0.5), (0.5, 0.25), (0.5, 0.0), (0.49, 0.49), (0.45, 0.4), (0.52, 0.48), (0.7, 0.3)],
)
def test_all_that_is_said_of_exclusive_options_errs_as_one_sequence_does(
    error: float, shares: tuple[float, float]
) -> None:
    wrong = wrong_of_group(error, shares, 60)
    one = sum(ever_shown(error, 0.5, 60))
    assert wrong <= one + 1e-12
    assert one <= error
    if sum(shares) == 1 and shares[0] == 0.5:
        assert wrong == pytest.approx(one)  # the worst case: no error is given away


def test_the_judge_uses_no_more_than_its_error() -> None:
    """Nine tenths for what it says of shares; the rest is the intervals' that it shows."""
    for fails, holds in enumerate(needed(0.009, 40)[:4]):
        drawn = "ba" * fails + "b" * (holds - fails)
        assert holding(after(*drawn))["b"] is True
        assert holding(after(*drawn[:-1]))["b"] is None


@pytest.mark.parametrize("names", ["a", "ab", "abcd"])
def test_intervals_share_the_tenth_of_the_error_that_is_theirs(names: str) -> None:
    """All of them together, whatever excludes whatever: nine tenths are what is said of options."""
    made = ShareJudge({name: EXCLUSIVE[name] for name in names}, 0.01, RANGES)
    alone = ConfidenceSequence(0, 1, 0.01, 0.5, interval_error=0.001 / len(names))
    for k in range(12):
        made.take(saying("a" if k % 3 else "", k))
        alone.add(float(k % 3 > 0))
    low, high = alone.interval
    margin = made.findings()["a"].margin
    assert margin[0] + 0.5 == pytest.approx(low)
    assert margin[2] + 0.5 == pytest.approx(high)
    assert 0 < low < high < 1


def test_the_first_draw_has_to_agree_with_the_share() -> None:
    made = after("a", *"b" * 60)
    assert holding(made) == {"a": None, "b": None, "c": False, "d": False}
    assert not made.decided
    assert made.futile(10_000)  # nothing can change that
    assert not made.more_could_decide
    assert made.doubt is not None
    assert made.doubt.en == (
        "the first draw, the course's own setting, says a; 60 of 61 draws say b"
    )
    assert made.doubt.zh_hant == ("第一次抽樣（課程本身的設定）得出 a；61 次抽樣中有 60 次得出 b")


def test_a_first_draw_that_most_do_not_bear_out() -> None:
    made = after("a", *"bcd" * 30)
    assert holding(made)["a"] is None
    assert made.doubt is not None
    assert made.doubt.en == (
        "the first draw, the course's own setting, says a; only 1 of 91 draws say a"
    )
    none = after("", *"b" * 60)
    assert none.doubt is not None
    assert none.doubt.en == (
        "the first draw, the course's own setting, says that no option holds; 60 of 61 draws say b"
    )


def test_a_draw_that_dissents_costs_draws_and_no_more() -> None:
    once = after("b", "a", *"b" * 16)
    assert holding(once)["b"] is True
    assert once.tally is not None
    assert once.tally.held == {"a": 1, "b": 17, "c": 0, "d": 0}


def test_where_draws_are_even_more_of_them_could_decide() -> None:
    made = after(*"ab" * 5)
    assert made.futile(2)
    assert not made.futile(400)
    assert made.more_could_decide
    assert made.doubt is None


@settings(deadline=None)
@given(st.lists(st.sampled_from(["a", "b", "c", ""]), min_size=1, max_size=40))
def test_what_is_said_is_what_the_first_draw_said(answers: list[str]) -> None:
    first = answers[0]
    for option, holds in holding(after(*answers)).items():
        assert holds in (None, option in first)


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.sampled_from(["a", "b", ""]), min_size=2, max_size=30),
    st.lists(st.sampled_from(["a", "b", ""]), max_size=25),
)
def test_where_it_is_futile_no_draws_decide_more(drawn: list[str], rest: list[str]) -> None:
    made = after(*drawn)
    assume(made.futile(len(rest)))
    assert holding(after(*drawn, *rest)) == holding(made)


@pytest.mark.parametrize("drawn", ["ab", "bbba", "abbbbbbb", "aaaaaaaab", "bbbbbbbbb"])
def test_it_is_futile_just_where_no_draws_decide_more(drawn: str) -> None:
    before = holding(after(*drawn))
    assert [not after(*drawn).futile(left) for left in range(1, 25)] == [
        any(holding(after(*drawn, *[more] * left)) != before for more in ("a", "b", ""))
        for left in range(1, 25)
    ]


def test_draws_that_never_vary_decide_nothing() -> None:
    made = judge()
    for _ in range(30):
        made.take(saying("a", 0))
    assert holding(made) == dict.fromkeys("abcd")
    assert made.decided  # there is no use in more
    assert not made.more_could_decide


@pytest.mark.slow
@pytest.mark.parametrize("shares", [(0.5, 0.5, 0.0), (0.5, 0.25, 0.25), (0.45, 0.45, 0.1)])
def test_a_thousand_questions_near_one_half_are_wrong_in_at_most_one_percent(
    shares: tuple[float, ...],
) -> None:
    rng = np.random.default_rng(0)
    wrong = 0
    for _ in range(1000):
        made = after(*rng.choice(list("abc"), size=60, p=shares))
        wrong += any(
            (holds and share <= 0.5) or (holds is False and share > 0.5)
            for share, holds in zip(shares, holding(made).values(), strict=False)
        )
    assert wrong <= 10
