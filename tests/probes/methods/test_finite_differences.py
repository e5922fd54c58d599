from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from quizproof.probes.methods.finite_differences import by_pixels, by_weights, in_double
from quizproof.probes.models.classifiers import Classifier
from tests.planted import planted_classifier

LABEL = 2


def network() -> nn.Module:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        first = nn.Conv2d(3, 4, 3)
        layout = torch.channels_last  # as classifiers are loaded
        first.weight.data = first.weight.data.contiguous(memory_format=layout)
        return nn.Sequential(first, nn.ReLU(), nn.Flatten(), nn.Linear(144, 4))


def classifier(net: nn.Module) -> Classifier:
    return planted_classifier(net, (8, 8), 4)


def picture() -> Tensor:
    return torch.rand((3, 8, 8), generator=torch.Generator().manual_seed(1))


def autograd(of: str, by: Tensor, exact: Classifier, pictures: Tensor) -> Tensor:
    with torch.enable_grad():
        logits = exact(pictures)
        value = {
            "loss": nn.functional.cross_entropy(logits, torch.tensor([LABEL])),
            "score": logits[0, LABEL],
        }[of]
        [gradient] = torch.autograd.grad(value, by)
    return gradient


@pytest.mark.parametrize("of", ["loss", "score"])
def test_slopes_by_pixels_are_autograds(of: str) -> None:
    exact = in_double(classifier(network()))
    pictures = picture().double()[None].requires_grad_()
    expected = autograd(of, pictures, exact, pictures)[0]
    entries = [(c, row, (row * 3 + c) % 8) for c in range(3) for row in range(8)]
    found = getattr(by_pixels(exact, picture(), LABEL, entries), of)
    np.testing.assert_allclose(found, [expected[entry].item() for entry in entries], rtol=1e-5)


@pytest.mark.parametrize("of", ["loss", "score"])
def test_slopes_by_weights_are_autograds_and_the_weights_stay(of: str) -> None:
    exact = in_double(classifier(network()))
    weights = exact.net.get_parameter("0.weight")
    before = weights.detach().clone()
    found = getattr(by_weights(exact, picture(), LABEL, weights, range(0, 108, 7)), of)
    assert (weights == before).all()
    weights.requires_grad_()
    expected = autograd(of, weights, exact, picture().double()[None]).flatten()[::7]
    np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-8)


def test_the_slope_of_a_loss_near_zero_keeps_its_digits() -> None:
    class Sure(nn.Module):
        def forward(self, pictures: Tensor) -> Tensor:
            own = 30 + pictures[:, 0, 0, 0]
            return torch.stack([own * 0, own * 0, own, own * 0], dim=1)

    found = by_pixels(in_double(classifier(Sure())), torch.zeros(3, 8, 8), LABEL, [(0, 0, 0)])
    assert found.loss[0] == pytest.approx(-3 * np.exp(-30), rel=1e-6)
    assert found.score[0] == pytest.approx(1)


def test_the_classifier_itself_is_left_alone_and_its_passes_are_counted() -> None:
    single = classifier(network())
    by_pixels(in_double(single), picture(), LABEL, [(0, 0, 0)] * 40)
    assert single.passes.forward == 81
    assert {p.dtype for p in single.net.parameters()} == {torch.float32}


def test_a_kink_has_no_slope() -> None:
    class Kinked(nn.Module):
        def forward(self, pictures: Tensor) -> Tensor:
            own = pictures[:, 0, 0, :2].amax(dim=1)
            return torch.stack([own * 0, own * 0, own, own * 0], dim=1)

    picture = torch.zeros(3, 8, 8)
    exact = in_double(classifier(Kinked()))
    tie = by_pixels(exact, picture, LABEL, [(0, 0, 0), (1, 0, 0)])
    assert np.isnan([tie.loss[0], tie.score[0]]).all()
    assert (tie.loss[1], tie.score[1]) == (0, 0)
    picture[0, 0, 0] = 0.1
    clear = by_pixels(exact, picture, LABEL, [(0, 0, 0), (0, 0, 1)])
    assert clear.score == pytest.approx([1, 0])
