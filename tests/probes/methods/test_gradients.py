from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from quizproof.probes.methods.gradients import loss_gradient
from tests.planted import planted_classifier


def _small_network() -> nn.Module:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(3)
        layers = nn.Conv2d(3, 4, 3), nn.Tanh(), nn.Flatten(), nn.Linear(4 * 6 * 6, 5)
        return nn.Sequential(*layers)


def _pictures(count: int) -> Tensor:
    return torch.rand((count, 3, 8, 8), generator=torch.Generator().manual_seed(1))


def test_it_is_the_gradient_of_torch_s_cross_entropy() -> None:
    classifier = planted_classifier(_small_network(), (8, 8), 5)
    pictures, labels = _pictures(3), torch.tensor([0, 2, 4])
    leaf = pictures.clone().requires_grad_()
    functional.cross_entropy(classifier.net(leaf), labels, reduction="sum").backward()  # type: ignore[no-untyped-call]
    assert leaf.grad is not None
    torch.testing.assert_close(loss_gradient(classifier, pictures, labels), leaf.grad)


def test_it_agrees_with_finite_differences() -> None:
    classifier = planted_classifier(_small_network().double(), (8, 8), 5)
    picture, labels = _pictures(1).double(), torch.tensor([3])
    step = torch.zeros_like(picture)
    step[0, 1, 4, 2] = 1e-5

    def loss(at: Tensor) -> Tensor:
        return functional.cross_entropy(classifier(at), labels)

    slope = (loss(picture + step) - loss(picture - step)) / 2e-5
    gradient = loss_gradient(classifier, picture, labels)
    torch.testing.assert_close(gradient[0, 1, 4, 2], slope, rtol=1e-6, atol=0)


class _Sure(nn.Module):
    def forward(self, pictures: Tensor) -> Tensor:
        own = 60 + pictures.sum(dim=(1, 2, 3))
        return torch.stack([own, torch.zeros_like(own)], dim=1)


def test_it_does_not_vanish_for_a_classifier_surer_than_float32() -> None:
    gradient = loss_gradient(
        planted_classifier(_Sure(), (8, 8), 2), torch.zeros(1, 3, 8, 8), torch.tensor([0])
    )
    torch.testing.assert_close(gradient, torch.full((1, 3, 8, 8), -8.7565e-27), rtol=1e-4, atol=0)


def test_a_picture_s_gradient_does_not_depend_on_its_batch() -> None:
    classifier = planted_classifier(_small_network(), (8, 8), 5)
    pictures, labels = _pictures(4), torch.tensor([0, 1, 2, 3])
    together = loss_gradient(classifier, pictures, labels)
    torch.testing.assert_close(together[2:3], loss_gradient(classifier, pictures[2:3], labels[2:3]))


def test_it_counts_its_passes_and_leaves_its_inputs_alone() -> None:
    classifier = planted_classifier(_small_network(), (8, 8), 5)
    pictures = _pictures(3)
    with torch.no_grad():
        loss_gradient(classifier, pictures, torch.tensor([0, 1, 2]))
    assert (classifier.passes.forward, classifier.passes.backward) == (3, 3)
    assert not pictures.requires_grad
