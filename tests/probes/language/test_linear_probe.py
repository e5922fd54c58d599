"""Linear probes, where it is known after which layer the states say what, and by what."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from quizproof.probes.methods.linear_probe import Examples, LinearProbeError, accuracy, split
from quizproof.probes.models.tokens import Tokens
from quizproof.probes.testing import draws_of
from quizproof.questions.problems import QuizproofError
from tests.probes.language.planted_readings import HEADS, LAYERS, english_bench, sentence

NOUNS = [f"n{letter}" for letter in "abcdefghijkl"]
VERBS = [f"v{letter}" for letter in "abcdefghijkl"]
WORDS = [*NOUNS, *VERBS]
TAGGED, SAME, NOTHING = 1, 2, 3  # layers: of the tag alone, of the word alone, of neither


def corpus() -> list[dict[str, Any]]:
    rng = np.random.default_rng(0)
    return [
        sentence(" ".join(f"{w}/{'NOUN' if w[0] == 'n' else 'VERB'}" for w in rng.choice(WORDS, 6)))
        for _ in range(80)
    ]


def plant(tokens: Tokens) -> tuple[torch.Tensor, torch.Tensor]:
    size = len(tokens)
    states = torch.zeros(LAYERS + 1, size, len(WORDS))
    seed = int(np.sum(tokens.ids) % 2**31)
    noise = np.random.default_rng(seed).normal(size=(size, len(WORDS)))
    for place, name in enumerate(tokens.names):
        if name in WORDS:
            states[TAGGED, place, 0 if name in NOUNS else 1] = 1.0
            states[SAME, place, WORDS.index(name)] = 1.0
    states[NOTHING] = torch.from_numpy(noise).float()
    return states, torch.full((LAYERS, HEADS, size, size), 1 / size)


def asked(folder: Path, **given: Any) -> Any:
    bench = english_bench(folder, plant, corpus())
    parameters = {"corpus": "corpus", "layers": [TAGGED, SAME, NOTHING], **given}
    [draw] = draws_of("linear_probe.accuracy", bench, **parameters)
    return draw.values


def test_states_that_say_the_tag_are_selective_and_those_that_say_the_word_are_not(
    tmp_path: Path,
) -> None:
    values = asked(tmp_path)
    assert values[f"accuracy_{TAGGED}"] == values[f"accuracy_{SAME}"] == 1.0
    # a state of the tag alone gives all words of a tag one label: about half are right
    assert values[f"control_{TAGGED}"] < 0.8
    assert values[f"selectivity_{TAGGED}"] > 0.2
    # of the word alone, whatever each word's label is can be learned by heart
    assert values[f"control_{SAME}"] == 1.0
    assert values[f"selectivity_{SAME}"] == 0.0
    assert abs(values[f"accuracy_{NOTHING}"] - 0.5) < 0.2
    assert 0.3 < values["majority"] < 0.7


def test_the_same_numbers_in_every_run_and_few_words_where_few_are_asked_for(
    tmp_path: Path,
) -> None:
    assert asked(tmp_path / "one") == asked(tmp_path / "two")
    few = asked(tmp_path / "few", most=60)
    assert few[f"accuracy_{TAGGED}"] == 1.0
    assert few["majority"] != asked(tmp_path / "three")["majority"]


def test_labelled_sentences_are_told_by_their_mean(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    labelled = {
        name: list(dict.fromkeys(" ".join(rng.choice(words, 4)) for _ in range(16)))
        for name, words in (("nouns", NOUNS), ("verbs", VERBS))
    }
    values = asked(tmp_path, corpus=None, labelled=labelled)
    assert values[f"accuracy_{TAGGED}"] == 1.0
    assert values[f"control_{TAGGED}"] < 1.0


def test_whole_sentences_go_to_one_side() -> None:
    groups = [k // 3 for k in range(30)]
    trained = split(groups, 0.3, np.random.default_rng(0))
    sides = {
        group: {bool(t) for g, t in zip(groups, trained, strict=True) if g == group}
        for group in groups
    }
    assert all(len(side) == 1 for side in sides.values())
    assert sum(True not in side for side in sides.values()) == 3


def test_the_regression_is_that_of_the_normal_equations_where_these_decide(tmp_path: Path) -> None:
    """Two Gaussian clouds: least squares, an independent linear classifier, puts the same bound."""
    rng = np.random.default_rng(0)
    labels = ["a"] * 300 + ["b"] * 300
    states = rng.normal(size=(600, 4)) + np.array([[0.0]] * 300 + [[1.5]] * 300)
    trained = rng.random(600) < 0.5
    given = np.column_stack([states, np.ones(600)])
    target = np.array([1.0 if label == "a" else -1.0 for label in labels])
    weights, *_ = np.linalg.lstsq(given[trained], target[trained], rcond=None)
    by_hand = float(((given[~trained] @ weights > 0) == (target[~trained] > 0)).mean())
    assert accuracy(states, labels, trained, 1.0) == pytest.approx(by_hand, abs=0.01)


def test_the_majority_is_of_training_and_held_to_the_rest() -> None:
    trained = np.array([True, True, True, False, False])
    assert Examples(("a", "a", "b", "b", "a"), (0, 1, 2, 3, 4), trained).majority == 0.5


@pytest.mark.parametrize(
    ("given", "error", "says"),
    [
        ({"layers": [13]}, QuizproofError, "no layer 13; its layers are 0 .* to 12"),
        ({"corpus": None}, QuizproofError, "name one of the two"),
        ({"labelled": {"a": ["na nb"]}}, QuizproofError, "name one of the two"),
        ({"held_out": 0.001}, LinearProbeError, "leaves one side empty"),
        ({"held_out": 1.0}, QuizproofError, "held_out"),
        (
            {"corpus": None, "labelled": {"a": ["na nb"], "b": ["na nb"]}},
            QuizproofError,
            "'na nb' is under two labels",
        ),
        (
            {"corpus": None, "labelled": {"a": ["na nb", "nc nd"]}, "held_out": 0.5},
            LinearProbeError,
            "all that is trained on is 'a'",
        ),
    ],
)
def test_what_cannot_be_asked_is_one_line(
    given: dict[str, Any], error: type[Exception], says: str, tmp_path: Path
) -> None:
    with pytest.raises(error, match=says) as caught:
        asked(tmp_path, **given)
    assert "\n" not in str(caught.value)
