from __future__ import annotations

import math

import pytest
import torch
from torch import nn

from quizproof.probes.models.architectures import ClassifierError
from quizproof.probes.models.classifiers import Classifier
from quizproof.probes.models.randomised import weighted_layers, with_random_layers
from tests.planted import planted_classifier


@pytest.fixture
def classifier() -> Classifier:
    net = nn.Sequential(
        nn.Conv2d(3, 64, 3),
        nn.BatchNorm2d(64),
        nn.ReLU(),
        nn.Conv2d(64, 64, 3),
        nn.BatchNorm2d(64),
        nn.ReLU(),
        nn.AdaptiveAvgPool2d(1),
        nn.Flatten(),
        nn.Linear(64, 11),
    )
    for module in net.modules():
        for parameter in module.parameters(recurse=False):
            parameter.data.fill_(0.1)
    return planted_classifier(net)


def changed(classifier: Classifier, last: int, seed: int = 0) -> set[str]:
    """The tensors that are other ones with random weights in the ``last`` layers."""
    before = classifier.net.state_dict()
    after = with_random_layers(classifier, last, seed).net.state_dict()
    return {name for name in before if not torch.equal(before[name], after[name])}


def test_the_last_layers_change_and_what_normalises_behind_them(classifier: Classifier) -> None:
    assert weighted_layers(classifier) == ["0", "3", "8"]
    assert changed(classifier, 1) == {"8.weight", "8.bias"}
    second = {"3.weight", "3.bias", *(f"4.running_{each}" for each in ("mean", "var"))}
    assert second <= changed(classifier, 2)
    assert "0.weight" not in changed(classifier, 2)
    assert "0.weight" in changed(classifier, 3)


def test_weights_have_the_spread_of_their_fan_in_and_are_the_same_again(
    classifier: Classifier,
) -> None:
    one, same, other = (with_random_layers(classifier, 2, seed).net[3].weight for seed in (1, 1, 2))  # type: ignore[index]
    assert float(one.std()) == pytest.approx(math.sqrt(2 / (64 * 9)), rel=0.02)
    assert torch.equal(one, same)
    assert not torch.equal(one, other)


def test_its_passes_count_as_the_classifiers(classifier: Classifier) -> None:
    picture = torch.rand(1, 3, 32, 32)
    with_random_layers(classifier, 2, 0)(picture)
    assert classifier.passes.forward == 1


def test_more_layers_than_there_are(classifier: Classifier) -> None:
    with pytest.raises(ClassifierError, match="has 3 layers with weights, and 4 of them"):
        with_random_layers(classifier, 4, 0)
    with pytest.raises(ClassifierError, match="no weights to randomise"):
        with_random_layers(planted_classifier(nn.Flatten()), 1, 0)
