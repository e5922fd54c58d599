"""Networks that answer differently each time, and those that do not."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count

import numpy as np
import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional

from quizproof.probes.models.architectures import ClassifierError
from quizproof.probes.models.folding import folded
from quizproof.probes.models.steadiness import refuse_unsteady
from tests.planted import planted_classifier

SIDE, CLASSES = 16, 11
PICTURES = torch.rand(3, 3, SIDE, SIDE, generator=torch.Generator().manual_seed(0))
Body = Callable[[nn.Module, Tensor], Tensor]


class Net(nn.Module):
    """A small network whose features go through ``body`` in every pass."""

    def __init__(self, body: Body, bias: bool = True) -> None:
        super().__init__()
        torch.manual_seed(0)
        self.cnn = nn.Sequential(nn.Conv2d(3, 8, 3, padding=1), nn.ReLU(), nn.MaxPool2d(4))
        self.fc = nn.Linear(128, CLASSES, bias=bias)
        self.norm = nn.BatchNorm1d(128)
        self.body = body

    def forward(self, pictures: Tensor) -> Tensor:
        logits: Tensor = self.fc(self.body(self, self.cnn(pictures).flatten(1)))
        return logits


def refused(body: Body) -> str:
    with pytest.raises(ClassifierError) as caught:
        refuse_unsteady(planted_classifier(Net(body), (SIDE, SIDE)), PICTURES, "planted")
    return str(caught.value)


passes = count()
RNG = np.random.default_rng(0)


@pytest.mark.parametrize(
    "body",
    [
        lambda net, x: functional.dropout(x, 0.3, training=True),
        lambda net, x: functional.dropout(x, 0.02, training=True),
        lambda net, x: functional.dropout(x, 0.3, training=torch.is_grad_enabled()),
        lambda net, x: x + 1e-3 * torch.randn_like(x),
        lambda net, x: x + RNG.normal(),
        lambda net, x: x * (1 + next(passes) / 100),
        lambda net, x: x @ nn.init.orthogonal_(torch.empty(128, 128)),
        lambda net, x: functional.gumbel_softmax(x),
    ],
)
def test_a_network_that_answers_differently_each_time_is_refused(body: Body) -> None:
    said = refused(body)
    assert "planted gives other logits for the same picture" in said
    assert "(self.training)" in said or "running statistics" in said


def test_dropout_is_named_for_what_it_is() -> None:
    assert "each time; have dropout and noise" in refused(
        lambda net, x: functional.dropout(x, 0.5, training=True)
    )


def batch_norm(net: nn.Module, x: Tensor) -> Tensor:
    if len(x) == 1:
        return x - x.mean()
    return functional.batch_norm(x, None, None, training=True)


@pytest.mark.parametrize(
    "body",
    [
        batch_norm,
        lambda net, x: x - x.mean(0),
        lambda net, x: x - x[:1],
        lambda net, x: x - x[-1:],
        lambda net, x: x / len(x),
        lambda net, x: x * torch.arange(1, 1 + len(x))[:, None],
    ],
)
def test_a_network_whose_answer_depends_on_the_batch_is_refused(body: Body) -> None:
    assert "same picture in a batch with others; have normalisation keep" in refused(body)


@pytest.mark.parametrize(
    "body",
    [
        lambda net, x: x,
        lambda net, x: net.norm(x),
        lambda net, x: functional.dropout(x, 0.5, training=net.training),
        lambda net, x: functional.layer_norm(x, x.shape[1:]),
        lambda net, x: x * 1e-6,
        lambda net, x: x * 1e6,
        lambda net, x: x * 0,
    ],
)
def test_a_network_that_answers_the_same_is_taken(body: Body) -> None:
    for net in (Net(body), Net(body, bias=False)):
        refuse_unsteady(planted_classifier(net, (SIDE, SIDE)), PICTURES, "planted")


@pytest.mark.parametrize(
    "body",
    [
        lambda net, x: x + torch.rand_like(x) * (x - x.detach()),
        lambda net, x: x * torch.rand_like(x) if x.requires_grad else x,
        lambda net, x: x + 0.01 * next(passes) * (x - x.detach()),
    ],
)
def test_a_network_whose_gradient_differs_each_time_is_refused(body: Body) -> None:
    assert "planted gives another gradient for the same picture each time" in refused(body)


@pytest.mark.parametrize(
    "body",
    [
        lambda net, x: x.detach(),
        lambda net, x: torch.from_numpy(np.array(x.tolist(), np.float32)),
        lambda net, x: x + 0 * x.abs().sqrt(),  # whose gradient at 0 is NaN
    ],
)
def test_a_network_without_gradients_or_with_nan_is_taken(body: Body) -> None:
    refuse_unsteady(planted_classifier(Net(body), (SIDE, SIDE)), PICTURES, "planted")


def test_one_that_takes_one_picture_alone_is_told_so() -> None:
    said = refused(lambda net, x: x.reshape(1, 128))
    assert "cannot take several pictures at once" in said


def test_infinity_is_no_difference() -> None:
    assert "NaN or infinity" in refused(lambda net, x: x / 0)


def test_a_normalisation_without_statistics_is_not_folded() -> None:
    net = nn.Sequential(nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4, track_running_stats=False)).eval()
    pictures = torch.rand(2, 3, 8, 8)
    assert torch.allclose(folded(net)(pictures), net(pictures))
