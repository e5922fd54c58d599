"""Every attribution method: what all keep, and what each is on a network that is known on paper."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import captum.attr
import numpy as np
import pytest
import torch
from torch import Tensor, nn

from quizproof.probes.methods.attribution import attribution
from quizproof.probes.methods.gradient_attributions import integrated
from quizproof.probes.methods.scores import MethodError, Score
from quizproof.probes.models.classifiers import Classifier
from quizproof.probes.models.onnx_network import OnnxNetwork
from quizproof.probes.models.pace import Pace
from quizproof.questions.problems import QuizproofError
from tests import planted_onnx
from tests.planted import planted_classifier

SIDE = 12
GRID = {"name": "grid", "rows": 3, "columns": 2}
# a set of settings for each method; a method that is not here has no test of what all keep
METHODS: dict[str, dict[str, Any]] = {
    "saliency": {"output": "cross_entropy", "colours": "largest_size"},
    "input_x_gradient": {"output": "probability", "colours": "sum"},
    "guided_backprop": {"colours": "sum"},
    "smoothgrad": {
        "output": "logit",
        "samples": 7,
        "noise": 0.2,
        "noise_of": "range",
        "averaged": "squares",
        "colours": "mean",
    },
    "integrated_gradients": {
        "output": "logit",
        "steps": 9,
        "rule": "middle",
        "baseline": "mean",
        "times_difference": True,
        "colours": "sum",
    },
    "grad_cam": {"output": "logit", "layer": "0", "rectified": False, "stretched": "nearest"},
    "occlusion": {"output": "logit", "window": [5, 4], "stride": [3, 2], "fill": {"blur": 2.0}},
    "deeplift": {"baseline": 0.3, "colours": "sum"},
    "gradient_shap": {
        "output": "probability",
        "samples": 7,
        "noise": 0.1,
        "baselines": ["black", "white"],
        "colours": "sum",
    },
    "kernel_shap": {
        "output": "logit",
        "samples": 30,
        "segments": GRID,
        "fill": "black",
        "pixels": "whole",
    },
    "lime": {
        "output": "logit",
        "samples": 30,
        "segments": GRID,
        "fill": "segment_mean",
        "pixels": "part",
        "kernel_width": 0.25,
        "distance": "cosine",
        "ridge": 1.0,
    },
}


def method(name: str, **changes: Any) -> Any:
    return {"name": name, **METHODS[name], **changes}


def seeded(seed: int, build: Any) -> Any:
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        return build()


def network() -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(3, 4, 3, padding=1),
        nn.BatchNorm2d(4),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Conv2d(4, 4, 3, padding=1),
        nn.ReLU(),
        nn.Flatten(),
        nn.Linear(4 * 6 * 6, 3),
    )


@pytest.fixture(scope="module")
def picture() -> Tensor:
    found: Tensor = seeded(1, lambda: torch.rand(3, SIDE, SIDE))
    return found


@pytest.fixture
def classifier() -> Classifier:
    return classified(seeded(2, network))


def classified(net: nn.Module, classes: int = 3) -> Classifier:
    return planted_classifier(net, (SIDE, SIDE), classes)


class Linear(nn.Module):
    """Logit k is Σ wₖ x."""

    def __init__(self) -> None:
        super().__init__()
        self.flat = nn.Flatten()
        self.last = seeded(3, lambda: nn.Linear(3 * SIDE * SIDE, 2))

    def forward(self, pictures: Tensor) -> Tensor:
        found: Tensor = self.last(self.flat(pictures))
        return found

    def weights(self, target: int) -> Tensor:
        found: Tensor = self.last.weight[target].view(3, SIDE, SIDE).double()
        return found


def close(one: Any, other: Any, relative: float = 1e-4) -> None:
    one, other = np.asarray(one), np.asarray(other)
    np.testing.assert_allclose(one, other, rtol=relative, atol=relative * np.abs(other).max())


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


@pytest.mark.parametrize("name", METHODS)
def test_a_network_without_gradients_has_what_takes_predictions_alone(
    name: str, tmp_path: Path
) -> None:
    planted_onnx.linear(tmp_path / "net.onnx")
    net = OnnxNetwork(tmp_path / "net.onnx", planted_onnx.SIZE)
    blind = planted_classifier(net, planted_onnx.SIZE, planted_onnx.CLASSES)
    grid = {"segments": {**GRID, "rows": 2}} if name in ("kernel_shap", "lime") else {}
    window = {"window": [2, 2], "stride": [1, 1]} if name == "occlusion" else {}
    shown = seeded(1, lambda: torch.rand(3, *planted_onnx.SIZE))
    asked = method(name, **grid, **window)
    if grid or window:
        assert attribution(blind, shown, 1, asked).any()
    else:
        said = "no gradients|has no layer 0; it has none|no module that is a ReLU"
        with pytest.raises(QuizproofError, match=said) as caught:
            attribution(blind, shown, 1, asked)
        assert "\n" not in str(caught.value)


class Functional(nn.Module):
    """A network whose rectifier is no module."""

    def __init__(self) -> None:
        super().__init__()
        self.first = seeded(2, lambda: nn.Conv2d(3, 3, 3))
        self.relu = nn.ReLU()

    def forward(self, pictures: Tensor) -> Tensor:
        found: Tensor = torch.tanh(self.first(pictures)).pow(3).mean(dim=(2, 3))
        return found


class Twice(nn.Module):
    """A network that uses one rectifier twice."""

    def __init__(self) -> None:
        super().__init__()
        self.first = seeded(2, lambda: nn.Conv2d(3, 3, 3))
        self.relu = nn.ReLU()

    def forward(self, pictures: Tensor) -> Tensor:
        found: Tensor = self.relu(self.first(self.relu(self.first(pictures)))).mean(dim=(2, 3))
        return found


def with_relu6() -> Any:
    net = seeded(2, network)
    net[0].weight.data.mul_(30)
    net[2] = nn.ReLU6()
    return net


@pytest.mark.parametrize(
    ("net", "asked", "said"),
    [
        (network, method("grad_cam", layer="7"), "layer 7 .* gives no map"),
        (network, method("grad_cam", layer="00"), "no layer 00; did you mean 0"),
        (network, method("occlusion", window=[13, 1]), "window of 13 × 1 is larger"),
        (network, method("occlusion", stride=[6, 1]), "stride of 6 × 1 leaves pixels out"),
        (network, method("kernel_shap", samples=7), "ask for 8 or more"),
        (network, method("lime", segments={**GRID, "rows": 13}), "finer than the picture"),
        (with_relu6, method("deeplift"), r"no rule for 2 \(ReLU6\)"),
        (Functional, method("deeplift"), "computes outside of modules"),
        (Twice, method("deeplift"), "uses a module twice"),
        (Linear, method("guided_backprop"), "no module that is a ReLU"),
    ],
)
def test_where_it_is_not_defined_is_one_clear_line(
    net: Any, asked: Any, said: str, picture: Tensor
) -> None:
    with pytest.raises(QuizproofError, match=said) as caught:
        attribution(classified(seeded(2, net)), picture, 1, asked)
    assert "\n" not in str(caught.value)
