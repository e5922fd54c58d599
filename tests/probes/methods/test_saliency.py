from __future__ import annotations

import copy

import numpy as np
import pytest
import torch
from captum.attr import Saliency
from torch import Tensor, nn

from quizproof.probes.methods.saliency import (
    GradientError,
    loss_gradient,
    normalise,
    saliency,
)
from quizproof.probes.models.classifiers import Classifier
from tests.planted import planted_classifier

SIDE, CLASSES = 8, 4


def smooth_network() -> nn.Module:
    """Without kinks, so that finite differences are exact to the second order."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        return nn.Sequential(
            nn.Conv2d(3, 4, 3), nn.Tanh(), nn.Flatten(), nn.Linear(4 * 6 * 6, CLASSES)
        )


def planted(net: nn.Module) -> Classifier:
    return planted_classifier(net, (SIDE, SIDE), CLASSES)


def pictures(count: int) -> Tensor:
    return torch.rand((count, 3, SIDE, SIDE), generator=torch.Generator().manual_seed(1))


class Sure(nn.Module):
    """Logits of a classifier that is ``gap`` logits sure of class 0: gap·mean(x) against 0."""

    def __init__(self, gap: float) -> None:
        super().__init__()
        self.gap = gap

    def forward(self, pictures: Tensor) -> Tensor:
        first = self.gap * pictures.mean(dim=(1, 2, 3))
        return torch.stack([first, *[0 * first] * (CLASSES - 1)], dim=1)


def test_it_is_captums_saliency_of_the_cross_entropy() -> None:
    classifier, labels = planted(smooth_network()), torch.tensor([0, 3, 2])
    oracle = Saliency(
        lambda x: nn.functional.cross_entropy(classifier(x), labels, reduction="none")
    )
    expected = oracle.attribute(pictures(3).requires_grad_()).amax(dim=1)
    found = saliency(classifier, pictures(3), labels)
    assert found.shape == (3, SIDE, SIDE)
    torch.testing.assert_close(found, expected.double(), rtol=1e-4, atol=1e-8)


def test_the_gradient_is_the_limit_of_finite_differences() -> None:
    net = smooth_network()
    gradient = loss_gradient(planted(net), pictures(1), torch.tensor([2]))
    exact, picture, step = copy.deepcopy(net).double(), pictures(1).double(), 1e-5
    for channel, row, column in [(0, 0, 0), (1, 3, 4), (2, 7, 7), (0, 5, 2)]:
        nudge = torch.zeros_like(picture)
        nudge[0, channel, row, column] = step
        up, down = (
            nn.functional.cross_entropy(exact(picture + sign * nudge), torch.tensor([2]))
            for sign in (1, -1)
        )
        assert gradient[0, channel, row, column].item() == pytest.approx(
            (up - down).item() / (2 * step), rel=1e-4, abs=1e-9
        )


@pytest.mark.parametrize("gap", [1.0, 40.0, 400.0])
def test_a_very_sure_classifier_has_its_true_gradient(gap: float) -> None:
    white = torch.ones(1, 3, SIDE, SIDE)
    [found] = saliency(planted(Sure(gap)), white, torch.tensor([0]))
    doubt = (CLASSES - 1) / (np.exp(gap) + CLASSES - 1)
    expected = torch.full((SIDE, SIDE), doubt * gap / white.numel(), dtype=torch.float64)
    torch.testing.assert_close(found, expected, rtol=1e-5, atol=0)


def test_pictures_do_not_mix() -> None:
    classifier, labels = planted(smooth_network()), torch.tensor([0, 1, 2])
    together = saliency(classifier, pictures(3), labels)
    alone = torch.cat([saliency(classifier, pictures(3)[[k]], labels[[k]]) for k in range(3)])
    torch.testing.assert_close(together, alone, rtol=1e-4, atol=1e-9)


def test_passes_are_counted() -> None:
    classifier = planted(smooth_network())
    saliency(classifier, pictures(3), torch.tensor([0, 1, 2]))
    assert (classifier.passes.forward, classifier.passes.backward) == (3, 3)


def test_normalised_maps_reach_from_0_to_1_each() -> None:
    maps = torch.tensor([[[1.0, 3.0]], [[1e-30, 5e-30]], [[7.0, 7.0]]], dtype=torch.float64)
    assert normalise(maps).tolist() == [[[0, 1]], [[0, 1]], [[0, 0]]]


def test_a_gradient_of_zero_everywhere_is_an_error() -> None:
    with pytest.raises(GradientError, match="zero everywhere"):
        saliency(planted(Sure(0.0)), pictures(1), torch.tensor([0]))


def test_a_gradient_that_is_not_finite_is_an_error() -> None:
    with pytest.raises(GradientError, match="not finite"):
        saliency(planted(Sure(float("nan"))), pictures(1), torch.tensor([0]))


class Broken(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.inner = smooth_network()

    def forward(self, pictures: Tensor) -> Tensor:
        self.inner(pictures)
        raise RuntimeError("out of memory")


@pytest.mark.parametrize("grad_enabled", [True, False])
def test_nothing_is_left_behind(grad_enabled: bool) -> None:
    net, given = smooth_network(), pictures(1)
    classifier = planted(net)
    with torch.set_grad_enabled(grad_enabled):
        saliency(classifier, given, torch.tensor([0]))
        assert torch.is_grad_enabled() == grad_enabled
    assert_untouched(net, given)


@pytest.mark.parametrize("grad_enabled", [True, False])
def test_nothing_is_left_behind_by_an_exception(grad_enabled: bool) -> None:
    net, given = Broken(), pictures(1)
    classifier = planted(net)
    with torch.set_grad_enabled(grad_enabled):
        with pytest.raises(RuntimeError, match="out of memory"):
            saliency(classifier, given, torch.tensor([0]))
        assert torch.is_grad_enabled() == grad_enabled
    assert_untouched(net, given)


def assert_untouched(net: nn.Module, given: Tensor) -> None:
    assert not given.requires_grad
    for parameter in net.parameters():
        assert not parameter.requires_grad
        assert parameter.grad is None
    for module in net.modules():
        assert not module._forward_hooks
        assert not module._backward_hooks


def test_it_works_where_gradients_are_switched_off() -> None:
    classifier = planted(smooth_network())
    with torch.no_grad():
        off = saliency(classifier, pictures(1), torch.tensor([0]))
    assert (off == saliency(classifier, pictures(1), torch.tensor([0]))).all()
