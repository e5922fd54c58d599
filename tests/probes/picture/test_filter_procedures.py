from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from quizproof.probes.bench import Bench
from quizproof.probes.methods import filters
from quizproof.probes.methods.localisation import EmptyRegionError
from quizproof.probes.models.classifiers import Classifier
from tests.planted import bench, found, look, planted_pack, question

SIDE = 16
visualisation = filters.visualisation
SMALL = {
    "layer": "cnn.0",
    "later": ["cnn.2"],
    "head": ["fc"],
    "steps": 3,
    "picture": 0,
    "filters": [0, 1, 2],
}


class Network(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.cnn = nn.Sequential(
            nn.Conv2d(3, 3, 3, padding=1), nn.ReLU(), nn.Conv2d(3, 2, 3, padding=1), nn.ReLU()
        )
        self.fc = nn.Linear(2 * SIDE * SIDE, 11)

    def forward(self, pictures: Tensor) -> Tensor:
        return self.fc(self.cnn(pictures).flatten(1))  # type: ignore[no-any-return]


def world(folder: Path, seed: int = 0) -> Bench:
    picture = np.random.default_rng(0).random((SIDE, SIDE, 3)).astype(np.float32)
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        return bench(planted_pack(folder, [picture], []), Network(), size=(SIDE, SIDE))


def layer_sums(classifier: Classifier, pictures: Tensor) -> tuple[Tensor, Tensor]:
    """Σ of the layer that is looked at and of a later one, each (N,)."""
    first, later = (
        filters.layer_activation(classifier, name, pictures).abs().sum(dim=(1, 2, 3))
        for name in ("cnn.0", "cnn.2")
    )
    return first, later


def one_number(number: Tensor) -> Tensor:
    """A result without places: the same number all over."""
    return number[:, None, None].expand(-1, SIDE, SIDE)


def same_for_all(classifier: Classifier, layer: str, filter: int, pictures: Tensor) -> Tensor:
    return filters.layer_activation(classifier, layer, pictures).sum(dim=1)


def compares_layers(classifier: Classifier, layer: str, filter: int, pictures: Tensor) -> Tensor:
    first, later = layer_sums(classifier, pictures)
    return one_number(first / (first + later))


def compares_layers_for_a_class(
    classifier: Classifier, layer: str, filter: int, pictures: Tensor
) -> Tensor:
    return compares_layers(classifier, layer, filter, pictures) * one_number(
        classifier(pictures)[:, 0]
    )


def does_nothing(
    classifier: Classifier, layer: str, filter: int, pictures: Tensor, steps: int
) -> Tensor:
    return pictures


def climbs_all_filters_at_once(
    classifier: Classifier, layer: str, filter: int, pictures: Tensor, steps: int
) -> Tensor:
    return torch.stack(
        [visualisation(classifier, layer, number, pictures, 5) for number in range(3)]
    ).sum(dim=0)


def descends(
    classifier: Classifier, layer: str, filter: int, pictures: Tensor, steps: int
) -> Tensor:
    return 2 * pictures - visualisation(classifier, layer, filter, pictures, steps)


def adds_the_share_of_the_layer(
    classifier: Classifier, layer: str, filter: int, pictures: Tensor, steps: int
) -> Tensor:
    first, later = layer_sums(classifier, pictures)
    return pictures + (first / (first + later))[:, None, None, None]


def climbs_a_logit(
    classifier: Classifier, layer: str, filter: int, pictures: Tensor, steps: int
) -> Tensor:
    inputs = pictures.detach().clone().requires_grad_()
    (gradient,) = torch.autograd.grad(classifier(inputs)[:, 0].sum(), inputs)
    return pictures + gradient.sign()


Procedure = Callable[..., Tensor]


@pytest.mark.parametrize("seed", range(3))
def test_q17_of_the_procedures_as_they_are(seed: int, tmp_path: Path) -> None:
    assert found(question("q17", **SMALL), world(tmp_path, seed)) == {"a", "c"}


@pytest.mark.parametrize(
    ("options", "activation", "visualisation"),
    [
        ("a", filters.activation, does_nothing),
        ("a", filters.activation, climbs_all_filters_at_once),
        ("a", filters.activation, descends),
        ("ab", filters.activation, climbs_a_logit),
        ("ad", filters.activation, adds_the_share_of_the_layer),
        ("bc", compares_layers_for_a_class, filters.visualisation),
        ("cd", compares_layers, filters.visualisation),
        ("c", same_for_all, filters.visualisation),
        ("bd", compares_layers, climbs_a_logit),
        ("b", compares_layers_for_a_class, climbs_a_logit),
    ],
)
def test_q17_every_option_is_reachable(
    options: str,
    activation: Procedure,
    visualisation: Procedure,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if visualisation is filters.visualisation and activation is not filters.activation:
        original = filters.activation

        def as_it_is(*arguments: object) -> Tensor:
            with monkeypatch.context() as inside:
                inside.setattr(filters, "activation", original)
                return as_before(*arguments)

        as_before, visualisation = visualisation, as_it_is
    monkeypatch.setattr(filters, "activation", activation)
    monkeypatch.setattr(filters, "visualisation", visualisation)
    assert found(question("q17", **SMALL), world(tmp_path)) == set(options)


def test_the_model_is_left_as_it_was(tmp_path: Path) -> None:
    planted = world(tmp_path)
    before = {
        name: value.clone() for name, value in planted.part("classifier").net.state_dict().items()
    }
    look(question("q17", **SMALL), planted)
    for name, value in planted.part("classifier").net.state_dict().items():
        assert torch.equal(value, before[name])


def test_all_passes_are_counted(tmp_path: Path) -> None:
    measured = look(question("q17", **SMALL), world(tmp_path))
    assert measured.backward == 5 * 3
    assert measured.forward == 1 + 5 * 3 + 5 + 4


def test_one_filter_cannot_be_compared(tmp_path: Path) -> None:
    with pytest.raises(filters.FilterError, match="two or more"):
        look(question("q17", **{**SMALL, "filters": [0]}), world(tmp_path))


@pytest.mark.parametrize("seed", range(8))
def test_q17_filters_that_a_picture_leaves_silent_are_left_out(seed: int, tmp_path: Path) -> None:
    planted = world(tmp_path, seed)
    conv = planted.part("classifier").net.get_submodule("cnn.0")
    assert isinstance(conv, nn.Conv2d)
    assert conv.bias is not None
    conv.bias.data[:2] = torch.tensor([1.0, -9.0])  # the second is silent behind the ReLU
    assert found(question("q17", **{**SMALL, "layer": "cnn.1"}), planted) >= {"a", "c"}


def test_a_picture_of_one_colour_has_no_parts(tmp_path: Path) -> None:
    grey = np.full((SIDE, SIDE, 3), 0.5, np.float32)
    planted = bench(planted_pack(tmp_path, [grey], []), Network(), size=(SIDE, SIDE))
    with pytest.raises(EmptyRegionError, match="one colour"):
        look(question("q17", **SMALL), planted)
