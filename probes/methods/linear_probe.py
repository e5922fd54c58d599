"""Linear probes of hidden states, and the control task that says what such a probe learns itself.

Hewitt & Liang 2019, Designing and Interpreting Probes with Control Tasks (arXiv 1909.03368): a
probe that is as good at labels drawn blindly for each word, the control task, tells little of the
states. Its selectivity is how much better it is at the true ones.
"""

from __future__ import annotations

import warnings
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from quizproof.questions.problems import QuizproofError

_MOST_STEPS = 1000


class LinearProbeError(QuizproofError):
    """Examples that a linear probe cannot be trained on, or held to."""


@dataclass(frozen=True)
class Examples:
    """N examples to be told apart by their states."""

    labels: tuple[str, ...]
    types: tuple[Hashable, ...]  # what the control task gives one label: the word
    trained: NDArray[np.bool_]  # (N,) those that the probe is trained on; it is held to the others

    @property
    def majority(self) -> float:
        """Share of the held-out examples that the commonest label in training is right for."""
        kept = np.array(self.labels)
        names, counts = np.unique(kept[self.trained], return_counts=True)
        return float((kept[~self.trained] == names[counts.argmax()]).mean())


def split(groups: Sequence[int], held_out: float, rng: np.random.Generator) -> NDArray[np.bool_]:
    """Which examples are trained on: whole ``groups`` go to one side. Raises LinearProbeError."""
    every = sorted(set(groups))
    out = round(held_out * len(every))
    if not 1 <= out < len(every):
        raise LinearProbeError(
            f"of {len(every)} sentences, {held_out:g} held out leaves one side empty; "
            "take more sentences, or another share"
        )
    kept = set(rng.permutation(every)[out:].tolist())
    return np.array([group in kept for group in groups])


def control_labels(of: Examples, rng: np.random.Generator) -> tuple[str, ...]:
    """A label for each type, drawn blindly as often as it is in training, whatever it means."""
    drawn = np.array(of.labels)[of.trained]
    given = {kind: str(rng.choice(drawn)) for kind in dict.fromkeys(of.types)}
    return tuple(given[kind] for kind in of.types)


def accuracy(
    states: NDArray[np.float64], labels: Sequence[str], trained: NDArray[np.bool_], penalty: float
) -> float:
    """Share of held-out states (N, D) that a logistic regression trained on the others gets right.

    Multinomial, by scikit-learn, on states of mean 0 and variance 1 in training; half the sum of
    its weights' squares costs ``penalty``. Raises LinearProbeError where training has one label.
    """
    from sklearn.linear_model import LogisticRegression

    asked = np.array(labels)
    if len(set(asked[trained])) < 2:
        raise LinearProbeError(
            f"all that is trained on is {str(asked[trained][0])!r}; take examples of several labels"
        )
    mean, spread = states[trained].mean(axis=0), states[trained].std(axis=0)
    scaled = (states - mean) / np.where(spread > 0, spread, 1)
    model = LogisticRegression(C=1 / penalty, max_iter=_MOST_STEPS)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # where the last steps change no label any more
        model.fit(scaled[trained], asked[trained])
    return float((model.predict(scaled[~trained]) == asked[~trained]).mean())
