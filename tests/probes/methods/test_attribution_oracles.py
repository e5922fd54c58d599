"""Attribution methods on networks that are known on paper, and against Captum's."""

from __future__ import annotations

import copy
from typing import Any

import captum.attr
import numpy as np
import pytest
import torch
from torch import Tensor, nn

from quizproof.probes.methods.attribution import attribution
from quizproof.probes.methods.gradient_attributions import integrated
from quizproof.probes.methods.scores import Score
from quizproof.probes.models.classifiers import Classifier
from quizproof.probes.models.pace import Pace
from tests.probes.methods import every_method
from tests.probes.methods.every_method import (
    SIDE,
    Linear,
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


@pytest.mark.parametrize(
    "asked",
    [
        *(
            method("integrated_gradients", rule=rule, baseline=0.25, steps=4)
            for rule in ("left", "right", "middle", "gauss")
        ),
        method("deeplift", baseline=0.25),
        method("gradient_shap", output="logit", noise=0.0, baselines=[0.25]),
        method("occlusion", window=[1, 1], stride=[1, 1], fill=0.25),
    ],
)
def test_on_a_linear_network_they_are_weight_times_difference(asked: Any, picture: Tensor) -> None:
    net = Linear()
    found = attribution(classified(net, 2), picture, 1, asked)
    close(found, (net.weights(1) * (picture.double() - 0.25)).sum(dim=0))


def test_on_a_linear_network_input_times_gradient_is_weight_times_input(picture: Tensor) -> None:
    net = Linear()
    found = attribution(classified(net, 2), picture, 1, method("input_x_gradient", output="logit"))
    close(found, (net.weights(1) * picture.double()).sum(dim=0))


@pytest.mark.parametrize("name", ["kernel_shap", "lime"])
def test_on_an_additive_game_they_are_what_each_segment_adds(name: str, picture: Tensor) -> None:
    net = Linear()
    ridge = {"ridge": 1e-9} if name == "lime" else {}
    asked = method(name, fill="white", samples=60, **ridge)
    found = attribution(classified(net, 2), picture, 0, asked, seed=1)
    adds = (net.weights(0) * (picture.double() - 1)).sum(dim=0)
    blocks = adds.view(3, 4, 2, 6).sum(dim=(1, 3))
    each = found[::4, ::6] * (24 if asked["pixels"] == "part" else 1)
    close(each, blocks)


def test_shapley_values_of_a_game_of_two(picture: Tensor) -> None:
    class Product(nn.Module):
        """1 where both halves of the picture are seen, else 0; of itself each half adds nothing."""

        def forward(self, pictures: Tensor) -> Tensor:
            halves = pictures.view(-1, 3, SIDE, 2, SIDE // 2).amax(dim=(1, 2, 4)) > 0
            return (halves[:, 0] & halves[:, 1]).float()[:, None].expand(-1, 2)

    asked = method("kernel_shap", segments={"name": "grid", "rows": 1, "columns": 2}, samples=400)
    found = attribution(classified(Product(), 2), picture, 0, asked)
    close(found[0, [0, -1]], [0.5, 0.5], 0.1)


def test_kernel_shap_is_captums_within_its_error(classifier: Classifier, picture: Tensor) -> None:
    asked = method("kernel_shap", samples=600)
    ours = attribution(classifier, picture, 1, asked, seed=1)
    rows, columns = np.indices((SIDE, SIDE))
    theirs = seeded(
        0,
        lambda: captum.attr.KernelShap(Score(classifier, 1, "logit")).attribute(
            picture[None],
            feature_mask=torch.from_numpy(rows // 4 * 2 + columns // 6)[None, None],
            n_samples=600,
            perturbations_per_eval=50,
        ),
    )
    apart = ours - theirs[0, 0].double().numpy()
    assert np.linalg.norm(apart) < 0.1 * np.linalg.norm(ours)


def test_grad_cam_of_a_network_that_pools_is_its_last_layers_maps_by_their_weights(
    picture: Tensor,
) -> None:
    net = seeded(
        4,
        lambda: nn.Sequential(
            nn.Conv2d(3, 4, 2, stride=2), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(4, 3)
        ),
    )
    asked = method("grad_cam", rectified=True)
    found = attribution(classified(net), picture, 2, asked)
    with torch.no_grad():
        maps = net[0](picture[None])[0]
        weights = net[3].weight[2] / maps[0].numel()
        cam = torch.einsum("k,khw->hw", weights, maps).clamp(min=0)
    close(found, cam.double().repeat_interleave(2, 0).repeat_interleave(2, 1))


@pytest.mark.parametrize("bias", [-1.0, 1.0])
def test_deeplift_through_one_relu_is_the_rescale_rule(bias: float, picture: Tensor) -> None:
    net: Any = nn.Sequential(nn.Flatten(), nn.Linear(3 * SIDE * SIDE, 2), nn.ReLU())
    net[1].weight.data.fill_(0.01)
    net[1].bias.data.fill_(bias)
    found = attribution(classified(net, 2), picture, 0, method("deeplift", baseline="black"))
    rise = 0.01 * float(picture.double().sum())
    share = (max(0.0, bias + rise) - max(0.0, bias)) / rise
    close(found, 0.01 * picture.double().sum(dim=0) * share)


def test_deeplift_adds_up_where_pooling_follows_a_relu(
    classifier: Classifier, picture: Tensor
) -> None:
    # Captum's alone does not
    found = attribution(classifier, picture, 1, method("deeplift", baseline="black"))
    logits = classifier(torch.stack([picture, torch.zeros_like(picture)]))[:, 1]
    assert float(found.sum()) == pytest.approx(float(logits[0] - logits[1]), rel=1e-4)


def test_guided_backpropagation_is_captums(classifier: Classifier, picture: Tensor) -> None:
    asked = method("guided_backprop", colours="sum")
    ours = attribution(classifier, picture, 1, asked)
    with pytest.warns(UserWarning, match="hooks"):
        theirs = captum.attr.GuidedBackprop(classifier.net).attribute(
            picture[None].clone().requires_grad_(), target=1
        )
    close(ours, theirs[0].sum(dim=0))
    assert not np.allclose(ours, attribution(classifier, picture, 1, method("saliency")))


def test_guided_backpropagation_cuts_at_a_relu6_too(picture: Tensor) -> None:
    nets = [seeded(2, network) for _ in range(2)]
    nets[1][2], nets[1][5] = nn.ReLU6(), nn.ReLU6(inplace=True)
    maps = [attribution(classified(n), picture, 1, method("guided_backprop")) for n in nets]
    close(maps[0], maps[1])


def test_occlusion_is_captums(classifier: Classifier, picture: Tensor) -> None:
    asked = method("occlusion", fill="black")
    theirs = captum.attr.Occlusion(Score(classifier, 1, "logit")).attribute(
        picture[None], sliding_window_shapes=(3, 5, 4), strides=(3, 3, 2)
    )
    close(attribution(classifier, picture, 1, asked), theirs[0, 0])


@pytest.mark.parametrize(
    ("rule", "theirs"),
    [
        ("left", "riemann_left"),
        ("right", "riemann_right"),
        ("middle", "riemann_middle"),
        ("gauss", "gausslegendre"),
    ],
)
@pytest.mark.parametrize("output", ["logit", "probability", "cross_entropy"])
def test_integrated_gradients_are_captums(
    rule: str, theirs: str, output: Any, classifier: Classifier, picture: Tensor
) -> None:
    asked = method("integrated_gradients", rule=rule, output=output)
    found = captum.attr.IntegratedGradients(Score(classifier, 1, output)).attribute(
        picture[None],
        baselines=picture.mean(dim=(1, 2), keepdim=True).expand_as(picture)[None],
        n_steps=asked["steps"],
        method=theirs,
    )
    close(integrated(classifier, picture, 1, asked), found[0], 1e-3)


def test_gradient_shap_is_captums_within_its_error(classifier: Classifier, picture: Tensor) -> None:
    asked = method("gradient_shap", output="logit", samples=2000, noise=0.05)
    ours = attribution(classifier, picture, 1, asked, seed=1)
    state = np.random.get_state()
    np.random.seed(0)
    theirs = seeded(
        0,
        lambda: captum.attr.GradientShap(classifier).attribute(
            picture[None],
            baselines=torch.stack([torch.zeros_like(picture), torch.ones_like(picture)]),
            n_samples=2000,
            stdevs=0.05,
            target=1,
        ),
    )
    np.random.set_state(state)
    apart = ours - theirs[0].sum(dim=0).double().numpy()
    assert np.linalg.norm(apart) < 0.1 * np.linalg.norm(ours)


def test_the_gradient_of_a_sure_network_is_not_zero(picture: Tensor) -> None:
    net = seeded(2, network)
    sure = copy.deepcopy(net)
    sure[7].weight.data.mul_(1e4)
    target = int(classified(net)(picture[None]).argmax())
    asked = method("saliency", output="cross_entropy")
    assert attribution(classified(sure), picture, target, asked).any()


@pytest.mark.parametrize("target", [0, 1, 2])
def test_points_whose_gradients_differ_by_powers_of_ten_are_summed(
    target: int, picture: Tensor
) -> None:
    net = seeded(2, network)
    net[7].weight.data.mul_(300)
    classifier, maps = classified(net), []
    for pictures in (16, 1):
        classifier.pace = Pace(pictures, channels_last=False)
        asked = method("integrated_gradients", output="cross_entropy", baseline="black")
        maps.append(attribution(classifier, picture, target, asked))
    close(maps[0], maps[1])
