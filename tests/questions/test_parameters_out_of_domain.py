"""Lint refuses whatever of a probe's parameters no pack and no model could make right."""

from __future__ import annotations

import copy
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from quizproof.probes.catalogue import catalogue
from quizproof.questions.lint import lint_quiz
from quizproof.questions.quiz import bundled_quiz, load_quiz

HW09 = bundled_quiz("hw09")
CALLS = {q.id: q.probe for q in load_quiz(HW09).questions if q.probe is not None}

# that are right of a parameter, though another value stands there
RIGHT: list[tuple[str, Any]] = [
    ("redrawn", None),
    ("levels", 0.5),
    ("odds", 0.5),
    ("compactness", 0.5),
    ("sigma", 0.5),
    ("numpy_seed", None),
    ("also_masked", None),
    ("pairs", None),
    *((name, []) for name in ("beside", "after", "beyond_chance", "heads")),
]


def wrong_values(value: Any) -> Iterator[Any]:
    """Values in the place of a right one that can be right of nothing."""
    match value:
        case bool():
            return
        case int():
            yield from (-1, -10, 0.5, "one", None, True, [value])
        case float():
            yield from (-1.0, math.nan, math.inf, "much", [value])
        case str():
            yield from ("", 3, None, [value], {})
        case [first, *_]:
            yield from ([], [*value, first], "one", None, [[]])
            for wrong in wrong_values(first):
                if wrong is not None:
                    yield [wrong, *value[1:]]


def wrong_calls() -> Iterator[tuple[str, str, dict[str, Any]]]:
    for name, call in CALLS.items():
        yield name, "more", {**call.parameters, "more_than_it_takes": 1}
        for parameter, value in call.parameters.items():
            if parameter in catalogue()[call.name].parts:  # what only a pack knows
                continue
            for wrong in wrong_values(value):
                if (parameter, wrong) in RIGHT:
                    continue
                yield name, parameter, {**call.parameters, parameter: wrong}


WRONG = list(wrong_calls())


def test_there_are_enough_to_say_something() -> None:
    assert len(WRONG) > 500
    assert len({(name, parameter) for name, parameter, _ in WRONG}) > 80


@pytest.mark.parametrize("name", CALLS)
def test_each_is_refused(name: str) -> None:
    probe = catalogue()[CALLS[name].name]
    assert probe.check(CALLS[name].parameters) == []
    calls = [(parameter, call) for of, parameter, call in WRONG if of == name]
    passed = [(p, call[p]) for p, call in calls if not probe.check(call)]
    assert passed == []


@settings(deadline=None, max_examples=40)
@given(st.sampled_from(WRONG))
def test_lint_says_where_it_stands(
    tmp_path_factory: pytest.TempPathFactory, wrong: tuple[str, str, dict[str, Any]]
) -> None:
    name, _, parameters = wrong
    folder: Path = tmp_path_factory.mktemp("quiz")
    data = yaml.safe_load((HW09 / f"{name}.yaml").read_text("utf-8").replace("no:", "'no':"))
    data = copy.deepcopy(data)
    data["probe"]["with"] = parameters
    (folder / f"{name}.yaml").write_text(yaml.safe_dump(data, sort_keys=False), "utf-8")
    (folder / "quiz.yaml").write_text(f"id: wrong\ntitle: Wrong\nquestions: [{name}]\n", "utf-8")
    [linted] = lint_quiz(folder, catalogue()).questions
    assert linted.broken
    assert all(problem.line > 1 for problem in linted.broken)
