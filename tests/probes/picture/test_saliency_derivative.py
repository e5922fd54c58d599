from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from quizproof.probes.bench import Bench
from quizproof.probes.methods import saliency
from quizproof.probes.models.classifiers import Classifier
from tests.planted import SIDE, bench, found, look, planted_pack, question
from tests.probes.picture.painted import Painted

LABEL = 3
Method = Callable[[Classifier, Tensor, Tensor], Tensor]


def network(seed: int) -> nn.Module:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return nn.Sequential(
            nn.Conv2d(3, 5, 3, padding=1),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Conv2d(5, 8, 3, padding=1),
            nn.Softplus(),
            nn.Flatten(),
            nn.Linear(8 * 16 * 16, 11),
        )


def world(folder: Path, net: nn.Module) -> Bench:
    picture = np.random.default_rng(0).random((SIDE, SIDE, 3)).astype(np.float32)
    return bench(planted_pack(folder, [picture], [], [LABEL]), net)


def by_input(of: Callable[[Tensor, Tensor], Tensor], inverse: bool) -> Method:
    def method(classifier: Classifier, pictures: Tensor, labels: Tensor) -> Tensor:
        inputs = pictures.double().requires_grad_()
        exact = _double(classifier)
        [gradient] = torch.autograd.grad(of(exact(inputs), labels), inputs)
        return (1 / gradient if inverse else gradient).abs().amax(dim=1)

    return method


def by_parameters(inverse: bool) -> Method:
    def method(classifier: Classifier, pictures: Tensor, labels: Tensor) -> Tensor:
        exact = _double(classifier)
        weights = exact.net.get_parameter("0.weight").requires_grad_()
        loss = nn.functional.cross_entropy(exact(pictures.double()), labels)
        [gradient] = torch.autograd.grad(loss, weights)
        matrix = (1 / gradient if inverse else gradient).abs().flatten(1)
        return nn.functional.interpolate(matrix[None, None], (SIDE, SIDE), mode="nearest-exact")[0]

    return method


def _double(classifier: Classifier) -> Classifier:
    from quizproof.probes.methods.finite_differences import in_double

    return in_double(classifier)


def _score(logits: Tensor, labels: Tensor) -> Tensor:
    return logits[0, labels[0]]


METHODS: dict[str, Method] = {
    "a": by_parameters(inverse=False),
    "b": saliency.saliency,
    "c": by_parameters(inverse=True),
    "d": by_input(nn.functional.cross_entropy, inverse=True),
    "e": by_input(_score, inverse=True),
}


@pytest.mark.parametrize("option", METHODS)
@pytest.mark.parametrize("seed", [0, 1])
def test_q07_every_option_is_reachable(
    option: str, seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(saliency, "saliency", METHODS[option])
    assert found(question("q07"), world(tmp_path, network(seed))) == {option}


def test_q07_another_map_is_none_of_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(saliency, "saliency", lambda c, pictures, labels: pictures.amax(1).double())
    assert found(question("q07"), world(tmp_path, network(0))) == set()


def test_q07_squares_of_the_right_derivative_are_not_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    true = saliency.saliency
    monkeypatch.setattr(saliency, "saliency", lambda *arguments: true(*arguments) ** 2)
    assert "b" not in found(question("q07"), world(tmp_path, network(0)))


def test_a_model_without_parameters_has_no_derivative_by_them(tmp_path: Path) -> None:
    paint = np.random.default_rng(1).random((SIDE, SIDE))
    picture = np.full((SIDE, SIDE, 3), 0.5, np.float32)
    planted = bench(planted_pack(tmp_path, [picture], []), Painted(paint))
    measured = look(question("q07"), planted)
    assert measured.measurements["agreement_loss_by_parameters"].value == 0
    assert measured.findings["b"].holds


def test_pixels_the_model_does_not_see_have_no_inverse(tmp_path: Path) -> None:
    paint = np.random.default_rng(1).random((SIDE, SIDE))
    paint[:, 2:] = 0
    picture = np.full((SIDE, SIDE, 3), 0.5, np.float32)
    planted = bench(planted_pack(tmp_path, [picture], []), Painted(paint))
    assert found(question("q07"), planted) == {"b"}
