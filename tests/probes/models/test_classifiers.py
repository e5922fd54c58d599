from __future__ import annotations

import importlib
import sys
from pathlib import Path
from typing import Any

import pytest
import torch
import yaml
from safetensors.torch import save_file
from torch import Tensor, nn

from quizproof.probes.models.classifiers import (
    Classifier,
    ClassifierError,
    load_classifier,
    random_classifier,
)
from quizproof.probes.models.weights import WeightsError
from quizproof.probes.packs.course import course_network
from quizproof.probes.packs.pack import MissingError, Pack, sha256
from quizproof.probes.packs.pack_check import check_pack
from tests.planted import planted_classifier

CPU = torch.device("cpu")
WIDTH, CLASSES = 4, 5


def pack_of(folder: Path, state: dict[str, Tensor], **changes: Any) -> Pack:
    save_file(state, folder / "weights.safetensors")
    role = {
        "architecture": {"course": {"width": WIDTH}},
        "weights": {
            "file": "weights.safetensors",
            "sha256": sha256(folder / "weights.safetensors"),
        },
        "input": {"size": [128, 128]},
        "classes": [f"class {k}" for k in range(CLASSES)],
        **changes,
    }
    (folder / "pack.yaml").write_text(yaml.safe_dump({"name": "a pack", "classifier": role}))
    return Pack(folder)


def trained() -> dict[str, Tensor]:
    """A state dict unlike any initialisation."""
    torch.manual_seed(7)
    state = course_network(WIDTH, CLASSES).state_dict()
    return {
        name: tensor + 0.01 if tensor.is_floating_point() else tensor
        for name, tensor in state.items()
    }


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Pack:
    return pack_of(tmp_path_factory.mktemp("pack"), trained())


@pytest.fixture(scope="module")
def classifier(pack: Pack) -> Classifier:
    return load_classifier(pack.part("classifier"), CPU)


@pytest.fixture(scope="module")
def randomized(pack: Pack) -> Classifier:
    return random_classifier(pack.part("classifier"), 3, CPU)


def pictures(count: int = 2) -> Tensor:
    return torch.rand(count, 3, 128, 128, generator=torch.Generator().manual_seed(0))


def refusal(pack: Pack) -> str:
    with pytest.raises(ClassifierError) as caught:
        load_classifier(pack.part("classifier"), CPU)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_the_course_s_network_is_the_course_s() -> None:
    net = course_network()
    assert sum(parameter.numel() for parameter in net.parameters()) == 14_162_827
    assert len(net.state_dict()) == 81
    assert len(net.cnn) == 38
    kinds = {k: type(module).__name__ for k, module in enumerate(net.cnn)}
    assert {k for k, kind in kinds.items() if kind == "Conv2d"} >= {0, 3, 6, 20, 23, 26}
    assert [k for k, kind in kinds.items() if kind == "MaxPool2d"] == [9, 19, 29, 33, 37]
    assert [layer.out_features for layer in (net.fc[0], net.fc[3])] == [1024, 11]
    assert net.fc[0].in_features == 8192


def test_the_weights_are_those_of_the_file(classifier: Classifier) -> None:
    for name, tensor in trained().items():
        assert torch.equal(classifier.net.state_dict()[name], tensor)


def test_it_is_evaluated_not_trained(classifier: Classifier) -> None:
    assert not any(module.training for module in classifier.net.modules())
    assert not any(parameter.requires_grad for parameter in classifier.net.parameters())
    before = {name: tensor.clone() for name, tensor in classifier.net.state_dict().items()}
    assert torch.equal(classifier(pictures()), classifier(pictures()))
    for name, tensor in classifier.net.state_dict().items():
        assert torch.equal(tensor, before[name])


def test_its_weights_lie_channels_last(classifier: Classifier) -> None:
    weight = classifier.layer("cnn.3").weight
    assert isinstance(weight, Tensor)
    assert weight.is_contiguous(memory_format=torch.channels_last)


def test_a_layer_goes_by_the_model_s_own_name(classifier: Classifier) -> None:
    assert type(classifier.layer("cnn.15")) is nn.ReLU
    assert classifier.layer("cnn.15") is dict(classifier.net.named_modules())["cnn.15"]
    for name in ("cnn.99", "conv1", "cnn.0.weight"):
        with pytest.raises(ClassifierError, match=f"has no layer {name}"):
            classifier.layer(name)
    with pytest.raises(ClassifierError, match=r"did you mean cnn.* \(its last one is \w+\.\d+\)"):
        classifier.layer("cnn.99")


def test_normalisation_belongs_to_it(tmp_path: Path) -> None:
    size = {"size": [128, 128]}
    plain = load_classifier(pack_of(tmp_path, trained(), input=size).part("classifier"), CPU)
    changed = {**size, "mean": [0.1, 0.2, 0.3], "std": [0.5, 0.6, 0.7]}
    normal = load_classifier(pack_of(tmp_path, trained(), input=changed).part("classifier"), CPU)
    mean, std = (torch.tensor(changed[k])[:, None, None] for k in ("mean", "std"))
    torch.testing.assert_close(normal(pictures()), plain((pictures() - mean) / std))


def passes(classifier: Classifier) -> tuple[int, int]:
    return classifier.passes.forward, classifier.passes.backward


@pytest.fixture
def linear() -> Classifier:
    return planted_classifier(nn.Sequential(nn.Flatten(), nn.Linear(3 * 4 * 4, 11)), (4, 4))


def test_loading_costs_no_passes(classifier: Classifier, pack: Pack) -> None:
    assert passes(load_classifier(pack.part("classifier"), CPU)) == (0, 0)
    assert passes(random_classifier(pack.part("classifier"), 1, CPU)) == (0, 0)


def test_passes_forward_are_counted_by_picture(linear: Classifier) -> None:
    linear(torch.rand(5, 3, 4, 4))
    linear(torch.rand(2, 3, 4, 4))
    assert passes(linear) == (7, 0)


@pytest.mark.parametrize("how", ["backward", "grad"])
def test_passes_backward_are_counted_by_picture(linear: Classifier, how: str) -> None:
    taken = torch.rand(5, 3, 4, 4, requires_grad=True)
    loss = linear(taken).sum()
    assert passes(linear) == (5, 0)
    if how == "backward":
        loss.backward()  # type: ignore[no-untyped-call]
    else:
        torch.autograd.grad(loss, taken)
    assert passes(linear) == (5, 5)


def test_a_picture_that_goes_through_again_and_again_counts_once_each_time(
    linear: Classifier,
) -> None:
    taken = torch.rand(2, 3, 4, 4, requires_grad=True)
    for step in range(1, 5):
        linear(taken).sum().backward()  # type: ignore[no-untyped-call]
        assert passes(linear) == (2 * step, 2 * step)


def test_two_ways_back_through_one_pass_are_two_passes(linear: Classifier) -> None:
    taken = torch.rand(2, 3, 4, 4, requires_grad=True)
    logits = linear(taken)
    for k in range(3):
        torch.autograd.grad(logits[:, k].sum(), taken, retain_graph=True)
    assert passes(linear) == (2, 6)


def test_pictures_made_from_others_are_counted(linear: Classifier) -> None:
    base = torch.rand(1, 3, 4, 4, requires_grad=True)
    path = torch.linspace(0, 1, 10)[:, None, None, None] * base
    torch.autograd.grad(linear(path).sum(), base)
    assert passes(linear) == (10, 10)


def test_a_gradient_that_stops_before_the_input_is_none(linear: Classifier) -> None:
    weight = linear.net.get_submodule("1").weight
    assert isinstance(weight, Tensor)
    weight.requires_grad_()
    linear(torch.rand(2, 3, 4, 4)).sum().backward()  # type: ignore[no-untyped-call]
    assert passes(linear) == (2, 0)


def test_the_randomized_one_is_the_same_for_the_same_seed_only(
    pack: Pack, randomized: Classifier
) -> None:
    again, other = (random_classifier(pack.part("classifier"), seed, CPU) for seed in (3, 4))
    for name, tensor in randomized.net.state_dict().items():
        assert torch.equal(tensor, again.net.state_dict()[name])
    assert not torch.equal(randomized(pictures()), other(pictures()))


def test_the_randomized_one_has_the_same_layers_and_other_weights(
    classifier: Classifier, randomized: Classifier
) -> None:
    mine, its = classifier.net.state_dict(), randomized.net.state_dict()
    assert {name: t.shape for name, t in mine.items()} == {n: t.shape for n, t in its.items()}
    assert not torch.equal(mine["cnn.0.weight"], its["cnn.0.weight"])
    assert not any(module.training for module in randomized.net.modules())
    assert {m.momentum for m in randomized.net.modules() if isinstance(m, nn.BatchNorm2d)} == {0.1}
    assert randomized.description == "a pack with random weights"


def test_making_a_randomized_one_leaves_the_random_state_alone(pack: Pack) -> None:
    torch.manual_seed(0)
    expected = torch.rand(3)
    torch.manual_seed(0)
    random_classifier(pack.part("classifier"), 1, CPU)
    assert torch.equal(torch.rand(3), expected)


@pytest.mark.parametrize("seed", range(5))
def test_the_randomized_one_tells_pictures_apart(pack: Pack, seed: int) -> None:
    def spread(classifier: Classifier) -> float:
        with torch.no_grad():
            logits = classifier(pictures(8))
        return float((logits - logits.mean(0)).std())

    randomized = random_classifier(pack.part("classifier"), seed, CPU)
    assert spread(randomized) > 0.01
    # as torch initialises the network, nothing could be measured on it
    torch.manual_seed(seed)
    assert spread(planted_classifier(course_network(WIDTH, CLASSES), (128, 128), CLASSES)) < 1e-4


ARCHITECTURES: list[dict[str, Any]] = [
    {"course": {"width": WIDTH}},
    {"torchvision": "resnet18"},
    {"torchvision": "mobilenet_v3_small"},
]


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_a_randomised_network_s_gradients_reach_the_picture(
    tmp_path: Path, seed: int, architecture: dict[str, Any]
) -> None:
    randomized = random_classifier(
        pack_of(tmp_path, {}, architecture=architecture).part("classifier"), seed, CPU
    )
    taken = pictures().requires_grad_()
    loss = nn.functional.cross_entropy(randomized(taken), torch.tensor([0, 1]), reduction="sum")
    (gradient,) = torch.autograd.grad(loss, taken)
    saliency = gradient.abs().amax(1)
    assert (saliency > 0).float().mean() > 0.9
    assert saliency.mean() > 1e-3


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda s: s.pop("cnn.0.weight"), "cnn.0.weight is missing;"),
        (lambda s: s.update(extra=torch.ones(1)), "extra is unexpected;"),
        (lambda s: s.update({"cnn.0.bias": torch.ones(9)}), "cnn.0.bias is (9,) of real numbers"),
        (lambda s: s.update({"cnn.0.bias": torch.ones(4, dtype=torch.int64)}), "whole numbers"),
        (lambda s: s.update({"a\nb": torch.ones(1)}), "a b is unexpected"),
        (lambda s: [s.pop(name) for name in list(s)[:3]], "and 2 more"),
    ],
)
def test_weights_of_another_network_are_told(tmp_path: Path, change: Any, said: str) -> None:
    state = trained()
    change(state)
    assert said in refusal(pack_of(tmp_path, state))


@pytest.mark.parametrize("kept", ["float16", "bfloat16", "float64", "float8_e5m2"])
def test_another_precision_is_measured_in_float32_and_said(tmp_path: Path, kept: str) -> None:
    kind = getattr(torch, kept)
    other = {n: t.to(kind) if t.is_floating_point() else t for n, t in trained().items()}
    classifier = load_classifier(pack_of(tmp_path, other).part("classifier"), CPU)
    assert {parameter.dtype for parameter in classifier.net.parameters()} == {torch.float32}
    weight = classifier.net.get_submodule("fc.0").weight
    assert isinstance(weight, Tensor)
    assert torch.equal(weight, other["fc.0.weight"].float())
    [remark] = classifier.remarks
    assert remark.endswith(f"weights in {kept} are measured in float32")


def test_what_float32_cannot_hold_is_infinite(tmp_path: Path) -> None:
    state = trained()
    state["fc.0.bias"] = state["fc.0.bias"].double() + 1e300
    with pytest.raises(WeightsError, match=r"fc\.0\.bias holds NaN or infinity"):
        load_classifier(pack_of(tmp_path, state).part("classifier"), CPU)


def test_a_counter_that_float16_cannot_hold_is_no_matter(tmp_path: Path) -> None:
    state = trained()
    state["cnn.1.num_batches_tracked"] += 100_000
    half = {name: tensor.half() for name, tensor in state.items()}
    assert half["cnn.1.num_batches_tracked"].isinf()
    load_classifier(pack_of(tmp_path, half).part("classifier"), CPU)


def test_what_wrappers_added_to_a_checkpoint_is_said(tmp_path: Path) -> None:
    wrapped = {f"model.module.{name}": tensor.half() for name, tensor in trained().items()}
    torch.save({"epoch": 3, "state_dict": wrapped}, tmp_path / "checkpoint.pth")
    weights = {
        "file": "checkpoint.pth",
        "sha256": sha256(tmp_path / "checkpoint.pth"),
    }
    classifier = load_classifier(pack_of(tmp_path, {}, weights=weights).part("classifier"), CPU)
    assert [remark.partition(": ")[2] for remark in classifier.remarks] == [
        "the state dict that it has under state_dict",
        "weights in float16 are measured in float32",
        "all names begin with model.module., which is left out",
    ]


UNSTEADY = """
from torch import nn
from torch.nn import functional
class Dropped(nn.Module):
    def __init__(self):
        super().__init__()
        self.cnn = nn.Sequential(nn.Conv2d(3, 2, 3), self.norm(), nn.AdaptiveMaxPool2d(4))
        self.fc = nn.Linear(32, 5)
    def norm(self):
        return nn.BatchNorm2d(2)
    def forward(self, x):
        return self.fc(functional.dropout(self.cnn(x).flatten(1), 0.3, training=self.dropping))
    dropping = True
class Normalised(Dropped):
    dropping = False
    def norm(self):
        return nn.BatchNorm2d(2, track_running_stats=False)
class Steady(Dropped):
    dropping = False
"""


@pytest.mark.parametrize(
    ("name", "said"), [("Dropped", "each time"), ("Normalised", "in a batch"), ("Steady", "")]
)
def test_a_network_that_answers_differently_each_time_is_not_loaded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, said: str
) -> None:
    information = tmp_path / "site" / "unsteady-1.0.dist-info"
    information.mkdir(parents=True)
    (information / "METADATA").write_text("Name: unsteady\nVersion: 1.0\n")
    (information / "RECORD").write_text("unsteady_networks.py,,\n")
    (tmp_path / "site" / "unsteady_networks.py").write_text(UNSTEADY)
    monkeypatch.syspath_prepend(str(tmp_path / "site"))
    module = importlib.import_module("unsteady_networks")
    monkeypatch.delitem(sys.modules, "unsteady_networks")
    architecture = {"callable": f"unsteady_networks:{name}"}
    state = getattr(module, name)().state_dict()
    (tmp_path / "pack").mkdir()
    pack = pack_of(tmp_path / "pack", state, architecture=architecture)
    if not said:
        assert passes(load_classifier(pack.part("classifier"), CPU)) == (0, 0)
        return
    assert f"gives other logits for the same picture {said}" in refusal(pack)
    assert f"same picture {said}" in check_pack(pack.folder).problems[0]


def test_a_size_the_network_cannot_take_is_told(tmp_path: Path) -> None:
    for side in (64, 8):
        said = refusal(pack_of(tmp_path, trained(), input={"size": [side, side]}))
        assert f"cannot take a picture of {side} × {side} pixels" in said
        assert "mend 'input'" in said


def test_classes_that_are_not_the_network_s_are_told(tmp_path: Path) -> None:
    names = [f"class {k}" for k in range(CLASSES + 1)]
    said = refusal(pack_of(tmp_path, trained(), classes=names))
    assert f"fc.3.bias is ({CLASSES},) of real numbers, not ({CLASSES + 1},)" in said


def test_weights_that_overflow_are_told(tmp_path: Path) -> None:
    state = {n: t * 1e30 if t.is_floating_point() else t for n, t in trained().items()}
    assert "for a grey picture" in refusal(pack_of(tmp_path, state))


def test_a_pack_without_a_classifier_says_so(tmp_path: Path) -> None:
    (tmp_path / "pack.yaml").write_text("name: empty\n")
    with pytest.raises(MissingError, match="has no classifier"):
        load_classifier(Pack(tmp_path).part("classifier"), CPU)
