"""The numbers that decide hw09: a second list of them, and worlds just on either side of each."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import pytest

from quizproof.probes.catalogue import catalogue
from quizproof.questions.quiz import bundled_quiz, load_quiz
from quizproof.questions.rules import Rule, parse_rule
from quizproof.questions.spec import NumberBlank, Question, choices
from quizproof.questions.thresholds import settings

QUESTIONS = {q.id: q for q in load_quiz(bundled_quiz("hw09")).questions}

# what a number rests on
NOTEBOOK = "the course's notebook"
PROMPT = "the question's own words"
EYE = "a contrast |a − b| ∕ (a + b) that an eye needs, or a multiple of it"
HALFWAY = "the middle between two ends that are known"
SCREEN = "two of the levels of a screen, of which one is rounding"
CHANCE = "the error of a verdict, 1 %, or how rarely chance gives as much"
CONVENTION = "a number of ours, which the quiz gives a reason for"

LIME = {
    "samples": (1000, NOTEBOOK),
    "superpixels": (200, NOTEBOOK),
    "painted": (11, NOTEBOOK),
    "least_weight": (0.05, NOTEBOOK),
}
DENSER = {"denser": (1.25, EYE)}  # (1.25 − 1) ∕ (1.25 + 1) is a ninth
TABLE: dict[str, dict[str, tuple[Any, str]]] = {
    "q01": LIME,
    "q02": {**LIME, "touching": (0.2, CONVENTION), "lying": (0.333, CONVENTION)},
    "q03": LIME,
    "q04": {
        **LIME,
        "samples": (200, CONVENTION),
        "superpixels": (50, CONVENTION),
        "of_one_sign": (0.9, CONVENTION),
    },
    "q05": {"twice": (2, EYE), "middle": (0.167, "half of a third of the side")},
    "q06": {"clear": (0.3333, EYE)},  # (2 − 1) ∕ (2 + 1): twice as dense
    "q07": {"off": (0.01, CHANCE)},
    "q08": {"half": (0.5, HALFWAY), "uneven": (0.1, EYE)},
    "q09": {
        "nearly_all": (3.5, HALFWAY),
        "like": (0.8, CHANCE),
        "shares": ([0.05, 0.08, 0.12, 0.16, 0.2], CONVENTION),
    },
    "q10": {"levels": (2, SCREEN), "bright": (0.05, CONVENTION), "clearer": (0.1, EYE)},
    "q11": {
        "alike": (0.01, CONVENTION),
        "rounding": (1e-6, "float32"),
        "several": (2, PROMPT),
    },
    "q12": {**DENSER, "band": (0.03, CONVENTION)},
    "q13": {"places": (16, CONVENTION)},
    "q14": DENSER,
    "q16": {"octave": (2, "the step of a pooling layer")},
    "q17": {"side": (0.75, HALFWAY), "depends": (0.01, SCREEN), "steps": (10, CONVENTION)},
    "q18": {**DENSER, "steps": (10, NOTEBOOK)},
    "q19": {
        "alike": (0.5, HALFWAY),
        "levels": (2, SCREEN),
        "few": (10, NOTEBOOK),
        "more": (100, "ten times the notebook's"),
    },
    "q20": {
        "one": (1.5, HALFWAY),
        "off": (0.01, SCREEN),
        "gap": (2, "a step over one that is missing"),
        "unlike": (0.1, EYE),
        "steps": (10, NOTEBOOK),
    },
    "q21": {"neighbours": (50, PROMPT), "chance": (0.01, CHANCE)},
    "q24": {"half": (0.5, HALFWAY)},
    "q26": {"odds": (99, CHANCE)},
    "q28": {"pairs": (100, CHANCE)},
    "q29": {"seen": (0.0078, SCREEN), "clear": (0.5, "the triangle inequality")},
    "q30": {"negligible": (1e-4, "a thousand times float32's rounding"), "pairs": (8, CONVENTION)},
}


def parameters(question: Question) -> Mapping[str, Any]:
    assert question.probe is not None
    return catalogue()[question.probe.name].complete(question.probe.parameters)


def values(question: Question) -> dict[str, Any]:
    """Each threshold's number: its own, or that of the probe's parameter of its name."""
    given = settings(parameters(question))
    return {
        name: given[name] if threshold.value is None else threshold.value
        for name, threshold in question.thresholds.items()
    }


@pytest.mark.parametrize("name", QUESTIONS)
def test_every_number_that_decides_is_the_one_that_is_written_here_too(name: str) -> None:
    expected = {threshold: value for threshold, (value, _) in TABLE.get(name, {}).items()}
    assert values(QUESTIONS[name]) == expected


@pytest.mark.parametrize("name", ["q10", "q12", "q13"])
def test_a_map_of_smoothgrad_is_the_notebook_s_of_500_copies(name: str) -> None:
    given = parameters(QUESTIONS[name])
    assert (given["samples"], given["noise"]) == (500, "notebook")


# what a prompt calls by a number, and the parameter that has it
CALLED: dict[str, tuple[str, Callable[[str], Any]]] = {
    r"picture (\d+)": ("picture", int),
    r"cnnid = (\d+)": ("layer", "cnn.{}".format),
    r"filterid = (\d+)": ("filter", int),
    r"attention head (\d+)": ("heads", lambda head: [f"L{k}H{head}" for k in range(1, 13)]),
    r"the (\d+) embeddings": ("neighbours", int),
}


@pytest.mark.parametrize("called", CALLED)
def test_what_a_prompt_calls_by_its_number_is_what_is_looked_at(called: str) -> None:
    parameter, as_given = CALLED[called]
    met = 0
    for name, question in QUESTIONS.items():
        found = re.search(called, question.prompt.in_("en"))
        if found is None or parameter not in (given := parameters(question)):
            continue
        [number] = filter(None, found.groups())
        assert given[parameter] == as_given(number), name
        met += 1
    assert met


def test_a_blank_s_number_is_right_within_a_hundredth() -> None:
    [blank] = [
        blank
        for question in QUESTIONS.values()
        for blank in getattr(question, "blanks", {}).values()
        if isinstance(blank, NumberBlank)
    ]
    assert blank.tolerance == 0.01


RULED = [
    (name, threshold)
    for name, question in QUESTIONS.items()
    for threshold in sorted(question.constants)
]
STEP = 0.01  # of a threshold: how near a world lies to it
WORLDS = 60_000


@pytest.mark.parametrize(("name", "threshold"), RULED, ids=map("-".join, RULED))
def test_a_world_just_on_either_side_of_a_threshold_is_judged_otherwise(
    name: str, threshold: str
) -> None:
    """By the list above, and by the quiz: a hundredth to the wrong side, and it is another one."""
    question = QUESTIONS[name]
    here = {known: float(TABLE[name][known][0]) for known in question.constants}
    listed, quiz = rules(question, here), rules(question, question.constants)
    moved = [
        rules(question, {**here, threshold: here[threshold] * (1 + by)}) for by in (-STEP, STEP)
    ]
    seen = [False, False]
    for world in worlds(question, listed, here):
        said = answer(listed, world)
        for side, there in enumerate(moved):
            if not seen[side] and answer(there, world) != said:
                assert answer(quiz, world) == said
                seen[side] = True
        if all(seen):
            return
    raise AssertionError(f"of {WORLDS} worlds none lies beside {threshold}: {seen}")


def rules(question: Question, constants: Mapping[str, float]) -> list[Rule]:
    return [parse_rule(c.rule, constants) for c in choices(question) if c.rule is not None]


def answer(options: Sequence[Rule], world: Mapping[str, float]) -> list[bool]:
    """Tell of each option whether it holds in ``world``."""
    return [rule.holds(world) for rule in options]


def worlds(
    question: Question, options: Sequence[Rule], constants: Mapping[str, float]
) -> Iterator[dict[str, float]]:
    """Values that ``question``'s probe could measure, many of them near sizes that matter."""
    assert question.probe is not None
    probe = catalogue()[question.probe.name]
    ranges = probe.ranges(question.probe.parameters)
    near = [0.0, 0.5, 1.0, *constants.values(), *(1 - value for value in constants.values())]
    dice = random.Random(9)
    read = sorted(frozenset[str]().union(*(rule.names for rule in options)))
    for _ in range(WORLDS):
        world: dict[str, float] = {}
        for measure in read:
            low, high = (max(-4.0, ranges[measure][0]), min(4.0, ranges[measure][1]))
            of = dice.choice([1.0, *world.values()])
            size = of * dice.choice(near) * dice.choice([1, 1, 1, -1]) * dice.gauss(1, 0.01)
            spread = dice.uniform(low, high)
            world[measure] = min(max(size if dice.random() < 0.6 else spread, low), high)
        yield world
