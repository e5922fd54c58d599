from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from quizproof.probes.bench import Bench
from quizproof.probes.methods import integrated_gradients
from tests.planted import bench, found, look, planted_pack, question

Path_ = Callable[[Tensor, int], Tensor]
_GENERATOR = torch.Generator().manual_seed(0)


def noisy(picture: Tensor, steps: int) -> Tensor:
    return picture + 0.2 * torch.randn(steps, *picture.shape, generator=_GENERATOR)


def anywhere_between(picture: Tensor, steps: int) -> Tensor:
    return picture * torch.rand(steps, 1, 1, 1, generator=_GENERATOR)


def black(picture: Tensor, steps: int) -> Tensor:
    return torch.zeros_like(picture)[None]


def rolled(picture: Tensor, steps: int) -> Tensor:
    return picture.roll((3, -5), dims=(1, 2))[None]


def moved_into_black(picture: Tensor, steps: int) -> Tensor:
    moved = torch.zeros_like(picture)
    moved[:, steps:] = picture[:, :-steps]
    return moved[None]


def copies(picture: Tensor, steps: int) -> Tensor:
    return picture.repeat(steps, 1, 1, 1)


def shuffled(picture: Tensor, steps: int) -> Tensor:
    shares = torch.tensor([(7 * k) % steps / steps for k in range(steps)])
    return picture * shares[:, None, None, None]


def beyond(picture: Tensor, steps: int) -> Tensor:
    return picture * torch.linspace(0, 2, steps)[:, None, None, None]


def itself(picture: Tensor, steps: int) -> Tensor:
    return picture[None]


def world(folder: Path, brightness: float = 1.0) -> Bench:
    rng = np.random.default_rng(0)
    pictures = [(brightness * rng.random((32, 32, 3))).astype(np.float32) for _ in range(3)]
    return bench(planted_pack(folder, pictures, []), nn.Identity())


@pytest.mark.parametrize(
    ("options", "function"),
    [
        ("a", noisy),
        ("a", anywhere_between),
        ("b", integrated_gradients.images_on_linear_path),
        ("c", black),
        ("d", rolled),
        ("d", moved_into_black),
        ("", copies),
        ("", shuffled),
        ("", beyond),
        ("", itself),
    ],
)
def test_q20_every_option_is_reachable(
    options: str, function: Path_, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(integrated_gradients, "images_on_linear_path", function)
    assert found(question("q20"), world(tmp_path)) == set(options)


@pytest.mark.parametrize("steps", [2, 5, 50])
def test_q20_does_not_depend_on_the_number_of_steps(steps: int, tmp_path: Path) -> None:
    measured = look(question("q20", steps=steps), world(tmp_path))
    assert measured.measurements["samples"].value == steps
    assert measured.measurements["largest_step"].value == pytest.approx(1 / steps, abs=1e-6)
    assert measured.findings["b"].holds


def test_no_path_leads_to_a_black_picture(tmp_path: Path) -> None:
    with pytest.raises(integrated_gradients.PathError, match="black"):
        look(question("q20"), world(tmp_path, brightness=0))
