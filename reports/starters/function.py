"""``--about function``: a plain function of numbers."""

from __future__ import annotations

from typing import Final

from quizproof.reports.starters.starter import Starter

STARTER: Final = Starter(
    title="Softmax and its temperature",
    probes='''\
"""Probes of this quiz's own."""

import math

from quizproof.probes import Draw, Measure, probe


def softmax(scores, temperature):
    powers = [math.exp(score / temperature) for score in scores]
    return [power / sum(powers) for power in powers]


@probe(
    "own.softmax",
    measures=(
        Measure("before", "probability", 0, 1, "largest probability, at temperature 1"),
        Measure("after", "probability", 0, 1, "largest probability, at the other temperature"),
    ),
    tolerance=1e-9,
)
def largest_probability(bench, *, scores: list[float], temperature: float):
    """The largest probability of a softmax at temperature 1 and at another one."""
    yield Draw(
        {"before": max(softmax(scores, 1.0)), "after": max(softmax(scores, temperature))}
    )
''',
    test='''\
"""The probe tells what it should, and each option can be the right one."""

from pathlib import Path

import probes
from quizproof.probes.testing import draws_of, options_that_hold

QUESTION = Path(__file__).parent / "q01.yaml"


def test_two_equal_scores_share() -> None:
    [draw] = draws_of(probes.largest_probability, scores=[1.0, 1.0], temperature=3.0)
    assert draw.values == {"before": 0.5, "after": 0.5}


def test_each_option_can_hold() -> None:
    assert options_that_hold(QUESTION) == {"a"}
    assert options_that_hold(QUESTION, temperature=0.5) == {"b"}
    assert options_that_hold(QUESTION, scores=[1.0, 1.0]) == {"c"}
''',
    right="""\
kind: single
points: 1
about: method  # whatever is measured settles it
prompt: The scores are 1, 2 and 4. What happens to the largest probability of their softmax as the
  temperature rises from 1 to 2?
probe: {name: own.softmax, with: {scores: [1.0, 2.0, 4.0], temperature: 2.0}}
options:
  a: {text: It falls, rule: before - after > 0.01}
  b: {text: It rises, rule: after - before > 0.01}
  c: {text: It stays, rule: abs(after - before) <= 0.01}
expected: [a]
""",
    wrong="""\
kind: single
points: 1
about: method
prompt: And as the temperature falls from 1 to 0.5?
probe: {name: own.softmax, with: {scores: [1.0, 2.0, 4.0], temperature: 0.5}}
options:
  a: {text: It falls, rule: before - after > 0.01}
  b: {text: It rises, rule: after - before > 0.01}
  c: {text: It stays, rule: abs(after - before) <= 0.01}
# this key is wrong on purpose: quizproof verify contradicts it, and says where to mend it
expected: [a]
""",
)
