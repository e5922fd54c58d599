"""Verdicts on planted worlds whose truth is known."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from quizproof.probes.engine.blanks_judge import BlanksJudge
from quizproof.probes.engine.confidence import ConfidenceSequence
from quizproof.probes.engine.judge import ExactJudge, Finding, Judge
from quizproof.probes.engine.mean_judge import MeanJudge
from quizproof.probes.engine.share_judge import ShareJudge
from quizproof.probes.probe import Unsure
from quizproof.questions.problems import QuizproofError
from quizproof.questions.rules import Value, parse_rule
from quizproof.questions.spec import Blanks, Text

RANGES = {"a": (0.0, 1.0), "b": (0.0, 1.0), "c": (0.0, 1.0)}
OPTIONS = {"x": "a > b and a > c", "y": "b > a and b > c", "z": "c > a and c > b"}
RULES = {option: parse_rule(rule) for option, rule in OPTIONS.items()}


def judge(estimate: str = "mean", *, stochastic: bool = True, tolerance: float = 0.0) -> Judge:
    if not stochastic:
        return ExactJudge(RULES, tolerance)
    return (
        ShareJudge(RULES, 0.01, RANGES) if estimate == "share" else MeanJudge(RULES, RANGES, 0.01)
    )


def run(judge: Judge, margin: float, rng: np.random.Generator, most: int) -> int:
    """Draws in which a exceeds b and c by ``margin`` in the mean, until decided."""
    for count in range(1, most + 1):
        a, b, c = rng.normal([0.5 + margin, 0.5, 0.5 - margin], 0.05).clip(0, 1)
        judge.take({"a": float(a), "b": float(b), "c": float(c)})
        if judge.decided:
            return count
    return most


@pytest.mark.slow
def test_a_thousand_means_near_the_threshold_are_wrong_in_at_most_one_percent() -> None:
    """a is best by 0.004 where a draw's difference varies by 0.07: most stay open, few are wrong.

    A verdict is wrong when any option is decided against the truth.
    """
    rng = np.random.default_rng(0)
    wrong = 0
    for _ in range(1000):
        trial = judge("mean")
        run(trial, 0.004, rng, most=40)
        holds = {option: finding.holds for option, finding in trial.findings().items()}
        wrong += holds["x"] is False or holds["y"] is True or holds["z"] is True
    assert wrong <= 10


@pytest.mark.parametrize("estimate", ["mean", "share"])
def test_a_larger_margin_needs_fewer_draws(estimate: str) -> None:
    rng = np.random.default_rng(1)
    mean_draws = []
    for margin in (0.03, 0.06, 0.12, 0.25):
        counts = []
        for _ in range(10):
            trial = judge(estimate)
            if estimate == "share":  # the first draw has to say what most do
                trial.take({"a": 0.9, "b": 0.1, "c": 0.1})
            counts.append(run(trial, margin, rng, most=2000))
            assert trial.findings()["x"].holds is True
            assert trial.findings()["y"].holds is False
        mean_draws.append(float(np.mean(counts)))
    assert mean_draws == sorted(mean_draws, reverse=True)
    if estimate == "mean":
        assert mean_draws[0] > 1.5 * mean_draws[-1]


@pytest.mark.parametrize("estimate", ["mean", "share"])
def test_draws_that_never_vary_decide_nothing(estimate: str) -> None:
    trial = judge(estimate)
    count = 0
    while not trial.decided:
        trial.take({"a": 0.9, "b": 0.1, "c": 0.1})
        count += 1
    assert count < 20
    assert {finding.holds for finding in trial.findings().values()} == {None}
    assert trial.doubt is not None
    assert "without any variance" in trial.doubt.en


@pytest.mark.parametrize("estimate", ["mean", "share"])
def test_one_draw_decides_nothing(estimate: str) -> None:
    trial = judge(estimate)
    trial.take({"a": 0.9, "b": 0.1, "c": 0.1})
    assert not trial.decided
    assert {finding.holds for finding in trial.findings().values()} == {None}


@pytest.mark.parametrize("estimate", ["mean", "share"])
def test_before_the_first_draw_nothing_is_known(estimate: str) -> None:
    for finding in judge(estimate).findings().values():
        assert finding.holds is None
        assert math.isnan(finding.margin[1])


def test_margins_of_means_hold_their_estimate_and_are_paired() -> None:
    rng = np.random.default_rng(3)
    trial = judge()
    noise = rng.uniform(-0.3, 0.3, size=60)
    for shared in noise:  # the same noise on both: their difference hardly varies
        trial.take({"a": 0.65 + shared, "b": 0.35 + shared, "c": 0.0})
    finding = trial.findings()["x"]
    low, estimate, high = finding.margin
    assert finding.holds is True
    assert low <= estimate <= high
    assert estimate == pytest.approx(0.3)
    assert high - low < 0.4  # the spread of the differences, which is none, not of the values


def test_the_same_comparison_from_both_sides_is_one() -> None:
    rules = {"x": parse_rule("a > b"), "y": parse_rule("not a > b"), "z": parse_rule("b >= a")}
    trial = MeanJudge(rules, RANGES, 0.01)
    rng = np.random.default_rng(4)
    while not trial.decided:
        trial.take({"a": float(rng.uniform(0.5, 1)), "b": 0.1})
    found = trial.findings()
    assert [found[o].holds for o in "xyz"] == [True, False, False]
    assert found["y"].margin == pytest.approx([-m for m in reversed(found["x"].margin)])
    assert found["z"].margin == pytest.approx(found["y"].margin)


def test_the_error_is_shared_over_the_comparisons_that_differ() -> None:
    """As many draws as one comparison needs with its part, and not as few as with all of it."""
    rules = {"x": "a > b", "y": "a > c", "z": "b > c", "once more": "b < a"}
    needed = []
    for count in (1, 2, 3, 4):
        judge = MeanJudge({o: parse_rule(r) for o, r in [*rules.items()][:count]}, RANGES, 0.01)
        alone = ConfidenceSequence(-1, 1, 0.01 / min(count, 3))
        draws = 0
        while alone.side == 0:
            assert not judge.decided
            judge.take({"a": 1.0, "b": 0.7 - 0.001 * (draws % 2), "c": 0.4})
            alone.add(0.3)
            draws += 1
        assert judge.decided
        needed.append(draws)
    assert needed[0] < needed[1] < needed[2] == needed[3]


def test_blanks_share_the_error_one_with_another() -> None:
    """A word that is always right, beside a number: shown as soon as half of the error shows it."""
    asked = Blanks.model_validate(
        {
            "id": "q01",
            "kind": "blanks",
            "points": 1,
            "about": "method",
            "prompt": {"en": "[1] [2]"},
            "blanks": {
                "1": {"measure": "w", "expected": ["him"]},
                "2": {"measure": "a", "expected_number": 0.5, "tolerance": 0.3},
            },
        }
    )
    trial = BlanksJudge(asked, {p: parse_rule("w == 'him'") for p in "12"}, RANGES, 0.01)
    halves = [ConfidenceSequence(0, 1, 0.005, threshold=0.5) for _ in range(2)]
    whole = ConfidenceSequence(0, 1, 0.01, threshold=0.5)
    sooner = False
    for draw in range(40):
        a = 0.5 + 0.1 * (draw % 2)
        trial.take({"w": "him", "a": a})
        halves[0].add(1.0)
        halves[1].add(a)
        whole.add(1.0)
        if draw:
            assert (trial.findings()["1"].holds is True) == (halves[0].side > 0)
        sooner = sooner or whole.side > halves[0].side
        low, high = halves[1].interval
        assert trial.findings()["2"].margin[0] == pytest.approx(min(low - 0.2, 0.8 - high))
    assert sooner


def test_an_exact_finding_needs_one_draw_and_carries_its_tolerance() -> None:
    trial = judge(stochastic=False, tolerance=0.01)
    values: dict[str, Value] = {"a": 0.9, "b": 0.5, "c": 0.2}
    trial.take(values)
    assert trial.decided
    assert trial.findings()["x"].holds is True
    assert trial.findings()["x"].margin == pytest.approx((0.39, 0.4, 0.41))


def test_within_the_tolerance_nothing_is_decided() -> None:
    trial = judge(stochastic=False, tolerance=0.01)
    trial.take({"a": 0.505, "b": 0.5, "c": 0.2})
    assert trial.findings()["x"].holds is None
    assert trial.findings()["z"].holds is False


@pytest.mark.parametrize(
    ("a", "holds"), [(0.75, None), (0.25, None), (0.751, True), (0.249, False)]
)
def test_just_at_the_tolerance_nothing_is_decided(a: float, holds: bool | None) -> None:
    trial = ExactJudge({"x": parse_rule("a > b")}, 0.25)
    trial.take({"a": a, "b": 0.5})
    assert trial.findings()["x"].holds is holds


def test_exact_categories() -> None:
    rules = {"x": parse_rule("k == 'p'"), "y": parse_rule("k == 'q'")}
    trial = ExactJudge(rules, 0.0)
    trial.take({"k": "p"})
    assert trial.findings()["x"] == Finding(True, (math.inf,) * 3)
    assert trial.findings()["y"] == Finding(False, (-math.inf,) * 3)


WHY = Text(en="three triples disagree", zh_hant="三組不一致")


def test_what_is_unsure_decides_where_it_is_alike_at_every_place() -> None:
    trial = judge(stochastic=False)
    trial.take({"a": 0.9, "b": 0.5, "c": 0.2}, Unsure({"a": (0.4, 0.9)}, WHY))
    assert trial.decided
    x, y, z = trial.findings().values()
    assert [x.holds, y.holds, z.holds] == [None, None, False]
    assert x.margin == pytest.approx((-0.1, 0.4, 0.4))
    assert y.margin == pytest.approx((-0.4, -0.4, 0.1))
    assert trial.doubt == WHY
    sure = judge(stochastic=False)
    sure.take({"a": 0.9, "b": 0.5, "c": 0.2}, Unsure({"a": (0.6, 0.95)}, WHY))
    assert [finding.holds for finding in sure.findings().values()] == [True, False, False]
    assert sure.doubt is None


RULE = parse_rule("(a > b and 2 * a - b <= 1.2 or max(a, c) < b / 2) and k != 'q'")
PLACES = st.lists(st.floats(0, 1), min_size=3, max_size=3)


@given(low=PLACES, size=PLACES, at=PLACES, elsewhere=PLACES, word=st.sampled_from("pq"))
def test_an_option_decided_by_an_unsure_draw_is_so_wherever_the_numbers_lie(
    low: list[float], size: list[float], at: list[float], elsewhere: list[float], word: str
) -> None:
    within = {n: (a, a + s) for n, a, s in zip("abc", low, size, strict=True)}

    def place(shares: list[float]) -> dict[str, Value]:
        spans = zip(within.items(), shares, strict=True)
        return {n: min(a + share * (b - a), b) for (n, (a, b)), share in spans} | {"k": word}

    trial = ExactJudge({"x": RULE}, 0.0)
    trial.take(place(at), Unsure(within, WHY))
    found = trial.findings()["x"]
    if found.holds is not None:
        assert RULE.holds(place(elsewhere)) is found.holds
    assert found.margin[0] - 1e-9 <= RULE.margin(place(elsewhere)) <= found.margin[2] + 1e-9


@pytest.mark.parametrize("rule", ["k == 'p'", "a > 2", "u > 0"])
def test_a_mean_that_cannot_be_bounded_is_refused(rule: str) -> None:
    with pytest.raises(QuizproofError):
        MeanJudge({"x": parse_rule(rule)}, RANGES, 0.01)


def test_without_a_rule_there_is_no_end_to_drawing() -> None:
    """A blank without its key: what is measured must not rest on the first two draws."""
    judges: tuple[Judge, ...] = (MeanJudge({}, {"x": (0.0, 1.0)}, 0.01), ShareJudge({}, 0.01))
    for judge in judges:
        for x in (0.1, 0.2, 0.3):
            judge.take({"x": x})
        assert not judge.decided


THREE = st.tuples(*[st.sampled_from([0.0, 0.3, 0.5, 0.7, 1.0])] * 3)


@pytest.mark.parametrize("estimate", ["mean", "share"])
@given(drawn=st.lists(THREE, min_size=2, max_size=60), rest=st.lists(THREE, max_size=30))
def test_where_it_is_futile_nothing_more_is_decided(
    estimate: str, drawn: list[tuple[float, ...]], rest: list[tuple[float, ...]]
) -> None:
    trial = judge(estimate)
    for values in drawn:
        trial.take(dict(zip("abc", values, strict=True)))
    assume(trial.futile(len(rest)))
    before = [finding.holds for finding in trial.findings().values()]
    for values in rest:
        trial.take(dict(zip("abc", values, strict=True)))
    assert [finding.holds for finding in trial.findings().values()] == before


def test_means_are_hopeful_while_one_comparison_may_be_decided() -> None:
    rules = {"x": parse_rule("a > b"), "y": parse_rule("a > c")}
    trial = MeanJudge(rules, RANGES, 0.01)
    for number in range(12):  # b is now far above a, now far below: ten more cannot settle that
        trial.take({"a": 0.6, "b": number % 2, "c": 0.2})
    assert not trial.futile(10)
    assert trial.futile(1)
    while trial.findings()["y"].holds is None:
        trial.take({"a": 1.0, "b": number % 2, "c": 0.0})
    assert trial.futile(1)
    assert not trial.decided
