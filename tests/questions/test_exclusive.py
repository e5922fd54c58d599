"""What is said to exclude has no sampled point in common; of linear rules, what is not has one."""

from __future__ import annotations

import time
from collections.abc import Mapping

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from quizproof.questions.exclusive import exclude, groups
from quizproof.questions.linear import Line, cases_of
from quizproof.questions.rules import Interval, parse_rule

RANGES: Mapping[str, Interval] = dict.fromkeys("xyzw", (0.0, 1.0))
ALL = (float("-inf"), float("inf"))


def apart(one: str, other: str, ranges: Mapping[str, Interval] = RANGES) -> bool:
    rules = parse_rule(one), parse_rule(other)
    both = exclude(*rules, ranges)
    assert exclude(rules[1], rules[0], ranges) == both
    return both


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("x > max(y, z)", "y > max(x, z)"),
        ("x > y", "x <= y"),
        ("x > y", "not x > y"),
        ("x >= 0.3", "x < 0.3"),
        ("x >= 0.3 and x > 0.3", "x <= 0.3"),
        ("1 / 3 <= x", "1 / 3 > x"),
        ("x > y and y > z", "z >= x"),  # only the three together contradict one another
        ("x > y and y > z and z > w", "w >= x"),
        ("abs(x - y) <= 0.1", "abs(x - y) > 0.1"),
        ("abs(x - y) <= 0.1", "x > y + 0.2 or y > x + 0.2"),
        ("max(x, y, z) < 0.3", "x >= 0.3 and x > max(y, z)"),
        ("min(x, y) > 0.5", "x <= 0.5 or y <= 0.5"),
        ("x > 1.25 * max(y, z)", "y > 1.25 * max(x, z)"),
        ("x + y > z", "x <= z - y"),
        ("-(x - y) > 0", "x >= y"),
        ("x / 2 > y", "x < 2 * y"),
        ("x * y > 0.5", "x * y <= 0.5"),
        ("x + y > 1.5", "x < 0.5"),  # since y is at most 1
        ("x * y > 0.5", "x * y > 2"),  # since a product of shares is at most 1
        ("x > 2", "y > 0"),  # never true, so never with another
        ("x > 0.5 + 1e-9", "x <= 0.5"),
        ("k == 'p'", "k == 'q'"),
        ("k == 'p'", "k != 'p'"),
        ("k == j and j == 'p'", "k == 'q'"),
        ("k == j", "j != k"),
        ("x > 0.5 and k == 'p'", "x > 0.7 and k == 'q'"),
        ("min(max(x, y), max(z, w)) > 0.5", "max(x, y) <= 0.5 or max(z, w) <= 0.5"),
    ],
)
def test_what_excludes_is_found(one: str, other: str) -> None:
    assert apart(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("x > y", "x > z"),
        ("x >= y", "y >= x"),  # at x = y both hold
        ("x >= 1.5 * max(y, z)", "y >= 1.5 * max(x, z)"),  # where all three are 0
        ("x >= 0.3", "x <= 0.3"),
        ("x > 0.5", "x < 0.5 + 1e-9"),
        ("abs(x - y) <= 0.1", "abs(x - y) >= 0.1"),
        ("x + y > 1", "x < 0.5"),
        ("k == 'p'", "j == 'q'"),
        ("k != 'p'", "k != 'q'"),
        ("x * y > 0.5", "x * z <= 0.5"),
        ("x * y > 0.5", "x <= 0.6"),
        ("1 / (x - x) > x", "1 / (x - x) <= y"),  # of which nothing is known
    ],
)
def test_what_does_not_exclude_is_not_said_to(one: str, other: str) -> None:
    assert not apart(one, other)


def test_without_a_range_nothing_is_taken_from_it() -> None:
    assert not apart("x + y > 1.5", "x < 0.5", {})
    assert not apart("x + y > 1.5", "x < 0.5", {"x": (0.0, 1.0), "y": ALL})
    assert apart("x > y", "y > x", {})


# Factors are sixteenths, and so are the points: floats compute with them without rounding
NUMBER = st.integers(-32, 32).map(lambda n: repr(n / 16))
TERM = st.one_of(
    st.sampled_from("xyzw"),
    NUMBER,
    st.tuples(NUMBER, st.sampled_from("xyzw")).map(lambda t: f"({t[0]}) * {t[1]}"),
)
SUM = st.recursive(
    TERM,
    lambda of: st.one_of(
        st.tuples(of, st.sampled_from("+-"), of).map(lambda t: f"({t[0]} {t[1]} ({t[2]}))"),
        st.tuples(st.sampled_from(["min", "max"]), of, of).map(lambda t: f"{t[0]}({t[1]}, {t[2]})"),
        of.map(lambda t: f"abs({t})"),
        of.map(lambda t: f"-({t})"),
        st.tuples(st.sampled_from("xyzw"), of).map(lambda t: f"{t[0]} * ({t[1]})"),
    ),
    max_leaves=4,
)
ATOM = st.one_of(
    st.tuples(SUM, st.sampled_from(["<", "<=", ">", ">="]), SUM).map(" ".join),
    st.tuples(st.sampled_from("kj"), st.sampled_from(["==", "!="]), st.sampled_from("pq")).map(
        lambda t: f"{t[0]} {t[1]} '{t[2]}'"
    ),
)
RULE = st.recursive(
    ATOM,
    lambda of: st.one_of(
        st.tuples(of, st.sampled_from(["and", "or"]), of).map(lambda t: f"({t[0]} {t[1]} {t[2]})"),
        of.map(lambda t: f"not ({t})"),
    ),
    max_leaves=4,
)
GRID = np.random.default_rng(0).integers(0, 17, size=(400, 4)) / 16
POINTS: list[dict[str, float | str]] = [
    {**dict(zip("xyzw", map(float, row), strict=True)), "k": "pqr"[n % 3], "j": "pqr"[n // 3 % 3]}
    for n, row in enumerate(GRID)
]


@settings(deadline=None)
@given(RULE, RULE)
def test_no_point_satisfies_both_of_two_that_exclude(one: str, other: str) -> None:
    rules = parse_rule(one), parse_rule(other)
    if exclude(rules[0], rules[1], RANGES):
        assert not any(all(rule.holds(point) for rule in rules) for point in POINTS)


@settings(deadline=None)
@given(RULE)
def test_a_rule_holds_just_where_one_of_its_cases_does(source: str) -> None:
    rule = parse_rule(source)
    cases = cases_of(rule.condition)
    if cases is None:
        return
    for point in POINTS[:12]:
        spelt = [
            all(
                _holds(each, point)
                if isinstance(each, Line)
                else (_word(each.left, point) == _word(each.right, point)) == each.same
                for each in case
            )
            for case in cases
        ]
        assert any(spelt) == rule.holds(point)


def _holds(line: Line, point: Mapping[str, float | str]) -> bool:
    # a product of names is evaluated, as the rule's own would be
    value = sum(factor * eval(name, {"max": max, "min": min, "abs": abs}, dict(point))
                for name, factor in line.terms) + line.constant  # fmt: skip
    return bool(value > 0 if line.strict else value >= 0)


def _word(side: tuple[bool, str], point: Mapping[str, float | str]) -> object:
    is_word, text = side
    return text if is_word else point[text]


LINEAR = st.lists(st.integers(-3, 3), min_size=5, max_size=5)


@settings(deadline=None)
@given(st.lists(st.tuples(LINEAR, st.booleans()), min_size=2, max_size=7), st.integers(1, 6))
def test_linear_rules_exclude_just_where_linear_programming_finds_no_point(
    lines: list[tuple[list[int], bool]], cut: int
) -> None:
    """Whole factors: a gap between the two, where there is one, is far above its tolerance."""

    def rule(part: list[tuple[list[int], bool]]) -> str:
        told = [
            " + ".join(f"({a}) * {n}" for a, n in zip(row, "xyzw", strict=False))
            + f" + ({row[4]}) {'>' if strict else '>='} 0"
            for row, strict in part
        ]
        return " and ".join(told)

    cut = min(cut, len(lines) - 1)
    # the largest slack that all strict ones can have at once, and none that is not strict
    rows = [[-a for a in row[:4]] + [int(strict)] for row, strict in lines]
    found = linprog(
        [0, 0, 0, 0, -1],
        A_ub=rows,
        b_ub=[row[4] for row, _ in lines],
        bounds=[(0, 1)] * 4 + [(None, 1)],
    )
    strict = any(strict for _, strict in lines)
    possible = found.x is not None and (not strict or found.x[4] > 1e-6)
    assert apart(rule(lines[:cut]), rule(lines[cut:])) == (not possible)


def test_groups_are_of_options_that_all_exclude_each_other() -> None:
    def of(**rules: str) -> tuple[tuple[str, ...], ...]:
        return groups({option: parse_rule(rule) for option, rule in rules.items()}, RANGES)

    assert of(a="x > y and x > z", b="y > x and y > z", c="z > x and z > y") == (("a", "b", "c"),)
    assert of(a="x > 0.5", b="y > 0.5") == (("a",), ("b",))
    assert of(a="x < 0.3", b="x > 0.2", c="x > 0.4") == (("b",), ("a", "c"))
    # a with b, b with c, c with d: two pairs, and not b and c together and two alone
    assert of(b="x < 0.5 and y > 0.5", c="y < 0.5 and z > 0.5", a="x > 0.5", d="z < 0.5") == (
        ("b", "a"),
        ("c", "d"),
    )
    assert of() == ()


@pytest.mark.parametrize("names", [5, 7])
def test_a_whole_question_is_looked_through_quickly(names: int) -> None:
    those = [f"x{n}" for n in range(names)]
    rules = {
        letter: f"{name} >= 0.1 and {name} > 1.25 * max({', '.join(set(those) - {name})})"
        for letter, name in zip("abcdefgh", those, strict=False)
    }
    parsed = {option: parse_rule(rule) for option, rule in rules.items()}
    began = time.process_time()
    found = groups(parsed, dict.fromkeys(those, (0.0, 1.0)))
    assert time.process_time() - began < 0.2  # 0.02 on a quiet machine
    assert len(found) == 1
    began = time.process_time()
    assert groups(parsed, dict.fromkeys(those, (0.0, 1.0))) is found
    assert time.process_time() - began < 0.005


@pytest.mark.parametrize(
    "rule",
    [
        " + ".join(f"abs(x{n})" for n in range(40)) + " < 1",
        " + ".join(f"abs(x{n})" for n in range(40)) + " > 1",
        " and ".join(f"(x{n} > 0 or y{n} > 0)" for n in range(30)),
        " and ".join(
            f"x{n} - {n + 2} * x{(5 * n + 1) % 14} + x{(3 * n + 2) % 14} > 0" for n in range(14)
        ),
    ],
)
def test_what_is_too_much_to_look_through_is_not_known_to_exclude(rule: str) -> None:
    began = time.process_time()
    exclude(parse_rule(rule), parse_rule("x1 > 3 and y1 < 0"), {})
    assert time.process_time() - began < 1.0
    assert not exclude(parse_rule(rule), parse_rule("z > 0"), {}) or "-" in rule
