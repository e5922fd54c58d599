from __future__ import annotations

from dataclasses import replace

import pytest
import torch
from torch import Tensor, nn

from quizproof.probes.methods.filters import (
    FilterError,
    activation,
    layer_activation,
    layer_activations,
    over_picture,
    visualisation,
)
from quizproof.probes.models.classifiers import Classifier
from quizproof.questions.problems import QuizproofError
from tests.planted import planted_classifier


class Network(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        modules: list[nn.Module] = []
        for channels in (3, 4, 4, 4):
            modules += [nn.Conv2d(channels, 4, 3, padding=1), nn.BatchNorm2d(4), nn.ReLU()]
        self.cnn = nn.Sequential(*modules, nn.MaxPool2d(2))
        self.fc = nn.Sequential(nn.Linear(4 * 8 * 8, 11))

    def forward(self, pictures: Tensor) -> Tensor:
        logits: Tensor = self.fc(torch.flatten(self.cnn(pictures), 1))
        return logits


@pytest.fixture
def classifier() -> Classifier:
    with torch.random.fork_rng():
        torch.manual_seed(0)
        return planted_classifier(Network(), size=(16, 16))


@pytest.fixture
def pictures() -> Tensor:
    return torch.rand(2, 3, 16, 16, generator=torch.Generator().manual_seed(1))


@pytest.mark.parametrize("k", [0, 1, 2, 9, 12])
def test_activation_is_what_the_layers_up_to_it_compute(
    k: int, classifier: Classifier, pictures: Tensor
) -> None:
    by_hand = classifier.net.cnn[: k + 1](pictures)  # type: ignore[index, operator]
    maps = layer_activation(classifier, f"cnn.{k}", pictures)
    torch.testing.assert_close(maps, by_hand)
    torch.testing.assert_close(activation(classifier, f"cnn.{k}", 1, pictures), by_hand[:, 1])


def test_a_layer_working_in_place_does_not_change_what_was_seen() -> None:
    net = nn.Sequential(nn.Identity(), nn.ReLU(inplace=True), nn.AdaptiveAvgPool2d(1), nn.Flatten())
    picture = torch.rand(1, 3, 8, 8, generator=torch.Generator().manual_seed(0)) - 0.5
    expected = picture.clone()
    seen = layer_activation(planted_classifier(net, size=(8, 8), classes=3), "0", picture)
    assert (expected < 0).any()
    torch.testing.assert_close(seen, expected)


def test_normalisation_belongs_to_the_pass(pictures: Tensor) -> None:
    plain = planted_classifier(Network(), size=(16, 16))
    classifier = replace(plain, mean=plain.mean + 0.5, std=plain.std * 2)
    by_hand = classifier.net.cnn[0]((pictures - 0.5) / 2)  # type: ignore[index, operator]
    torch.testing.assert_close(layer_activation(classifier, "cnn.0", pictures), by_hand)


def hooks(classifier: Classifier) -> int:
    return sum(len(module._forward_hooks) for module in classifier.net.modules())


def test_hooks_are_removed(classifier: Classifier, pictures: Tensor) -> None:
    activation(classifier, "cnn.6", 0, pictures)
    visualisation(classifier, "cnn.6", 0, pictures[:1], steps=1)
    assert hooks(classifier) == 0


def test_hooks_are_removed_after_an_exception(classifier: Classifier, pictures: Tensor) -> None:
    with pytest.raises(RuntimeError):
        activation(classifier, "cnn.6", 0, pictures[:, :, :10])  # fc takes no such picture
    assert hooks(classifier) == 0


@pytest.mark.parametrize(
    ("layer", "filter", "error"),
    [
        ("cnn.6", 4, FilterError),
        ("cnn.6", -1, FilterError),
        ("fc.0", 0, FilterError),
        ("cnn.13", 0, QuizproofError),
    ],
)
def test_what_has_no_map_is_an_error(
    layer: str, filter: int, error: type[Exception], classifier: Classifier, pictures: Tensor
) -> None:
    with pytest.raises(error, match=r"cnn\.6|fc\.0|cnn\.13"):
        activation(classifier, layer, filter, pictures)


@pytest.mark.parametrize("layer", ["cnn.0", "cnn.6", "cnn.9"])
def test_visualisation_raises_the_activation_with_every_few_steps(
    layer: str, classifier: Classifier, pictures: Tensor
) -> None:
    climbed = [
        activation(classifier, layer, 1, visualisation(classifier, layer, 1, pictures, steps)).sum(
            dim=(1, 2)
        )
        for steps in (0, 2, 5)
    ]
    assert (climbed[0] < climbed[1]).all()
    assert (climbed[1] < climbed[2]).all()


def test_visualisation_of_a_linear_filter_climbs_its_weights() -> None:
    conv = nn.Conv2d(3, 1, 1, bias=False)
    conv.weight = nn.Parameter(torch.tensor([2.0, -3.0, 1.0]).view(1, 3, 1, 1))
    net = nn.Sequential(conv, nn.AdaptiveAvgPool2d(1), nn.Flatten())
    start = torch.full((1, 3, 4, 4), 0.5)
    made = visualisation(
        planted_classifier(net, size=(4, 4), classes=1), "0", 0, start, steps=5, learning_rate=0.1
    )
    # the gradient never changes, so each of Adam's steps is the learning rate against its sign
    expected = start + 0.5 * torch.tensor([1.0, -1.0, 1.0]).view(1, 3, 1, 1)
    torch.testing.assert_close(made, expected, rtol=0, atol=1e-5)
    torch.testing.assert_close(start, torch.full((1, 3, 4, 4), 0.5))


def test_visualisation_climbs_as_torchs_adam_does(classifier: Classifier, pictures: Tensor) -> None:
    theirs = pictures.clone().requires_grad_()
    adam = torch.optim.Adam([theirs], lr=0.1, maximize=True)
    for _ in range(20):
        adam.zero_grad()
        activation(classifier, "cnn.7", 2, theirs).sum().backward()  # type: ignore[no-untyped-call]
        adam.step()
    ours = visualisation(classifier, "cnn.7", 2, pictures, steps=20, learning_rate=0.1)
    torch.testing.assert_close(ours, theirs.detach(), rtol=1e-3, atol=1e-3)


def test_every_picture_climbs_for_itself(classifier: Classifier, pictures: Tensor) -> None:
    both = visualisation(classifier, "cnn.6", 0, pictures, steps=2)
    alone = visualisation(classifier, "cnn.6", 0, pictures[1:], steps=2)
    torch.testing.assert_close(both[1:], alone, rtol=1e-3, atol=1e-4)


def test_a_map_lies_over_the_picture_it_belongs_to() -> None:
    maps = torch.zeros(1, 2, 4)
    maps[0, 1, 0] = 1
    stretched = over_picture(maps, (8, 16))[0]
    assert stretched.shape == (8, 16)
    assert stretched[7, 0] == 1
    assert stretched[4:, :4].sum() > stretched.sum() / 2
    assert stretched[:, 8:].sum() == 0


def test_an_even_map_stays_even_over_the_picture() -> None:
    torch.testing.assert_close(over_picture(torch.ones(1, 3, 5), (8, 16)), torch.ones(1, 8, 16))


def test_many_layers_are_seen_in_one_pass(pictures: Tensor) -> None:
    classifier = planted_classifier(Network(), size=(16, 16))
    names = ["cnn.2", "cnn.0", "cnn.0"]
    each = [layer_activation(classifier, name, pictures) for name in names]
    before = classifier.passes.forward
    together = layer_activations(classifier, names, pictures)
    assert classifier.passes.forward == before + len(pictures)
    for one, other in zip(together, each, strict=True):
        assert torch.equal(one, other)
