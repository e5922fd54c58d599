from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from quizproof.probes.bench import Bench
from quizproof.probes.methods import smoothgrad as method
from quizproof.probes.methods.saliency import loss_gradient
from quizproof.probes.models.classifiers import Classifier
from quizproof.probes.models.torchvision_import import torchvision_models
from quizproof.probes.packs.pack import EMBEDDED, Pack
from tests.planted import (
    SIDE,
    bench,
    found,
    look,
    planted_classifier,
    planted_pack,
    question,
    shown,
    view,
)
from tests.planted_loss import SureOfMost

Method = Callable[..., Tensor]
ASKED = question("q11", samples=5)
REAL = method.smoothgrad


def _world(folder: Path, seed: int = 0) -> Bench:
    picture = np.random.default_rng(0).random((SIDE, SIDE, 3), dtype=np.float32)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        net = nn.Sequential(
            nn.Conv2d(3, 8, 5, stride=3), nn.ReLU(), nn.Flatten(), nn.Linear(800, 11)
        )
    return bench(planted_pack(folder, [picture], []), net)


def _changes(classifier: Classifier, picture: Tensor, label: int, copies: Tensor) -> Tensor:
    """Noise × change of the loss, of each copy."""
    losses = [
        cross_entropy(classifier.net(shown[None]), torch.tensor([label]))
        for shown in (picture, *copies)
    ]
    return torch.stack(
        [
            (copy - picture) * (loss - losses[0])
            for copy, loss in zip(copies, losses[1:], strict=True)
        ]
    )


def _maps(classifier: Classifier, label: int, copies: Tensor) -> Tensor:
    return loss_gradient(classifier, copies, torch.full((len(copies),), label)).abs()


def _copies(picture: Tensor, samples: int, generator: torch.Generator) -> Tensor:
    return method.noisy_copies(picture, 0.16, samples, generator)


def _others(picture: Tensor, samples: int, generator: torch.Generator) -> Tensor:
    return torch.rand((samples, *picture.shape), generator=generator)


def _path(picture: Tensor, samples: int) -> Tensor:
    return picture * torch.linspace(0.6, 1, samples)[:, None, None, None]


def output_under_noise(classifier: Classifier, picture: Tensor, label: int, **how: Any) -> Tensor:
    copies = _copies(picture, how["samples"], how["generator"])
    return _changes(classifier, picture, label, copies)[2].abs()


def map_under_noise(classifier: Classifier, picture: Tensor, label: int, **how: Any) -> Tensor:
    return REAL(classifier, picture, label, **{**how, "samples": 1})


def one_map_of_many(classifier: Classifier, picture: Tensor, label: int, **how: Any) -> Tensor:
    one = map_under_noise(classifier, picture, label, **how)
    REAL(classifier, picture, label, **how)
    return one


def mean_output(classifier: Classifier, picture: Tensor, label: int, **how: Any) -> Tensor:
    copies = _copies(picture, how["samples"], how["generator"])
    return _changes(classifier, picture, label, copies).mean(dim=0).abs()


def mean_output_of_others(
    classifier: Classifier, picture: Tensor, label: int, **how: Any
) -> Tensor:
    others = _others(picture, how["samples"], how["generator"])
    return _changes(classifier, picture, label, others).mean(dim=0).abs()


def mean_map_of_others(classifier: Classifier, picture: Tensor, label: int, **how: Any) -> Tensor:
    others = _others(picture, how["samples"], how["generator"])
    return _maps(classifier, label, others).mean(dim=0)


def mean_map_of_a_path(classifier: Classifier, picture: Tensor, label: int, **how: Any) -> Tensor:
    return _maps(classifier, label, _path(picture, how["samples"])).mean(dim=0)


def min_max_of_the_mean(classifier: Classifier, picture: Tensor, label: int, **how: Any) -> Tensor:
    result = REAL(classifier, picture, label, **how)
    return (result - result.min()) / (result.max() - result.min())


@pytest.mark.parametrize(
    ("options", "altered"),
    [
        ("a", output_under_noise),
        ("ac", mean_output),
        ("b", map_under_noise),
        ("b", one_map_of_many),
        ("c", mean_output_of_others),
        ("d", mean_map_of_others),
        ("bd", REAL),
        ("bd", min_max_of_the_mean),
    ],
)
def test_q11_every_option_is_reachable(
    options: str, altered: Method, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(method, "smoothgrad", altered)
    assert found(ASKED, _world(tmp_path)) == set(options)


def test_q11_a_path_to_the_picture_is_no_noise(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(method, "smoothgrad", mean_map_of_a_path)
    assert shown(ASKED, _world(tmp_path)) == {"d"}


def test_q11_comes_out_the_same_on_other_weights(tmp_path: Path) -> None:
    for seed in range(1, 6):
        assert shown(ASKED, _world(tmp_path / str(seed), seed=seed)) == {"b", "d"}


class Surer(nn.Module):
    """A network whose logits are 30 times those of another."""

    def __init__(self, net: nn.Module) -> None:
        super().__init__()
        self.net = net

    def forward(self, pictures: Tensor) -> Tensor:
        return 30 * self.net(pictures)  # type: ignore[no-any-return]


def test_q11_comes_out_the_same_on_a_surer_network() -> None:
    world = Bench(Pack(EMBEDDED), seed=0)
    plain = world.part("classifier")
    assert found(question("q11"), world) == {"b", "d"}
    surer = planted_classifier(Surer(plain.net), plain.size, len(plain.classes))
    surer.mean, surer.std = plain.mean, plain.std
    surer.__post_init__()
    assert found(question("q11"), Bench(world.pack, 0, loaded={"classifier": surer})) == {"b", "d"}


@pytest.mark.slow
def test_q11_comes_out_the_same_on_resnet18_and_networks_that_learned_nothing() -> None:
    models = torchvision_models()
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        net = planted_classifier(models.resnet18(num_classes=11), (128, 128))
    world = Bench(Pack(EMBEDDED), 0, loaded={"classifier": net})
    assert found(question("q11"), world) == {"b", "d"}
    for number in range(5):
        random = Bench(Pack(EMBEDDED), 0, randomized=number)
        assert found(question("q11"), random) == {"b", "d"}


@pytest.mark.parametrize("share", [5e-4, 1e-7])
@pytest.mark.parametrize("samples", [8, 500])
def test_q11_eight_copies_decide_as_500_do_where_gradients_differ_by_powers_of_ten(
    share: float, samples: int, tmp_path: Path
) -> None:
    generator = torch.Generator().manual_seed(1)
    sure, unsure = torch.rand((2, 3, SIDE, SIDE), generator=generator)
    pack = _world(tmp_path).pack
    read = view(bench(pack, nn.Flatten())).picture(0)
    world = bench(pack, SureOfMost(read, sure, unsure, share))
    assert found(question("q11", samples=samples), world) == {"b", "d"}


def the_picture(classifier: Classifier, picture: Tensor, label: int, **how: Any) -> Tensor:
    REAL(classifier, picture, label, **how)
    return picture


def inverted(classifier: Classifier, picture: Tensor, label: int, **how: Any) -> Tensor:
    return 1 - min_max_of_the_mean(classifier, picture, label, **how)


def plain_saliency(classifier: Classifier, picture: Tensor, label: int, **_: Any) -> Tensor:
    return _maps(classifier, label, picture[None])[0]


def map_of_another(classifier: Classifier, picture: Tensor, label: int, **how: Any) -> Tensor:
    return _maps(classifier, label, _others(picture, 1, how["generator"]))[0]


@pytest.mark.parametrize("altered", [the_picture, inverted, plain_saliency, map_of_another])
def test_q11_a_result_that_is_something_else_is_none_of_the_options(
    altered: Method, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(method, "smoothgrad", altered)
    assert found(ASKED, _world(tmp_path)) == set()


def test_what_is_shown_is_counted_once_and_noise_is_told_from_pictures(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def twice(classifier: Classifier, picture: Tensor, label: int, **how: Any) -> Tensor:
        copies = _copies(picture, how["samples"] - 1, how["generator"])
        both = torch.cat([copies, copies, picture[None]])
        return _maps(classifier, label, both).mean(dim=0)

    monkeypatch.setattr(method, "smoothgrad", twice)
    measured = look(ASKED, _world(tmp_path)).measurements
    assert measured["shown"].value == 5
    assert measured["noisy"].value == pytest.approx(4 / 5)


def test_the_network_is_no_longer_watched_after_a_failure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(*_: Any, **__: Any) -> Tensor:
        raise RuntimeError("out of order")

    world = _world(tmp_path)
    monkeypatch.setattr(method, "smoothgrad", failing)
    with pytest.raises(RuntimeError, match="out of order"):
        look(ASKED, world)
    assert not world.part("classifier").net._forward_hooks
