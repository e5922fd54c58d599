"""What every attribution method keeps."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from quizproof.probes.methods.attribution import attribution
from quizproof.probes.methods.scores import MethodError
from quizproof.probes.models.classifiers import Classifier
from quizproof.probes.models.pace import Pace
from tests.probes.methods import every_method
from tests.probes.methods.every_method import (
    METHODS,
    SIDE,
    classified,
    close,
    method,
    network,
    seeded,
)


@pytest.fixture(scope="module")
def picture() -> Tensor:
    return every_method.noise()


@pytest.fixture
def classifier() -> Classifier:
    return classified(seeded(2, network))


@pytest.mark.parametrize("name", METHODS)
def test_a_map_over_the_picture_the_same_again(
    name: str, classifier: Classifier, picture: Tensor
) -> None:
    before = torch.random.get_rng_state()
    first, again = (attribution(classifier, picture, 1, method(name), seed=5) for _ in range(2))
    assert first.shape == (SIDE, SIDE)
    assert first.dtype == np.float64
    assert np.isfinite(first).all()
    assert first.any()
    np.testing.assert_array_equal(first, again)
    assert torch.equal(torch.random.get_rng_state(), before)


@pytest.mark.parametrize("name", METHODS)
def test_another_seed_is_another_map_where_it_is_drawn_and_no_other_where_not(
    name: str, classifier: Classifier, picture: Tensor
) -> None:
    one, other = (attribution(classifier, picture, 1, method(name), seed=s) for s in (5, 6))
    drawn = name in ("smoothgrad", "gradient_shap", "kernel_shap", "lime")
    assert np.array_equal(one, other) != drawn


@pytest.mark.parametrize("name", METHODS)
def test_how_many_go_through_at_once_changes_nothing(
    name: str, classifier: Classifier, picture: Tensor
) -> None:
    maps = []
    for pictures in (16, 4):
        classifier.pace = Pace(pictures, channels_last=False)
        maps.append(attribution(classifier, picture, 1, method(name), seed=5))
    close(maps[0], maps[1])


@pytest.mark.parametrize("name", METHODS)
def test_no_hook_is_left_nor_anything_else_though_the_network_fails(
    name: str, picture: Tensor
) -> None:
    net = seeded(2, network)

    def fail(module: nn.Module, given: object) -> None:
        raise RuntimeError("broken")

    broken = net[7].register_forward_pre_hook(fail)
    before = [set(module.__dict__) for module in net.modules()]
    with pytest.raises((RuntimeError, MethodError), match="broken"):
        attribution(classified(net), picture, 1, method(name))
    broken.remove()
    assert not any(m._forward_hooks or m._forward_pre_hooks for m in net.modules())
    assert not any(m._backward_hooks or m._backward_pre_hooks for m in net.modules())
    assert [set(module.__dict__) for module in net.modules()] == before


@pytest.mark.parametrize(
    ("name", "forward", "backward"),
    [
        ("saliency", 1, 1),
        ("input_x_gradient", 1, 1),
        ("guided_backprop", 1, 1),
        ("smoothgrad", 7, 7),
        ("integrated_gradients", 9, 9),
        ("grad_cam", 1, 0),  # to the layer
        ("occlusion", 1 + 4 * 5, 0),
        ("deeplift", 2, 2),
        ("gradient_shap", 7, 7),
        ("kernel_shap", 30, 0),
        ("lime", 30, 0),
    ],
)
def test_passes_are_counted(
    name: str, forward: int, backward: int, classifier: Classifier, picture: Tensor
) -> None:
    attribution(classifier, picture, 1, method(name))
    assert (classifier.passes.forward, classifier.passes.backward) == (forward, backward)
