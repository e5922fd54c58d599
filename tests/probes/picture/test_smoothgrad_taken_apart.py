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
from quizproof.probes.models.classifiers import Classifier
from tests.planted import SIDE, bench, found, look, planted_pack, question

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


def _copies(picture: Tensor, samples: int, generator: torch.Generator) -> Tensor:
    return method.noisy_copies(picture, 0.16, samples, generator)


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


def min_max_of_the_mean(classifier: Classifier, picture: Tensor, label: int, **how: Any) -> Tensor:
    result = REAL(classifier, picture, label, **how)
    return (result - result.min()) / (result.max() - result.min())


@pytest.mark.parametrize(
    ("option", "altered"),
    [
        ("a", output_under_noise),
        ("b", map_under_noise),
        ("b", one_map_of_many),
        ("c", mean_output),
        ("d", REAL),
        ("d", min_max_of_the_mean),
    ],
)
def test_q11_every_option_is_reachable(
    option: str, altered: Method, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(method, "smoothgrad", altered)
    assert found(ASKED, _world(tmp_path)) == {option}


def test_q11_comes_out_the_same_on_other_weights(tmp_path: Path) -> None:
    assert found(ASKED, _world(tmp_path, seed=1)) == {"d"}


def the_picture(classifier: Classifier, picture: Tensor, label: int, **how: Any) -> Tensor:
    REAL(classifier, picture, label, **how)
    return picture


def inverted(classifier: Classifier, picture: Tensor, label: int, **how: Any) -> Tensor:
    return 1 - min_max_of_the_mean(classifier, picture, label, **how)


@pytest.mark.parametrize("altered", [the_picture, inverted])
def test_q11_a_result_that_is_something_else_is_none_of_the_options(
    altered: Method, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(method, "smoothgrad", altered)
    assert found(ASKED, _world(tmp_path)) == set()


def test_the_network_is_no_longer_watched_after_a_failure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(*_: Any, **__: Any) -> Tensor:
        raise RuntimeError("out of order")

    world = _world(tmp_path)
    monkeypatch.setattr(method, "smoothgrad", failing)
    with pytest.raises(RuntimeError, match="out of order"):
        look(ASKED, world)
    assert not world.classifier.net._forward_hooks
