"""What is about the method comes out the same on every network."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from quizproof.probes.bench import Bench
from quizproof.probes.models.classifiers import Classifier
from quizproof.probes.packs.pack import EMBEDDED, Pack
from tests.planted import found, question
from tests.probes.picture import every_network

METHOD = {"q07": {"b"}, "q08": {"b"}, "q17": {"a", "c"}, "q20": {"b"}}
# the layers of a residual network have other names
RESNET18: dict[str, dict[str, object]] = {
    "q17": {
        "layer": "layer1.0.conv2",
        "later": ["layer2.0.conv1", "layer3.0.conv1", "layer4.0.conv1"],
        "head": ["fc"],
    }
}
SHIPPED: dict[str, Callable[[], Classifier]] = {
    "embedded": every_network.embedded,
    "logits × 30": lambda: every_network.surer(30),
}


def answer(name: str, classifier: Classifier, changes: dict[str, object] | None = None) -> set[str]:
    planted = Bench(Pack(EMBEDDED), seed=0, loaded={"classifier": classifier})
    return found(question(name, **(changes or {})), planted)


@pytest.mark.parametrize("name", METHOD)
@pytest.mark.parametrize("network", SHIPPED)
def test_the_shipped_network_and_a_surer_one(name: str, network: str) -> None:
    assert answer(name, SHIPPED[network]()) == METHOD[name]


def _slow(*parameters: object) -> object:
    return pytest.param(*parameters, marks=pytest.mark.slow)


@pytest.mark.parametrize("name", METHOD)
@pytest.mark.parametrize("seed", [0, *(_slow(seed) for seed in range(1, 5))])
def test_random_weights(name: str, seed: int) -> None:
    assert answer(name, every_network.with_random_weights(seed)) == METHOD[name]


@pytest.mark.parametrize("name", [_slow("q07"), "q08", "q17", "q20"])
def test_another_architecture(name: str, tmp_path: Path) -> None:
    resnet18 = every_network.of_architecture(tmp_path / "pack", torchvision="resnet18")
    assert answer(name, resnet18, RESNET18.get(name)) == METHOD[name]


@pytest.mark.slow
@pytest.mark.parametrize("name", METHOD)
def test_full_width(name: str, tmp_path: Path) -> None:
    wide = every_network.of_architecture(tmp_path / "pack", course={"width": 128})
    assert answer(name, wide, {"steps": 2} if name == "q17" else None) == METHOD[name]
